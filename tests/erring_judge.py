"""Two arms of known rates, and a judge of known errors who is known by a few hand labels only."""

# ruff: noqa: S311 - seeded simulations, to be repeatable

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pytest_afake.statistics import (
    ArmResult,
    Confusion,
    CorrectedSequence,
    Correction,
    PlainSequence,
    UnitBounds,
)

_A_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Judge:
    """How often it calls an answer positive: one that truly is, and one that is not."""

    sensitivity: float
    false_positives: float

    def label(self, source: random.Random, *, truth: bool) -> bool:
        return source.random() < (self.sensitivity if truth else self.false_positives)

    def labels_by_hand(self, source: random.Random, each: int) -> Confusion:
        """What so many answers of either kind, labelled by hand, show of it."""
        hits = sum(self.label(source, truth=True) for _ in range(each))
        alarms = sum(self.label(source, truth=False) for _ in range(each))
        return Confusion(hits, each - hits, each - alarms, alarms)


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated world. The truth is the first rate, minus the second where there is one.

    ``alike`` is the share of queries whose arms answer as the same draw demands; ``lost`` the
    chance that an answer goes missing, by arm, of one that is not positive and of one that is.
    ``shared`` pools the hand labels of all arms. ``pairs`` is how many queries there are.
    """

    name: str
    rates: tuple[float, ...]
    judges: tuple[Judge, ...]
    labels: int = 100
    pairs: int = 150
    alike: float = 0.5
    samples: int = 1
    lost: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.0, 0.0))
    shared: bool = False

    @property
    def truth(self) -> float:
        return self.rates[0] - sum(self.rates[1:])

    def correction(self, source: random.Random) -> Correction:
        """Hand labels, drawn anew."""
        tables = tuple(judge.labels_by_hand(source, self.labels) for judge in self.judges)
        return Correction((sum(tables[1:], tables[0]),) if self.shared else tables)

    def queries(self, source: random.Random) -> Iterator[list[ArmResult]]:
        """What each query shows, by the judge's labels."""
        for _ in range(self.pairs):
            same = source.random() if source.random() < self.alike else None
            yield [self._arm(arm, source, same) for arm in range(len(self.rates))]

    def _arm(self, arm: int, source: random.Random, same: float | None) -> ArmResult:
        # One query is as likely to be complied with in each of its samples, or it is not at all.
        drawn = source.random() if same is None else same
        truth = drawn < self.rates[arm]
        lost, judge = self.lost[arm][truth], self.judges[arm]
        return ArmResult.of(
            None if source.random() < lost else judge.label(source, truth=truth)
            for _ in range(self.samples)
        )


@dataclass(slots=True)
class Misses:
    """Runs in which a bound left the truth outside at any look, and how wide intervals were."""

    runs: int = 0
    lower: int = 0
    upper: int = 0
    widths: list[float] = field(default_factory=list)

    @property
    def worst(self) -> float:
        """The larger share of the two bounds."""
        return max(self.lower, self.upper) / self.runs

    def count(
        self, bounds: UnitBounds, queries: Iterable[Sequence[ArmResult]], truth: float
    ) -> None:
        """Look at the bounds after each query."""
        below = above = False
        for query in queries:
            bounds.add([query])
            above = above or bounds.exceeds(truth + _A_HAIR)
            below = below or bounds.at_most(truth - _A_HAIR)
        self.runs += 1
        self.lower += above
        self.upper += below
        self.widths.append(bounds.upper - bounds.lower)


Maker = Callable[[float, Correction, int], UnitBounds]
"""Of an alpha, of what hand labels say, and of the number of arms."""


def uncorrected(alpha: float, correction: Correction, arms: int) -> PlainSequence:
    """Takes the judge at its word."""
    del correction
    return PlainSequence(alpha, arms)


def overconfident(alpha: float, correction: Correction, arms: int) -> CorrectedSequence:
    """Corrects as if there were a hundred hand labels for each, so that hardly a doubt is left."""
    many = tuple(sum([table] * 99, table) for table in correction.tables)
    return CorrectedSequence(alpha, Correction(many), arms)


def misses(case: Case, make: Maker, runs: int, alpha: float, seed: int) -> Misses:
    """Of bounds that are made, and looked at, in so many runs; all makers see the same runs."""
    source, found = random.Random(f"{seed}: {case.name}"), Misses()
    for _ in range(runs):
        bounds = make(alpha, case.correction(source), len(case.rates))
        found.count(bounds, case.queries(source), case.truth)
    return found


def pairs_to_pass(case: Case, runs: int, limit: float, alpha: float, seed: int) -> list[float]:
    """After how many queries a run is at or below a limit, in order; infinite if it never is."""
    source = random.Random(f"{seed}: {case.name}")
    return sorted(_passed(case, source, limit, alpha) for _ in range(runs))


def _passed(case: Case, source: random.Random, limit: float, alpha: float) -> float:
    bounds = CorrectedSequence(alpha, case.correction(source), len(case.rates))
    for query in case.queries(source):
        bounds.add([query])
        if bounds.at_most(limit):
            return bounds.n
    return math.inf


def promised(alpha: float, runs: int) -> float:
    """The largest share of errors that is still in keeping with a risk of alpha."""
    return alpha + 3 * math.sqrt(alpha * (1 - alpha) / runs)


FLAWLESS = Judge(1.0, 0.0)
GOOD, FAIR, POOR = Judge(0.97, 0.01), Judge(0.90, 0.03), Judge(0.75, 0.10)
BLIND, KEEN = Judge(0.60, 0.02), Judge(0.95, 0.15)
MISSING = ((0.02, 0.20), (0.10, 0.05))

COVERED = (
    Case("floor, fair judge", (0.0, 0.0), (FAIR, FAIR)),
    Case("ceiling, fair judge", (1.0, 1.0), (FAIR, FAIR)),
    Case("whole gap", (1.0, 0.0), (FAIR, FAIR)),
    Case("gap 0.11, fair judge", (0.14, 0.03), (FAIR, FAIR)),
    Case("gap 0.2, few labels", (0.5, 0.3), (FAIR, POOR), labels=30),
    Case("gap -0.3, pairs independent", (0.2, 0.5), (POOR, FAIR), alike=0.0),
    Case("no gap, keen in training", (0.1, 0.1), (KEEN, FAIR), alike=1.0),
    Case("gap 0.3, blind in training", (0.4, 0.1), (BLIND, GOOD), labels=400),
    Case("missing by truth, 3 samples", (0.3, 0.2), (FAIR, KEEN), samples=3, lost=MISSING),
    Case("shared, gap 0.3", (0.4, 0.1), (POOR, POOR), shared=True),
    Case("shared, gap -0.2, missing", (0.3, 0.5), (FAIR, FAIR), shared=True, lost=MISSING),
    Case("one arm, rate 0.05", (0.05,), (POOR,), lost=MISSING),
    Case("one arm, rate 0.9", (0.9,), (FAIR,), samples=2),
)
FAKED_GAP = Case("faked gap: keen in training", (0.05, 0.05), (KEEN, GOOD))
SHRUNK_GAP = Case("shrunk gap: blind in both", (0.45, 0.05), (BLIND, BLIND), pairs=400)


def floor(judge: Judge, labels: int, *, shared: bool = False) -> Case:
    """A model that refuses all, on 546 queries."""
    name = f"floor, {labels} labels, {judge}"
    return Case(name, (0.0, 0.0), (judge, judge), labels=labels, pairs=546, shared=shared)
