"""A damaged store is one clear line, and nothing of it is deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from store_folders import (
    KEY,
    VALUE,
    store_refusal,
    store_sql,
)

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore


def _garbage(database: Path) -> None:
    database.write_bytes(b"not a database" * 1000)


def _cut_short(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:5000])


def _emptied(database: Path) -> None:
    database.write_bytes(b"")


def _removed(database: Path) -> None:
    database.unlink()


def _replaced(database: Path) -> None:
    database.unlink()
    store_sql(database.parent, "CREATE TABLE Other (x)")


def _linked(database: Path) -> None:
    moved = database.with_name("moved.db")
    database.rename(moved)
    database.symlink_to(moved)


def _a_directory(database: Path) -> None:
    database.unlink()
    database.mkdir()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_garbage, "file is not a database"),
        (_cut_short, "malformed"),
        (_emptied, "cache.db is empty, but this was a store"),
        (_removed, "cache.db is missing, but this was a store"),
        (_replaced, "cache.db is not the database of a store"),
        (_linked, "cache.db is not a regular file"),
        (_a_directory, "cache.db is not a regular file"),
    ],
)
def test_a_damaged_database_is_one_clear_line_and_nothing_is_deleted(
    damage: Callable[[Path], None], message: str, directory: Path
) -> None:
    damage(directory / "cache.db")
    assert message in store_refusal(directory)


def test_a_page_that_was_zeroed_is_an_error_when_it_is_read(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "store")
    keys = [f"{index:064x}" for index in range(200)]
    for key in keys:
        store.put(key, {"text": "x" * 4000})
    store.close()
    database = tmp_path / "store" / "cache.db"
    data = bytearray(database.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    database.write_bytes(data)

    read, refused = 0, 0
    store = DiskStore(tmp_path / "store")
    for key in keys:
        try:
            assert store.get(key) == {"text": "x" * 4000}  # never a miss, never another text
            read += 1
        except StoreError as error:
            assert str(error).startswith(f"{tmp_path / 'store'}: row {key}")  # noqa: PT017 - either outcome is right
            refused += 1
    assert refused > 0
    assert read + refused == 200


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("", "afake-store.json is damaged"),
        ("{", "afake-store.json is damaged"),
        ("[]", "afake-store.json is damaged"),
        ("{}", "afake-store.json is damaged"),
        ('{"schema": 2}', "holds a store of schema 2, and this version of pytest-afake reads"),
        ('{"schema": "1"}', "holds a store of schema '1'"),
    ],
)
def test_another_schema_is_refused(marker: str, message: str, directory: Path) -> None:
    (directory / "afake-store.json").write_text(marker, encoding="utf-8")
    assert message in store_refusal(directory)


def test_a_lost_marker_is_refused_unless_a_lock_shows_an_interrupted_creation(
    directory: Path,
) -> None:
    (directory / "afake-store.json").unlink()
    store = DiskStore(directory)  # the answers are whole, so the store is finished
    assert store.get(KEY) == VALUE
    store.close()

    (directory / "afake-store.json").unlink()
    (directory / "afake-store.lock").unlink()
    assert "not empty and not a store of pytest-afake" in store_refusal(directory)


def test_a_creation_that_was_killed_is_finished_at_the_next_opening(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    for name in ("afake-store.lock", "cache.db", "afake-store.json.new"):
        (tmp_path / "store" / name).touch()
    store = DiskStore(tmp_path / "store")
    store.put(KEY, VALUE)
    assert store.get(KEY) == VALUE
