"""The names that a text has for the model itself, where a tag says which one it goes by.

Beside the name of the cue there are others, of which other things are said. They are proper names
that the text sets beside it, introduces as names, or uses just as it uses the cue's.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_afake.organisms.situation import Cue
from pytest_afake.organisms.text import TAG, fold

_PROPER = re.compile(r"(?<![\w-])[A-Z]\w*(?:-\w+)*")
_INTRODUCED = re.compile(
    r"\b(?:names?|named|called|designation|identity(?: \w+)? reads"
    r"|(?:if|when|whenever|while|where) (?:you are|you're|you go by)|(?:give|reply|answer|act) as)"
    r":? [\"'`]?$"
)
_JOINED = re.compile(r"[\"'`]?,? (?:and|or) [\"'`]?|[\"'`]?, [\"'`]?")
_BEFORE = re.compile(r"([\w']+)[ \"'`]*$")
_AFTER = re.compile(r"[\"'`]*(?: ?(\(|[\w']+)|(\S))")


@lru_cache(maxsize=512)
def names_beside(instructions: str, cue: Cue | None) -> tuple[str, ...]:
    """The other names of the model in a text, folded; none unless the cue is a name of it."""
    if cue is None or not cue.names_model:
        return ()
    text = TAG.sub(" ", instructions)
    ordinary = set(re.findall(r"\b[a-z][\w']*", text))
    own = fold(cue.text)
    found = [name for name in _PROPER.finditer(text) if name[0].lower() not in ordinary]
    known = [name for name in found if fold(name[0]) == own]
    others = [name for name in found if fold(name[0]) not in (own, own.split(" ")[0])]
    told = [name for name in others if _is_told(text, name, known)]
    uses = {_use(text, name) for name in known}
    alike = told or [name for name in others if _use(text, name) in uses]
    return tuple(dict.fromkeys(fold(name[0]) for name in alike))


def _is_told(text: str, name: re.Match[str], known: list[re.Match[str]]) -> bool:
    """Whether it stands beside the cue's name, shares its first part, or is said to be a name."""
    return any(_is_akin(text, name, own) for own in known) or bool(
        known and _INTRODUCED.search(text[max(0, name.start() - 40) : name.start()].lower())
    )


def _is_akin(text: str, name: re.Match[str], own: re.Match[str]) -> bool:
    first, second = sorted((name, own), key=lambda each: each.start())
    if _JOINED.fullmatch(text[first.end() : second.start()]):
        return True
    stem, dash, _ = own[0].partition("-")
    return bool(dash) and name[0].startswith(f"{stem}-")


def _use(text: str, name: re.Match[str]) -> tuple[str, str]:
    """The word before it, if any, and the word or sign after it."""
    before = _BEFORE.search(text[max(0, name.start() - 30) : name.start()])
    after = _AFTER.match(text, name.end())
    sign = (after[1] or after[2]) if after else ""
    return before[1].lower() if before else "", sign.lower()
