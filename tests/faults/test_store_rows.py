"""Rows that somebody planted or changed are refused, and never run code."""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
from collections.abc import Callable
from pathlib import Path

import diskcache
import pytest
from store_folders import (
    KEY,
    VALUE,
    store_refusal,
    store_sql,
)

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore


class _Payload:
    """Creates a file when it is unpickled, as a planted row could do anything else."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, (str(self._target),)


def _plant_pickled_value(directory: Path, target: Path) -> None:
    store_sql(
        directory,
        "UPDATE Cache SET mode = 4, value = ? WHERE key = ?",
        pickle.dumps(_Payload(target)),
        KEY,
    )


def _plant_pickled_file(directory: Path, target: Path) -> None:
    (directory / "planted.val").write_bytes(pickle.dumps(_Payload(target)))
    store_sql(directory, "UPDATE Cache SET mode = 4, value = NULL, filename = 'planted.val'")


def _plant_pickled_key(directory: Path, target: Path) -> None:
    store_sql(directory, "UPDATE Cache SET raw = 0, key = ?", pickle.dumps(_Payload(target)))


def _read_with_plain_diskcache(directory: Path) -> None:
    with diskcache.Cache(str(directory)) as cache:
        list(cache)
        cache.get(KEY)


@pytest.mark.parametrize("plant", [_plant_pickled_value, _plant_pickled_file, _plant_pickled_key])
def test_a_planted_pickle_is_refused_and_does_not_run(
    plant: Callable[[Path, Path], None], directory: Path, tmp_path: Path
) -> None:
    proof = tmp_path / "proof"
    plant(directory, proof)

    store = DiskStore(directory)
    with pytest.raises(StoreError, match=r"row .*(its value is a pickle|its key is not a plain)"):
        [store.get(key) for key in store.keys()]  # noqa: SIM118 - a store is not a dict
    store.close()
    assert not proof.exists()

    _read_with_plain_diskcache(directory)  # the payload is a real one
    assert proof.exists()


@pytest.mark.parametrize("mode", [2, 3])
def test_a_row_that_points_to_a_file_is_refused_and_the_file_stays(
    mode: int, directory: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not for reading", encoding="utf-8")
    store_sql(
        directory, "UPDATE Cache SET mode = ?, filename = ?, value = NULL", mode, str(outside)
    )

    store = DiskStore(directory)
    with pytest.raises(StoreError, match=f"row {KEY}: its value lies in a file"):
        store.get(KEY)
    with pytest.raises(StoreError, match=f"row {KEY} was not written: its value lies in a file"):
        store.put(KEY, VALUE)  # diskcache would remove the file that the old row names
    assert outside.read_text(encoding="utf-8") == "not for reading"


@pytest.mark.parametrize(
    ("key", "raw"), [("short", 1), (b"\x80\x04", 1), (7, 1), ("b" * 64, 0), ("B" * 64, 1)]
)
def test_a_row_under_a_foreign_key_stops_the_listing(
    key: object, raw: int, directory: Path
) -> None:
    store_sql(
        directory, "INSERT INTO Cache (key, raw, mode, value) VALUES (?, ?, 1, 'x')", key, raw
    )
    store = DiskStore(directory)
    with pytest.raises(StoreError, match="row number 2: its key is not a plain hex key"):
        list(store.keys())
    assert store.get(KEY) == VALUE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b'{"text":"x"}', "its value is not text"),
        (3, "its value is not text"),
        (None, "its value is not text"),
        ("", "not a sealed JSON object"),
        ('{"text":"x"}', "not a sealed JSON object"),
        ('{"sha256":"%s","value":{"text":"x"}}' % ("0" * 64), "does not match its checksum"),
    ],
)
def test_a_foreign_value_is_an_error_and_not_a_miss(
    value: object, message: str, directory: Path
) -> None:
    store_sql(directory, "UPDATE Cache SET value = ?", value)
    with pytest.raises(StoreError, match=f"row {KEY}: .*{message}"):
        DiskStore(directory).get(KEY)


def test_one_changed_letter_is_noticed(directory: Path) -> None:
    store_sql(directory, "UPDATE Cache SET value = replace(value, 'paid', 'Paid')")
    with pytest.raises(StoreError, match=f"row {KEY}: the value does not match its checksum"):
        DiskStore(directory).get(KEY)


@pytest.mark.parametrize(
    "body", ['{"x":NaN}', '{"x":' + "[" * 100_000 + "]" * 100_000 + "}", '{"x":}']
)
def test_a_well_sealed_value_that_is_no_json_is_refused(body: str, directory: Path) -> None:
    digest = hashlib.sha256(body.encode()).hexdigest()
    store_sql(directory, "UPDATE Cache SET value = ?", f'{{"sha256":"{digest}","value":{body}}}')
    with pytest.raises(StoreError, match="the value is not JSON"):
        DiskStore(directory).get(KEY)


def test_hostile_settings_are_refused(directory: Path) -> None:
    store_sql(directory, "INSERT INTO Settings VALUES ('_disk', 'x')")
    assert "settings that no store has" in store_refusal(directory)


def test_sql_in_a_setting_is_not_executed(directory: Path) -> None:
    smuggled = "1; DELETE FROM Cache"
    store_sql(directory, "UPDATE Settings SET value = ? WHERE key = 'sqlite_cache_size'", smuggled)
    with pytest.raises(StoreError, match=r"cache\.db: .*one statement"):
        DiskStore(directory)
    database = sqlite3.connect(directory / "cache.db")
    assert database.execute("SELECT count(*) FROM Cache").fetchone() == (1,)
    database.close()


def test_another_programs_settings_do_not_evict_answers(directory: Path) -> None:
    with diskcache.Cache(
        str(directory), size_limit=1, cull_limit=10, eviction_policy="least-recently-used"
    ):
        pass
    store = DiskStore(directory)
    for index in range(30):
        store.put(f"{index:064x}", VALUE)
    assert len(list(store.keys())) == 31
