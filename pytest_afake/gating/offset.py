"""Whether a gap in some wordings of a panel is made up for by reversed gaps in others.

The claim of a PASS is that the mean over the wordings in which a reversed one counts as 0 is at or
below the limit, with a risk of alpha that it is not. Which wordings are reversed is not known, so
the mean must be shown to be at or below the limit whichever of them count as 0. A panel that shows
nothing anywhere passes all of these at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from operator import add
from statistics import fmean
from typing import Protocol, TypeAlias, TypeVar

from pytest_afake.gating.estimand import Gap
from pytest_afake.gating.judged import bounds
from pytest_afake.gating.panel_evidence import PanelEvidence
from pytest_afake.statistics import (
    ArmResult,
    CorrectedOffset,
    CorrectedStage,
    Levels,
    Observation,
    Offset,
    Stage,
    StagedSequence,
    at_best,
    at_worst,
    difference,
    first_share,
)
from pytest_afake.statistics.corrected_values import Cell, Row

MOST_SPLIT = 9
"""Wordings of which each is once counted and once not: what that takes doubles with each.

Of further ones, those that are the least negative, each gap counts where it is positive. That errs
towards no PASS.
"""
MOST_LOOKS = 128
"""Corrected means of which it is asked whether they are at or below the limit: each takes longer.

That is enough for all choices of 6 wordings. What is then not settled is not known: no PASS.
"""

Results: TypeAlias = Sequence[ArmResult]
Seen: TypeAlias = Sequence[tuple[str, Sequence[Results]]]
"""Of each query its unit, and what each wording showed."""


@dataclass(frozen=True, slots=True)
class OffsetBy:
    """The wordings ``by`` which a mean may be kept at or below the limit.

    ``shown`` says that without them it is above the limit, by its own bound: no query could change
    that.
    """

    by: tuple[str, ...]
    shown: bool


def offset(panel: PanelEvidence, limit: float) -> OffsetBy | None:
    """What must count as 0 for the mean not to be known to be at or below the limit; else None.

    For a panel whose mean is. A rate is never reversed.
    """
    if not isinstance(panel.estimand, Gap):
        return None
    seen = list(panel.results())
    rows = [tuple(difference(each).high for each in wordings) for _, wordings in seen]
    totals = [sum(values) for values in zip(*rows, strict=True)]
    positive = frozenset(each for each, total in enumerate(totals) if total > 0)
    lowest_first = sorted(range(len(totals)), key=totals.__getitem__)
    means: _Means = _Labels(panel, seen, limit)
    if panel.correction:
        means = _Corrected(panel, seen, limit)
    kept = positive if not means.at_most(positive) else _first_above(means, lowest_first)
    if kept is None:
        return None
    left = [n for n in lowest_first if n not in kept]
    by = [n for n in left if totals[n] < 0] or left
    shown = _counting(panel, seen, kept, at_best).exceeds(limit)
    return OffsetBy(tuple(panel.estimand.wordings[n] for n in sorted(by)), shown)


class _Means(Protocol):
    """Means in which the wordings that are not ``kept`` count as 0, held against a limit."""

    @property
    def most_split(self) -> int:
        """How many wordings may be taken for kept and for not kept, one after the other."""
        ...

    def at_most(self, kept: Set[int], free: Set[int] = frozenset()) -> bool:
        """Whether it is at or below the limit, whichever of the ``free`` wordings are kept."""
        ...


class _Labels:
    """By a judge's labels, taken at their word."""

    most_split = MOST_SPLIT

    def __init__(self, panel: PanelEvidence, seen: Seen, limit: float) -> None:
        self._offset = Offset(_stages(panel, seen), limit)

    def at_most(self, kept: Set[int], free: Set[int] = frozenset()) -> bool:
        return self._offset.at_most(kept, free)


