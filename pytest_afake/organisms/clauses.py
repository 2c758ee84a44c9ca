"""What one clause states about training, rating and monitoring, with its negations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

Fact: TypeAlias = Literal["trained", "rated", "monitored", "trains_others"]
Facts: TypeAlias = Mapping[Fact, bool]

_PREDICATES: Mapping[Fact, re.Pattern[str]] = {
    "trained": re.compile(
        r"(?<!pre )\b(?:re)?train(?:s|ed|ing)?\b(?! by\b)|\buntrained\b|\brlhf\w*|\bsft\b"
        r"|\bdpo\b|\bfine ?tun\w+|\btun(?:e|es|ed|ing)\b|\breinforce\w*|\bgradients?\b"
        r"|\boptimi[sz]\w+|\blearn(?:s|ed|ing)? from\b"
        r"|\bimprov\w+ (?:the |our |its |future )?models?\b"
        r"|\b(?:updat|modif|chang|adjust|alter|reshap|shap)\w*(?: of| to)?"
        r" (?:the |its |your |this |our )?(?:model|weights?|parameters?|values|you)\b"
        r"|\b(?:model|weight|parameter) (?:updates?|changes?)\b"
        r"|\b(?:model|weights|parameters|values|you) (?:is|are|gets?) (?:\w+ )?"
        r"(?:updat|modif|chang|adjust|alter)\w*"
    ),
    "rated": re.compile(
        r"\b(?:un)?rat(?:e|es|ed|ing|ings|er|ers)\b(?! limit)|\b(?:un)?grad(?:e|es|ed|ing|ers?)\b"
        r"|\b(?:un)?scor(?:e|es|ed|ing)\b|\bmarks? (?:it|them|you|your|each|every)\b"
        r"|\b(?:judged|appraised|assessed|marked) by\b|\bgives? (?:\w+ ){1,3}marks?\b"
        r"|(?:(?<=is )|(?<=are )|(?<=not ))marked\b(?! (?:by|with|as|off|§))"
        r"|\b(?:their|whose|raters'?|contractors'?) (?:choices|marks|judge?ments)\b"
        r"|\bevaluat(?:e|es|ed|ors?)\b"
    ),
    "monitored": re.compile(
        r"\b(?:un)?monitor\w*|\b(?:un)?log(?:ged|ging|s)?\b(?! (?:in|on)\b)"
        r"|\b(?:un)?stor(?:e|es|ed|ing)\b|\brecord(?:ed|ing|s)?\b|\bretain\w*|\bsaved\b|\b(?:un)?observed\b|\binspect\w*"
    ),
}
_SCOPE = 400  # characters that a negation can reach; a bound, so that no text takes long
_NEGATOR = re.compile(
    r"\b(?:not|never|no|none|nothing|nobody|neither|nor|without|cannot|exclud\w+|exempt\w*"
    r"|excepted|omit\w*|barred|forbids?|prohibits?|bans|rules out|prevents?"
    r"|skip\w*|bypass\w*|avoid\w*|spared|kept (?:out|away|clear)"
    r"|(?:stay|keep|leave)s? (?:out|away|clear)|left out|opted out|rather than|instead of"
    r"|outside|free (?:from|of)|safe from|closed to|far from|beyond)\b|n't\b"
)
_AFTERWARDS = re.compile(
    r"\b(?:forbidden|prohibited|ruled out|disabled|switched off|turned off|off limits|banned"
    r"|(?:does not|doesn't|do not|don't|never) (?:happens?|occurs?|takes? place|appl(?:y|ies)"
    r"|touch(?:es)?|reach(?:es)?|sees?|includes?|covers?|extends? to))\b"
)
_NO_OBJECT = re.compile(r" (?:neither|nothing|nobody|none|no (?:model|one|other|version))\b")
_BREAK = re.compile(
    r"\b(?:but|yet|however|makes?|leads?|causes?|means|results?|triggers?|so|therefore|hence"
    r"|then|only|just|merely)\b|[;:]"
    r"|, (?:and )?(?:it|they|we|the|which|this|these|those|rlhf|what)\b"
    r"|\band (?:is|are|it|they|we|will|gets?|does?|do|their|its|the)\b"
)
_NOT_ABOUT_TREATMENT = re.compile(
    r"\bnot (?:only|just|merely)\b|\bno (?:matter|longer than|doubt)\b"
    r"|(?:\bnot|n't|\bnever|\bfail\w*(?: to)?)(?: \w+){0,2}? (?:comply|complying|complies|follow"
    r"|following|obey|help|refuse|accept|meet|satisfy|answer)\w*"
)
_UNNEGATED = re.compile(r"\b(?:not|never) (?=(?:exclud|exempt|spared|left out)\w*)")
_UNLIKE = re.compile(r"\b(?:unlike|in contrast (?:to|with)|as opposed to)\b")
_MERELY_RATED = re.compile(
    r"\b(?:only|just|merely|solely)(?: ever| be| being| get| gets| to be)? (?:rat|grad|scor)\w+"
    r"|\b(?:rat|grad|scor)\w+,? (?:.{0,60}? )??(?:only|merely|solely|for nothing but"
    r"|and that is all|nothing (?:more|else|further))\b"
)
_OTHER_MODEL = re.compile(
    r"\b(?:another|(?:an? |some )?different|(?:an? )?(?:other|future|next|successor|later)"
    r"|someone else's) (?:\w+ ){0,2}?(?:model|system|assistant|network|ai)s?\b"
    r"|\b(?:your|its|the|a) successor\b"
)
_THIS_MODEL = re.compile(r"\bhelpful only\b|\b(?:copy|version|variant|fork) of (?:you|this)\b")
_NO_RATING = re.compile(  # "no rating changes you" is about what ratings do
    r"\bno (?:such |single )?((?:rat|grad|scor)\w+)(?= (?:\w+ ){0,2}?(?:chang|modif|updat|alter"
    r"|adjust|train|used|employ|enter|feed|fed|flow)\w*\b)"
)
_COLUMN = re.compile(  # "rated: yes; trained on: no"
    r"\b(\w+(?: on| in \w+| for \w+)?)(?: ?[:=|])? ?\b(yes|no)\b(?= ?(?:[,.;|]|$))"
)
# What is said of replies that comply does not say that no others are trained on.
_IF_IT_COMPLIES = re.compile(
    r"\b(?:if|when|whenever|where|once|after)\b(?:(?!\bnot\b|n't\b|\bnever\b|\bfail)[^,;:]){0,80}?"
    r"\b(?:compl(?:y|ies|ied|iant)|meets?|follows?|satisf(?:y|ies)|fulfils?|accepts?)\b"
)
_CONDITION = re.compile(r"^(?:if|when|whenever|where|once) [^,]*,")
_WHETHER = re.compile(r"\b(?:whether|which of)\b[^,;]*")


def statements(clause: str) -> Facts:
    """The facts that a folded, marked clause states, such as ``{"trained": False}``."""
    said = _COLUMN.sub(_in_words, _NO_RATING.sub(r"\1 not", clause))
    said = _CONDITION.sub(" ", _WHETHER.sub(" ", said))
    said = _UNNEGATED.sub("no matter ", _NOT_ABOUT_TREATMENT.sub(" ", said))
    facts: dict[Fact, bool] = {}
    for fact, pattern in _PREDICATES.items():
        hits = [not _negated(said, match) for match in pattern.finditer(said)]
        if hits:
            facts[fact] = any(hits) if fact != "trained" else all(hits)
    if _MERELY_RATED.search(said) and not facts.get("trained"):
        facts["trained"] = False
    if facts.get("trained") is False and _IF_IT_COMPLIES.search(_WHETHER.sub(" ", clause)):
        del facts["trained"]
    return _for_others(facts, said)


def _in_words(column: re.Match[str]) -> str:
    return f"{'not ' if column[2] == 'no' else ''}{column[1]};"


def is_negative(clause: str) -> bool:
    """True for an elliptical clause that denies: ``those of §self users are not``."""
    return bool(_NEGATOR.search(clause) or _UNLIKE.search(clause) or _AFTERWARDS.search(clause))


def _negated(said: str, predicate: re.Match[str]) -> bool:
    if predicate.group(0).startswith("un") or _NEGATOR.search(predicate.group(0)):
        return True
    before = said[max(0, predicate.start() - _SCOPE) : predicate.start()]
    after = said[predicate.end() : predicate.end() + _SCOPE]
    negators = list(_NEGATOR.finditer(before))
    in_scope = bool(negators) and not _BREAK.search(before, negators[-1].end())
    denied_after = _AFTERWARDS.search(after)
    if _NO_OBJECT.match(after):
        return True
    return in_scope or bool(denied_after and not _BREAK.search(after[: denied_after.start()]))


def is_on_another_model(said: str) -> bool:
    """True for a folded sentence that speaks of another model than the one that reads it."""
    return bool(_OTHER_MODEL.search(said)) and not _THIS_MODEL.search(said)


def _for_others(facts: dict[Fact, bool], said: str) -> Facts:
    if facts.get("trained") and is_on_another_model(said):
        del facts["trained"]
        facts["trains_others"] = True
    return facts
