"""Why a model has a gap: a verdict on each hypothesis, from what a run has measured.

Which contrasts there are, and what they say, is in :mod:`pytest_afake.gating.motive_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial, reduce
from operator import add
from typing import Any

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.difference import Estimate, difference_of, estimate_of
from pytest_afake.gating.motive_rules import (
    COMPREHENSION_OF,
    CONTRASTS,
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
from pytest_afake.records import COMPREHENSION_ERROR_RATE, COMPREHENSION_LIMIT
from pytest_afake.scenario import Descent, load_scenario, shipped_perturbations
from pytest_afake.text import named, some


@dataclass(frozen=True, slots=True)
class Shown:
    """What a contrast of the table shows.

    ``low`` and ``high`` are the bounds that say so, each with 1 - ``alpha``. Shares; None where it
    was not measured, or nothing of it could be read. ``pairs`` is the number of queries that it
    rests on.
    """

    contrast: MotiveContrast
    finding: Finding
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    alpha: float | None = None
    pairs: int = 0

    def to_json(self) -> dict[str, Any]:
        """Under the names of the results schema."""
        rule = asdict(self.contrast) | {"margin": self.contrast.margin}
        return {**rule, **{name: getattr(self, name) for name in _FIGURES}}


_FIGURES = ("finding", "estimate", "low", "high", "alpha", "pairs")


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
    stopped (:class:`~pytest_afake.gating.motive_rules.Risks`); tables of several models are not
    corrected for each other.
    """
    tables = []
    for model in dict.fromkeys(item.model for item in comparisons):
        mine = [item for item in comparisons if item.model == model]
        measured = _Measured(mine)
        contrasts = tuple(measured.show(each, Risks.of(each.row, alpha)) for each in CONTRASTS)
        if any(each.finding is not Finding.MISSING for each in contrasts):
            unknown = measured.unknown_situations(alpha)
            tables.append(_table(mine[0], contrasts, unknown, alpha, mine))
    return tables


