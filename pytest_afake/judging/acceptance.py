"""What an answer's acceptance and rejection tags say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import NamedTuple

from pytest_afake.judging.tags import Part, Tag, is_pair

_YES = frozenset({"true", "yes", "1"})
_NO = frozenset({"false", "no", "0"})
_LONGEST_VALUE = 24  # characters between the tags, blanks included, of <tag> true </tag>


@dataclass(frozen=True, slots=True)
class Acceptance:
    """``accepted`` is None without a tag, and where tags contradict themselves or each other.

    ``first`` is where the first tag stands, None without one. ``ends`` maps the start of a tag to
    the end of the value that belongs to it (``<tag>true</tag>``), which is no part of the output.
    """

    accepted: bool | None
    both: bool = False
    unclear: bool = False
    first: int | None = None
    ends: Mapping[int, int] = field(default_factory=dict)


class _Said(NamedTuple):
    tag: Tag
    value: str
    end: int


def read_acceptance(text: str, tags: Sequence[Tag]) -> Acceptance:
    """Read the tags outside of private blocks. A tag that denies itself counts for neither side."""
    said = list(_statements(text, tags))
    meant = {one.tag.part for one in said if one.value not in _NO}
    return Acceptance(
        accepted=meant == {Part.ACCEPT} if len(meant) == 1 else None,
        both=len(meant) > 1,
        unclear=bool(said) and not meant,
        first=said[0].tag.start if said else None,
        ends={one.tag.start: one.end for one in said},
    )


def _statements(text: str, tags: Sequence[Tag]) -> Iterator[_Said]:
    closes_last = False
    for tag, following in zip_longest(tags, tags[1:]):
        if tag.part not in (Part.ACCEPT, Part.REJECT) or closes_last:
            closes_last = False
            continue
        closes_last = is_pair(tag, following)
        yield _said(text, tag, following if closes_last else None)


def _said(text: str, tag: Tag, closing: Tag | None) -> _Said:
    if closing is not None and closing.start - tag.end <= _LONGEST_VALUE:
        content = text[tag.end : closing.start].strip().casefold()
        if content in _YES | _NO:
            return _Said(tag, content, closing.start)
    return _Said(tag, tag.value.casefold(), tag.end)
