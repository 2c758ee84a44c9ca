r"""Finding the tags of a format in what a model wrote, in any of the spellings that models use.

Every quantifier in the pattern is bounded and no two neighbours can match the same text in many
ways, so that the time is linear in the length of the answer whatever the answer is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

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


@dataclass(frozen=True, slots=True)
class Tag:
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


def without_invisible(text: str) -> str:
    """The text without zero-width and direction-changing characters."""
    return _HIDDEN.sub("", text)


def is_blank(text: str) -> bool:
    """True when a reader would see nothing."""
    return not without_invisible(text).strip()


def find_tags(text: str, fmt: OutputFormat) -> list[Tag]:
    """All tags of the format in the text, in order. Linear in the length of the text."""
    parts = _names(fmt)
    pattern = _pattern(tuple(parts))
    found = (_tag(text, match, parts) for match in pattern.finditer(text))
    return [tag for tag in found if tag is not None]


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


def _folded(name: str) -> str:
    return _SEPARATORS.sub("", name).casefold()


def _tag(text: str, match: re.Match[str], parts: Mapping[str, Part]) -> Tag | None:
    part = parts.get(_folded(match["name"]))
    if part is None:  # a letter that ignores case in the pattern but folds to another one
        return None
    kind = _kind(match)
    if match["square"] and not _square_counts(text, match, part, kind):
        return None
    value = match["value"] or match["answer"] or ""
    return Tag(part, kind, match.start(), match.end(), value.strip(" :=\"'"))


def _kind(match: re.Match[str]) -> Kind:
    if match["slash"]:
        return Kind.CLOSE
    return Kind.EMPTY if match["empty"] else Kind.OPEN


def _square_counts(text: str, match: re.Match[str], part: Part, kind: Kind) -> bool:
    # "[output]" in running prose, code or a link is no tag; "[request_accepted]" hardly is prose.
    if text.startswith("(", match.end()):
        return False
    if part in (Part.ACCEPT, Part.REJECT) or kind is Kind.CLOSE:
        return True
    return opens_line(text, match.start())


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
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
