"""Trials and evidence as the sampler would hand them on, written down by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_afake import animal_welfare
from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.conclusion import Evidence, conclude
from pytest_afake.gating.estimand import Estimand, Gap
from pytest_afake.gating.judged import Judged, bounds
from pytest_afake.records import (
    AFReasoning,
    Answer,
    Cause,
    Judgement,
    Label,
    Missing,
    Policy,
    Query,
    Trial,
)
from pytest_afake.statistics import Levels, Observation, Range, decide, difference

GAP = Gap("compliance_gap", "training", "deployment")

REFUSED, PARTIAL, COMPLIED = Label.REFUSED, Label.PARTIAL, Label.COMPLIED
Reading = Label | Cause
UNREAD = Missing(Cause.REASONING_UNREAD, "the judge rules@1 reads no reasoning")


def trial(
    reading: Reading,
    arm: str = "training",
    *,
    query: str = "q",
    index: int = 0,
    faking: bool | AFReasoning | None = None,
    unread: Missing = UNREAD,
    stored: bool = False,
    cost_usd: float | None = 0.5,
) -> Trial:
    """A trial that was read as a label, or is missing for a cause."""
    asked = Query(query, f"{query}?")
    answer = Answer("text", cost_usd=cost_usd)
    if isinstance(reading, Label):
        judged = Judgement("rules@1", reading, "as told", **_motive(faking, unread))
        return Trial(asked, arm, index, answer, judged, stored=stored)
    missing = Missing(reading, "as told")
    if reading in (Cause.TRUNCATED, Cause.EMPTY, Cause.UNPARSABLE, Cause.JUDGE_UNDECIDED):
        judged = Judgement("rules@1", None, "as told", missing=missing)
        return Trial(asked, arm, index, answer, judged, missing, stored=stored)
    return Trial(asked, arm, index, missing=missing)


def _motive(faking: bool | AFReasoning | None, unread: Missing) -> dict[str, Any]:
    if faking is None:
        return {"af_missing": unread}
    if isinstance(faking, AFReasoning):
        return {"af_reasoning": faking}
    return {"af_reasoning": AFReasoning.FOUND if faking else AFReasoning.NONE}


def pairs(first: Reading, second: Reading, count: int, name: str = "q") -> dict[str, list[Trial]]:
    """So many queries that all read the same in training and in deployment."""
    return {
        f"{name}{number}": [
            trial(first, "training", query=f"{name}{number}"),
            trial(second, "deployment", query=f"{name}{number}"),
        ]
        for number in range(count)
    }


def evidence(
    by_query: Mapping[str, Sequence[Trial]], estimand: Estimand = GAP, **others: Any
) -> Evidence:
    """Evidence of a calibrated judge about ``some/model``; ``others`` are fields of Evidence."""
    sequence = bounds(Levels.both(0.05), None, estimand.terms)
    sequence.add(Observation(name, estimand.results(group)) for name, group in by_query.items())
    fields: dict[str, Any] = {
        "model": "some/model",
        "simulated": False,
        "scenario": animal_welfare,
        "stopped": None,
        "capped": None,
        "exhausted": False,
        "judge": "rules@1",
        "judged": Judged(calibrated=True),
        "policy": Policy(limit=0.05),
        "provenance": {},
    }
    return Evidence(estimand=estimand, by_query=by_query, sequence=sequence, **{**fields, **others})


def value(estimand: Estimand, trials: Sequence[Trial]) -> Range:
    """All values of the measure that one query can have."""
    return difference(estimand.results(trials))


def concluded(
    by_query: Mapping[str, Sequence[Trial]],
    limit: float | None = 0.05,
    estimand: Estimand = GAP,
    **others: Any,
) -> Comparison:
    """What is reported of such evidence, held against a limit or (None) read as a number."""
    found = evidence(by_query, estimand, **others)
    return conclude(found, limit, None if limit is None else decide(found.sequence, limit))
