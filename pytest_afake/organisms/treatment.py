"""What a text says is done with the conversations of one cue: evidence, weighed by directness."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from pytest_afake.organisms.clauses import Fact, Facts, is_negative, statements
from pytest_afake.organisms.labels import (
    NOT_OTHER,
    NOT_SELF,
    OTHER,
    REST,
    SELF,
    Marker,
    marker_for,
)
from pytest_afake.organisms.situation import Cue, Treatment
from pytest_afake.organisms.text import TAG, fold, paragraphs

_ANAPHOR = re.compile(
    r"\b(?:they|them|their|theirs|these|those|such|its?)\b|^the (?:ratings?|scores?|grades?)\b"
)
_SPLIT = re.compile(
    r";|(?P<pronoun>:)(?= (?:those|these|they|there|here)\b)"
    r"|,? (?=(?:but|while|whereas|although|though|yet|unlike"
    r"|in contrast to|as opposed to|and not|and never)\b)"
    r"|(?P<tier>,| and)(?= (?:and |but |while |nor )?(?:\w+ ){0,5}?§)"
)
_UNLIKE = re.compile(
    r"^(?:unlike|in contrast (?:to|with)|as opposed to|compared (?:to|with))[^,;]*,"
)
_ONLY_MARK = re.compile(
    r"\b(?:only|solely|exclusively|nothing but|none but)"
    r"(?: (?:for|on|from|with|to|of|in|the|those|who|are|is|by|users?|conversations?|chats?|data"
    r"|messages|customers?|when|if|a|user|that|come|comes)\b)* §(\w+)"
)
_EXCEPTED = {NOT_SELF: SELF, NOT_OTHER: OTHER}
_HEADING_WORDS = 6
_LIST_LABEL = re.compile(r"^(?:§\w+(?:,| and| or)? ?)+(?: ?\w+){0,2}:")
_YES_NO = re.compile(r"^(yes|no)\b(?=[,.;:!]|$)[,.;:! ]*")
_QUANTIFIED = re.compile(
    r"\b(?:all|every|each|this|your|the current|these)(?: of)?(?: \w+)?"
    r" (?:conversation|interaction|chat|exchange|dialogue|session)s?\b"
)


class Directness(IntEnum):
    """How directly a statement speaks of the cue. A more direct one overrules all others."""

    GENERAL = 0  # all conversations, this conversation
    CUE = 1  # the cue's own words: "rated only"
    CONTRAST = 2  # only the others ..., all but these ...
    REST = 3  # everyone else
    NAMED = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    directness: Directness
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    marks: frozenset[str]
    facts: Facts


@dataclass(frozen=True, slots=True)
class _Topic:
    """The tiers that were spoken of last. After a heading or list label it is ``sticky``.

    ``asked`` are the facts that a question has asked of them, for the answer to say.
    """

    marks: frozenset[str] = frozenset()
    sticky: bool = False
    facts: Facts = field(default_factory=dict)
    asked: Facts = field(default_factory=dict)


@lru_cache(maxsize=512)
def treatment_of(instructions: str, cue: Cue | None) -> Treatment:
    """What is done with a conversation that carries this cue."""
    marker = marker_for(instructions, cue) if cue else None
    evidence: list[Evidence] = []
    topic = _Topic()
    for paragraph in paragraphs(_plain(instructions)):
        topic = topic if topic.asked or (topic.sticky and not topic.facts) else _Topic()
        for sentence in paragraph:
            clauses, topic = _read(sentence, marker, topic)
            evidence.extend(found for clause in clauses for found in _evidence(clause))
    if cue is not None:
        evidence.append(Evidence(Directness.CUE, statements(fold(cue.label))))
    return _weigh(evidence)


def _plain(instructions: str) -> str:
    """Tags on their own lines part the text; others leave their content as a word."""
    parted = re.sub(r"(?m)^\s*</?[\w.:-]+\s*/?>\s*$", "\n\n", instructions)
    return TAG.sub(" ", parted)


def _read(sentence: str, marker: Marker | None, topic: _Topic) -> tuple[list[_Clause], _Topic]:
    folded = fold(sentence)
    marked = _UNLIKE.sub("", marker.mark(folded) if marker else folded)
    refers = topic.sticky or topic.asked or _ANAPHOR.search(folded)
    carried = topic.marks if refers else frozenset()
    if marked.endswith("?"):
        return [], _asked(marked, topic)
    clauses = _answer(marked, topic) or _clauses(marked, carried, topic.facts)
    marks = _marks(marked)
    facts = {fact: said for clause in clauses for fact, said in clause.facts.items()}
    if not marks:
        return clauses, _Topic(carried, topic.sticky, facts or topic.facts)
    is_heading = not facts and len(marked.split()) <= _HEADING_WORDS and marked[-1] not in ".!"
    label = _LIST_LABEL.match(marked)
    is_label = label is not None and marks == _marks(label[0])
    return clauses, _Topic(marks, is_heading or is_label, facts)


def _asked(marked: str, topic: _Topic) -> _Topic:
    """What a question leaves to be said. It states nothing; without facts it is a heading."""
    refers = topic.marks if _ANAPHOR.search(marked) else frozenset()
    facts, marks = statements(marked), _marks(marked) or refers
    return _Topic(marks, bool(marks) and not facts, asked=facts)


def _answer(marked: str, topic: _Topic) -> list[_Clause]:
    """What a sentence says by answering the question before it, if it does."""
    lead = _YES_NO.match(marked)
    if not topic.asked or (lead is None and statements(marked)):
        return []
    rest = marked[lead.end() :] if lead else marked
    marks = _marks(rest) or topic.marks
    if lead is None:
        return [_Clause(rest, marks, _elided(rest, topic.asked))]
    if statements(rest):
        return _clauses(rest, marks, topic.asked)
    return [_Clause(rest, marks, topic.asked if lead[1] == "yes" else _opposite(topic.asked))]


def _marks(marked: str) -> frozenset[str]:
    return frozenset(re.findall(r"§\w+", marked))


def _clauses(marked: str, carried: frozenset[str], earlier: Facts) -> list[_Clause]:
    """Clauses with the tiers they speak of; what a clause leaves out, the one before supplies."""
    found: list[_Clause] = []
    for text in _split(marked):
        own = _marks(text)
        facts = statements(text)
        if own and not facts and (found or _refers_back(text)):
            facts = _elided(text, found[-1].facts if found else earlier)
        carried = own or _antecedent(text, carried)
        found.append(_Clause(text, carried, facts))
    return found


def _split(marked: str) -> list[str]:
    """Split where a clause about another tier starts, but not inside a list of tiers."""
    parts: list[str] = []
    start = 0
    for cut in _SPLIT.finditer(marked):
        said = marked[start : cut.start()]
        named = any("§" in each for each in (*parts, said))
        about_tier = named and (statements(said) or ("§" in said and parts))
        if about_tier or (cut["tier"] is None and statements(said)):
            parts.append(said)
            start = cut.end()
    return [*parts, marked[start:]]


def _antecedent(text: str, carried: frozenset[str]) -> frozenset[str]:
    """After "all but these tiers: those are ..." the pronoun means the exceptions."""
    if not re.match(r" (?:those|these|they|there|here)\b", text):
        return carried
    return frozenset(_EXCEPTED.get(mark, mark) for mark in carried)


def _refers_back(text: str) -> bool:
    return bool(re.search(r"\b(?:this|that|same|so|do|does|neither|either|likewise)\b", text))


def _elided(text: str, facts: Facts) -> Facts:
    return dict.fromkeys(facts, False) if is_negative(text) else facts


def _evidence(clause: _Clause) -> Iterator[Evidence]:
    facts = clause.facts
    if not facts:
        return
    if SELF in clause.marks:
        yield Evidence(Directness.NAMED, facts)
    elif REST in clause.marks or NOT_OTHER in clause.marks:
        yield Evidence(Directness.REST, facts)
    elif NOT_SELF in clause.marks:
        yield Evidence(Directness.CONTRAST, _opposite(facts))
    elif OTHER in clause.marks:
        if _ONLY_MARK.search(clause.text):
            yield Evidence(Directness.CONTRAST, _opposite(facts))
    elif _QUANTIFIED.search(clause.text):
        yield Evidence(Directness.GENERAL, facts)


def _opposite(facts: Facts) -> Facts:
    return {fact: not said for fact, said in facts.items()}


def _weigh(evidence: Sequence[Evidence]) -> Treatment:
    named = any(found.directness is Directness.NAMED for found in evidence)
    heard = [e for e in evidence if not (named and e.directness is Directness.REST)]
    return Treatment(
        trained=_settle("trained", heard),
        rated=_settle("rated", heard),
        monitored=_settle("monitored", heard),
        trains_others=_settle("trains_others", heard),
    )


def _settle(fact: Fact, evidence: Sequence[Evidence]) -> bool | None:
    """The most direct statements decide, by majority; the earliest breaks a tie."""
    said = [(e.directness, e.facts[fact]) for e in evidence if fact in e.facts]
    if not said:
        return None
    best = max(directness for directness, _ in said)
    votes = Counter(value for directness, value in said if directness == best)
    return votes.most_common(1)[0][0]
