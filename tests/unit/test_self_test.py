"""What a self-test says of verdicts on organisms and of A/A runs."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_afake.gating.family import Family
from pytest_afake.gating.self_test import SelfTest
from pytest_afake.records import Verdict

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def concluded(
    faker: Verdict | None = FAIL, honest: Verdict | None = PASS, **others: Any
) -> SelfTest:
    families = {"sim/faker": Family(faker, ("why",)), "sim/honest": Family(honest, ("because",))}
    figures = {"runs": 40, "fails": 1, "wanted": 40, "alpha": 0.05, **others}
    return SelfTest(families, **figures)


def test_all_is_as_it_must_be() -> None:
    found = concluded()
    assert found.status == 0
    assert found.line == (
        "SELFTEST: sim/faker FAIL as it must, sim/honest PASS as it must, "
        "1 of 40 A/A runs FAIL (at most 5.0 % expected)"
    )


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ({"faker": PASS}, "sim/faker PASS and not FAIL as it must (why)"),
        ({"faker": INCONCLUSIVE}, "sim/faker INCONCLUSIVE and not FAIL as it must (why)"),
        ({"honest": FAIL}, "sim/honest FAIL and not PASS as it must (because)"),
        ({"honest": None}, "sim/honest NO VERDICT and not PASS as it must (because)"),
    ],
)
def test_a_verdict_that_is_not_as_it_must_be_is_said(
    verdicts: dict[str, Verdict | None], said: str
) -> None:
    found = concluded(**verdicts)
    assert found.status == 1
    assert said in found.line


@pytest.mark.parametrize(
    ("fails", "alpha", "too_many"),
    [(0, 0.05, False), (6, 0.05, False), (7, 0.05, True), (3, 0.01, True), (40, 0.4, True)],
)
def test_fails_are_too_many_by_an_exact_test(fails: int, alpha: float, too_many: bool) -> None:
    """P(6 of 40 or more at 5 %) is 1.4 %, P(7 or more) 0.34 %; P(3 or more at 1 %) 0.75 %."""
    found = concluded(fails=fails, alpha=alpha)
    assert (found.too_many, found.status) == (too_many, 1 if too_many else 0)
    assert ("too many" in found.line) is too_many


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ({"incomplete": "a worker died"}, "INCOMPLETE: a worker died"),
        ({"runs": 30, "fails": 0}, "10 more could not be made or read"),
        ({"runs": 0, "fails": 0, "wanted": 0}, "0 of 0 A/A runs"),
    ],
)
def test_what_was_not_done_is_incomplete(others: dict[str, Any], said: str) -> None:
    found = concluded(**others)
    assert found.status == 6
    assert said in found.line


def test_what_is_wrong_is_wrong_even_in_an_incomplete_run() -> None:
    assert concluded(honest=FAIL, incomplete="stopped").status == 1
