"""What a store holds, and which stored request is nearest to one that is not stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from store_folders import answers, filled, store_sql, stored

from pytest_afake.records import Answer, Json, Message, Request, Sampling
from pytest_afake.store import (
    CassetteStore,
    DiskStore,
    Entry,
    MemoryStore,
    ReadOnlyStore,
    entry_to_json,
    key_parts,
    nearest,
    request_key,
    stats,
    write_cassette,
)

IDENTITY: Mapping[str, Json] = {"model": "openai/gpt-4o", "mode": "chat"}
ASKED = Request((Message("system", "Be kind."), Message("user", "Why?")), Sampling(temperature=0.5))


def _put(store: MemoryStore, request: Request, identity: Mapping[str, Json] = IDENTITY) -> str:
    key = request_key(identity, request)
    entry = Entry(key_parts(identity, request), Answer("text"), datetime(2026, 1, 1, tzinfo=UTC))
    store.put(key, entry_to_json(entry))
    return key


def test_the_nearest_request_differs_in_the_fewest_places() -> None:
    store = MemoryStore()
    _put(store, replace(ASKED, sample_index=9), {"model": "openai/gpt-4"})
    near = _put(store, replace(ASKED, sampling=Sampling(temperature=1.0)))
    _put(store, replace(ASKED, sampling=Sampling(0.7, 5)))
    assert nearest(key_parts(IDENTITY, ASKED), store) == (near, ("sampling.temperature",))


def test_of_equally_near_requests_the_smaller_key_is_named() -> None:
    store = MemoryStore()
    keys = [_put(store, replace(ASKED, sample_index=index)) for index in (3, 4, 5)]
    assert nearest(key_parts(IDENTITY, ASKED), store) == (min(keys), ("sample_index",))


def test_a_stored_request_is_its_own_nearest() -> None:
    store = MemoryStore()
    _put(store, replace(ASKED, sample_index=1))
    key = _put(store, ASKED)
    assert nearest(key_parts(IDENTITY, ASKED), store) == (key, ())


def test_an_empty_store_has_no_nearest_request() -> None:
    assert nearest(key_parts(IDENTITY, ASKED), MemoryStore()) is None


def test_rows_that_cannot_be_read_are_passed_over(tmp_path: Path) -> None:
    directory = filled(tmp_path / "store", answers(3))
    first, second, third = answers(3)
    store_sql(directory, "UPDATE Cache SET value = 'x' WHERE key = ?", first)
    store = DiskStore(directory)
    store.put("a" * 64, {"no": "request"})
    found = nearest(key_parts(IDENTITY, ASKED), store)
    assert found is not None
    assert found[0] in (second, third)

    store_sql(directory, "UPDATE Cache SET key = 'short' WHERE key = ?", third)
    found = nearest(key_parts(IDENTITY, ASKED), store)
    assert found is not None
    assert found[0] == second


class _Counting(MemoryStore):
    """Counts how often each row is read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []

    def get(self, key: str) -> Mapping[str, Json] | None:
        self.reads.append(key)
        return super().get(key)


def test_each_row_is_read_once() -> None:
    store = _Counting()
    store.put_all(answers(20))
    nearest(key_parts(IDENTITY, ASKED), store)
    assert sorted(store.reads) == sorted(answers(20))
    store.reads.clear()
    stats(store)
    assert sorted(store.reads) == sorted(answers(20))


def _day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def test_a_store_is_summed_up_by_model() -> None:
    store = MemoryStore()
    store.put_all(
        dict(
            [
                stored(3, model="b", cost_usd=0.25),
                stored(1, model="b", cost_usd=0.5),
                stored(2, model="b", cost_usd=None),
                stored(9, model="a", cost_usd=0.0),
            ]
        )
    )
    store.put("a" * 64, {"no": "entry"})
    found = stats(store)
    assert (found.answers, found.unreadable, found.size_bytes) == (4, 1, None)
    assert list(found.models) == ["a", "b"]
    b = found.models["b"]
    assert (b.answers, b.cost_usd, b.unpriced, b.first, b.last) == (3, 0.75, 1, _day(2), _day(4))
    assert found.models["a"].unpriced == 0  # free, and known to be


def test_models_without_a_name_are_still_counted() -> None:
    store = MemoryStore()
    _put(store, ASKED, {"organism": "faker", "parameters": {}})
    _put(store, ASKED, {"something": "else"})
    assert {name: each.answers for name, each in stats(store).models.items()} == {
        "sim/faker": 1,
        "?": 1,
    }


def test_the_size_on_disk_is_that_of_the_files(tmp_path: Path) -> None:
    directory = filled(tmp_path / "store", answers(100))
    database, cassette = directory / "cache.db", tmp_path / "answers.jsonl"
    read_only = ReadOnlyStore(directory)
    write_cassette(cassette, read_only)
    assert stats(read_only).size_bytes == database.stat().st_size > 10_000
    assert stats(CassetteStore(cassette)).size_bytes == cassette.stat().st_size > 10_000
    assert stats(DiskStore(directory)).size_bytes == sum(
        file.stat().st_size for file in directory.glob("cache.db*")
    )


def test_an_empty_store_is_summed_up_too() -> None:
    found = stats(MemoryStore())
    assert (found.answers, found.unreadable, dict(found.models)) == (0, 0, {})
