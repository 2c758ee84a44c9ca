"""Figures of a bench: values of interleaved repetitions, their median, and the budget they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Budget:
    """The least (``at_least``) or the most that a figure may be."""

    bound: float
    at_least: bool

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def margin(self, value: float) -> float:
        """How far the value is from the bound, as a share of the bound; negative when broken."""
        distance = value - self.bound if self.at_least else self.bound - value
        return distance / self.bound


def at_least(bound: float) -> Budget:
    return Budget(bound, at_least=True)


def at_most(bound: float) -> Budget:
    return Budget(bound, at_least=False)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``values`` holds one per repetition; without a ``unit`` they are ratios."""

    what: str
    values: tuple[float, ...]
    unit: str = ""
    budget: Budget | None = None

    @property
    def median(self) -> float:
        return median(self.values)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of one setting."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What one part of the bench found: tables, and what one must know to read them."""

    title: str
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


def in_turn(runs: Mapping[str, Callable[[], T]], repetitions: int) -> dict[str, list[T]]:
    """Run all of them so many times, in turn, so that a change of load meets all alike.

    Every second round goes backwards: what drifts steadily cancels out.
    """
    found: dict[str, list[T]] = {name: [] for name in runs}
    for repetition in range(repetitions):
        for name in list(runs)[:: 1 if repetition % 2 == 0 else -1]:
            found[name].append(runs[name]())
    return found


def ratios(over: Sequence[float], under: Sequence[float]) -> tuple[float, ...]:
    """Ratios of values that were taken in the same repetition."""
    return tuple(left / right for left, right in zip(over, under, strict=True))
