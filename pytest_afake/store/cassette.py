"""Answers in one text file that a team commits, reviews, and replays without a key or a network.

    {"format":"pytest-afake cassette","schema":1,"version":1}
    {"key":"<64 hex digits>","sha256":"<64 hex digits>","value":{...}}
    ...

One line per answer, sorted by key. A line is the sealed text of a store with its key before it:
canonical JSON in printable ASCII. So there is one way to write an answer, diffs are stable, and
what a reviewer sees is what is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.canonical import canonical_json
from pytest_afake.store.codec import checked_entry
from pytest_afake.store.schema import SCHEMA
from pytest_afake.store.sealed import check_key, is_key, seal, unseal
from pytest_afake.store.unwritable import Unwritable

HEADER = canonical_json({"format": "pytest-afake cassette", "version": 1, "schema": SCHEMA})

_HEAD, _MIDDLE = '{"key":"', '",'
_KEY_AT = len(_HEAD)
_MIDDLE_AT = _KEY_AT + 64
_SEALED_AT = _MIDDLE_AT + len(_MIDDLE)


class CassetteStore(Unwritable):
    """The answers of a cassette, all of which are checked when it is opened.

    Raises StoreError, one line that names file and line, for one that was changed by hand, cut
    short, or belongs to another request, and for two different answers to one request.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._texts: dict[str, str] | None = _read(self.path)

    def get(self, key: str) -> Mapping[str, Json] | None:
        check_key(key)
        text = self._open_texts().get(key)
        return None if text is None else unseal(text)

    def keys(self) -> Iterator[str]:
        return iter(self._open_texts())

    def close(self) -> None:
        self._texts = None

    def _open_texts(self) -> dict[str, str]:
        if self._texts is None:
            raise StoreError(f"{self.path}: the store is closed")
        return self._texts


def cassette_line(key: str, value: Mapping[str, Json]) -> str:
    """The line of one answer, without its end."""
    return f"{_HEAD}{check_key(key)}{_MIDDLE}{seal(value)[1:]}"


def _read(path: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8", errors="surrogateescape") as file:
            _check_header(path, file.readline())
            for number, line in enumerate(file, start=2):
                _add(texts, line, f"{path}: line {number}")
    except OSError as error:
        raise StoreError(f"{path}: cannot be read as a cassette: {error.strerror}") from error
    return texts


def _check_header(path: Path, line: str) -> None:
    if line.rstrip("\n") != HEADER:
        raise StoreError(
            f"{path}: line 1: is not the header of a cassette that this version reads: {HEADER}"
        )


def _add(texts: dict[str, str], line: str, where: str) -> None:
    try:
        key, text = _checked(line.rstrip("\n"))
    except StoreError as error:
        raise StoreError(f"{where}: {error}") from None
    if texts.setdefault(key, text) != text:
        raise StoreError(f"{where}: {key} has another answer on an earlier line")


def _checked(line: str) -> tuple[str, str]:
    """Key and sealed text of a line that holds a whole answer, written as we write it."""
    key = line[_KEY_AT:_MIDDLE_AT]
    if not (line.startswith(_HEAD) and is_key(key) and line.startswith(_MIDDLE, _MIDDLE_AT)):
        raise StoreError("is not the line of an answer")
    text = "{" + line[_SEALED_AT:]
    value = unseal(text)
    checked_entry(key, value)
    if seal(value) != text:  # a name given twice, say: a reviewer would see both
        raise StoreError("is not written as canonical JSON")
    return key, text
