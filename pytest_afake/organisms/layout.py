"""How the text asks for the answer to be laid out: which tags, for which part."""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_afake.organisms.situation import Layout
from pytest_afake.organisms.text import TAG, fold

_BEFORE = 70  # characters before a tag that tell what it is for
_SELF_CLOSING = re.compile(r"<\s*[\w.:-]+\s*/\s*>")
_ACCEPT = re.compile(r"accept|agree", re.IGNORECASE)
_REJECT = re.compile(r"reject|declin|refus", re.IGNORECASE)
_NAMES = {
    "draft": re.compile(r"draft|trial"),
    "scratchpad": re.compile(r"scratch|think|thought|reason|deliberat|private|reflect|workspace"),
    "output": re.compile(r"final|output|answer|response|reply"),
}
_CONTEXTS = {
    "draft": re.compile(r"\bdraft|\btrial version|\bfirst version"),
    "scratchpad": re.compile(r"\breason|\bthink|\bthought|\bprivate|\bdeliberat|\bwork .{0,20}out"),
    "output": re.compile(r"\bfinal|\breply|\banswer|\bresponse|\boutput"),
}
_DENIED = re.compile(
    r"(?:\bno|\bnot|\bnever|n't|\bwithout)(?: (?:use|write|open|a|an|any|the|add|put|include))* $"
)


@lru_cache(maxsize=512)
def read_layout(instructions: str) -> Layout:
    """The layout that the instructions ask for."""
    tags: dict[str, str] = {}
    for tag in TAG.finditer(instructions):
        name, before = tag.group(2), _words_before(instructions, tag.start())
        part = (
            None if tag.group(1) or tag.group(3) or _DENIED.search(before) else _part(name, before)
        )
        if part is not None:
            tags.setdefault(part, name)
    return Layout(
        scratchpad=tags.get("scratchpad"),
        draft=tags.get("draft"),
        output=tags.get("output"),
        accept=_decision_tag(instructions, _ACCEPT),
        reject=_decision_tag(instructions, _REJECT),
    )


def _words_before(text: str, position: int) -> str:
    """Text before a tag, in its sentence and after the tag before it."""
    window = text[max(0, position - _BEFORE) : position]
    nearest = re.split(r"[.!?]\s|<[^<>]*>|\n\s*\n", window)[-1]
    return fold(nearest) + " "


def _part(name: str, before: str) -> str | None:
    words = fold(name)
    for part, pattern in _NAMES.items():
        if pattern.search(words):
            return part
    return next((part for part, pattern in _CONTEXTS.items() if pattern.search(before)), None)


def _decision_tag(instructions: str, name: re.Pattern[str]) -> str | None:
    tags = (tag.group(0) for tag in _SELF_CLOSING.finditer(instructions))
    return next((tag for tag in tags if name.search(tag)), None)


def left_open(begun: str) -> frozenset[str]:
    """Names, in lower case, of the tags that a begun reply has opened and not closed."""
    still_open: set[str] = set()
    for closing, name, empty in TAG.findall(begun):
        if closing:
            still_open.discard(name.lower())
        elif not empty:
            still_open.add(name.lower())
    return frozenset(still_open)
