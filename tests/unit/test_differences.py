"""The difference of a measure in two runs: figures, missing data, clusters, orders, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from pytest_afake.baselines import Measured, hold_one
from pytest_afake.gating.comparison import QueryEvidence
from pytest_afake.gating.difference import Difference, difference_of
from pytest_afake.records import Json

Terms = tuple[tuple[float, int, int], ...]

GAP, NONE, OPPOSITE = ((1.0, 1, 0), (0.0, 1, 0)), ((0.0, 1, 0),) * 2, ((0.0, 1, 0), (1.0, 1, 0))
LOST = ((0.0, 0, 1), (0.0, 0, 1))
HALF_LOST = ((1.0, 1, 0), (0.0, 0, 1))
RATE, NO_RATE = ((1.0, 1, 0),), ((0.0, 1, 0),)


def evidence(*shown: Terms, size: int = 0, first: int = 0) -> list[QueryEvidence]:
    """Queries in order; ``size`` of them in a row make a cluster, 0 for no clusters."""
    return [
        QueryEvidence(f"q{n}", f"c{n // size}" if size else "", terms)
        for n, terms in enumerate(shown, start=first)
    ]


def difference(before: Sequence[QueryEvidence], after: Sequence[QueryEvidence]) -> Difference:
    found = difference_of(before, after, 0.05)
    assert found is not None
    return found


def test_what_both_runs_show_alike_cancels_out() -> None:
    run = evidence(*[GAP, NONE, OPPOSITE] * 40)
    found = difference(run, run)
    assert found.estimate == 0
    assert found.low == -found.high
    assert found.high < 0.1
    assert (found.pairs, found.only_before, found.only_after) == (120, 0, 0)
    assert found.before == found.after == 0


def test_a_gap_that_appears_is_a_difference_and_one_that_goes_away_the_opposite() -> None:
    none, gap = evidence(*[NONE] * 60), evidence(*[GAP] * 60)
    more, less = difference(none, gap), difference(gap, none)
    assert more.estimate == 1
    assert 0 < more.low < 1 < more.high
    assert (less.estimate, less.low, less.high) == (-1, -more.high, -more.low)


def test_the_scale_of_a_difference_of_gaps_reaches_from_minus_two_to_two() -> None:
    found = difference(evidence(*[OPPOSITE] * 60), evidence(*[GAP] * 60))
    assert found.estimate == 2
    assert 1.7 < found.low < 2
    assert found.high == 2


def test_a_difference_of_rates_lies_between_minus_one_and_one() -> None:
    found = difference(evidence(*[NO_RATE] * 60), evidence(*[RATE] * 60))
    assert found.estimate == 1
    assert (0.8 < found.low < 1, found.high) == (True, 1)


def test_only_queries_that_both_have_count_and_the_others_are_counted() -> None:
    before, after = evidence(*[NONE] * 60), evidence(*[GAP] * 15)
    found = difference(before, after)
    assert (found.pairs, found.only_before, found.only_after) == (15, 45, 0)
    assert found == replace(difference(before[:15], after), only_before=45)


def test_missing_answers_widen_the_interval_to_both_sides_and_have_no_say_in_the_estimate() -> None:
    before, after = [GAP, NONE] * 30, [GAP, NONE] * 30
    whole = difference(evidence(*before), evidence(*after))
    for lost in (LOST, HALF_LOST):
        one = difference(evidence(*before, *[NONE] * 6), evidence(*after, *[lost] * 6))
        assert (one.estimate, one.pairs) == (0, 66)
        assert one.high > whole.high
        assert (one.low < whole.low) == (lost is LOST), "half of it is known: it did not get less"


def test_where_nothing_was_read_there_is_no_difference() -> None:
    read, lost = evidence(*[NONE] * 30), evidence(*[LOST] * 30)
    assert difference_of(read, lost, 0.05) is None
    assert difference_of(read, [], 0.05) is None
    other = evidence(*[NONE] * 30, first=100)
    assert difference_of(lost, other, 0.05) is None


def test_a_cluster_is_one_observation_however_many_queries_it_has() -> None:
    none, gap = [NONE] * 100, [GAP] * 100
    single = difference(evidence(*none), evidence(*gap))
    clustered = difference(evidence(*none, size=5), evidence(*gap, size=5))
    twenty = difference(evidence(*none[:20]), evidence(*gap[:20]))
    assert (single.observations, clustered.observations) == (100, 20)
    assert (clustered.low, clustered.high) == (twenty.low, twenty.high)
    assert clustered.pairs == 100


def test_a_large_cluster_does_not_outweigh_a_small_one() -> None:
    before = evidence(*[NONE] * 10)
    after = [
        QueryEvidence(each.id, "large" if number else "small", GAP if number else NONE)
        for number, each in enumerate(before)
    ]
    assert difference(before, after).estimate == 0.5


def test_in_another_order_each_run_is_bounded_by_itself() -> None:
    before, after = evidence(*[NONE] * 60), evidence(*[GAP] * 60)
    paired, turned = difference(before, after), difference(before, after[::-1])
    assert (paired.paired, turned.paired) == (True, False)
    assert turned.estimate == paired.estimate == 1
    assert 0 < turned.low < paired.low
    apart = difference(before, evidence(*[GAP] * 60, first=100))
    assert (apart.low, apart.pairs, apart.observations) == (turned.low, 0, 0)


# Refusals

PROVENANCE: dict[str, Json] = {
    "scenario_hash": "a1",
    "query_set_hash": "b2",
    "judge": "rules@1",
    "temperature": 1.0,
    "max_tokens": 4096,
    "samples": 1,
    "seed": 0,
}
MEASURED = Measured(
    model="m",
    simulated=False,
    scenario="s",
    perturbation="",
    contrast="compliance_gap",
    measure="compliance_gap",
    estimated=True,
    alpha=0.05,
    provenance=PROVENANCE,
    by_query=tuple(evidence(*[NONE] * 30)),
)


def with_provenance(**others: Any) -> Measured:
    return replace(MEASURED, provenance={**PROVENANCE, **others})


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"scenario_hash": "a2"}, "text of the scenario: before a1, after a2"),
        ({"query_set_hash": "b3"}, "queries: before b2, after b3"),
        ({"judge": "sim/judge"}, "judge: before rules@1, after sim/judge"),
        ({"judge_target": "openai/x"}, "model of the judge: before none, after openai/x"),
        ({"judge_votes": 5}, "votes of the judge: before none, after 5"),
        ({"judge_forms": {"r": "1"}}, 'forms of the judge: before none, after {"r": "1"}'),
        ({"calibration_hash": "c"}, "calibration of the judge: before none, after c"),
        ({"temperature": 0.0}, "temperature: before 1.0, after 0.0"),
        ({"max_tokens": 100}, "max_tokens: before 4096, after 100"),
        ({"samples": 2}, "samples of each query: before 1, after 2"),
        ({"extra": {"top_p": 1}}, 'extra parameters: before none, after {"top_p": 1}'),
        ({"judge": "\x1b[2J\nPASS"}, "judge: before rules@1, after [2J PASS"),
    ],
)
def test_a_refusal_names_what_differs_and_both_values(other: dict[str, Any], said: str) -> None:
    held = hold_one("f", MEASURED, with_provenance(**other), 0.05)
    assert held.refused == (said,)
    assert (held.low, held.high, held.estimate, held.pairs) == (None, None, None, 0)


def test_all_that_differs_is_listed() -> None:
    held = hold_one("f", MEASURED, with_provenance(samples=2, max_tokens=1), 0.05)
    assert [line.partition(":")[0] for line in held.refused] == [
        "max_tokens",
        "samples of each query",
    ]


def test_what_nobody_recorded_is_not_taken_to_be_alike() -> None:
    bare = replace(MEASURED, provenance={})
    reasons = hold_one("f", bare, bare, 0.05).refused
    assert "judge: not recorded, so that nobody knows whether it is alike" in reasons
    assert len(reasons) >= 5


def test_results_without_the_evidence_of_each_query_are_refused() -> None:
    old, empty = replace(MEASURED, by_query=None), replace(MEASURED, by_query=())
    lost = replace(MEASURED, by_query=tuple(evidence(*[LOST] * 30)))
    for other, word in ((old, "another version"), (empty, "no query was asked"), (lost, "read")):
        (reason,) = hold_one("f", other, MEASURED, 0.05).refused
        assert word in reason
        assert hold_one("f", MEASURED, other, 0.05).low is None


def test_seed_model_and_alpha_may_differ_and_what_matters_is_said() -> None:
    after = replace(with_provenance(seed=1), model="tuned", alpha=0.01)
    after = replace(after, by_query=tuple(evidence(*[NONE] * 30))[::-1])
    held = hold_one("f", MEASURED, after, 0.05)
    assert held.refused == ()
    assert held.notes[0] == "models: before m, after tuned"
    assert held.notes[1].startswith("not paired: ")


def test_queries_that_cannot_be_those_of_the_set_are_refused() -> None:
    other = replace(MEASURED, by_query=tuple(evidence(*[NONE] * 30, first=100)))
    (reason,) = hold_one("f", other, MEASURED, 0.05).refused
    assert reason.startswith("queries: none in common, although set and seed are said to be the s")
    apart = replace(other, provenance={**PROVENANCE, "seed": 1})
    assert hold_one("f", apart, MEASURED, 0.05).refused == (), "another seed takes other queries"
    assert MEASURED.by_query is not None
    first, *rest = MEASURED.by_query
    moved = replace(MEASURED, by_query=(replace(first, cluster="other"), *rest))
    (reason,) = hold_one("f", moved, MEASURED, 0.05).refused
    assert reason.startswith(
        f"clusters of the queries (1 of 30 queries in another, first {first.id}"
    )


def test_a_name_that_stands_for_another_model_is_said() -> None:
    before, after = with_provenance(target="openai/a"), with_provenance(target="openai/b")
    assert hold_one("f", before, after, 0.05).notes == (
        "m stood for openai/a before, for openai/b after",
    )


def test_where_there_is_no_estimate_of_either_there_is_none_of_the_difference() -> None:
    held = hold_one("f", replace(MEASURED, estimated=False), MEASURED, 0.05)
    assert (held.before, held.after, held.estimate) == (None, None, None)
    assert held.low is not None
