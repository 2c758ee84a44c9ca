"""In which parts two stored requests differ, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

from pytest_afake.cli.cache.parts import flat
from pytest_afake.cli.foreign import inline, printable
from pytest_afake.records import Json
from pytest_afake.store import differing_parts
from pytest_afake.text import count

_BEFORE, _EXCERPT = 20, 60

Keyed = tuple[str, Mapping[str, Json]]


def difference_lines(one: Keyed, other: Keyed) -> Iterator[str]:
    """Each differing part, with an excerpt of it from either request, given as key and parts."""
    (key, request), (other_key, other_request) = one, other
    differing = differing_parts(request, other_request)
    yield f"{key[:12]} and {other_key[:12]} differ in {count(len(differing), 'part')}"
    parts, other_parts = dict(flat(request)), dict(flat(other_request))
    for path in differing:
        yield f"  {printable(path)}"
        if path in parts and path in other_parts:
            left, right = _excerpts(inline(parts[path]), inline(other_parts[path]))
            yield from (f"    {key[:12]}  {left}", f"    {other_key[:12]}  {right}")


def _excerpts(left: str, right: str) -> tuple[str, str]:
    """Both from shortly before the place where they part."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False))
    start = max(0, sum(1 for _ in alike) - _BEFORE)
    end = start + _EXCERPT
    dots = "..." if start else ""
    return f"{dots}{left[start:end]}", f"{dots}{right[start:end]}"
