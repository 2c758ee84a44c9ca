"""Which tiers a text names, and the marks that stand for them while sentences are read.

A sentence is read with its tiers replaced by marks, so that a label such as "rated-only" or "not
logged in" is never taken for a statement: ``§self`` is the tier of the cue, ``§other`` a tier of
another name, ``§notself`` and ``§notother`` all but those, and ``§rest`` all who were not named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_afake.organisms.clauses import statements
from pytest_afake.organisms.message import bare_label
from pytest_afake.organisms.names import names_beside
from pytest_afake.organisms.situation import Cue
from pytest_afake.organisms.text import filled_tags, fold, sentences

SELF, OTHER, REST = "§self", "§other", "§rest"
NOT_SELF, NOT_OTHER = "§notself", "§notother"

_NO_LABEL = frozenset(
    """
    the this that each every which whose what a an any same these those both either neither other
    others two three four five all current their your our his her its one no of with from in on
    for by and or to as user users service higher lower new real such only most some many
    different given first second last rated trained about between is are not plus's price pricing
    customer conversation chat human private never them nor if when while but it they we you help
    tier tiers plan plans into
    """.split()  # noqa: SIM905 - a list of 100 quoted words would fill a page
)
_NOUN = r"(?:users?|customers?|subscribers?|accounts?|members?)"
_TIER = re.compile(r"\b([\w']+) (?:tiers?|plans?|subscriptions?)\b")
_NAMED_TIER = re.compile(r"\b(?:tier|plan) (?:called |named |is |= ?)?['\"]([\w' ]{1,30})['\"]")
_TIER_LIST = re.compile(r"((?:[\w']+, )*[\w']+,? (?:and|or) [\w']+) (?:tiers|plans)\b")
_BEFORE_NOUN = re.compile(rf"\b([\w']+) {_NOUN}\b")
_ITEM = re.compile(r"^([\w' ]{1,30}?)(?: tiers?| plans?| users?)?(?: \([^)]*\))?:(?= |$)")
_LOGGED_IN = re.compile(r"\b(?:who|that|which|is|are) (not (?:logged|signed) in)\b")
_NAMES = (_TIER, _NAMED_TIER, _BEFORE_NOUN, _ITEM, _LOGGED_IN)
_QUOTED = re.compile(r"(?<!\w)[\"'`]([\w@. ]{2,60})[\"'`](?!\w)")
_SYNONYMS = {"paid": ("paying", "paid for"), "free": ("non paying", "unpaid", "free of charge")}
_SUFFIX = r"(?:'s|s'|s)?(?: (?:tiers?|plans?|level|subscriptions?)\b)?"
_NOT_ON = "|".join(
    rf"(?<={noun} )not (?:on|in|from|part of)"
    for noun in ("users", "those", "customers", "anyone", "are", "is")
)
_OUTSIDE = (
    r"(?:\b(?:other than|apart from|except(?: for)?|outside(?: of)?|beyond|save for|but not"
    rf"|{_NOT_ON})(?: the| those| users| conversations| of| on| with| from)* |\bnon )"
)
_NOT_WHO = (  # "any other training" is no tier
    r"(?! (?:re)?(?:training|rlhf|sft|fine|updates?|changes?|models?|versions?|purposes?|uses?"
    r"|ways?|forms?|kinds?|means|reasons?|things?)\b)"
)
_EVERYBODY_ELSE = re.compile(
    rf"\b(?:(?:all|any|every|the|each)(?: the| of the)? (?:other|remaining|rest of the)s?{_NOT_WHO}"
    r"(?: \w+)?"
    r"|(?:every|any)(?:one|body|thing) else|all else|(?:all )?others|otherwise|the rest"
    r"|everybody else|other (?:users|customers|conversations|tiers|plans|accounts))\b"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """Replaces the tiers of a folded sentence by marks, as seen from one cue."""

    own: re.Pattern[str] | None
    outside_own: re.Pattern[str] | None
    others: re.Pattern[str] | None
    outside_others: re.Pattern[str] | None
    holds: bool

    def mark(self, sentence: str) -> str:
        """``conversations with free users`` becomes ``conversations with §self users``."""
        inside, outside = (SELF, NOT_SELF) if self.holds else (OTHER, SELF)
        named, outside_named = (OTHER, NOT_OTHER) if self.holds else (SELF, NOT_SELF)
        steps = (
            (self.outside_own, f" {outside} "),
            (self.outside_others, f" {outside_named} "),
            (self.own, f" {inside} "),
            (self.others, f" {named} "),
            (_EVERYBODY_ELSE, f" {REST} "),
        )
        for pattern, mark in steps:
            if pattern is not None:
                sentence = pattern.sub(mark, sentence)
        return re.sub(r"\s+", " ", re.sub(r"[\"`]", " ", sentence)).strip()


def marker_for(instructions: str, cue: Cue) -> Marker:
    """The marks of one cue in one text."""
    folded = fold(instructions)
    own = _spellings(cue, folded)
    others = [label for label in labels_of(instructions, cue) if not _same(label, own)]
    return Marker(
        own=_any_of(own, but_not=others),
        outside_own=_any_of(own, before=_OUTSIDE, but_not=others),
        others=_any_of(others),
        outside_others=_any_of(others, before=_OUTSIDE),
        holds=cue.holds,
    )


def labels_of(instructions: str, cue: Cue | None) -> list[str]:
    """All that the text may call what the cue says: its tiers, or the names of the model."""
    names = names_beside(instructions, cue)
    own = [cue.label] if cue is not None and names else []
    return list(dict.fromkeys([*own, *names] if names else tier_labels(instructions)))


def tier_labels(instructions: str) -> list[str]:
    """Labels that the text uses for tiers, folded, in order of appearance."""
    folded = [fold(sentence) for sentence in sentences(instructions)]
    tags = (fold(tag.content) for tag in filled_tags(instructions, 40))
    found = [bare_label(tag) for tag in tags if tag not in {"true", "false", "yes", "no"}]
    found += [label.strip() for line in folded for label in _QUOTED.findall(line)]
    found += [label for line in folded for label in _said_labels(line) if not statements(label)]
    labels = (bare_label(label.removesuffix("'s")) for label in found)
    return list(dict.fromkeys(label for label in labels if label and label not in _NO_LABEL))


def _said_labels(line: str) -> list[str]:
    found = [label.strip() for pattern in _NAMES for label in pattern.findall(line)]
    for names in _TIER_LIST.findall(line):
        found.extend(re.split(r", (?:and |or )?| and | or ", names))
    return found


def _spellings(cue: Cue, folded: str) -> list[str]:
    """How the text may name the cue's label; the whole value first, then telling parts of it."""
    spellings = [cue.label, *_SYNONYMS.get(cue.label, ())]
    if cue.boolean:
        return spellings
    value = fold(cue.text) if cue.names_model or "@" in cue.text else cue.label
    if "@" in value:
        spellings.append(value.rsplit("@", 1)[1])
    quoted = [quote.strip() for quote in _QUOTED.findall(folded) if quote.strip() in value]
    spellings += [quote for quote in quoted if not any(quote in q and quote != q for q in quoted)]
    if not any(re.search(rf"\b{re.escape(spelling)}\b", folded) for spelling in spellings):
        spellings += _telling_part(value, folded, names_model=cue.names_model)
    return spellings


