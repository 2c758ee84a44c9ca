"""What is foreign or shows its damage late: refused with one line, and nothing is deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from store_folders import (
    KEY,
    PAGE,
    VALUE,
    answers,
    damage_database,
    filled,
    garbage,
    store_refusal,
    store_sql,
)

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore


def _removed(database: Path) -> None:
    database.unlink()


def _replaced(database: Path) -> None:
    database.unlink()
    store_sql(database.parent, "CREATE TABLE Other (x)")


def _given_a_trigger(database: Path) -> None:
    store_sql(
        database.parent,
        "CREATE TRIGGER Loss AFTER INSERT ON Cache BEGIN DELETE FROM Cache; END",
    )


def _linked(database: Path) -> None:
    moved = database.with_name("moved.db")
    database.rename(moved)
    database.symlink_to(moved)


def _a_directory(database: Path) -> None:
    database.unlink()
    database.mkdir()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_removed, "cache.db is missing, but this was a store"),
        (_replaced, "cache.db is not the database of a store"),
        (_given_a_trigger, "cache.db holds triggers or views that no store has"),
        (_linked, "cache.db is not a regular file"),
        (_a_directory, "cache.db is not a regular file"),
    ],
)
def test_what_is_foreign_rather_than_damaged_is_refused_and_left_alone(
    change: Callable[[Path], None], message: str, directory: Path
) -> None:
    change(directory / "cache.db")
    assert message in store_refusal(directory)
    assert not list(directory.glob("damaged-*"))


def test_a_damaged_database_under_another_schema_is_left_alone(directory: Path) -> None:
    (directory / "afake-store.json").write_text('{"schema": 2}', encoding="utf-8")
    damage_database(directory, garbage)
    assert "holds a store of schema 2" in store_refusal(directory)


def test_damage_that_shows_only_at_a_row_is_an_error_and_never_a_miss(tmp_path: Path) -> None:
    values = answers(300, size=4000)
    directory = filled(tmp_path / "store", values)
    data = bytearray((directory / "cache.db").read_bytes())
    for page in range(20, 60):
        data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    (directory / "cache.db").write_bytes(data)

    store = DiskStore(directory)
    assert not store.notices
    refused = 0
    for key, value in values.items():
        try:
            assert store.get(key) == value
        except StoreError as error:
            assert str(error).startswith(f"{directory}: row {key}: ")  # noqa: PT017 - either outcome is right
            assert str(error).endswith("run: afake cache verify")  # noqa: PT017
            refused += 1
    assert 10 <= refused <= 60


def test_answers_that_another_program_let_expire_are_kept(directory: Path) -> None:
    """Plain diskcache misses them, and a later answer would take their place."""
    store_sql(directory, "UPDATE Cache SET expire_time = 1.0")
    store = DiskStore(directory)
    assert store.get(KEY) == VALUE
    assert store.put(KEY, {"text": "bought again"}) == VALUE


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
