"""Verifying a store: what is found, what is moved out of the way, and that nothing is lost."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from store_folders import (
    PAGE,
    Damage,
    answers,
    cut_in_half,
    damage_database,
    emptied,
    filled,
    mode_of,
    store_sql,
    stored,
    without_its_header,
)

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore, set_bad_rows_aside, verify


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    """A closed store of 30 answers."""
    return filled(tmp_path / "store", answers(30))


def _key(index: int) -> str:
    return list(answers(30))[index]


def _spoil_each_in_another_way(directory: Path) -> dict[str | int, str]:
    """What ``verify`` must say of the first rows."""
    change = "UPDATE Cache SET {} WHERE key = ?"
    store_sql(directory, change.format("mode = 4, value = x'80049500'"), _key(0))
    store_sql(directory, change.format("mode = 3, filename = '/etc/passwd', value = NULL"), _key(1))
    store_sql(directory, change.format("value = replace(value, 'xx', 'XX')"), _key(2))
    store_sql(directory, change.format(f"key = '{'b' * 64}'"), _key(3))
    store_sql(directory, change.format("key = 'short'"), _key(4))
    store_sql(directory, change.format("raw = 0, key = x'8004'"), _key(5))
    store_sql(directory, change.format("value = CAST(x'ff20' AS TEXT)"), _key(6))
    store_sql(directory, change.format("value = 3"), _key(7))
    return {
        _key(0): "its value is a pickle, which is never read",
        _key(1): "its value lies in a file",
        _key(2): "the value does not match its checksum",
        "b" * 64: "the key is not the SHA-256 of the stored request",
        5: "its key is not a plain hex key",
        6: "its key is not a plain hex key",
        _key(6): "the value is not a sealed JSON object",
        _key(7): "its value is not text",
    }


def test_a_whole_store_has_nothing_to_complain_of(checked: Path) -> None:
    report = verify(checked)
    assert (report.rows, report.good, report.bad, report.database) == (30, 30, (), ())
    done = set_bad_rows_aside(checked)
    assert done.folder is None
    assert done.notice == f"{checked}: all rows are whole (30 rows)"


def test_each_bad_row_is_named_with_its_reason(checked: Path) -> None:
    expected = _spoil_each_in_another_way(checked)
    report = verify(checked)
    assert dict(report.bad) == expected
    assert (report.rows, report.good, report.database) == (30, 22, ())


@pytest.mark.parametrize("levels", [700, 50_000])
def test_a_row_that_nests_without_end_is_a_bad_row(levels: int, checked: Path) -> None:
    _, value = stored(0)
    deep = '{"x":' * levels + "1" + "}" * levels
    text = json.dumps({**value, "request": 0}).replace('"request": 0', f'"request": {deep}')
    digest = sha256(text.encode()).hexdigest()
    store_sql(checked, "UPDATE Cache SET value = ?", f'{{"sha256":"{digest}","value":{text}}}')
    report = verify(checked)
    assert (report.good, len(report.bad)) == (0, 30)


def test_bad_rows_are_moved_with_all_they_held_and_can_be_asked_again(checked: Path) -> None:
    before = _columns(checked)
    expected = _spoil_each_in_another_way(checked)
    spoilt = _columns(checked)
    done = set_bad_rows_aside(checked)
    assert done.folder is not None
    assert done.notice == (
        f"{checked}: 8 bad rows moved to {done.folder.name}/rows.jsonl; those answers can be asked "
        "again"
    )
    lines = (done.folder / "rows.jsonl").read_text(encoding="ascii").splitlines()
    moved = {row["rowid"]: row for row in map(json.loads, lines)}
    assert [_columns_of(row) for row in moved.values()] == spoilt[:8]
    assert mode_of(done.folder) == 0o700
    assert mode_of(done.folder / "rows.jsonl") == 0o600
    assert _columns(checked) == before[8:]

    report = verify(checked)
    assert (report.rows, report.good, report.bad, report.database) == (22, 22, (), ())
    store = DiskStore(checked)
    assert len(list(store.keys())) == 22
    assert store.get(_key(0)) is None
    assert store.put_all(answers(30)) == answers(30)
    assert expected


def _columns(directory: Path) -> list[tuple[object, ...]]:
    """The stored bytes of each row."""
    database = sqlite3.connect(directory / "cache.db")
    database.text_factory = bytes
    rows = database.execute(
        "SELECT rowid, key, raw, mode, filename, value FROM Cache ORDER BY rowid"
    ).fetchall()
    database.close()
    return rows


def _columns_of(line: dict[str, object]) -> tuple[object, ...]:
    return tuple(
        _bytes(line[name]) for name in ("rowid", "key", "raw", "mode", "filename", "value")
    )


def _bytes(value: object) -> object:
    if isinstance(value, dict):
        return base64.b64decode(value["base64"])
    return value.encode() if isinstance(value, str) else value


def test_bad_rows_can_be_moved_while_the_store_is_used(checked: Path) -> None:
    store = DiskStore(checked)
    _spoil_each_in_another_way(checked)
    key, value = stored(99)
    store.put(key, value)
    assert set_bad_rows_aside(checked).folder is not None
    assert store.get(_key(0)) is None
    assert store.get(key) == value
    store.put_all(answers(30))
    store.close()
    assert verify(checked).good == 31


def _a_page_of_the_table(data: bytearray) -> None:
    for page in range(30, 34):
        data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)


@pytest.mark.parametrize(
    ("damage", "complaint", "least", "most"),
    [
        (_a_page_of_the_table, "cannot be read: database disk image is malformed", 180, 199),
        (without_its_header, "file is not a database", 200, 200),
        (cut_in_half, "malformed", 80, 120),
        (emptied, "the file is empty", 0, 0),
    ],
)
def test_a_broken_file_is_said_and_set_aside_as_a_whole(
    damage: Damage, complaint: str, least: int, most: int, tmp_path: Path
) -> None:
    values = answers(200, size=4000)
    directory = filled(tmp_path / "store", values)
    data = damage_database(directory, damage)

    report = verify(directory)
    assert any(complaint in line for line in report.database)
    assert (directory / "cache.db").read_bytes() == data  # it only looks

    done = set_bad_rows_aside(directory)
    assert done.notice.startswith(f"STORE DAMAGED: {directory}: cache.db could not be read (")
    assert done.folder is not None
    assert (done.folder / "cache.db").read_bytes() == data
    again = verify(directory)
    assert (again.bad, again.database) == ((), ())
    assert least <= again.good <= most
    store = DiskStore(directory)
    assert not store.notices
    assert all(store.get(key) == values[key] for key in list(store.keys()))


def test_a_row_that_an_index_forgot_is_found(checked: Path) -> None:
    """To a store it looks like a miss, so that it would be bought again."""
    database = sqlite3.connect(checked / "cache.db")
    (index,) = database.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'Cache_key_raw'"
    ).fetchone()
    database.close()
    data = bytearray((checked / "cache.db").read_bytes())
    at = (index - 1) * PAGE
    cells = int.from_bytes(data[at + 3 : at + 5], "big")
    data[at + 3 : at + 5] = (cells - 1).to_bytes(2, "big")
    (checked / "cache.db").write_bytes(data)

    store = DiskStore(checked)
    lost = [key for key in answers(30) if store.get(key) is None]
    store.close()
    assert len(lost) == 1

    assert any("Cache_key_raw" in line for line in verify(checked).database)
    set_bad_rows_aside(checked)
    store = DiskStore(checked)
    assert store.get(lost[0]) == answers(30)[lost[0]]


def test_a_broken_file_that_is_in_use_stays(checked: Path) -> None:
    user = DiskStore(checked)
    user.detach()
    data = damage_database(checked, without_its_header)
    with pytest.raises(StoreError, match="is still open elsewhere"):
        set_bad_rows_aside(checked)
    assert (checked / "cache.db").read_bytes() == data
    user.close()


@pytest.mark.parametrize("action", [verify, set_bad_rows_aside])
def test_what_is_no_store_is_refused(action: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(StoreError, match="holds no store of pytest-afake"):
        action(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("action", [verify, set_bad_rows_aside])
def test_a_database_of_something_else_is_refused(
    action: Callable[[Path], object], checked: Path
) -> None:
    (checked / "cache.db").unlink()
    store_sql(checked, "CREATE TABLE Other (x)")
    with pytest.raises(StoreError, match=r"cache\.db is not the database of a store"):
        action(checked)
    assert not list(checked.glob("damaged-*"))
