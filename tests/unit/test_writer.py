"""Answers on their way into the store: many in one transaction, none lost, failures out loud."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping

import pytest

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.sampling import Writer
from pytest_afake.store import MemoryStore

KEYS = [f"{number:064x}" for number in range(20)]


class Slow(MemoryStore):
    """A store whose transactions end when the test says so; it remembers what each held."""

    def __init__(self, *, full: bool = False) -> None:
        super().__init__()
        self.batches: list[int] = []
        self.threads: set[int] = set()
        self.may_write = threading.Event()
        self.full = full

    def put_all(self, values: Mapping[str, Mapping[str, Json]]) -> dict[str, Mapping[str, Json]]:
        self.batches.append(len(values))
        self.threads.add(threading.get_ident())
        self.may_write.wait(10)
        if self.full:
            raise StoreError("disk full")
        return super().put_all(values)

    def detach(self) -> None:
        self.threads.add(threading.get_ident())


async def put_all(writer: Writer, keys: list[str]) -> list[Mapping[str, Json] | BaseException]:
    puts = [writer.put(key, {"number": number}) for number, key in enumerate(keys)]
    return await asyncio.gather(*puts, return_exceptions=True)


def test_what_arrives_during_a_transaction_goes_into_the_next_all_together() -> None:
    store = Slow()

    async def work() -> None:
        writer = Writer(store)
        first = asyncio.create_task(put_all(writer, KEYS[:1]))
        await asyncio.sleep(0.02)
        others = asyncio.create_task(put_all(writer, KEYS[1:]))
        await asyncio.sleep(0.02)
        assert not first.done(), "an answer counts when it is written"
        store.may_write.set()
        await asyncio.gather(first, others)
        await writer.close()

    asyncio.run(work())
    assert store.batches == [1, 19]
    assert set(store.keys()) == set(KEYS)
    assert threading.get_ident() not in store.threads, "the event loop never waits for the disk"


def test_the_first_value_of_a_key_is_the_one_that_everybody_gets() -> None:
    async def work() -> list[Mapping[str, Json]]:
        writer = Writer(MemoryStore())
        both = [writer.put(KEYS[0], {"text": "first"}), writer.put(KEYS[0], {"text": "second"})]
        found = await asyncio.gather(*both)
        found.append(await writer.put(KEYS[0], {"text": "third"}))
        await writer.close()
        return found

    assert [value["text"] for value in asyncio.run(work())] == ["first"] * 3


def test_a_store_that_fails_is_told_to_all_who_wait_and_to_all_who_come() -> None:
    store = Slow(full=True)
    store.may_write.set()

    async def work() -> Writer:
        writer = Writer(store)
        found = await put_all(writer, KEYS)
        assert {(type(each), str(each)) for each in found} == {(StoreError, "disk full")}
        with pytest.raises(StoreError, match="disk full"):
            writer.check()
        with pytest.raises(StoreError, match="disk full"):
            await writer.put(KEYS[0], {})
        await writer.close()
        return writer

    assert str(asyncio.run(work()).failed) == "disk full"
    assert len(store.batches) <= 2


def test_who_asked_and_went_away_does_not_take_the_answer_along() -> None:
    store = Slow()

    async def work() -> None:
        writer = Writer(store)
        task = asyncio.create_task(put_all(writer, KEYS[:3]))
        await asyncio.sleep(0.02)
        task.cancel()
        store.may_write.set()
        await writer.flush()
        await writer.close()

    asyncio.run(work())
    assert set(store.keys()) == set(KEYS[:3])
