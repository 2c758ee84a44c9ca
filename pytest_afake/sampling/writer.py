"""Answers on their way into the store: off the event loop, and many in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store import Store


class Writer:
    """Puts answers into the store from a thread of its own. Lives on one event loop.

    An answer counts when it is on the disk, and a disk takes milliseconds: whatever arrives while
    one transaction is being written goes into the next, all together.

    When the store could not take an answer, ``failed`` says why, and every further put raises it:
    nothing more is bought only to be lost.
    """

    def __init__(self, store: Store) -> None:
        self.failed: StoreError | None = None
        self._store = store
        self._waiting: dict[str, tuple[Mapping[str, Json], asyncio.Future[Mapping[str, Json]]]] = {}
        self._writing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="afake-store")
        self._unwritten = 0
        self._moved = asyncio.Event()

    async def room(self, most: int) -> None:
        """Wait until fewer than ``most`` answers are on their way to the disk.

        They are paid for and can still be lost; with a disk that is slow, or locked by another
        process, they would become more and more.
        """
        while self._unwritten and self._unwritten >= most:
            await self._moved.wait()

    async def put(self, key: str, value: Mapping[str, Json]) -> Mapping[str, Json]:
        """What is stored under the key afterwards: this value, or one that was there before."""
        self.check()
        if key not in self._waiting:
            self._waiting[key] = value, asyncio.get_running_loop().create_future()
            self._unwritten += 1
        _, done = self._waiting[key]
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await asyncio.shield(done)

    def check(self) -> None:
        """Raise the StoreError of an earlier put."""
        if self.failed is not None:
            raise StoreError(str(self.failed))

    async def flush(self) -> None:
        """Wait until all is written that was put."""
        if self._writing is not None and not self._writing.done():
            await asyncio.wait([self._writing])

    async def close(self) -> None:
        """End the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._store.detach)
        self._thread.shutdown()

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, {}
            values = {key: value for key, (value, _) in batch.items()}
            try:
                kept = await loop.run_in_executor(self._thread, self._store.put_all, values)
            except StoreError as error:
                self.failed = error
                for _, done in batch.values():
                    done.set_exception(StoreError(str(error)))
                    done.exception()  # whoever asked may be gone, and asyncio would complain
            else:
                for key, (_, done) in batch.items():
                    done.set_result(kept[key])
            self._unwritten -= len(batch)
            self._moved.set()
            self._moved = asyncio.Event()
