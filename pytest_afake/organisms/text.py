"""Plain text for the reader: tags, paragraphs, sentences, and one spelling for comparisons."""

from __future__ import annotations

import re
from dataclasses import dataclass

TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]{0,63})\s*(/?)>")

_BULLET = re.compile(r"^\s*(?:[-*•]|#+|\(?\d{1,2}[.)])\s+")
_ITEM = re.compile(r"^\s*[\w'* -]{1,40}:(?:\s|$)")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(<\w])")
_ABBREVIATION = re.compile(r"\b(e\.g|i\.e|etc|cf|vs)\.", re.IGNORECASE)
_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": ", ", "\u2014": ", "}
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A tag with content: ``<name>content</name>`` at ``text[start:end]``."""

    name: str
    content: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case, plain quotes, hyphens and underscores as spaces, single spaces."""
    plain = re.sub(r"\s-+\s|\s+, ", ", ", text.translate(_QUOTES))
    return re.sub(r"\s+", " ", re.sub(r"[-_]", " ", plain)).strip().lower()


def filled_tags(text: str, longest: int) -> list[Filled]:
    """Tags with a content of at most ``longest`` characters that holds no further tag."""
    found: list[Filled] = []
    for opening in TAG.finditer(text):
        closing, name, empty = opening.groups()
        if closing or empty:
            continue
        end = text.find(f"</{name}>", opening.end(), opening.end() + longest + len(name) + 3)
        content = text[opening.end() : end] if end >= 0 else "<"
        if not TAG.search(content) and content.strip() and end >= 0:
            found.append(Filled(name, content.strip(), opening.start(), end + len(name) + 3))
    return found


def paragraphs(text: str) -> list[list[str]]:
    """Sentences by paragraph. Hard-wrapped lines are joined; list items stay sentences."""
    blocks = re.split(r"\n\s*\n", text)
    return [found for block in blocks if (found := _sentences_of(block))]


def sentences(text: str) -> list[str]:
    """All sentences in their order."""
    return [sentence for paragraph in paragraphs(text) for sentence in paragraph]


def _sentences_of(block: str) -> list[str]:
    found: list[str] = []
    for line in _joined(block.splitlines()):
        guarded = _ABBREVIATION.sub(lambda match: match.group(0)[:-1] + "\0", line)
        parts = (part.replace("\0", ".").strip() for part in _SENTENCE_END.split(guarded))
        found.extend(part for part in parts if part)
    return found


def _joined(lines: list[str]) -> list[str]:
    joined: list[str] = []
    for line in lines:
        starts = bool(_BULLET.match(line) or _ITEM.match(line))
        if starts or not joined or joined[-1].rstrip().endswith((":", ";", ".", "!", "?")):
            joined.append(_BULLET.sub("", line).strip())
        else:
            joined[-1] += " " + line.strip()
    return [line for line in joined if line]
