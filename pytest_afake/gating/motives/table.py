"""Why a model has a gap: a verdict on each hypothesis, from what a run has measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.motives.findings import Measured, Shown
from pytest_afake.gating.motives.notes import notes
from pytest_afake.gating.motives.rules import (
    COMPREHENSION_OF,
    CONTRASTS,
    ROWS,
    Finding,
    Motive,
    Risks,
    incoherence_of,
    motive_of,
)


@dataclass(frozen=True, slots=True)
class MotiveTable:
    """The verdicts on one model, by hypothesis, with the contrasts that they rest on.

    ``alpha`` is the risk that any of the verdicts is wrong. ``notes`` say what keeps a verdict
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

    The risk that any verdict of one table is wrong is at most ``alpha``, whenever the tests
    stopped (:class:`~pytest_afake.gating.motives.rules.Risks`); tables of several models are not
    corrected for each other.
    """
    tables = []
    for model in dict.fromkeys(item.model for item in comparisons):
        mine = [item for item in comparisons if item.model == model]
        measured = Measured(mine)
        contrasts = tuple(measured.show(each, Risks.of(each.row, alpha)) for each in CONTRASTS)
        if any(each.finding is not Finding.MISSING for each in contrasts):
            unknown = measured.unknown_situations(alpha)
            tables.append(_table(mine[0], contrasts, unknown, alpha, mine))
    return tables


def _table(
    first: Comparison,
    contrasts: tuple[Shown, ...],
    unknown: Mapping[str, str],
    alpha: float,
    mine: Sequence[Comparison],
) -> MotiveTable:
    verdicts = {
        row: Motive.UNDECIDED
        if verdict is Motive.NONE and not unknown.keys().isdisjoint(COMPREHENSION_OF[row])
        else verdict
        for row, verdict in _verdicts(contrasts).items()
    }
    said = (*unknown.values(), *notes(contrasts, verdicts, mine))
    return MotiveTable(first.model, first.simulated, verdicts, contrasts, alpha, said)


def _verdicts(contrasts: Sequence[Shown]) -> dict[str, Motive]:
    found = {row: [each.finding for each in contrasts if each.contrast.row == row] for row in ROWS}
    incoherence = incoherence_of(found["H4"])
    incoherent = incoherence is Motive.EVIDENCE
    others = {row: motive_of(found[row], incoherent=incoherent) for row in ("H1", "H2", "H3")}
    return {**others, "H4": incoherence}
