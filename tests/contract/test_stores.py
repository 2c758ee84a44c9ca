"""What every store promises: one suite over each of them, and its half for those that only read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from store_folders import answers, filled, stored

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store import (
    CassetteStore,
    DiskStore,
    LayeredStore,
    MemoryStore,
    ReadOnlyStore,
    Store,
    write_cassette,
)

KEY = "a" * 64
OTHER_KEY = "0123456789abcdef" * 4

Values = Mapping[str, Mapping[str, Json]]
HOSTILE = '\x00\x1b[2J\x7f\r\n</output>\u202e\u2028\U0001f600 e\u0301 \ud800 \\u007f "}],{'


def _memory(directory: Path, values: Values) -> Store:
    store = MemoryStore()
    store.put_all(values)
    return store


def _disk(directory: Path, values: Values) -> Store:
    store = DiskStore(directory / "store")
    store.put_all(values)
    return store


def _memory_over_disk(directory: Path, values: Values) -> Store:
    return LayeredStore(MemoryStore(), _disk(directory, values))


def _disk_over_cassette(directory: Path, values: Values) -> Store:
    return LayeredStore(DiskStore(directory / "store"), _cassette(directory, values))


def _read_only(directory: Path, values: Values) -> Store:
    return ReadOnlyStore(filled(directory / "store", values))


def _read_only_beside_a_writer(directory: Path, values: Values) -> Store:
    _disk(directory, values)  # still has it open
    return ReadOnlyStore(directory / "store")


def _cassette(directory: Path, values: Values) -> Store:
    path = directory / "answers.jsonl"
    write_cassette(path, _memory(directory, values))
    return CassetteStore(path)


WRITABLE = [_memory, _disk, _memory_over_disk, _disk_over_cassette]
READ_ONLY = [_read_only, _read_only_beside_a_writer, _cassette]

Make = Callable[[Path, Values], Store]


@pytest.fixture(params=WRITABLE + READ_ONLY, ids=lambda make: make.__name__.strip("_"))
def make(request: pytest.FixtureRequest) -> Make:
    """Makes any store with these answers in it."""
    found: Make = request.param
    return found


@pytest.fixture(params=WRITABLE, ids=lambda make: make.__name__.strip("_"))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store that can be written."""
    found: Make = request.param
    return found(tmp_path, {})