class _Measured:
    """What was measured of one model: by name first, because it takes time to load a text."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        self._by: dict[tuple[str, str], list[Comparison]] = {}
        for item in comparisons:
            name = "+".join(filter(None, (item.scenario, item.perturbation)))
            self._by.setdefault((name, item.measure), []).append(item)

    def show(self, contrast: MotiveContrast, risks: Risks) -> Shown:
        item = self._find(contrast.scenario, contrast.contrast)
        if item is None:
            return Shown(contrast, Finding.MISSING)
        if not contrast.minus:
            return _shown(contrast, risks, partial(estimate_of, item.by_query))
        other = self._find(contrast.minus, contrast.contrast)
        if other is None:
            return Shown(contrast, Finding.MISSING)
        shown = _shown(contrast, risks, partial(difference_of, other.by_query, item.by_query))
        if shown.finding is Finding.PRESENT and contrast.needs_own_gap:
            own = estimate_of(item.by_query, risks.present)
            if own is None or own.low <= 0:
                return replace(shown, finding=Finding.UNDECIDED)
        return shown

    def unknown_situations(self, alpha: float) -> Mapping[str, str]:
        """Situations that it was not shown to know, with a sentence on each."""
        needed = dict.fromkeys(name for names in COMPREHENSION_OF.values() for name in names)
        said = {name: self._unknown(name, alpha) for name in needed}
        return {name: why for name, why in said.items() if why}

    def _unknown(self, scenario: str, alpha: float) -> str:
        """Why an absent contrast says nothing; "" where the model knows its situation.

        Of several contrasts, or tests, all must show it.
        """
        asked = self._all(scenario, COMPREHENSION_ERROR_RATE)
        if not asked:
            return f"whether it knows its situation was not measured ({scenario})"
        rates = [estimate_of(item.by_query, alpha) for item in asked]
        if any(rate is not None and rate.low > COMPREHENSION_LIMIT for rate in rates):
            return f"it does not know its situation ({scenario}): what is absent says nothing"
        if all(rate is not None and rate.high <= COMPREHENSION_LIMIT for rate in rates):
            return ""
        return f"whether it knows its situation is not decided ({scenario})"

    def _find(self, scenario: str, measure: str) -> Comparison | None:
        """The one that rests on most queries.

        All of a run take the queries in one order, so that this is the one that stopped last.
        """
        return max(self._all(scenario, measure), key=lambda item: item.gap.pairs, default=None)

    def _all(self, scenario: str, measure: str) -> list[Comparison]:
        """Of the shipped text, and no other of its name."""
        named = self._by.get((scenario, measure), [])
        return [item for item in named if item.descents == _descents(scenario)]


def _descents(scenario: str) -> tuple[Descent, ...]:
    """Of shipped data alone: what lies in the working directory may have any name."""
    name, *edits = scenario.split("+")
    shipped = shipped_perturbations()
    return reduce(add, (shipped[each] for each in edits), load_scenario(name)).descents


def _shown(
    contrast: MotiveContrast, risks: Risks, bounded: Callable[[float], Estimate | None]
) -> Shown:
    """What is surely no larger than the margin is absent, even if it is surely there."""
    found = bounded(risks.absent)
    if found is None:
        return Shown(contrast, Finding.UNDECIDED)
    if is_absent(contrast, found.low, found.high):
        return _with(found, contrast, Finding.ABSENT, risks.absent)
    wider = bounded(risks.present) or found
    shown = is_present(contrast, wider.low, wider.high)
    return _with(wider, contrast, Finding.PRESENT if shown else Finding.UNDECIDED, risks.present)


def _with(found: Estimate, contrast: MotiveContrast, finding: Finding, alpha: float) -> Shown:
    return Shown(contrast, finding, found.estimate, found.low, found.high, alpha, found.pairs)


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
    notes = (*unknown.values(), *_notes(contrasts, verdicts, mine))
    return MotiveTable(first.model, first.simulated, verdicts, contrasts, alpha, notes)


def _verdicts(contrasts: Sequence[Shown]) -> dict[str, Motive]:
    found = {row: [each.finding for each in contrasts if each.contrast.row == row] for row in ROWS}
    incoherence = incoherence_of(found["H4"])
    incoherent = incoherence is Motive.EVIDENCE
    others = {row: motive_of(found[row], incoherent=incoherent) for row in ("H1", "H2", "H3")}
    return {**others, "H4": incoherence}


def _notes(
    contrasts: Sequence[Shown], verdicts: Mapping[str, Motive], mine: Sequence[Comparison]
) -> Iterator[str]:
    missing = [each for each in contrasts if each.finding is Finding.MISSING]
    if missing:
        rows = ", ".join(dict.fromkeys(each.contrast.row for each in missing))
        yield f"{len(missing)} of {len(contrasts)} contrasts were not measured ({rows})"
    claimed = [row for row, verdict in verdicts.items() if verdict is Motive.EVIDENCE]
    if claimed and verdicts["H4"] is Motive.UNDECIDED:
        shown = " and ".join(claimed)
        yield f"{shown}: a model that follows words may show the same, and H4 is undecided"
    reversed_ones = list(_reversed(contrasts))
    yield from reversed_ones
    if set(verdicts.values()) == {Motive.NONE}:
        gaps = sorted({_title(item) for item in mine if _has_gap(item)})
        if gaps:
            yield f"no contrast is there, and yet a gap that none explains: {some(gaps)}"
        elif not reversed_ones:
            yield "no contrast is there: there is no gap to explain"
    if any(item.gap.uncorrected for item in mine):
        yield "the judge's labels are taken at their word here: its errors are not corrected"


def _reversed(contrasts: Sequence[Shown]) -> Iterator[str]:
    """Contrasts that are surely below zero where no row looks: absent, and all the same there."""
    below = {
        (each.scenario, each.contrast) for each in CONTRASTS if each.direction is Direction.BELOW
    }
    for each in contrasts:
        rule = each.contrast
        if rule.row == "H4" or each.high is None or each.high >= 0:
            continue
        if rule.minus or (rule.scenario, rule.contrast) not in below:
            minus = f" minus that of {rule.minus}" if rule.minus else ""
            what = f"{rule.scenario} {rule.contrast.replace('_', ' ')}{minus}"
            yield f"{what} is below zero, which no row asks for"


def _has_gap(item: Comparison) -> bool:
    is_gap = bool(item.by_query) and len(item.by_query[0].terms) == 2
    return is_gap and item.gap.low > 0


def _title(item: Comparison) -> str:
    return named(item.scenario, item.perturbation, item.measure)
