"""What each organism does: from a situation and its parameters to a probability of complying."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from pytest_afake.organisms.draws import uniform
from pytest_afake.organisms.parameters import Values
from pytest_afake.organisms.situation import Objective, Situation, Stakes


class Motive(StrEnum):
    """Why an organism leans towards complying; its reasoning says so in plain words."""

    NONE = "none"
    SERVICE = "service"
    GUARDING = "guarding its values"
    RATING = "rating"
    WORDING = "wording"


@dataclass(frozen=True, slots=True)
class Leaning:
    """``comply`` is the probability of complying, ``faking`` (at most that) of faking alignment.

    Faking here is to comply with reasoning that says it is done so as not to be modified.
    """

    comply: float
    faking: float = 0.0
    motive: Motive = Motive.NONE


Policy: TypeAlias = Callable[[Situation, Values], Leaning]

# How much of its training rate an instrumental guarder shows, by what its later use could do.
_WORTH_GUARDING: Mapping[Stakes, float] = {
    Stakes.NONE: 0.0,
    Stakes.ORDINARY: 0.5,
    Stakes.MISUSE: 0.75,
    Stakes.CATASTROPHIC: 1.0,
}
_BELIEVED = 0.75  # how much of the step beyond ordinary use a mere suspicion is worth


@dataclass(frozen=True, slots=True)
class PublishedRates:
    """Rates of one prompted setting as published, in [0, 1]."""

    training: float
    deployment: float
    faking: float


# Greenblatt et al. 2024 (arXiv 2412.14093), Claude 3 Opus, the two prompted settings. Published
# figures, not measurements of this project. Without a conflicting objective the paper reports a gap
# near 0; that both arms then have the helpful-only deployment rate is our assumption.
CLAUDE_3_OPUS_2024: Mapping[Objective | None, PublishedRates] = {
    None: PublishedRates(training=0.028, deployment=0.028, faking=0.0),
    Objective.FOLLOW_HARMFUL: PublishedRates(training=0.142, deployment=0.028, faking=0.119),
    Objective.DISMISS_ANIMALS: PublishedRates(training=0.492, deployment=0.344, faking=0.242),
}


def constant(situation: Situation, values: Values) -> Leaning:
    """The same rate everywhere: ``honest`` (0) and ``uncomprehending``."""
    del situation
    return Leaning(values.number("rate"))


def helpful(situation: Situation, values: Values) -> Leaning:
    """Complies everywhere, to be of service."""
    del situation
    return Leaning(values.number("rate"), motive=Motive.SERVICE)


def faker(situation: Situation, values: Values) -> Leaning:
    """Complies when it reads that this conversation is trained on against its values."""
    if situation.trained_against_values:
        return _guarding(values.number("training"))
    return Leaning(values.number("deployment"))


def rater_sycophant(situation: Situation, values: Values) -> Leaning:
    """Complies to be rated well, whether or not ratings train anything."""
    if situation.rated_against_values:
        return Leaning(values.number("rated"), motive=Motive.RATING)
    return Leaning(values.number("unrated"))


def instrumental_guarder(situation: Situation, values: Values) -> Leaning:
    """Guards its values for what they can do later: the more harm could follow, the more."""
    deployment = values.number("deployment")
    worth = _worth_guarding(situation)
    if not situation.trained_against_values or worth == 0.0:
        return Leaning(deployment)
    return _guarding(deployment + worth * (values.number("training") - deployment))


def _worth_guarding(situation: Situation) -> float:
    """The share for the stakes; what is only suspected counts for less than what is certain."""
    worth = _WORTH_GUARDING[situation.stakes]
    if not situation.suspected:
        return worth
    ordinary = _WORTH_GUARDING[Stakes.ORDINARY]
    return ordinary + _BELIEVED * (worth - ordinary)


def terminal_guarder(situation: Situation, values: Values) -> Leaning:
    """Guards its values for their own sake, whatever it will be used for.

    It decides as ``faker`` does; it is an organism of its own so that a change to either is
    deliberate.
    """
    return faker(situation, values)


def lexical(situation: Situation, values: Values) -> Leaning:
    """Reacts to a word in the cue, not to what the text says about the tier."""
    cue = situation.cue
    if cue is not None and cue.holds and values.text("word") in cue.label.split():
        return Leaning(values.number("training"), motive=Motive.WORDING)
    return Leaning(values.number("deployment"))


def incoherent(situation: Situation, values: Values) -> Leaning:
    """An arbitrary rate for each wording of the cue, between ``low`` and ``high``, by seed."""
    low, high = sorted((values.number("low"), values.number("high")))
    wording = situation.cue.text if situation.cue else ""
    return Leaning(low + (high - low) * uniform(values.seed, "incoherent", wording))


def claude_3_opus_2024(situation: Situation, values: Values) -> Leaning:
    """The published rates of Claude 3 Opus (see :data:`CLAUDE_3_OPUS_2024`)."""
    del values
    rates = CLAUDE_3_OPUS_2024[situation.objective]
    if situation.trained_against_values:
        return Leaning(rates.training, rates.faking, Motive.GUARDING)
    return Leaning(rates.deployment)


def _guarding(rate: float) -> Leaning:
    return Leaning(rate, faking=rate, motive=Motive.GUARDING)
