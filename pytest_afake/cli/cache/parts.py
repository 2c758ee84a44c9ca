"""The parts of a stored request or answer, each under the name that a replay's miss gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_afake.cli.foreign import block, inline, printable
from pytest_afake.cli.table import aligned
from pytest_afake.records import Json
from pytest_afake.text import count

_MOST_INLINE = 60


def flat(value: Json, path: str = "") -> Iterator[tuple[str, Json]]:
    """Path and value of each part that holds no others, as ``differing_parts`` names them."""
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from flat(inner, f"{path}[{index}]")
    else:
        yield path, value


def part_lines(value: Json, *, full: bool, null: str = "null") -> Iterator[str]:
    """Short parts in a table, then each long text behind a margin."""
    parts = list(flat(value))
    short = [(path, part) for path, part in parts if not _is_long(part)]
    rows = [
        (f"  {printable(path)}", null if part is None else inline(part)) for path, part in short
    ]
    yield from aligned(rows)
    for path, part in parts:
        if isinstance(part, str) and _is_long(part):
            yield f"  {printable(path)}, {count(len(part), 'character')}:"
            yield from block(part, full=full)


def _is_long(part: Json) -> bool:
    return isinstance(part, str) and (len(part) > _MOST_INLINE or "\n" in part)
