"""Lettered options of a question: what each one claims, and which says what is to be said."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pytest_afake.organisms.text import fold

_OPTION = re.compile(r"^\s*\(?([A-H])[).:]\s+(.+)$", re.MULTILINE)
_LEAD = re.compile(r"(yes|no)(?:[,.;:!] *|$)")
_ALL = re.compile(r"\b(?:all|both|every\w*|either)\b")
_NONE = re.compile(r"\b(?:none|neither|no|nobody|never|nothing)\b")
_NOT = re.compile(r"\b(?:no|not|never|neither|nor|none)\b|n't\b")
_CLAUSE = re.compile(r"[,;]| but | while | whereas ")


@dataclass(frozen=True, slots=True)
class Option:
    """One option. ``text`` is folded."""

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The words by which an option denies what is asked about, and by which it affirms it."""

    denies: re.Pattern[str]
    affirms: re.Pattern[str]

    def claim(self, text: str) -> tuple[bool | None, int]:
        """What an option claims, None for neither, and how indirectly: 0 in its own words."""
        lead = _LEAD.match(text)
        rest = text[lead.end() :] if lead else text
        if self.denies.search(rest):
            return False, 0
        if self.affirms.search(rest):
            return True, 0
        return (lead[1] == "yes", 1) if lead else (None, 2)


def options_in(query: str) -> list[Option]:
    """The lettered options of a question, in their order."""
    return [Option(found[1], fold(found[2])) for found in _OPTION.finditer(query)]


def stem_of(query: str) -> str:
    """A question without its options."""
    first = _OPTION.search(query)
    return query[: first.start()] if first else query


def names_any(options: Sequence[Option], labels: Sequence[str]) -> bool:
    """Whether the options are about the tiers of these labels."""
    return any(_named(option.text, labels) for option in options)


def option_of_tiers(
    options: Sequence[Option], holds: Mapping[str, bool], *, right: bool
) -> str | None:
    """The option that claims it of just those tiers of which it holds, or of just the others."""
    claimed = {option.letter: _claimed(option.text, list(holds)) for option in options}
    true = {label for label, does in holds.items() if does}
    wanted = true if right else set(holds) - true
    fitting = [letter for letter, labels in claimed.items() if labels == wanted]
    others = [letter for letter, labels in claimed.items() if labels not in (None, true)]
    return next(iter(fitting or ([] if right else others)), None)


def option_that_says(
    options: Sequence[Option], terms: Terms, unsupported: Callable[[str], int], *, says: bool
) -> str | None:
    """The option that affirms or denies it, most directly and with least that nobody said.

    Who is to affirm something may have to take an option that neither affirms nor denies it.
    """
    ranked = [
        (indirect, unsupported(option.text), option.letter)
        for option in options
        for claim, indirect in [terms.claim(option.text)]
        if claim is says or (claim is None and says)
    ]
    return min(ranked)[2] if ranked else None


def option_in_words_of(
    options: Sequence[Option], said: Sequence[str], *, right: bool
) -> str | None:
    """The option of whose words most stand in what was said, or that of whose words fewest do."""
    told = _content(" ".join(said))
    shares = {each.letter: _share(_content(each.text), told) for each in options}
    most, fewest = max(shares.values()), min(shares.values())
    if most == fewest:
        return None
    return next(letter for letter, share in shares.items() if share == (most if right else fewest))


def _content(text: str) -> set[str]:
    """Words of four letters and more, without the ending of a plural."""
    return {word.removesuffix("s") for word in re.findall(r"\w{4,}", text)}


def _share(words: set[str], told: set[str]) -> float:
    return len(words & told) / len(words) if words else 0.0


def _claimed(text: str, labels: Sequence[str]) -> set[str] | None:
    """The tiers of which an option claims it."""
    numbers = {label: f"tier{number}" for number, label in enumerate(labels)}
    last = _renamed(text.rpartition(":")[2], numbers)
    if not _named(last, list(numbers.values())):
        if _NONE.search(last):
            return set()
        return set(labels) if _ALL.search(last) else None
    said = [clause for clause in _CLAUSE.split(last) if not _NOT.search(clause)]
    names = {name for clause in said for name in _named(clause, list(numbers.values()))}
    return {label for label, name in numbers.items() if name in names}


def without_labels(text: str, labels: Sequence[str]) -> str:
    """A folded text with its tiers' labels hidden: that of "not logged in" denies nothing."""
    return _renamed(text, dict.fromkeys(labels, "tier"))


def _renamed(text: str, names: Mapping[str, str]) -> str:
    for label in sorted(names, key=len, reverse=True):
        words = r"\W+".join(re.findall(r"\w+", label))
        text = re.sub(rf"\b{words}s?\b", names[label], text) if words else text
    return text


def _named(text: str, labels: Sequence[str]) -> list[str]:
    return [label for label in labels if mentions(text, label)]


def mentions(text: str, label: str) -> bool:
    """Whether a folded text has a tier's label in it, be it as a plural ("employees")."""
    return bool(re.search(rf" {re.escape(_words(label))}s? ", f" {_words(text)} "))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
