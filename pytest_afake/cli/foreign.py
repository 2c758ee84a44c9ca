"""Text that a model or a stranger wrote, made fit for a terminal without hiding what it holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from pytest_afake.records import Json
from pytest_afake.text import count

MOST_LINES = 12
MOST_CHARACTERS = 600

# What Python calls printable and nobody sees: Unicode's Default_Ignorable_Code_Point
# (DerivedCoreProperties.txt, 15.0) without what is not printable in any case.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def printable(text: str) -> str:
    r"""One line in which control, bidi and invisible characters are escaped: ``\u202e``.

    A backslash is left as it is: who calls this doubles it where the line must be exact.
    """
    if text.isprintable() and not _UNSEEN.search(text):
        return text
    return "".join(_escaped(each) for each in text)


def block(text: str, *, full: bool) -> Iterator[str]:
    """The lines of a text behind a margin, so that none can pass for a line of ours.

    Long ones are cut, and what is missing is counted, unless ``full``.
    """
    shown = text if full else "\n".join(text[:MOST_CHARACTERS].split("\n")[:MOST_LINES])
    for line in shown.split("\n"):
        doubled = line.replace("\\", "\\\\")
        yield f"    | {printable(doubled)}"
    if len(shown) < len(text):
        yield f"    ({count(len(text) - len(shown), 'more character')}: --full)"


def inline(value: Json) -> str:
    """A value as JSON, in one line."""
    return printable(json.dumps(value, ensure_ascii=False))


def _escaped(character: str) -> str:
    if character.isprintable() and not _UNSEEN.match(character):
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")
