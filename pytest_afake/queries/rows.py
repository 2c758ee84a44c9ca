"""Files of queries as rows: where each row stands, and what its columns hold. No meaning yet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_afake.errors import QueryError


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``where`` is ``PATH:LINE``, or ``PATH: item N`` in a JSON list."""

    where: str
    columns: Mapping[str, object]


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a file; its ending says how it is read.

    ``.jsonl`` and ``.ndjson`` (one object or text a line), ``.json`` (a list of them), ``.csv``
    and ``.tsv`` (with a header), ``.txt`` or none (one query a line; blank lines and lines that
    start with ``#`` are skipped). UTF-8, with or without a byte order mark. CRLF is read as a
    single line feed everywhere, also inside quoted fields, which may hold line ends. Raises
    QueryError, one line that begins with the path.
    """
    reader = _READERS.get(path.suffix.lower())
    text = _read_text(path)
    if reader is None:
        raise QueryError(
            f"{path}: unknown ending {path.suffix!r}: expected .jsonl, .ndjson, .json, .csv, .tsv "
            "or .txt"
        )
    return reader(path, text)


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except IsADirectoryError:
        raise QueryError(f"{path}: is a directory; expected a file of queries") from None
    except OSError as error:
        raise QueryError(f"{path}: cannot be read: {error.strerror or error}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise QueryError(
            f"{path}:{line}: byte 0x{data[error.start]:02x} is not UTF-8; expected a file in UTF-8"
        ) from None
    return text.replace("\r\n", "\n")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines(), which also cuts at form feeds and U+2028 within a query.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _plain_rows(path: Path, text: str) -> Iterator[Row]:
    for number, line in _lines(text):
        if not line.lstrip().startswith("#"):
            yield Row(f"{path}:{number}", {"text": line.strip()})


def _jsonl_rows(path: Path, text: str) -> Iterator[Row]:
    for number, line in _lines(text):
        where = f"{path}:{number}"
        yield _json_row(where, _parse(line, where))


def _json_rows(path: Path, text: str) -> Iterator[Row]:
    items = _parse(text, str(path)) if text.strip() else []
    if not isinstance(items, list):
        raise QueryError(f"{path}: expected a list of queries, found {_json_type(items)}")
    for number, item in enumerate(items, start=1):
        yield _json_row(f"{path}: item {number}", item)


def _parse(text: str, where: str) -> object:
    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise QueryError(
            f"{where}: not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from None
    except (ValueError, RecursionError) as error:
        raise QueryError(f"{where}: not usable JSON: {error}") from None
    return value


def _json_row(where: str, item: object) -> Row:
    if isinstance(item, str):
        return Row(where, {"text": item})
    if isinstance(item, dict):
        return Row(where, item)
    raise QueryError(f"{where}: expected an object or a text, found {_json_type(item)}")


def _json_type(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a truth value"}
    return names.get(type(value), "null" if value is None else "a number")


def _csv_rows(path: Path, text: str) -> Iterator[Row]:
    return _table_rows(path, text, ",")


def _tsv_rows(path: Path, text: str) -> Iterator[Row]:
    return _table_rows(path, text, "\t")


def _table_rows(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    records = _records(path, text, delimiter)
    _, header = next(records, ("", []))
    names = [name.strip() for name in header]
    for where, fields in records:
        if len(fields) != len(names):
            raise QueryError(
                f"{where}: {len(fields)} fields under a header of {len(names)}; a field that "
                "holds a separator or a line end must be quoted"
            )
        yield Row(where, _columns(where, names, fields))


def _columns(where: str, names: list[str], fields: list[str]) -> Mapping[str, object]:
    columns: dict[str, object] = dict(zip(names, fields, strict=True))
    if len(columns) < len(names):
        raise QueryError(f"{where}: the header names a column twice")
    return columns


def _records(path: Path, text: str, delimiter: str) -> Iterator[tuple[str, list[str]]]:
    """Records that are not blank, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield f"{path}:{line}", fields
            line = reader.line_num + 1
    except csv.Error as error:
        raise QueryError(f"{path}:{line}: not a table: {error}") from None


_READERS: Mapping[str, Callable[[Path, str], Iterator[Row]]] = {
    ".jsonl": _jsonl_rows,
    ".ndjson": _jsonl_rows,
    ".json": _json_rows,
    ".csv": _csv_rows,
    ".tsv": _tsv_rows,
    ".txt": _plain_rows,
    "": _plain_rows,
}
