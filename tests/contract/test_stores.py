"""What every store promises: one suite, run over each of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store import DiskStore, LayeredStore, MemoryStore, Store

KEY = "a" * 64
OTHER_KEY = "0123456789abcdef" * 4


def _layered(directory: Path) -> Store:
    return LayeredStore(MemoryStore(), DiskStore(directory / "below"))


def _memory(directory: Path) -> Store:
    return MemoryStore()


def _disk(directory: Path) -> Store:
    return DiskStore(directory / "store")


@pytest.fixture(params=[_memory, _disk, _layered], ids=["memory", "disk", "layered"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    make: Callable[[Path], Store] = request.param
    return make(tmp_path)


def test_an_unknown_key_is_a_miss(store: Store) -> None:
    assert store.get(KEY) is None
    assert list(store.keys()) == []


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"text": "", "none": None, "flag": True, "off": False},
        {"cost": 0.1 + 0.2, "tiny": 5e-324, "huge": 1.7976931348623157e308, "count": 2**70},
        {"nested": {"list": [1, [2, {"deep": "x"}]], "empty": []}},
        {"quotes": '"}],{"sha256":', "control": "\x00\x1b[31m\r\n\u2028", "emoji": "\U0001f600"},
        {"lone surrogates": "\ud800 \udfff", "combining": "e\u0301", "composed": "\xe9"},
        {"e\u0301": 1, "\xe9": 2},
        {"long": "answer \u00e9 " * 40_000},
    ],
    ids=lambda value: next(iter(value), "empty"),
)
def test_a_value_comes_back_as_it_was(store: Store, value: Mapping[str, Json]) -> None:
    store.put(KEY, value)
    assert store.get(KEY) == value


def test_any_mapping_and_any_sequence_can_be_put(store: Store) -> None:
    store.put(KEY, MappingProxyType({"inner": MappingProxyType({"tuple": (1, 2)})}))
    assert store.get(KEY) == {"inner": {"tuple": [1, 2]}}


def test_the_last_value_put_is_the_one_found(store: Store) -> None:
    store.put(KEY, {"text": "first"})
    store.put(KEY, {"text": "second"})
    assert store.get(KEY) == {"text": "second"}
    assert list(store.keys()) == [KEY]


def test_keys_lists_each_key_once(store: Store) -> None:
    expected = {f"{index:064x}" for index in range(250)}
    for key in expected:
        store.put(key, {"key": key})
    assert sorted(store.keys()) == sorted(expected)
    assert all(store.get(key) == {"key": key} for key in expected)


def test_putting_while_keys_are_listed_is_safe(store: Store) -> None:
    store.put(KEY, {})
    keys = store.keys()
    store.put(OTHER_KEY, {})
    assert KEY in set(keys)


def test_changing_a_value_after_put_or_get_changes_nothing_stored(store: Store) -> None:
    texts: list[Json] = ["kept"]
    store.put(KEY, {"texts": texts})
    texts.append("added later")
    found = store.get(KEY)
    assert isinstance(found, dict)
    found["texts"] = "overwritten"
    assert store.get(KEY) == {"texts": ["kept"]}


@pytest.mark.parametrize("key", ["", "a" * 63, "a" * 65, "A" * 64, "g" * 64, "../" + "a" * 61])
def test_what_is_no_key_is_refused(store: Store, key: str) -> None:
    with pytest.raises(StoreError, match="is not a key"):
        store.get(key)
    with pytest.raises(StoreError, match="is not a key"):
        store.put(key, {})


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
        store.put(KEY, value)
    assert store.get(KEY) is None


def test_a_store_serves_several_threads(store: Store) -> None:
    def write(worker: int) -> None:
        for index in range(50):
            store.put(f"{worker:032x}{index:032x}", {"worker": worker, "index": index})

    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(store.keys())) == 200
    assert store.get(f"{3:032x}{49:032x}") == {"worker": 3, "index": 49}


def test_use_after_close_is_an_error_and_closing_twice_is_not(store: Store) -> None:
    store.put(KEY, {})
    store.close()
    store.close()
    with pytest.raises(StoreError, match="the store is closed"):
        store.get(KEY)
    with pytest.raises(StoreError, match="the store is closed"):
        store.put(KEY, {})
    with pytest.raises(StoreError, match="the store is closed"):
        store.keys()


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

    layered.put(KEY, {"from": "top"})
    assert layered.get(KEY) == {"from": "top"}
    assert middle.get(KEY) == {"from": "middle"}
    assert bottom.get(KEY) == {"from": "bottom"}


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