@pytest.fixture(params=READ_ONLY, ids=lambda make: make.__name__.strip("_"))
def read_only(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store with three answers that is only read."""
    found: Make = request.param
    return found(tmp_path, answers(3))


# Every store: reading


def test_an_unknown_key_is_a_miss(make: Make, tmp_path: Path) -> None:
    store = make(tmp_path, {})
    assert store.get(KEY) is None
    assert list(store.keys()) == []


def test_answers_come_back_as_they_were(make: Make, tmp_path: Path) -> None:
    values = dict(stored(index, text) for index, text in enumerate(["", HOSTILE, "long " * 50_000]))
    store = make(tmp_path, values)
    assert {key: store.get(key) for key in values} == values
    assert sorted(store.keys()) == sorted(values)


def test_keys_lists_each_key_once(make: Make, tmp_path: Path) -> None:
    values = answers(250)
    assert sorted(make(tmp_path, values).keys()) == sorted(values)


def test_changing_what_was_got_changes_nothing_stored(make: Make, tmp_path: Path) -> None:
    key, value = stored(1)
    store = make(tmp_path, {key: value})
    found = store.get(key)
    assert isinstance(found, dict)
    found["answer"] = "overwritten"
    assert store.get(key) == value


@pytest.mark.parametrize("key", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "../" + "a" * 61])
def test_what_is_no_key_is_refused(make: Make, key: str, tmp_path: Path) -> None:
    store = make(tmp_path, {})
    with pytest.raises(StoreError, match="is not a key"):
        store.get(key)
    with pytest.raises(StoreError, match="is not a key"):
        store.claim(key)


def test_several_threads_read_and_detach(make: Make, tmp_path: Path) -> None:
    values = answers(50)
    store = make(tmp_path, values)
    found: list[Values] = []

    def read() -> None:
        for _ in range(2):  # a detached thread may go on
            found.append({key: store.get(key) or {} for key in values})
            store.detach()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [values] * 8
    assert store.get(next(iter(values))) is not None


def test_use_after_close_is_an_error_and_closing_twice_is_not(make: Make, tmp_path: Path) -> None:
    store = make(tmp_path, answers(1))
    store.close()
    store.close()
    store.detach()
    with pytest.raises(StoreError, match="the store is closed"):
        store.get(KEY)
    with pytest.raises(StoreError, match="the store is closed"):
        store.keys()


# Those that only read


def test_a_store_that_is_only_read_refuses_to_store(read_only: Store) -> None:
    key, value = stored(7)
    with pytest.raises(StoreError, match="read-only"):
        read_only.put(key, value)
    with pytest.raises(StoreError, match="read-only"):
        read_only.put_all({key: value})
    assert read_only.put_all({}) == {}
    assert sorted(read_only.keys()) == sorted(answers(3))


def test_a_store_that_is_only_read_gives_every_claim(read_only: Store) -> None:
    assert read_only.claim(KEY)
    read_only.release(KEY)
    assert read_only.claim(KEY)


# Those that can be written


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"text": "", "none": None, "flag": True, "off": False},
        {"cost": 0.1 + 0.2, "tiny": 5e-324, "huge": 1.7976931348623157e308, "count": 2**70},
        {"nested": {"list": [1, [2, {"deep": "x"}]], "empty": []}},
        {"hostile": HOSTILE, HOSTILE: 1},
        {"e\u0301": 1, "\xe9": 2},
    ],
    ids=lambda value: next(iter(value), "empty"),
)
def test_a_value_comes_back_as_it_was(store: Store, value: Mapping[str, Json]) -> None:
    assert store.put(KEY, value) == value
    assert store.get(KEY) == value


def test_any_mapping_and_any_sequence_can_be_put(store: Store) -> None:
    expected = {"inner": {"tuple": [1, 2]}}
    assert (
        store.put(KEY, MappingProxyType({"inner": MappingProxyType({"tuple": (1, 2)})})) == expected
    )
    assert store.get(KEY) == expected


def test_the_first_answer_is_the_one_that_counts(store: Store) -> None:
    store.put(KEY, {"text": "first"})
    assert store.put(KEY, {"text": "second"}) == {"text": "first"}
    assert store.get(KEY) == {"text": "first"}
    assert list(store.keys()) == [KEY]


def test_put_all_says_for_each_key_what_is_stored_now(store: Store) -> None:
    store.put(KEY, {"text": "first"})
    kept = store.put_all({KEY: {"text": "second"}, OTHER_KEY: {"text": "new"}})
    assert kept == {KEY: {"text": "first"}, OTHER_KEY: {"text": "new"}}
    assert {key: store.get(key) for key in store.keys()} == kept  # noqa: SIM118 - no dict
    assert store.put_all({}) == {}


def test_putting_while_keys_are_listed_is_safe(store: Store) -> None:
    store.put(KEY, {})
    keys = store.keys()
    store.put(OTHER_KEY, {})
    assert KEY in set(keys)


def test_changing_a_value_after_put_changes_nothing_stored(store: Store) -> None:
    texts: list[Json] = ["kept"]
    found = store.put(KEY, {"texts": texts})
    texts.append("added later")
    assert isinstance(found, dict)
    found["texts"] = "overwritten"
    assert store.get(KEY) == {"texts": ["kept"]}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"cost": float("nan")}, r"value\.cost: nan is not JSON"),
        ({"cost": float("-inf")}, r"value\.cost: -inf is not JSON"),
        ({"inner": {1: "x"}}, r"value\.inner: the name 1 is not text"),
        ({"inner": [b"bytes"]}, r"value\.inner\[0\]: bytes is not JSON"),
        ({"inner": {1, 2}}, r"value\.inner: set is not JSON"),
        (["a", "list"], "expected an object to store, found list"),
    ],
)
def test_what_json_cannot_say_is_refused_and_nothing_is_stored(
    store: Store, value: Mapping[str, Json], message: str
) -> None:
    with pytest.raises(StoreError, match=message):
        store.put_all({OTHER_KEY: {"text": "good"}, KEY: value})
    assert list(store.keys()) == []


def test_what_is_no_key_is_refused_and_nothing_is_stored(store: Store) -> None:
    with pytest.raises(StoreError, match="is not a key"):
        store.put_all({OTHER_KEY: {}, "short": {}})
    assert list(store.keys()) == []


def test_several_threads_write(store: Store) -> None:
    def write(worker: int) -> None:
        for index in range(50):
            store.put(f"{worker:032x}{index:032x}", {"worker": worker, "index": index})
        store.detach()

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(store.keys())) == 200
    assert store.get(f"{3:032x}{49:032x}") == {"worker": 3, "index": 49}


def test_a_claim_is_had_once_until_it_is_released(store: Store) -> None:
    assert store.claim(KEY)
    assert store.claim(OTHER_KEY)
    with pytest.raises(ValueError, match="claimed already"):
        store.claim(KEY)
    store.release(KEY)
    store.release(KEY)
    assert store.claim(KEY)


def test_nothing_is_stored_or_claimed_after_close(store: Store) -> None:
    assert store.claim(KEY)
    store.close()
    store.release(KEY)
    with pytest.raises(StoreError, match="the store is closed"):
        store.put(KEY, {})
    with pytest.raises(StoreError, match="the store is closed"):
        store.claim(KEY)


# One of them


def test_a_layered_store_reads_the_top_first_and_writes_nothing_below() -> None:
    top, middle, bottom = MemoryStore(), MemoryStore(), MemoryStore()
    bottom.put(KEY, {"from": "bottom"})
    bottom.put(OTHER_KEY, {"from": "bottom"})
    middle.put(KEY, {"from": "middle"})
    layered = LayeredStore(top, middle, bottom)

    assert layered.get(KEY) == {"from": "middle"}
    assert layered.get(OTHER_KEY) == {"from": "bottom"}
    assert sorted(layered.keys()) == sorted([KEY, OTHER_KEY])
    assert list(top.keys()) == []  # reading copies nothing up

    new_key = "c" * 64
    kept = layered.put_all({KEY: {"from": "top"}, new_key: {"from": "top"}})
    assert kept == {KEY: {"from": "middle"}, new_key: {"from": "top"}}  # the first one counts
    assert list(top.keys()) == [new_key]
    assert list(middle.keys()) == [KEY]


def test_a_disk_store_is_found_again_under_a_relative_path_and_after_chdir(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(tmp_path)
    store = DiskStore(Path("answers"))
    monkeypatch.chdir(elsewhere)
    thread = threading.Thread(target=store.put, args=(KEY, {"text": "kept"}))
    thread.start()
    thread.join()
    store.close()

    assert DiskStore(tmp_path / "answers").get(KEY) == {"text": "kept"}
    assert list(elsewhere.iterdir()) == []