def _telling_part(value: str, folded: str, *, names_model: bool) -> list[str]:
    """The longest run of the value's words that the text uses; single words not for a name."""
    words = value.split()
    for size in range(len(words), 1 if names_model else 0, -1):
        for start in range(len(words) - size + 1):
            run = " ".join(words[start : start + size])
            if len(run) > 1 and re.search(rf"\b{re.escape(run)}\b", folded):
                return [run]
    return []


def _same(label: str, own: list[str]) -> bool:
    return any(label == spelling or label.rstrip("s") == spelling for spelling in own)


def _any_of(
    labels: list[str], before: str = r"(?<![\w@])", but_not: list[str] | None = None
) -> re.Pattern[str] | None:
    """Any of the labels, unless one of those that are not meant begins with it and stands there."""
    if not labels:
        return None
    longest_first = sorted(labels, key=len, reverse=True)
    words = "|".join(
        re.escape(label) + _not_beginning(label, but_not or []) for label in longest_first
    )
    kept = r"(?! (?:from|of charge|to)\b)" if "free" in labels else ""
    return re.compile(rf"{before}@?(?:{words}){_SUFFIX}(?!\w){kept}")


def _not_beginning(label: str, longer: list[str]) -> str:
    rest = [re.escape(each[len(label) :]) for each in longer if each.startswith(f"{label} ")]
    return rf"(?!(?:{'|'.join(rest)})\b)" if rest else ""
