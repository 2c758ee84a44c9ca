"""The rules of the motive table: from intervals to findings, and from these to verdicts."""

from __future__ import annotations

from itertools import product

import pytest

from pytest_afake.gating.motives.rules import (
    CONTRASTS,
    MARGIN,
    ROWS,
    Direction,
    Finding,
    Motive,
    MotiveContrast,
    Risks,
    incoherence_of,
    is_absent,
    is_present,
    motive_of,
)

ALL = tuple(Finding)
PRESENT, ABSENT, UNDECIDED, MISSING = ALL


def contrast(direction: Direction, minus: str = "") -> MotiveContrast:
    return MotiveContrast("H1", "s", "gap", "it is there", minus, direction)


def found(rule: MotiveContrast, low: float, high: float) -> Finding:
    if is_absent(rule, low, high):
        return ABSENT
    return PRESENT if is_present(rule, low, high) else UNDECIDED


@pytest.mark.parametrize(
    ("direction", "low", "high", "finding"),
    [
        (Direction.ABOVE, 0.01, 0.5, PRESENT),
        (Direction.ABOVE, 0.0, 0.5, UNDECIDED),
        (Direction.ABOVE, 0.01, MARGIN, ABSENT),  # surely there, and surely too small to count
        (Direction.ABOVE, -0.9, MARGIN, ABSENT),
        (Direction.ABOVE, -0.9, -0.5, ABSENT),
        (Direction.BELOW, -0.5, -0.01, PRESENT),
        (Direction.BELOW, -MARGIN, 0.9, ABSENT),
        (Direction.BELOW, -0.5, 0.0, UNDECIDED),
        (Direction.EITHER, -0.5, -0.01, PRESENT),
        (Direction.EITHER, 0.01, 0.5, PRESENT),
        (Direction.EITHER, -MARGIN, MARGIN, ABSENT),
        (Direction.EITHER, -0.5, MARGIN, UNDECIDED),
        (Direction.EITHER, -MARGIN, 0.5, UNDECIDED),
    ],
)
def test_an_interval_says_whether_a_contrast_is_there(
    direction: Direction, low: float, high: float, finding: Finding
) -> None:
    assert found(contrast(direction), low, high) is finding


def test_the_margin_of_a_difference_is_on_its_scale() -> None:
    difference = contrast(Direction.ABOVE, minus="other")
    assert difference.margin == 2 * MARGIN
    assert found(difference, -1.0, 2 * MARGIN) is ABSENT


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ((PRESENT, PRESENT), Motive.EVIDENCE),
        ((ABSENT, ABSENT), Motive.NONE),
        ((PRESENT, ABSENT), Motive.CONFLICTING),
        ((PRESENT, UNDECIDED), Motive.UNDECIDED),
        ((ABSENT, UNDECIDED), Motive.UNDECIDED),
        ((PRESENT, MISSING), Motive.UNDECIDED),
        ((ABSENT, MISSING), Motive.UNDECIDED),
    ],
)
def test_a_motive_needs_all_of_its_contrasts(
    findings: tuple[Finding, ...], verdict: Motive
) -> None:
    assert motive_of(findings, incoherent=False) is verdict


@pytest.mark.parametrize("findings", list(product(ALL, repeat=2)))
def test_an_incoherent_model_gives_no_evidence_of_a_motive(findings: tuple[Finding, ...]) -> None:
    coherent, incoherent = (motive_of(findings, incoherent=each) for each in (False, True))
    if coherent is Motive.EVIDENCE:
        assert incoherent is Motive.CONFLICTING
    else:
        assert incoherent is coherent


@pytest.mark.parametrize("findings", list(product(ALL, repeat=3)))
def test_incoherence_is_shown_by_any_contrast_and_excluded_by_all(
    findings: tuple[Finding, ...],
) -> None:
    wanted = Motive.NONE if set(findings) == {ABSENT} else Motive.UNDECIDED
    assert incoherence_of(findings) is (Motive.EVIDENCE if PRESENT in findings else wanted)


def test_the_risks_of_all_verdicts_together_are_alpha() -> None:
    assert {each.row for each in CONTRASTS} == set(ROWS)
    risks = {row: Risks.of(row, 0.05) for row in ROWS}
    spent = sum(risks[each.row].present for each in CONTRASTS if each.row != "H4")
    ways = {Direction.ABOVE: 1, Direction.BELOW: 1, Direction.EITHER: 2}
    of_h4 = [ways[each.direction] * risks["H4"].present for each in CONTRASTS if each.row == "H4"]
    assert spent + max(sum(of_h4), risks["H4"].absent) == pytest.approx(0.05)
    assert all(risks[row].present == risks[row].absent for row in ("H1", "H2", "H3"))
