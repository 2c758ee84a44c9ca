"""cache.db, read with SQLite alone: nothing is executed, no row is trusted, damage is stepped over.

Imported late: sqlite3 is not needed by a run without a store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pytest_afake.store.codec import checked_entry
from pytest_afake.store.rows import row_key, row_text
from pytest_afake.store.sealed import unseal

_TABLES = frozenset({"Settings", "Cache"})
_TRIGGERS = frozenset(
    {
        *("Settings_count_insert", "Settings_count_delete"),
        *("Settings_size_insert", "Settings_size_update", "Settings_size_delete"),
    }
)
# Along the table itself: its indices may be broken where it is whole.
_FROM = (
    "SELECT rowid, key, raw, mode, filename, value FROM Cache NOT INDEXED"
    " WHERE rowid >= ? ORDER BY rowid"
)
_LEAST, _MOST = -(2**63), 2**63 - 1
_ONE_BY_ONE = 256
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it lies in the table, whatever it holds."""

    rowid: int
    key: object
    raw: object
    mode: object
    filename: object
    value: object

    def proven(self) -> tuple[str, str]:
        """Key and sealed text of a whole answer. Raises StoreError with what speaks against it."""
        key = row_key(self.key, self.raw)
        text = row_text(self.mode, self.filename, self.value)
        checked_entry(key, unseal(text))
        return key, text


@dataclass(frozen=True, slots=True)
class Gap:
    """Row numbers ``first`` to ``last`` (None: and all after), unreadable for SQLite's reason."""

    first: int
    last: int | None
    reason: str


def connect(database: Path, options: str, wait_s: float = 5.0) -> sqlite3.Connection:
    """A connection with the options of an SQLite URI, such as ``mode=ro``, for a thread at a time.

    What is no UTF-8 in a text column comes as lone surrogates, and can be turned back into bytes.
    """
    uri = f"{database.absolute().as_uri()}?{options}"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=wait_s, check_same_thread=False
    )
    with suppress(sqlite3.DatabaseError):  # damage is the reader's to find
        connection.execute("PRAGMA cache_size = 8192")  # pages, as diskcache has it
    connection.text_factory = _text
    return connection


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file is broken, rather than locked, full or forbidden."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DAMAGE  # the rest of the code gives details


def foreign_parts(connection: sqlite3.Connection) -> str | None:
    """What makes a readable database another one than a store's, or None."""
    parts = set(connection.execute("SELECT type, name FROM sqlite_master"))
    if not {("table", name) for name in _TABLES} <= parts:
        return "is not the database of a store"
    # diskcache's own are harmless; another one could change rows behind every write.
    active = {name for kind, name in parts if kind in ("trigger", "view")}
    return None if active <= _TRIGGERS else "holds triggers or views that no store has"


def walk(connection: sqlite3.Connection) -> Iterator[Row | Gap]:
    """All rows in the order of their numbers, and the gaps where the file cannot be read.

    A damaged page costs at most a few hundred probes, so that the work stays in proportion to the
    rows however much is broken.
    """
    start: int | None = _LEAST
    while start is not None and start <= _MOST:
        start = yield from _walk_to_damage(connection, start)


def _walk_to_damage(
    connection: sqlite3.Connection, start: int
) -> Generator[Row | Gap, None, int | None]:
    """Rows from number ``start`` on; then, if that ended in damage, the gap and where it ends."""
    try:
        for columns in connection.execute(_FROM, (start,)):
            row = Row(*columns)
            if row.rowid < start:
                raise sqlite3.DatabaseError("rows are out of order")
            start = row.rowid + 1
            yield row
        return None
    except sqlite3.Error as error:
        reason = str(error)
    # The module steps ahead, so that the fault of a row hides the row before it.
    for columns in _first_from(connection, start) or ():
        yield Row(*columns)
        return int(columns[0]) + 1
    end = _end_of_damage(connection, start)
    yield Gap(start, None if end is None else end - 1, reason)
    return end


def _end_of_damage(connection: sqlite3.Connection, start: int) -> int | None:
    """The first number after ``start`` from which a row can be read; None if there is none."""
    unread = start
    for step in chain(range(1, _ONE_BY_ONE), (2**power for power in range(8, 65))):
        probe = min(start + step, _MOST)
        found = _first_from(connection, probe)
        if found is not None:
            return _bisect(connection, unread, probe) if found else None
        if probe == _MOST:
            break
        unread = probe
    return None


def _bisect(connection: sqlite3.Connection, unread: int, readable: int) -> int:
    while readable - unread > 1:
        middle = (unread + readable) // 2
        if _first_from(connection, middle) is None:
            unread = middle
        else:
            readable = middle
    return readable


def _first_from(connection: sqlite3.Connection, start: int) -> list[tuple[Any, ...]] | None:
    """The first row from number ``start`` on, if there is one; None if that cannot be read."""
    try:
        rows = connection.execute(f"{_FROM} LIMIT 1", (start,)).fetchall()
    except sqlite3.Error:
        return None
    return None if rows and rows[0][0] < start else rows  # out of order: no way forward


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
