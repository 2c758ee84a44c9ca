"""Rows out of the pages of a broken database, without SQLite and without its tables.

SQLite finds a row by going down a tree from the first page: one lost page of that tree hides all
that hangs below it, and a damaged header the whole file. The rows themselves lie in leaf pages,
each of which says what it is. So every page is looked at, and what looks like a row of the table
``Cache`` is given out. Nothing here vouches for a row: its checksum and key must.

Format: https://www.sqlite.org/fileformat2.html, sections 1.3 (header), 1.6 (pages of a tree),
2.1 (records) and 4 (the -wal file).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from pytest_afake.store.database import Row

_MAGIC = b"SQLite format 3\x00"
_DEFAULT_PAGE = 4096
_FILE_HEADER, _WAL_HEADER, _FRAME_HEADER = 100, 32, 24
_LEAF = 0x0D
_CELLS_AT, _POINTERS_AT = 3, 8
# rowid, key, raw, store_time, expire_time, access_time, access_count, tag, size, mode, filename,
# value: as diskcache makes the table
_COLUMNS = 12
_KEY, _RAW, _MODE, _FILENAME, _VALUE = 1, 2, 9, 10, 11
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def carve(database: Path, wal: Path | None) -> Iterator[Row]:
    """All that looks like a row, in the order of the pages; perhaps twice, perhaps not whole.

    With ``wal``, each page is read in its last version from there, if it has one. The work is in
    proportion to the size of the files, whatever they hold.
    """
    with ExitStack() as stack:
        pages = _Pages(
            stack.enter_context(database.open("rb")),
            stack.enter_context(wal.open("rb")) if wal else None,
        )
        for number in pages.numbers():
            yield from _rows(pages, number)


class _Malformed(Exception):
    """Not the row, or not the page, that it looked like."""


class _Pages:
    """The pages of a database by number, from 1."""

    def __init__(self, database: BinaryIO, wal: BinaryIO | None) -> None:
        self._database = database
        self._wal = wal
        self.size, self.usable = _page_size(database.read(_FILE_HEADER))
        self._in_wal = _wal_offsets(wal, self.size) if wal else {}
        self._count = -(-database.seek(0, 2) // self.size)
        # A hostile file may lead many rows through the same pages.
        self._overflows_left = 4 * (self._count + len(self._in_wal)) + 1000

    def numbers(self) -> Iterator[int]:
        yield from range(1, self._count + 1)
        yield from sorted(number for number in self._in_wal if number > self._count)

    def page(self, number: int) -> bytes:
        """The bytes of a page; fewer, or none, where the file ends."""
        file, offset = self._database, (number - 1) * self.size
        if self._wal and number in self._in_wal:
            file, offset = self._wal, self._in_wal[number]
        file.seek(offset)
        return file.read(self.size)

    def overflow(self, first: int, length: int) -> bytes:
        """``length`` bytes from the chain of pages that begins at ``first``."""
        parts, left, number = [], length, first
        while left > 0:
            self._overflows_left -= 1
            page = self.page(number) if number > 0 else b""
            if len(page) < self.size or self._overflows_left < 0:
                raise _Malformed
            part = page[4 : self.usable][:left]
            parts.append(part)
            left -= len(part)
            (number,) = struct.unpack_from(">I", page)
        return b"".join(parts)


def _page_size(header: bytes) -> tuple[int, int]:
    """Bytes of a page, and how many of them SQLite uses; the usual ones if the header is lost."""
    if header[:16] == _MAGIC and len(header) == _FILE_HEADER:
        (size,) = struct.unpack_from(">H", header, 16)
        size = 65536 if size == 1 else size
        if size in {2**power for power in range(9, 17)}:
            return size, size - header[20]
    return _DEFAULT_PAGE, _DEFAULT_PAGE


def _wal_offsets(wal: BinaryIO, size: int) -> dict[int, int]:
    """Where the last version of each page begins in a -wal file."""
    salt = wal.read(_WAL_HEADER)[16:24]  # frames of an earlier round have another
    offsets: dict[int, int] = {}
    while len(frame := wal.read(_FRAME_HEADER)) == _FRAME_HEADER and frame[8:16] == salt:
        (number,) = struct.unpack_from(">I", frame)
        offsets[number] = wal.tell()
        wal.seek(size, 1)
    return offsets


def _rows(pages: _Pages, number: int) -> Iterator[Row]:
    page = pages.page(number)
    start = _FILE_HEADER if number == 1 else 0
    if len(page) < start + _POINTERS_AT or page[start] != _LEAF:
        return
    (cells,) = struct.unpack_from(">H", page, start + _CELLS_AT)
    for index in range(min(cells, len(page) // 2)):
        with suppress(_Malformed, struct.error, IndexError):
            (cell,) = struct.unpack_from(">H", page, start + _POINTERS_AT + 2 * index)
            yield _row(pages, page, cell)


def _row(pages: _Pages, page: bytes, cell: int) -> Row:
    length, at = _varint(page, cell)
    rowid, at = _varint(page, at)
    here = _local_length(length, pages.usable)
    payload = page[at : at + here]
    if here < length:
        (first,) = struct.unpack_from(">I", page, at + here)
        payload += pages.overflow(first, length - here)
    columns = _columns(payload)
    if len(columns) != _COLUMNS:
        raise _Malformed
    chosen = (columns[each] for each in (_KEY, _RAW, _MODE, _FILENAME, _VALUE))
    return Row(rowid, *chosen)


def _local_length(length: int, usable: int) -> int:
    """How much of a row lies in the leaf page itself; the rest is in overflow pages."""
    if length <= usable - 35:
        return length
    least = (usable - 12) * 32 // 255 - 23
    most = least + (length - least) % (usable - 4)
    return most if most <= usable - 35 else least


def _columns(payload: bytes) -> list[object]:
    header, at = _varint(payload, 0)
    kinds = []
    while at < header:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    columns = []
    for kind in kinds:
        column, at = _column(payload, at, kind)
        columns.append(column)
    return columns


def _column(payload: bytes, at: int, kind: int) -> tuple[object, int]:
    if kind in (0, 8, 9):
        return {0: None, 8: 0, 9: 1}[kind], at
    if kind == 7:
        return struct.unpack_from(">d", payload, at)[0], at + 8
    length = _INTEGER_BYTES.get(kind) or (kind - 12) // 2
    data = payload[at : at + length]
    if len(data) < length:
        raise _Malformed
    if kind in _INTEGER_BYTES:
        return int.from_bytes(data, "big", signed=True), at + length
    is_text = kind % 2 == 1
    return data.decode("utf-8", "surrogateescape") if is_text else data, at + length


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for length in range(8):
        byte = data[at + length]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + length + 1
    return value << 8 | data[at + 8], at + 9
