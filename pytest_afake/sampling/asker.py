"""One model, asked through the store: an answer that was paid for once is never paid for again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pytest_afake.errors import CallFailed, StoreError
from pytest_afake.models.client import Client
from pytest_afake.records import Answer, Cause, Json, Missing, Request
from pytest_afake.sampling.retrying import RetryPolicy, with_retries
from pytest_afake.store import (
    Entry,
    Store,
    entry_from_json,
    entry_to_json,
    key_parts,
    request_key,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one request: an answer or the cause of its absence, and where it is stored."""

    key: str
    answer: Answer | None = None
    missing: Missing | None = None
    stored: bool = False


class Asker:
    """Asks one model: store first, then the wire, the same request never twice at a time.

    The first live call goes alone. If it shows that no call can succeed (no key, wrong key, retired
    model), it was the only one; all later requests are missing with its sentence.

    A store that could not take an answer raises StoreError for that request and for all later ones
    that it does not hold: nothing more is bought only to be lost.
    """

    def __init__(
        self,
        client: Client,
        store: Store,
        slots: asyncio.Semaphore,
        policy: RetryPolicy | None = None,
    ) -> None:
        self.client = client
        self.stopped: CallFailed | None = None
        self._store = store
        self._unstorable: StoreError | None = None
        self._slots = slots
        self._policy = policy or RetryPolicy()
        self._under_way: dict[str, asyncio.Task[Asked]] = {}
        self._first_call = asyncio.Lock()
        self._proven = False

    async def ask(self, request: Request) -> Asked:
        """The stored answer, or a live one. Failures of the call are values, not exceptions."""
        key = request_key(self.client.identity, request)
        found = self._store.get(key)
        if found is not None:
            return Asked(key, answer=self._stored(key, request, found), stored=True)
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._ask_live(key, request))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    def _stored(self, key: str, request: Request, found: Mapping[str, Json]) -> Answer:
        """The stored answer, if it is one to this request: a row may have been put elsewhere."""
        entry = entry_from_json(found)
        if entry.request != key_parts(self.client.identity, request):
            raise StoreError(f"{key}: the stored answer belongs to another request")
        return entry.answer

    async def _ask_live(self, key: str, request: Request) -> Asked:
        try:
            answer = await self._call(request)
        except CallFailed as failed:
            return Asked(key, missing=Missing(failed.cause, failed.detail))
        self._keep(key, request, answer)
        return Asked(key, answer=answer)

    def _keep(self, key: str, request: Request, answer: Answer) -> None:
        asked = key_parts(self.client.identity, request)
        try:
            self._store.put(key, entry_to_json(Entry(asked, answer, datetime.now(UTC))))
        except StoreError as error:
            self._unstorable = error
            raise

    async def _call(self, request: Request) -> Answer:
        if not self._proven:
            async with self._first_call:
                if not self._proven:
                    return await self._prove(request)
        return await self._send(request)

    async def _prove(self, request: Request) -> Answer:
        try:
            return await self._send(request)
        finally:
            self._proven = self.stopped is None

    async def _send(self, request: Request) -> Answer:
        async with self._slots:
            if self._unstorable is not None:
                raise StoreError(str(self._unstorable))
            if self.stopped is not None:
                raise CallFailed(Cause.STOPPED, self.stopped.detail)
            try:
                return await with_retries(lambda: self.client.ask(request), self._policy)
            except CallFailed as failed:
                if failed.stops_model and self.stopped is None:
                    self.stopped = failed
                raise
