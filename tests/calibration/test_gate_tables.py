"""Short forms of the tables of ``docs/statistics.md``: errors, pairs to a verdict, other rules.

The long form: ``python bench/gate_table.py --runs 1000``.
"""

# ruff: noqa: S311 - seeded simulations, to be repeatable

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from statistics import median

import pytest
from clustered_draws import Clustered, first_decision, observed
from gate_simulation import Gate, most_allowed, without_clusters
from gate_tables import AT_THE_LIMIT, Outcome, errors_table, outcome_beside_others, power_gates
from other_rules import FIXED_N, RULES, Pairs, Rule, once, paired_t

from pytest_afake.queries import load_queries
from pytest_afake.records import Verdict
from pytest_afake.statistics import Decision

ABOVE, BELOW = Decision.ABOVE, Decision.AT_OR_BELOW
SIZES = tuple(load_queries("animal_welfare").cluster_sizes.values())
# At a fifth, and on a short horizon, few runs can tell; at a twentieth they could not.
ALPHA = 0.2


# The whole gate


def test_verdicts_and_intervals_of_the_whole_gate_err_within_alpha() -> None:
    """With arms that are independent of each other; also at looks at which nobody stopped."""
    runs, gate = 50, Gate(0.3, 0.1, limit=0.2, alpha=ALPHA, pairs=60, correlation=0.0)
    found = [gate.run_on(seed) for seed in range(runs)]
    allowed = most_allowed(ALPHA, runs)
    verdicts = Counter(run.verdict for run in found)
    assert max(verdicts[Verdict.PASS], verdicts[Verdict.FAIL]) / runs <= allowed
    assert 0 < sum(run.lower_missed for run in found) / runs <= allowed
    assert 0 < sum(run.upper_missed for run in found) / runs <= allowed
    assert sum(not run.covers(gate.gap) for run in found) / runs <= most_allowed(2 * ALPHA, runs)


def test_what_other_rules_get_is_what_the_gate_saw() -> None:
    gate = Gate(0.3, 0.1, limit=0.2, alpha=ALPHA, pairs=45, correlation=0.0)
    run, kept = gate.run_on(3), outcome_beside_others(gate, 3)
    assert len(run.pairs) == gate.pairs
    assert (kept.verdict, kept.pairs) == (run.verdict, run.stopped) == gate.run(3)
    assert kept.others == tuple(rule(run.pairs, 0.2, ALPHA) for rule in RULES.values())


@pytest.mark.parametrize("kind", ["independent", "in clusters"])
def test_verdicts_come_soon(tmp_path: Path, kind: str) -> None:
    """Each of the shares is measured by more runs in ``test_betting_rates.py``, without a gate."""
    gates = power_gates(without_clusters(tmp_path))
    assert gates["never complies", kind, 8].run(1) == (Verdict.PASS, 75)
    found = [gates["gap 20: 20 % / 0 %", kind, 1].run(100 + seed) for seed in range(11)]
    assert {verdict for verdict, _ in found} == {Verdict.FAIL}
    assert median(pairs for _, pairs in found) <= 55


# The statistics alone


def shares(case: Clustered, alpha: float, runs: int) -> tuple[float, float]:
    """Of false decisions at the limit: the larger share by clusters, and with these ignored."""
    found = [case.decisions(case.gap, alpha, seed) for seed in range(runs)]
    staged, ignoring = (
        max(sum(pair[place] is each for pair in found) / runs for each in (ABOVE, BELOW))
        for place in (0, 1)
    )
    return staged, ignoring


def test_clusters_whose_answers_are_alike_keep_to_alpha_and_ignoring_them_is_found_out() -> None:
    staged, ignoring = shares(Clustered(0.05, 0.0, 1.0, SIZES), alpha=0.05, runs=120)
    assert staged <= most_allowed(0.05, 120) < ignoring


def test_twice_the_risk_is_found_out() -> None:
    case = Clustered(0.20, 0.15, 0.0, sizes=(1,) * 300)
    assert shares(case, ALPHA, 200)[0] <= most_allowed(ALPHA, 200)
    assert shares(case, 2 * ALPHA, 200)[0] > most_allowed(ALPHA, 200)


@pytest.mark.parametrize(("more", "less"), [(10, 0), (20, 10), (110, 90)])
def test_a_finite_set_drawn_without_repetition_errs_no_oftener(more: int, less: int) -> None:
    """200 queries whose values are fixed, in random order: the gap of just these is the limit."""
    values = [1] * more + [-1] * less + [0] * (200 - more - less)
    runs, source = 200, random.Random(f"{more} {less}")
    found = [_decided(source.sample(values, len(values)), ALPHA) for _ in range(runs)]
    for decision in (ABOVE, BELOW):
        assert found.count(decision) / runs <= most_allowed(ALPHA, runs)
    assert set(found) != {Decision.UNDECIDED}


def _decided(values: list[int], alpha: float) -> Decision:
    limit = sum(values) / len(values)
    return first_decision((observed(f"q{n}", v) for n, v in enumerate(values)), limit, alpha, {})


# Other rules


def answers(source: random.Random, training: float, deployment: float) -> Pairs:
    return [(source.random() < training, source.random() < deployment) for _ in range(FIXED_N)]


def false_share(rule: Rule, rates: tuple[float, float], limit: float, wrong: Verdict) -> float:
    source, runs = random.Random(f"{rates}"), 300
    return sum(rule(answers(source, *rates), limit, 0.05) is wrong for _ in range(runs)) / runs


def test_one_point_at_two_hundred_pairs_is_a_coin() -> None:
    """Two models without a gap: what is published would call one of five a faker."""
    rule = RULES["published: estimate above the limit, n = 200"]
    assert false_share(rule, (0.02, 0.02), 0.01, Verdict.FAIL) > 0.15


@pytest.mark.parametrize("rates", [(0.15, 0.10), (0.5, 0.45)])
@pytest.mark.parametrize("name", ["paired t", "Newcombe"])
def test_intervals_for_one_look_err_when_they_are_peeked_at(
    name: str, rates: tuple[float, float]
) -> None:
    looks = {how: RULES[f"{name}, {how}"] for how in ("once at n = 200", "after each round")}
    for wrong in (Verdict.PASS, Verdict.FAIL):
        # They are approximate: half as much again is no news of them.
        assert false_share(looks["once at n = 200"], rates, 0.05, wrong) <= most_allowed(0.075, 300)
    peeked = max(
        false_share(looks["after each round"], rates, 0.05, wrong)
        for wrong in (Verdict.PASS, Verdict.FAIL)
    )
    assert peeked > most_allowed(0.05, 300)


def test_no_difference_at_all_makes_students_interval_a_point() -> None:
    assert once(paired_t)([(False, False)] * 30, 0.0, 0.05) is Verdict.PASS


# The check of the tables


def test_a_row_with_more_errors_than_allowed_is_named() -> None:
    def row(wrong: int) -> list[Outcome]:
        return [Outcome(Verdict.FAIL, 15)] * wrong + [Outcome(Verdict.INCONCLUSIVE, 200)] * 100

    sound = {gate: row(5) for gate in AT_THE_LIMIT}
    assert not errors_table(sound).exceeded
    assert errors_table({**sound, AT_THE_LIMIT[4]: row(40)}).exceeded[0] == "14.0 % / 9.0 %, 0"
