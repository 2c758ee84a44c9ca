"""One request that the store has no answer to, until it has one or is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pytest_afake.errors import CallFailed, StoreError
from pytest_afake.models.client import Client
from pytest_afake.records import Answer, Cause, Json, Missing, Request
from pytest_afake.sampling.accounts import Reserved
from pytest_afake.sampling.lane import Lane
from pytest_afake.sampling.pool import Turn
from pytest_afake.sampling.session import Session
from pytest_afake.store import Entry, entry_from_json, entry_to_json
from pytest_afake.text import count

# Seconds between looks at what another process, or a call under way, has changed.
_SHORTEST_LOOK, _LONGEST_LOOK = 0.01, 0.25
# What a call that ended so may have cost nobody knows: it counts with all that it could.
_PERHAPS_BILLED = frozenset(
    {
        Cause.TIMEOUT,
        Cause.CONNECTION,
        Cause.CONTENT_FILTER,
        Cause.OTHER_MODEL,
        Cause.EMPTY,
        Cause.UNPARSABLE,
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one request: an answer or the cause of its absence, and where it is stored.

    ``stored`` says that it cost no call: the answer was there, or another request brought it.
    """

    key: str
    answer: Answer | None = None
    missing: Missing | None = None
    stored: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request with its place in the store: the key, and the parts that it is made of."""

    request: Request
    key: str
    parts: Mapping[str, Json]


class _Again(Exception):
    """The call failed and may be repeated after ``wait`` seconds."""

    def __init__(self, wait: float) -> None:
        self.wait = wait


class Errand:
    """Brings the answer to one request into the store, and asks for it if it must.

    Only who holds the store's claim on the key may ask, so that processes never pay twice; the
    claim of a dead one is free at once. The claim is taken when a connection is there, not
    before: a process must not hold what it is not yet asking.

    ``wanted`` counts who waits for it; ``last_attempt`` forbids to send it once more. ``sent`` says
    that a call is under way, or has brought the answer: that one is to be stored.
    """

    def __init__(
        self,
        session: Session,
        client: Client,
        lane: Lane,
        wanted: Wanted,
        turn: Turn,
    ) -> None:
        self.turn = turn
        self.wanted = 0
        self.sent = False
        self.last_attempt = False
        self._session, self._client, self._lane = session, client, lane
        self._key, self._parts, self._request = wanted.key, wanted.parts, wanted.request
        self._clock = asyncio.get_running_loop().time
        self._claimed = False
        self._attempts = self._calls = 0
        self._first_sent: float | None = None
        self._last: CallFailed | None = None

    async def run(self) -> Asked:
        """The answer, or the cause of its absence. Raises StoreError when it cannot be kept."""
        try:
            found = await self._fetch()
        except CallFailed as failed:
            self._session.accounts.count(missing=1)
            return Asked(self._key, missing=Missing(failed.cause, failed.detail))
        finally:
            if self._claimed:
                self._session.store.release(self._key)
        return found

    def look(self) -> Asked | None:
        """What the store has by now."""
        found = self._session.store.get(self._key)
        return None if found is None else Asked(self._key, self._read(found), stored=True)

    def _read(self, found: Mapping[str, Json]) -> Answer:
        """A stored answer, if it is one to this request: a row may have been put elsewhere."""
        entry = entry_from_json(found)
        if entry.request != self._parts:
            raise StoreError(f"{self._key}: the stored answer belongs to another request")
        return entry.answer

    async def _fetch(self) -> Asked:
        while True:
            try:
                found = await self._when_it_is_our_turn()
            except _Again as again:
                self.sent = False  # until it is sent again, nothing is lost by dropping it
                if self.last_attempt or not self.wanted:
                    raise CallFailed(Cause.STOPPED, "no longer wanted") from None
                await self._sleep(again.wait)
                continue
            if isinstance(found, Answer):
                return await self._keep(found)
            if found := found or await self._watch_other():
                return found

    async def _sleep(self, seconds: float) -> None:
        self._lane.asleep += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self._lane.asleep -= 1

    async def _when_it_is_our_turn(self) -> Answer | Asked | None:
        """An answer from the wire or from the store; None while another process is asking."""
        try:
            async with (
                asyncio.timeout_at(self._deadline) as bounded,
                self._session.pool.slot(self._lane, self.turn),
            ):
                await self._session.writer.room(self._session.pool.most)
                self._check()
                if not self._claim():
                    return None
                if found := self.look():  # stored between our last look and the claim
                    return found
                if self._first_sent is None:
                    await self._prepare()
                    self._first_sent = self._clock()
                    bounded.reschedule(self._deadline)
                return await self._call()
        except TimeoutError:
            lost = CallFailed(Cause.TIMEOUT, "no answer")
            raise self._given_up(self._last or lost) from None

    @property
    def _deadline(self) -> float | None:
        sent = self._first_sent
        return None if sent is None else sent + self._session.policy.patience

    def _check(self) -> None:
        self._session.writer.check()
        if self._lane.stopped is not None:
            raise CallFailed(Cause.STOPPED, self._lane.stopped.detail)

    def _claim(self) -> bool:
        self._claimed = self._claimed or self._session.store.claim(self._key)
        return self._claimed

    async def _watch_other(self) -> Asked | None:
        """Wait for the process that is asking; None when it gave up and the claim is ours."""
        pause, waited = _SHORTEST_LOOK, 0.0
        while waited < 2 * self._session.policy.patience:
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(_LONGEST_LOOK, 1.5 * pause)
            if (found := self.look()) or self._claim():
                return found
        raise CallFailed(Cause.TIMEOUT, "another process is asking for this, and does not end")

    async def _prepare(self) -> None:
        """What the first call needs is no part of the time that an answer may take.

        It may take seconds, so nobody gets ready for calls that the cap does not allow.
        """
        if self._all_calls_were_sent:
            raise CallFailed(Cause.CAPPED, self._cap(None))
        try:
            await self._client.prepare()
        except CallFailed as failed:
            raise self._consequence(failed, self._clock()) from None

    async def _call(self) -> Answer | Asked:
        """One call, and what it says about the model's lane. The first one shows all the way."""
        answer = await self._paid_call()
        kept = answer if self._lane.proven else await self._keep(answer)
        self._lane.answered()
        return kept

    async def _paid_call(self) -> Answer:
        """One call within the caps."""
        most = self._client.most_usd(self._request)
        await self._reserve(most)
        spent, sent_at = most, self._clock()
        self.sent = True
        self._calls += 1
        try:
            answer = await self._client.ask(self._request)
            spent = most if answer.cost_usd is None else answer.cost_usd
        except CallFailed as failed:
            if not self._may_be_billed(failed):
                spent = 0.0
            raise self._consequence(failed, sent_at) from None
        finally:
            self._session.accounts.settle(most, spent)
        return answer

    def _may_be_billed(self, failed: CallFailed) -> bool:
        """Who cannot be reached, and never could, has sent no bill."""
        unreached = failed.cause is Cause.CONNECTION and not self._lane.proven
        return failed.cause in _PERHAPS_BILLED and not unreached

    async def _reserve(self, usd: float | None) -> None:
        while (reserved := self._session.accounts.reserve(usd)) is Reserved.WAIT:
            await asyncio.sleep(_SHORTEST_LOOK)
        if reserved is Reserved.SPENT:
            raise CallFailed(Cause.CAPPED, self._cap(usd))

    def _cap(self, usd: float | None) -> str:
        """Which cap leaves no room for this call."""
        caps = self._session.caps
        if self._all_calls_were_sent:
            return f"all {caps.calls} calls of --afake-max-calls were sent"
        return f"--afake-max-cost {caps.usd:g} leaves no room for a call of up to ${usd or 0:.4f}"

    @property
    def _all_calls_were_sent(self) -> bool:
        cap = self._session.caps.calls
        return cap is not None and self._session.accounts.totals().calls >= cap

    def _consequence(self, failed: CallFailed, sent_at: float) -> CallFailed | _Again:
        """What a failed call means: the end of the model, of this request, or another attempt."""
        if failed.stops_model:
            self._lane.stop(failed)
            return failed
        if not failed.transient:
            self._lane.answered()
            return failed
        if failed.throttled:
            self._session.accounts.count(throttled=1)
        wait = self._lane.failed(failed, sent_at, self._attempts)
        self._attempts += not failed.throttled  # who is asked to wait has not failed
        self._last = failed
        if self._lane.overlong_pause:
            return self._lane.closed()
        late = self._deadline is not None and self._clock() + wait >= self._deadline
        spent = self._attempts >= self._session.policy.attempts
        if late or spent or self._lane.is_hopeless:
            return self._given_up(failed)
        return _Again(wait)

    def _given_up(self, failed: CallFailed) -> CallFailed:
        own = self._clock() - (self._first_sent or self._clock())
        seconds = max(own, self._lane.failing_for)  # others may have tried before
        calls = count(max(self._calls, self._lane.calls_failed), "call")
        detail = f"{failed.detail} (given up after {calls} in {seconds:.0f} s)"
        final = CallFailed(failed.cause, detail, throttled=failed.throttled)
        if self._lane.gave_up(failed, self._first_sent or self._clock()):
            self._lane.stop(final)
        return final

    async def _keep(self, answer: Answer) -> Asked:
        """Store an answer. If another one is there already, that one counts."""
        accounts = self._session.accounts
        value = entry_to_json(Entry(self._parts, answer, datetime.now(UTC)))
        kept = await self._session.writer.put(self._key, value)
        self._session.known.add(self._key)
        accounts.count(answers=1, unpriced=int(answer.cost_usd is None))
        return Asked(self._key, answer if kept is value else self._read(kept))
