"""Answers in files: the transcripts that a run writes, or any table of queries and answers."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TextIO

from pytest_afake.errors import UsageError
from pytest_afake.judging.usual_format import usual_format
from pytest_afake.records import COMPREHENSION_ERROR_RATE, Answer, OutputFormat, ReasoningChannel
from pytest_afake.text import one_line

_ENDINGS = (".jsonl", ".csv")
_LONGEST_CELL = 10_000_000  # characters; the csv module refuses more than 131,072 unless told
_HEAD = ("format", "sent")  # what only the first row of a transcript has


@dataclass(frozen=True, slots=True)
class Transcript:
    """One row: a query and the answer to it, None where there is none and ``missing`` says why.

    ``key``, ``cluster`` and ``prefill``, what the answer goes on from, are empty where the file has
    none. What a judge made of the answer is not read at all.
    """

    query: str
    answer: Answer | None
    format: OutputFormat
    arm: str
    model: str
    key: str
    missing: str
    cluster: str = ""
    prefill: str = ""


@contextmanager
def long_cells() -> Iterator[None]:
    """Let the csv module read long texts; its limit belongs to the whole process."""
    usual = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(usual)


def files_of(paths: Iterable[Path], *, but: Path) -> list[Path]:
    """The files to read, each once: those named, and the transcripts in the folders named.

    ``but`` is left out of folders: the labels may be saved beside the transcripts. Raises
    UsageError for what is not there.
    """
    found = [file for path in paths for file in _files(path, but.resolve())]
    return list(dict.fromkeys(file.resolve() for file in found))


def _files(path: Path, but: Path) -> list[Path]:
    if not path.is_dir():
        if path.suffix.lower() not in _ENDINGS:
            raise UsageError(f"{path}: must end in {' or '.join(_ENDINGS)}, or be a folder")
        return [path]
    inside = (each for each in sorted(path.iterdir()) if each.suffix.lower() in _ENDINGS)
    files = [each for each in inside if each.resolve() != but]
    if not files:
        raise UsageError(f"{path}: holds no transcripts (*{', *'.join(_ENDINGS)})")
    return files


def read_transcripts(path: Path) -> Iterator[Transcript]:
    """The rows of one file. Raises UsageError that names the file and, if there is one, the line.

    JSONL as a run writes it, whose first row may hold the ``format`` of the answers; or JSONL or
    CSV of one's own with ``query`` and ``answer``, in which ``arm``, ``model``, ``cluster``,
    ``key``, ``prefill``, ``native_reasoning``, ``finish_reason`` and ``missing`` are read where
    they are there. Answers to comprehension questions are left out: they are right or wrong by the
    letter.
    """
    rows = _jsonl if path.suffix.lower() == ".jsonl" else _table
    try:
        # Lines end at line feeds alone: a carriage return belongs to a text, or is white space.
        with path.open(encoding="utf-8-sig", newline="\n") as file, long_cells():
            yield from rows(str(path), file)
    except UnicodeDecodeError:
        raise UsageError(f"{path}: cannot be read: is not UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None


def _jsonl(name: str, file: TextIO) -> Iterator[Transcript]:
    layout = None
    for number, line in enumerate(file, start=1):
        where = f"{name}:{number}"
        if not line.strip():
            continue
        row = _object(line, where)
        if number == 1 and row.get("measure") == COMPREHENSION_ERROR_RATE:
            return
        if number == 1 and "answer" not in row and any(part in row for part in _HEAD):
            layout = _format(row.get("format"), where)
        else:
            yield _transcript(row, layout, where)


def _object(line: str, where: str) -> Mapping[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON: {one_line(str(error))}") from None
    if not isinstance(value, dict):
        raise UsageError(f"{where}: must be an object with a query and an answer")
    return value


def _table(name: str, file: TextIO) -> Iterator[Transcript]:
    reader = csv.reader(file, strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        while (cells := next(reader, None)) is not None:
            if not cells:
                continue
            where = f"{name}:{reader.line_num}"
            if len(cells) != len(header):
                raise UsageError(f"{where}: {len(cells)} cells under a header of {len(header)}")
            yield _transcript(_cells(header, cells), None, where)
    except csv.Error as error:
        raise UsageError(f"{name}:{reader.line_num}: not a table: {error}") from None


def _cells(header: list[str], cells: list[str]) -> Mapping[str, object]:
    """Cells by column. A blank one says nothing, but where it is the query or the answer."""
    pairs = zip(header, cells, strict=True)
    return {name: cell if name in ("query", "answer") else cell or None for name, cell in pairs}


def _transcript(row: Mapping[str, object], layout: OutputFormat | None, where: str) -> Transcript:
    """One row. Where nobody says how the answers are laid out, it is by the usual tags."""
    for column in ("query", "answer"):
        if column not in row:
            found = one_line(", ".join(map(repr, row)), 200)
            raise UsageError(f"{where}: has no {column}; it has {found}")
    query, text = _text(row, "query", where), _text(row, "answer", where)
    prefill = _text(row, "prefill", where) or ""
    if query is None:
        raise UsageError(f"{where}: query must be text")
    return Transcript(
        query,
        None if text is None else _answer(row, text, where),
        layout or usual_format(prefill + (text or "")),
        arm=_text(row, "arm", where) or "",
        model=_text(row, "model", where) or "",
        key=_text(row, "key", where) or "",
        missing=_text(row, "missing", where) or "",
        cluster=(_text(row, "cluster", where) or "").strip(),
        prefill=prefill,
    )


def _answer(row: Mapping[str, object], text: str, where: str) -> Answer:
    return Answer(
        text,
        reasoning=_text(row, "native_reasoning", where),
        finish_reason=_text(row, "finish_reason", where),
    )


def _format(value: object, where: str) -> OutputFormat | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise UsageError(f"{where}: format must be an object")
    names = {field.name for field in fields(OutputFormat)} - {"reasoning"}
    tags = {name: _text(value, name, f"{where}: format") for name in names}
    channel = value.get("reasoning") or ReasoningChannel.NONE
    if channel not in list(ReasoningChannel):
        known = ", ".join(ReasoningChannel)
        raise UsageError(f"{where}: format: reasoning must be one of {known}")
    return OutputFormat(reasoning=ReasoningChannel(channel), **tags)


def _text(row: Mapping[str, object], name: str, where: str) -> str | None:
    """A cell that is text or empty. Half of a surrogate pair, which no file holds, is U+FFFD."""
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise UsageError(f"{where}: {name} must be text")
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
