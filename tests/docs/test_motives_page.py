"""``docs/motives.md`` has the rules of the motive table, and what its command prints."""

from __future__ import annotations

import re

from docs.pages import PAGES
from motive_simulation import LABELS, RIGHT, contrasts

from pytest_afake.gating.motives.rules import MARGIN, MOTIVE_PAIRS, ROWS, Risks

TEXT = (PAGES / "motives.md").read_text(encoding="utf-8")
FLAT = " ".join(TEXT.split())


def shown(name: str) -> list[str]:
    """The lines of a table on the page, and what stands below it."""
    _, _, below = TEXT.partition(f"<!-- table: {name} -->\n")
    return below.partition(f"<!-- end: {name} -->")[0].splitlines()


def test_the_contrasts_are_those_of_the_rules() -> None:
    assert shown("contrasts") == contrasts()


def test_its_constants_are_those_of_the_rules() -> None:
    assert f"at most {100 * MARGIN:.0f} points ({200 * MARGIN:.0f} for a difference" in FLAT
    for row, present, absent in (("H1", 8, 8), ("H4", 32, 4)):
        assert Risks.of(row, 1.0) == Risks(1 / present, 1 / absent)
        assert f"alpha / {present}" in FLAT
        assert f"alpha / {absent}" in FLAT
    assert f"ask at least {MOTIVE_PAIRS} queries for each contrast" in FLAT


def test_the_matrix_is_of_two_hundred_seeds_of_each_organism() -> None:
    lines = shown("matrix")
    assert lines[0] == f"| organism | {' | '.join(LABELS)} | right | all four verdicts right |"
    for organism, line in zip(RIGHT, lines[2:], strict=False):
        name, *cells, _, _ = (cell.strip() for cell in line.strip("|").split("|"))
        assert name == f"`sim/{organism}`"
        assert sum(int(cell) for cell in cells if cell) == 200
    assert re.search(r"`python bench/motive_matrix.py --runs 200`", "\n".join(lines))


def test_the_verdicts_are_of_all_organisms_and_rows() -> None:
    lines = shown("verdicts")
    assert lines[0] == f"| organism | {' | '.join(ROWS)} |"
    assert len(lines) == 2 + len(RIGHT)
