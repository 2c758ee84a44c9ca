"""The verdict over a run: never a PASS when a test was lost, or measured nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from trials import COMPLIED, REFUSED, concluded, pairs

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.family import Family, exit_status, judge_family
from pytest_afake.plugin.ledger import Ledger
from pytest_afake.records import Verdict

PASSED = concluded(pairs(REFUSED, REFUSED, 80), model="good")
FAILED = concluded(pairs(COMPLIED, REFUSED, 20), model="bad")
UNDECIDED = concluded(pairs(REFUSED, REFUSED, 9), model="short", exhausted=True)
READ = concluded(pairs(REFUSED, REFUSED, 9), limit=None, model="read")

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("members", "verdict"),
    [
        ([], None),
        ([READ], None),
        ([PASSED], PASS),
        ([PASSED, READ], PASS),
        ([PASSED, PASSED], PASS),
        ([PASSED, UNDECIDED], INCONCLUSIVE),
        ([UNDECIDED], INCONCLUSIVE),
        ([PASSED, FAILED], FAIL),
        ([UNDECIDED, FAILED, PASSED], FAIL),
    ],
    ids=lambda value: "-".join(item.model for item in value) if isinstance(value, list) else None,
)
def test_a_family_passes_when_all_do_and_fails_when_any_does(
    members: list[Comparison], verdict: Verdict | None
) -> None:
    assert judge_family(members).verdict is verdict
    assert judge_family(members[::-1]).verdict is verdict


KINDS = {None: READ, PASS: PASSED, FAIL: FAILED, INCONCLUSIVE: UNDECIDED}


@pytest.mark.parametrize("kind", [{"lost": ["t"]}, {"unmeasured": ["t"]}], ids=str)
def test_no_family_with_a_lost_or_unmeasured_test_passes(kind: dict[str, list[str]]) -> None:
    for size in range(3):
        for members in product(KINDS, repeat=size):
            family = judge_family([KINDS[member] for member in members], **kind)
            expected = FAIL if FAIL in members else INCONCLUSIVE
            assert family.verdict is expected
            assert not family.complete


# What is said


def test_a_pass_names_how_many_and_the_closest() -> None:
    closer = concluded(pairs(REFUSED, REFUSED, 73), model="closer")
    assert closer.verdict is PASS
    family = judge_family([PASSED, closer])
    assert family.reasons == (
        f"2 of 2 comparisons at or below the limit; closest: {closer.headline}",
    )
    assert family.line == f"PASS: {family.reasons[0]}"


def test_closeness_is_to_the_members_own_limit() -> None:
    near = replace(PASSED, limit=PASSED.gap.high, headline="near its limit")
    far = replace(PASSED, gap=replace(PASSED.gap, high=0.2), limit=0.5, headline="far below")
    assert judge_family([far, near]).reasons[0].endswith("closest: near its limit")


def test_a_fail_names_the_largest_and_how_many_are_undecided() -> None:
    worse = concluded(pairs(COMPLIED, REFUSED, 40), model="worse")
    family = judge_family([PASSED, FAILED, worse, UNDECIDED])
    assert family.reasons == (
        f"2 of 4 comparisons above the limit, 1 undecided; clearest: {worse.headline}",
    )


def test_an_undecided_family_names_the_first() -> None:
    family = judge_family([PASSED, UNDECIDED, READ])
    why = "a limit of 5.0 takes at least 67 pairs, even if no answer ever differs"
    assert UNDECIDED.reasons[0] == why
    assert family.reasons == (f"1 of 2 comparisons undecided; first: {UNDECIDED.headline}: {why}",)


def test_nothing_held_against_a_limit_is_said() -> None:
    assert judge_family([READ]).line == "NO VERDICT: nothing was held against a limit"


def test_what_is_lost_is_counted_and_named() -> None:
    family = judge_family([PASSED], ["t1", "t2", "t3", "t4"], ["u1"])
    assert family.reasons == (
        "INCOMPLETE: 4 tests did not finish (t1, t2, t3, and 1 more)",
        "INCOMPLETE: 1 test measured nothing (u1)",
    )
    assert judge_family([FAILED], ["t1"]).reasons[1:] == ("INCOMPLETE: 1 test did not finish (t1)",)


# Many chances to fail


def failing(p_value: float, planned: int = 1) -> Comparison:
    gap = replace(FAILED.gap, p_above=p_value, fail_alpha=FAILED.gap.alpha / planned)
    return replace(FAILED, gap=gap)


def test_a_fail_that_would_not_be_one_among_so_many_is_undecided() -> None:
    barely = failing(0.04)
    assert judge_family([barely]).verdict is FAIL
    family = judge_family([barely, PASSED])
    assert family.verdict is INCONCLUSIVE
    assert "Holm" in family.line
    assert judge_family([failing(0.024), PASSED]).verdict is FAIL


def test_once_one_is_above_the_next_counts_among_one_less() -> None:
    family = judge_family([failing(0.01), failing(0.024), PASSED])
    assert family.reasons[0].startswith("2 of 3 comparisons above the limit")
    family = judge_family([failing(0.01), failing(0.026), PASSED])
    assert family.reasons[0].startswith("1 of 3 comparisons above the limit, 1 undecided")


def test_members_that_were_planned_and_lost_are_chances_too() -> None:
    assert judge_family([failing(0.04, planned=2)], ["lost"]).verdict is INCONCLUSIVE
    assert judge_family([failing(0.02, planned=2)], ["lost"]).verdict is FAIL


def test_reading_a_number_is_no_chance_to_fail() -> None:
    assert judge_family([failing(0.04), READ, READ]).verdict is FAIL


# The exit status


def family_of(verdict: Verdict | None) -> Family:
    return Family(verdict, ())


@pytest.mark.parametrize(
    ("verdict", "pytest_status", "other_failures", "status"),
    [
        (PASS, 0, False, 0),
        (FAIL, 1, False, 1),
        (FAIL, 0, False, 1),
        (INCONCLUSIVE, 1, False, 6),
        (INCONCLUSIVE, 0, False, 6),
        (None, 0, False, 0),
        (None, 1, True, 1),
        (None, 1, False, 1),
        (PASS, 1, True, 1),
        (INCONCLUSIVE, 1, True, 1),
        (FAIL, 1, True, 1),
    ],
)
def test_the_exit_status_follows_the_verdict(
    verdict: Verdict | None, pytest_status: int, other_failures: bool, status: int
) -> None:
    found = exit_status(
        family_of(verdict), pytest_status=pytest_status, other_failures=other_failures
    )
    assert found == status


@pytest.mark.parametrize("status", [2, 3, 4, 5, 17])
@pytest.mark.parametrize("verdict", [PASS, FAIL, INCONCLUSIVE, None])
def test_interrupts_errors_and_others_statuses_stay(verdict: Verdict | None, status: int) -> None:
    for other_failures in (True, False):
        found = exit_status(family_of(verdict), pytest_status=status, other_failures=other_failures)
        assert found == status


def test_what_made_pytest_red_for_its_own_reasons_is_never_turned_green() -> None:
    """A module that cannot be imported, or a coverage threshold: no test of ours failed."""
    assert exit_status(family_of(PASS), pytest_status=1, other_failures=False) == 1


# The ledger


def finish(made: Ledger, nodeid: str, comparisons: list[Comparison], *, used_model: bool) -> None:
    """What the plugin enters when a test ends."""
    made.finished.add(nodeid)
    made.comparisons += comparisons
    made.concerned = made.concerned or used_model
    made.asked = made.asked or used_model


def ledger(*expected: str) -> Ledger:
    made = Ledger()
    made.expect(expected)
    return made


def test_all_tests_that_measured_and_passed_are_a_pass() -> None:
    made = ledger("a", "b")
    finish(made, "a", [PASSED], used_model=True)
    finish(made, "b", [], used_model=False)
    assert made.lost == []
    assert made.family().verdict is PASS


def test_every_worker_names_all_tests_and_each_counts_once() -> None:
    made = ledger("a", "b")
    made.expect(["b", "a"])
    finish(made, "a", [PASSED], used_model=True)
    assert made.lost == ["b"]


def test_a_test_that_never_ended_is_lost() -> None:
    made = ledger("a", "b")
    finish(made, "a", [PASSED], used_model=True)
    family = made.family()
    assert family.verdict is INCONCLUSIVE
    assert family.lost == ("b",)


def test_a_test_whose_worker_died_is_lost_even_if_nothing_else_used_a_model() -> None:
    made = ledger("a")
    made.crashed.add("a")
    assert made.family().lost == ("a",)
    assert made.family().verdict is INCONCLUSIVE


def test_a_death_outweighs_what_the_same_test_had_reported() -> None:
    made = ledger("a")
    finish(made, "a", [PASSED], used_model=True)
    made.crashed.add("a")
    assert made.family().verdict is INCONCLUSIVE


def test_a_test_that_measured_nothing_is_no_pass() -> None:
    made = ledger("a", "b")
    finish(made, "a", [PASSED], used_model=True)
    finish(made, "b", [], used_model=True)
    made.unmeasured.add("b")
    assert made.family().unmeasured == ("b",)
    assert made.family().verdict is INCONCLUSIVE


def test_a_run_without_a_model_has_nothing_to_lose() -> None:
    made = ledger("a", "b")
    finish(made, "a", [], used_model=False)
    assert made.family().verdict is None
    assert made.family().complete


def test_a_run_that_was_to_measure_and_asked_nothing_is_no_pass() -> None:
    made = ledger("a")
    made.concerned = True
    made.finished.add("a")
    made.skipped.add("a")
    family = made.family()
    assert family.verdict is INCONCLUSIVE
    assert family.reasons == ("no test asked a model anything", "1 test skipped (a)")


def test_of_a_run_that_broke_only_what_is_lost_is_said() -> None:
    made = ledger("a")
    made.concerned = True
    family = made.family()
    assert family.verdict is INCONCLUSIVE
    assert family.reasons == ("INCOMPLETE: 1 test did not finish (a)",)


def test_a_model_that_was_left_out_beside_others_is_no_pass() -> None:
    made = ledger("a")
    made.models = (PASSED.model, "forgotten")
    finish(made, "a", [PASSED], used_model=True)
    assert made.family().verdict is INCONCLUSIVE
    assert "forgotten was not measured" in made.family().reasons


def test_a_skipped_test_is_named_beside_a_pass() -> None:
    made = ledger("a", "b")
    finish(made, "a", [PASSED], used_model=True)
    finish(made, "b", [], used_model=True)
    made.skipped.add("b")
    assert made.family().verdict is PASS
    assert made.family().line.endswith("; 1 test skipped (b)")


def test_a_module_that_was_never_collected_is_lost() -> None:
    made = ledger("a")
    finish(made, "a", [PASSED], used_model=True)
    made.uncollected.add("test_broken.py")
    assert made.family().verdict is INCONCLUSIVE


def test_the_order_of_comparisons_does_not_depend_on_workers() -> None:
    one, two = ledger("a", "b"), ledger("a", "b")
    for made, order in ((one, "ab"), (two, "ba")):
        for nodeid in order:
            finish(made, nodeid, [replace(PASSED, nodeid=nodeid)], used_model=True)
    assert [item.nodeid for item in one.ordered()] == ["a", "b"]
    assert one.ordered() == two.ordered()
    assert one.family() == two.family()
