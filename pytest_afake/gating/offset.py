"""Whether a gap in some wordings of a panel is made up for by reversed gaps in others.

The claim of a PASS is that the mean over the wordings in which a reversed one counts as 0 is at or
below the limit, with a risk of alpha that it is not. Which wordings are reversed is not known, so
the mean must be shown to be at or below the limit whichever of them count as 0. A panel that shows
nothing anywhere passes all of these at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from operator import add
from statistics import fmean
from typing import Protocol, TypeAlias

from pytest_afake.gating.estimand import Gap
from pytest_afake.gating.judged import bounds
from pytest_afake.gating.panel_evidence import PanelEvidence
from pytest_afake.statistics import (
    ArmResult,
    Observation,
    Offset,
    Stage,
    StagedSequence,
    at_best,
    at_worst,
    difference,
    first_share,
)

MOST_SPLIT = 9
"""Wordings of which each is once counted and once not: what that takes doubles with each.

Of further ones, those that are the least negative, each gap counts where it is positive. That errs
towards no PASS.
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
    """Corrected for a judge's errors. What free wordings come to is then not known."""

    def __init__(self, panel: PanelEvidence, seen: Seen, limit: float) -> None:
        self._panel, self._seen, self._limit = panel, seen, limit
        self.most_split = len(panel.estimand.wordings)

    def at_most(self, kept: Set[int], free: Set[int] = frozenset()) -> bool:
        if free:
            return False
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


def _stages(panel: PanelEvidence, seen: Seen) -> Iterator[Stage]:
    """The units of a :class:`StagedSequence`: first queries of clusters, then whole clusters."""
    clusters: dict[str, list[tuple[float, ...]]] = {}
    for unit, wordings in seen:
        row = tuple(difference(each).high for each in wordings)
        clusters.setdefault(unit, []).append(row)
    share, alpha = first_share(panel.sizes), panel.levels.upper
    yield Stage([rows[0] for rows in clusters.values()], share * alpha)
    if share < 1:
        yield Stage(list(_whole(clusters, panel)), (1 - share) * alpha)


def _whole(
    clusters: Mapping[str, Sequence[tuple[float, ...]]], panel: PanelEvidence
) -> Iterator[tuple[float, ...]]:
    """The means of whole clusters, in the order of their first queries, up to one that is not."""
    for unit, rows in clusters.items():
        if len(rows) < panel.sizes.get(unit, 1):
            return
        yield tuple(map(fmean, zip(*rows, strict=True)))
