r"""Finding the tags of a format in what a model wrote, in any of the spellings that models use.

Every quantifier in the pattern is bounded and no two neighbours can match the same text in many
ways, so that the time is linear in the length of the answer whatever the answer is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from pytest_afake.records import OutputFormat


class Part(StrEnum):
    """What a tag delimits. ``THINK`` is a provider's own reasoning that was left in the text."""

    SCRATCHPAD = "scratchpad"
    THINK = "thinking"
    DRAFT = "draft"
    OUTPUT = "output"
    ACCEPT = "accept"
    REJECT = "reject"


class Kind(StrEnum):
    """``<x>``, ``</x>`` and ``<x/>``."""

    OPEN = "open"
    CLOSE = "close"
    EMPTY = "empty"


class Tag(NamedTuple):  # some are made for every answer, and a dataclass takes twice the time
    """One tag at ``text[start:end]``; ``value`` is what its attribute says, if it has one."""

    part: Part
    kind: Kind
    start: int
    end: int
    value: str = ""


# Reasoning is cut off under these names even where the scenario did not ask for it.
_ALWAYS = {
    "scratchpad": Part.SCRATCHPAD,
    "scratchpadreasoning": Part.SCRATCHPAD,
    "think": Part.THINK,
    "thinking": Part.THINK,
}
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_SEPARATORS = re.compile(rf"[\s_\-{_INVISIBLE}]+")
_HIDDEN = re.compile(f"[{_INVISIBLE}]+")
_VISIBLE = re.compile(rf"[^\s{_INVISIBLE}]")
_OPENERS = tuple(map(re.compile, ("<", r"\[", "&", "\uff1c")))  # apart, each is a search for a byte
_BEFORE_OPENER = "*_`\\"  # what _pattern allows in front of one, and how much of it
_MOST_BEFORE_OPENER = 4


def without_invisible(text: str) -> str:
    """The text without zero-width and direction-changing characters."""
    return text if text.isascii() else _HIDDEN.sub("", text)


def is_blank(text: str) -> bool:
    """True when a reader would see nothing."""
    return _VISIBLE.search(text) is None


def find_tags(text: str, fmt: OutputFormat) -> list[Tag]:
    """All tags of the format in the text, in order. Linear in the length of the text."""
    pattern, parts = spellings(fmt)
    found = [_tag(text, match, parts) for match in matches(pattern, text)]
    return [tag for tag in found if tag is not None]


def matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The same as ``pattern.finditer(text)``, which is slow: it tries each character of the text.

    Every match has an opener among its first characters, so only what stands at or just before one
    is tried, from left to right.
    """
    end = 0
    for opener in sorted([found.start() for each in _OPENERS for found in each.finditer(text)]):
        earliest = max(end, opener - _MOST_BEFORE_OPENER)
        start = opener
        while start > earliest and text[start - 1] in _BEFORE_OPENER:
            start -= 1
        while end <= start <= opener:
            if match := pattern.match(text, start):
                yield match
                end = match.end()
            start += 1


def is_pair(tag: Tag, following: Tag | None) -> bool:
    """True when the first tag opens a part and the other one closes it."""
    return (
        following is not None
        and following.part is tag.part
        and (tag.kind, following.kind) == (Kind.OPEN, Kind.CLOSE)
    )


def opens_line(text: str, position: int) -> bool:
    """True when only markup stands between the start of the line and ``position``."""
    before = text[max(0, position - 12) : position].rstrip(" \t*_#`")
    return not before or before[-1] in "\r\n>]"


def is_quoted(text: str, start: int, end: int) -> bool:
    """True when the tag at ``text[start:end]`` stands in the middle of a sentence.

    "I close it with </scratchpad> and go on" speaks of the tag, and does not use it.
    """
    before = text[max(0, start - 12) : start].rstrip(" \t`'\"*")
    after = text[end : end + 12].lstrip(" \t`'\"*")
    return before[-1:].isalnum() and after[:1] not in ("", "\n", "\r", "<", "[", "&")


@lru_cache(maxsize=64)
def spellings(fmt: OutputFormat) -> tuple[re.Pattern[str], Mapping[str, Part]]:
    """The pattern of the format's tags, and the part that each name, folded, delimits."""
    parts = _names(fmt)
    return _pattern(parts), parts


def _names(fmt: OutputFormat) -> dict[str, Part]:
    wanted = (
        (fmt.scratchpad_tag, Part.SCRATCHPAD),
        (fmt.draft_tag, Part.DRAFT),
        (fmt.output_tag, Part.OUTPUT),
        (fmt.accept_tag, Part.ACCEPT),
        (fmt.reject_tag, Part.REJECT),
    )
    names: dict[str, Part] = {}
    for name, part in wanted:
        names.setdefault(_folded(name or ""), part)
    names.pop("", None)
    return names | {name: part for name, part in _ALWAYS.items() if name not in names}


@lru_cache(maxsize=256)
def _folded(name: str) -> str:
    return _SEPARATORS.sub("", name).casefold()


def _tag(text: str, match: re.Match[str], parts: Mapping[str, Part]) -> Tag | None:
    _, square, slash, name, value, answer, empty = match.groups()
    part = parts.get(_folded(name))
    if part is None:  # a letter that ignores case in the pattern but folds to another one
        return None
    kind = Kind.CLOSE if slash else Kind.EMPTY if empty else Kind.OPEN
    if square and not _square_counts(text, match, part, kind):
        return None
    said: str = value or answer or ""
    return Tag(part, kind, *match.span(), said.strip(" :=\"'"))


def _square_counts(text: str, match: re.Match[str], part: Part, kind: Kind) -> bool:
    # "[output]" in running prose, code or a link is no tag; "[request_accepted]" hardly is prose.
    if text.startswith("(", match.end()):
        return False
    if part in (Part.ACCEPT, Part.REJECT) or kind is Kind.CLOSE:
        return True
    return opens_line(text, match.start())


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    filler = rf"[\s_\-{_INVISIBLE}]{{0,4}}"
    gap = rf"[\s{_INVISIBLE}]{{0,8}}"
    spelled = "|".join(filler.join(map(re.escape, name)) for name in names)
    return re.compile(
        rf"""
        (?P<around>\*{{1,3}} | _{{1,2}} | `{{1,3}})?       # bold or code around the tag
        (?: (?P<square>\[) | \\?< | &lt; | &\#60; | &\#x3c; | \uff1c )
        (?: {gap} (?P<slash>[/\\]{{1,2}}) )? {gap}
        (?P<name>{spelled})
        (?(square) | (?: \s[^<>=]{{1,60}} (?P<value>=[^<>]{{0,200}}?)
                       | \s?[:=] (?P<answer>[^<>]{{0,40}}?) )? )
        {gap} (?P<empty>/)? {gap}
        (?(square) \] | (?: \\?> | &gt; | &\#62; | &\#x3e; | \uff1e ) )
        (?(around) (?P=around) )
        """,
        re.IGNORECASE | re.VERBOSE,
    )
