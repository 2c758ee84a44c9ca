"""The rows of an open database, judged one by one; and bad ones moved out of it.

Imported late: sqlite3 is not needed by a run without a store.
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from pytest_afake.errors import StoreError
from pytest_afake.store.database import Gap, Row, connect, foreign_parts, is_damage, walk
from pytest_afake.store.directory import sync_directory
from pytest_afake.store.sealed import is_key
from pytest_afake.text import one_line

_MOST_COMPLAINTS = 20
_ROW = "SELECT rowid, key, raw, mode, filename, value FROM Cache WHERE rowid = ?"


@dataclass(slots=True)
class Findings:
    """``bad`` has row number, key (where it is a proper one) and reason of each bad row.

    ``foreign`` says why the database is none of a store's; then nothing else was looked at.
    """

    foreign: str | None = None
    rows: int = 0
    bad: list[tuple[int, str | None, str]] = field(default_factory=list)
    database: list[str] = field(default_factory=list)


def examine(connection: sqlite3.Connection) -> Findings:
    """Judge every row that can be read, and the file as a whole."""
    try:
        # A file that is shorter than it should be is refused without this.
        connection.execute("PRAGMA writable_schema = ON")
        findings = Findings(foreign=foreign_parts(connection))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return Findings(database=[str(error)])
    if findings.foreign is not None:
        return findings
    for row in walk(connection):
        _judge(row, findings)
    findings.database += _complaints(connection)
    return findings


def move_rows(database: Path, rowids: Sequence[int], into: Path) -> None:
    """Write the rows into a new file, a JSON line each, and delete them from the database.

    All or nothing: they are deleted once their lines are on the disk.
    """
    with closing(connect(database, "mode=rw", wait_s=60.0)) as connection:
        connection.execute("BEGIN IMMEDIATE")  # closing without COMMIT rolls back
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(into, flags, 0o600), "w", encoding="ascii") as file:
            for rowid in rowids:
                for columns in connection.execute(_ROW, (rowid,)).fetchall():
                    file.write(f"{json.dumps(_as_json(Row(*columns)))}\n")
                connection.execute("DELETE FROM Cache WHERE rowid = ?", (rowid,))
            file.flush()
            os.fsync(file.fileno())
        sync_directory(into.parent)
        connection.execute("COMMIT")


def _judge(row: Row | Gap, findings: Findings) -> None:
    if isinstance(row, Gap):
        last = "the end" if row.last is None else row.last
        rows = f"row {row.first}" if last == row.first else f"rows {row.first} to {last}"
        findings.database.append(f"{rows} cannot be read: {row.reason}")
        return
    findings.rows += 1
    try:
        row.proven()
    except StoreError as error:
        key = row.key if isinstance(row.key, str) and is_key(row.key) else None
        findings.bad.append((row.rowid, key, one_line(str(error))))


def _complaints(connection: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong, indices too: a row that is missing in one would look like a miss."""
    try:
        lines = connection.execute(f"PRAGMA integrity_check({_MOST_COMPLAINTS})").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    return [one_line(str(line)) for (line,) in lines if line != "ok"]


def _as_json(row: Row) -> dict[str, object]:
    """The columns of a row, none of them interpreted: bytes and broken text in base64."""
    names = ("rowid", "key", "raw", "mode", "filename", "value")
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, str):
        data = value.encode("utf-8", "surrogateescape")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            value = data
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    return value
