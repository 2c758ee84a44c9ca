"""Every row of a store, held against what it must be; and what is not, put out of the way.

For ``afake cache verify``. Nothing that is read here is executed, and no file that a row names is
opened. Rows that are put out of the way keep their content in a file of JSON lines, so that their
answers can be asked again and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.errors import StoreError
from pytest_afake.store.claims import Claims
from pytest_afake.store.directory import CLAIMS, DATABASE, check_readable, opening
from pytest_afake.text import count

if TYPE_CHECKING:
    from pytest_afake.store.examining import Findings


@dataclass(frozen=True, slots=True)
class Report:
    """What :func:`verify` found: ``rows`` could be read, ``good`` of them are whole answers.

    ``bad`` has the key of each other row (its number in the table, where it has no proper key) and
    the reason. ``database`` is what speaks against the file as a whole: rows that cannot be read,
    and what SQLite itself finds wrong, in its indices too.
    """

    rows: int
    good: int
    bad: tuple[tuple[str | int, str], ...]
    database: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetAside:
    """What :func:`set_bad_rows_aside` did: the folder it made, if any, and one line to show."""

    folder: Path | None
    notice: str


def verify(store_dir: Path) -> Report:
    """Read every row of the store in a directory, without changing a byte there.

    Raises StoreError for a directory that is no store, or cannot be read at all.
    """
    directory = store_dir.absolute()
    check_readable(directory)
    found = _examined(directory)
    bad = tuple((key or rowid, reason) for rowid, key, reason in found.bad)
    return Report(found.rows, found.rows - len(bad), bad, tuple(found.database))


def set_bad_rows_aside(store_dir: Path) -> SetAside:
    """Move the bad rows into a ``damaged-...`` folder, so that their answers can be asked again.

    A database that is broken as a whole is set aside as a whole, and what is good in it is kept;
    that needs a store that nobody has open. Raises StoreError if it cannot be done; then all rows
    are where they were.
    """
    from pytest_afake.store.damage import finish_interrupted

    directory = store_dir.absolute()
    with opening(directory, create=False):
        finish_interrupted(directory)
        found = _examined(directory)
        if found.database:
            return _set_all_aside(directory, found.database[0])
        if found.bad:
            return _set_rows_aside(directory, [rowid for rowid, _, _ in found.bad])
    return SetAside(None, f"{directory}: all rows are whole ({count(found.rows, 'row')})")


def _examined(directory: Path) -> Findings:
    from pytest_afake.store.examining import Findings, examine
    from pytest_afake.store.unchanged import UnchangedDatabase

    if (directory / DATABASE).stat().st_size == 0:
        return Findings(database=["the file is empty"])
    database = UnchangedDatabase(directory)
    try:
        found = database.read(DATABASE, examine)
    finally:
        database.close()
    if found.foreign is not None:
        raise StoreError(f"{directory}: {DATABASE} {found.foreign}")
    return found


def _set_all_aside(directory: Path, reason: str) -> SetAside:
    from pytest_afake.store.damage import set_aside

    claims = Claims(directory / CLAIMS)
    try:
        return SetAside(*set_aside(directory, reason, claims))
    finally:
        claims.close()


def _set_rows_aside(directory: Path, rowids: Sequence[int]) -> SetAside:
    import sqlite3

    from pytest_afake.store.damage import new_folder
    from pytest_afake.store.examining import move_rows

    folder = new_folder(directory)
    try:
        move_rows(directory / DATABASE, rowids, folder / "rows.jsonl")
    except sqlite3.Error as error:
        raise StoreError(f"{directory}: {DATABASE}: {error}") from error
    rows = count(len(rowids), "bad row")
    return SetAside(
        folder,
        f"{directory}: {rows} moved to {folder.name}/rows.jsonl; those answers can be asked again",
    )