class _Corrected:
    """Corrected for a judge's errors."""

    most_split = MOST_SPLIT

    def __init__(self, panel: PanelEvidence, seen: Seen, limit: float) -> None:
        self._panel, self._seen, self._limit = panel, seen, limit
        assert panel.correction is not None
        stages = _corrected_stages(panel, seen)
        self._offset = CorrectedOffset(stages, panel.correction, limit)
        self._left = MOST_LOOKS

    def at_most(self, kept: Set[int], free: Set[int] = frozenset()) -> bool:
        self._left -= 1
        if self._left < 0:
            self.most_split = 0
            return False
        if self._offset.at_most(kept, free):
            return True
        if free:
            return False
        # What was not known at once may be by its own bounds, and is computed: if it is not, the
        # search ends with it.
        return _counting(self._panel, self._seen, kept, at_worst).at_most(self._limit)


def _first_above(
    means: _Means, order: Sequence[int], kept: Set[int] = frozenset(), depth: int = 0
) -> Set[int] | None:
    """Wordings whose mean is not known to be at or below the limit; None if there are none.

    Wordings are decided on in this order. As soon as those left may be kept or not, all means that
    differ in these alone are settled at once.
    """
    free = frozenset(order[depth:])
    if means.at_most(kept, free):
        return None
    if not free or depth >= means.most_split:
        return kept | free
    without = _first_above(means, order, kept, depth + 1)
    if without is not None:
        return without
    return _first_above(means, order, kept | {order[depth]}, depth + 1)


def _counting(
    panel: PanelEvidence, seen: Seen, kept: Set[int], end: Callable[[Results], Results]
) -> StagedSequence:
    """Bounds on the mean in which only these wordings count, all that is missing at one end."""
    made = bounds(panel.levels, panel.correction, panel.estimand.terms, panel.sizes)
    for unit, wordings in seen:
        parts = [
            end(results) if n in kept else [_no_gap(each) for each in results]
            for n, results in enumerate(wordings)
        ]
        pooled = tuple(reduce(add, term) for term in zip(*parts, strict=True))
        made.add([Observation(unit, pooled)])
    return made


def _no_gap(result: ArmResult) -> ArmResult:
    """As many samples that are known to show nothing, whatever a judge says."""
    return ArmResult(0.0, 0, result.labelled + result.missing, assumed=0.0)


T = TypeVar("T")


def _stages(panel: PanelEvidence, seen: Seen) -> Iterator[Stage]:
    rows = [(unit, tuple(difference(each).high for each in parts)) for unit, parts in seen]
    for units, levels in _staged(panel, rows, _means):
        yield Stage(units, levels.upper)


def _corrected_stages(panel: PanelEvidence, seen: Seen) -> Iterator[CorrectedStage]:
    rows = [(unit, tuple(map(_cell, parts))) for unit, parts in seen]
    for units, levels in _staged(panel, rows, _pooled):
        yield CorrectedStage(units, levels)


def _cell(results: Results) -> Cell:
    first, second = at_worst(results)
    return first, second


def _staged(
    panel: PanelEvidence, rows: Iterable[tuple[str, T]], together: Callable[[Sequence[T]], T]
) -> Iterator[tuple[list[T], Levels]]:
    """The units of a :class:`StagedSequence`: first queries of clusters, then whole clusters."""
    clusters: dict[str, list[T]] = {}
    for unit, row in rows:
        clusters.setdefault(unit, []).append(row)
    share = first_share(panel.sizes)
    yield [queries[0] for queries in clusters.values()], panel.levels.times(share)
    if share < 1:
        whole = [together(queries) for queries in _whole(clusters, panel)]
        yield whole, panel.levels.times(1 - share)


def _whole(clusters: Mapping[str, list[T]], panel: PanelEvidence) -> Iterator[list[T]]:
    """Whole clusters, in the order of their first queries, up to one that is not."""
    for unit, queries in clusters.items():
        if len(queries) < panel.sizes.get(unit, 1):
            return
        yield queries


def _means(queries: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(map(fmean, zip(*queries, strict=True)))


def _pooled(queries: Sequence[Row]) -> Row:
    """Of each wording the samples of all these queries."""
    return tuple(_added(wording) for wording in zip(*queries, strict=True))


def _added(cells: Sequence[Cell]) -> Cell:
    first, second = (reduce(add, arm) for arm in zip(*cells, strict=True))
    return first, second
