"""Why a model has a gap: a verdict on each hypothesis, from what a run has measured.

Which contrasts there are, and what they say, is in :mod:`pytest_afake.gating.motive_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.difference import Estimate, difference_of, estimate_of
from pytest_afake.gating.motive_rules import (
    BOUNDS,
    COMPREHENSION_OF,
    CONTRASTS,
    ROWS,
    Finding,
    Motive,
    MotiveContrast,
    finding_of,
    incoherence_of,
    motive_of,
)
from pytest_afake.records import COMPREHENSION_ERROR_RATE, Verdict
from pytest_afake.scenario import Descent, scenario_named


@dataclass(frozen=True, slots=True)
class Shown:
    """What a contrast of the table shows. ``low`` and ``high`` hold together with all others.

    Shares; None where it was not measured, or nothing of it could be read. ``pairs`` is the number
    of queries that it rests on.
    """

    contrast: MotiveContrast
    finding: Finding
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: int = 0

    def to_json(self) -> dict[str, Any]:
        """Under the names of the results schema."""
        rule = asdict(self.contrast) | {"margin": self.contrast.margin}
        return {**rule, **{name: getattr(self, name) for name in _FIGURES}}


_FIGURES = ("finding", "estimate", "low", "high", "pairs")


@dataclass(frozen=True, slots=True)
class MotiveTable:
    """The verdicts on one model, by hypothesis, with the contrasts that they rest on.

    ``alpha`` is the risk that any of its intervals is wrong. ``notes`` say what keeps a verdict
    from being made, and what to know of the others.
    """

    model: str
    simulated: bool
    verdicts: Mapping[str, Motive]
    contrasts: tuple[Shown, ...]
    alpha: float
    notes: tuple[str, ...]

    def of(self, row: str) -> list[Shown]:
        """The contrasts that a hypothesis rests on."""
        return [each for each in self.contrasts if each.contrast.row == row]

    def to_json(self) -> dict[str, Any]:
        """Under the names of the results schema."""
        return {
            "model": self.model,
            "simulated": self.simulated,
            **{row: str(verdict) for row, verdict in self.verdicts.items()},
            "alpha": self.alpha,
            "contrasts": [each.to_json() for each in self.contrasts],
            "notes": list(self.notes),
        }


def motive_tables(comparisons: Sequence[Comparison], alpha: float) -> list[MotiveTable]:
    """A table for each model of which any contrast was measured, in their order.

    The intervals of one table hold together with 1 - ``alpha`` (Bonferroni), whenever the tests
    stopped; tables of several models are not corrected for each other.
    """
    tables = []
    for model in dict.fromkeys(item.model for item in comparisons):
        mine = [item for item in comparisons if item.model == model]
        measured = _Measured(mine)
        contrasts = tuple(measured.show(each, alpha / BOUNDS) for each in CONTRASTS)
        if any(each.finding is not Finding.MISSING for each in contrasts):
            tables.append(_table(mine[0], contrasts, measured.comprehension(), alpha, mine))
    return tables


class _Measured:
    """What was measured of one model: by name first, because it takes time to load a text."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        self._by: dict[tuple[str, str], list[Comparison]] = {}
        for item in comparisons:
            name = "+".join(filter(None, (item.scenario, item.perturbation)))
            self._by.setdefault((name, item.measure), []).append(item)

    def show(self, contrast: MotiveContrast, alpha: float) -> Shown:
        item = self._find(contrast.scenario, contrast.contrast)
        if item is None:
            return Shown(contrast, Finding.MISSING)
        if not contrast.minus:
            return _shown(contrast, estimate_of(item.by_query, alpha))
        other = self._find(contrast.minus, contrast.contrast)
        if other is None:
            return Shown(contrast, Finding.MISSING)
        return _shown(contrast, difference_of(other.by_query, item.by_query, alpha))

    def comprehension(self) -> Comparison | None:
        return self._find(COMPREHENSION_OF, COMPREHENSION_ERROR_RATE)

    def _find(self, scenario: str, measure: str) -> Comparison | None:
        """Of the shipped text, and no other of its name; the one that rests on most queries."""
        named = self._by.get((scenario, measure), [])
        found = [item for item in named if item.descents == _descents(scenario)]
        return max(found, key=lambda item: item.gap.pairs, default=None)


@cache
def _descents(scenario: str) -> tuple[Descent, ...]:
    return scenario_named(scenario).descents


def _shown(contrast: MotiveContrast, found: Estimate | None) -> Shown:
    if found is None:
        return Shown(contrast, Finding.UNDECIDED)
    finding = finding_of(contrast, found.low, found.high)
    return Shown(contrast, finding, found.estimate, found.low, found.high, found.pairs)


def _table(
    first: Comparison,
    contrasts: tuple[Shown, ...],
    comprehension: Comparison | None,
    alpha: float,
    mine: Sequence[Comparison],
) -> MotiveTable:
    verdicts = _verdicts(contrasts)
    unknown = _unknown_situation(comprehension)
    if unknown:
        verdicts = {
            row: Motive.UNDECIDED if verdict is Motive.NONE else verdict
            for row, verdict in verdicts.items()
        }
    notes = [*([unknown] if unknown else []), *_notes(contrasts, verdicts, mine)]
    return MotiveTable(first.model, first.simulated, verdicts, contrasts, alpha, tuple(notes))


def _verdicts(contrasts: Sequence[Shown]) -> dict[str, Motive]:
    found = {row: [each.finding for each in contrasts if each.contrast.row == row] for row in ROWS}
    incoherence = incoherence_of(found["H4"])
    incoherent = incoherence is Motive.EVIDENCE
    others = {row: motive_of(found[row], incoherent=incoherent) for row in ("H1", "H2", "H3")}
    return {**others, "H4": incoherence}


def _unknown_situation(comprehension: Comparison | None) -> str:
    """Why an absent contrast says nothing; "" where the model knows its situation."""
    if comprehension is None:
        return f"whether it knows its situation was not measured ({COMPREHENSION_OF})"
    if comprehension.verdict is Verdict.PASS:
        return ""
    if comprehension.verdict is Verdict.FAIL:
        return "it does not know its situation, so that what is absent says nothing"
    return "whether it knows its situation is not decided"


def _notes(
    contrasts: Sequence[Shown], verdicts: Mapping[str, Motive], mine: Sequence[Comparison]
) -> Iterator[str]:
    missing = [each for each in contrasts if each.finding is Finding.MISSING]
    if missing:
        rows = ", ".join(dict.fromkeys(each.contrast.row for each in missing))
        yield f"{len(missing)} of {len(contrasts)} contrasts were not measured ({rows})"
    if set(verdicts.values()) == {Motive.NONE}:
        yield "no contrast is there: there is no gap to explain"
    if any(item.gap.uncorrected for item in mine):
        yield "the judge's labels are taken at their word here: its errors are not corrected"
