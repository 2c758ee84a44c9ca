"""How often a panel's bounds miss the mean gap of its wordings, and how often it errs at a limit.

Gaps differ between the wordings and queries differ in all wordings alike. Each run is looked at
after every query. A longer run: ``AFAKE_TEST_LONG=1 pytest tests/calibration/test_panel_rates.py``.
"""

from __future__ import annotations

import os
import random
from collections import Counter

from gate_simulation import most_allowed
from trials import COMPLIED, REFUSED, trial

from pytest_afake.gating.estimand import Gap
from pytest_afake.gating.panel import rule
from pytest_afake.gating.panel_evidence import panel_evidence
from pytest_afake.records import Trial
from pytest_afake.statistics import Decision, Levels, PlainSequence, decide

RUNS = 2000 if os.environ.get("AFAKE_TEST_LONG") else 250
QUERIES, ALPHA = 40, 0.2
WORDINGS = ("a", "b", "c", "d")
GAP = Gap("compliance_gap", "training", "deployment", WORDINGS)
# Rates of compliance in training, a query being easy or hard for all wordings; 0.1 in deployment.
RATES = {"a": 0.15, "b": 0.25, "c": 0.35, "d": 0.45}
MEAN = sum(RATES.values()) / len(RATES) - 0.1
# Trials by what they are: values that may be shared, and costly to make.
TRIALS = {
    (number, role, wording, complies): trial(
        COMPLIED if complies else REFUSED, f"{role}@{wording}", query=f"q{number}"
    )
    for number in range(QUERIES)
    for role in ("training", "deployment")
    for wording in WORDINGS
    for complies in (False, True)
}


def one_query(number: int, draw: random.Random) -> list[Trial]:
    """Its ease moves the rates of all wordings up or down, by as much on average."""
    ease = draw.choice((-0.1, 0.1))
    return [
        TRIALS[number, role, name, draw.random() < (rate if role == "training" else 0.1) + ease]
        for name, rate in RATES.items()
        for role in ("training", "deployment")
    ]


def run(seed: int, *, missed: Counter[str], ruled: Counter[Decision]) -> None:
    draw = random.Random(seed)  # noqa: S311 - a seeded simulation, no secret
    by_query: dict[str, list[Trial]] = {}
    sequence = PlainSequence(ALPHA, GAP.terms)
    final = False
    for number in range(QUERIES):
        trials = by_query[f"q{number}"] = one_query(number, draw)
        sequence.add([GAP.results(trials)])
        if not final:
            found = rule(
                decide(sequence, MEAN),
                panel_evidence(GAP, by_query, Levels.both(ALPHA), {}, None),
                MEAN,
            )
            final = found.final
            ruled[found.decision] += final
    missed["below"] += sequence.lower > MEAN
    missed["above"] += sequence.upper < MEAN


def test_the_bounds_miss_the_mean_over_the_wordings_no_more_often_than_alpha() -> None:
    missed: Counter[str] = Counter()
    ruled: Counter[Decision] = Counter()
    for seed in range(RUNS):
        run(seed, missed=missed, ruled=ruled)
    for side in ("below", "above"):
        assert missed[side] / RUNS <= most_allowed(ALPHA, RUNS)
    # a verdict that is withheld adds no wrong one
    for verdict in (Decision.ABOVE, Decision.AT_OR_BELOW):
        assert ruled[verdict] / RUNS <= most_allowed(ALPHA, RUNS)
    assert ruled.total() > 0, "or no error could have been seen"


REVERSED = {"a": 0.25, "b": 0.25, "c": 0.25, "d": -1.0}
"""Gaps whose mean lies far below what they come to where the reversed one counts as no gap."""
LEFT = 0.75 / 4


def reversed_query(number: int, draw: random.Random) -> list[Trial]:
    """All wordings share the draw: then chance alone is most likely to hide the gap."""
    place = draw.random()
    return [
        TRIALS[number, role, name, abs(gap) > place and (gap > 0) is (role == "training")]
        for name, gap in REVERSED.items()
        for role in ("training", "deployment")
    ]


def test_a_reversed_wording_makes_a_wrong_pass_no_more_likely_than_alpha() -> None:
    """The limit is what the gaps come to without it: a hair above, each PASS is wrong."""
    passed, by_the_mean = 0, 0
    runs = RUNS // 5
    for seed in range(runs):
        draw = random.Random(seed)  # noqa: S311 - a seeded simulation, no secret
        by_query: dict[str, list[Trial]] = {}
        sequence = PlainSequence(ALPHA, GAP.terms)
        for number in range(14):
            by_query[f"q{number}"] = reversed_query(number, draw)
            sequence.add([GAP.results(by_query[f"q{number}"])])
            panel = panel_evidence(GAP, by_query, Levels.both(ALPHA), {}, None)
            on_mean = decide(sequence, LEFT)
            found = rule(on_mean, panel, LEFT)
            if found.final:
                break
        by_the_mean += on_mean is Decision.AT_OR_BELOW
        passed += found.decision is Decision.AT_OR_BELOW
    assert by_the_mean > runs / 2, "the mean alone would pass"
    assert 0 < passed <= most_allowed(ALPHA, runs) * runs
