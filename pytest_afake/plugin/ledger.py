"""What became of each test of a run. No pytest in it: the rule is testable on its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.family import Family, judge_family


@dataclass(slots=True)
class Ledger:
    """Counts tests by node id, so that nothing can go missing between worker and verdict.

    ``expected`` tests were to run; ``finished`` ones ended; the difference is lost. ``unmeasured``
    ones used a model and ended without the measurement. ``failed`` ones failed for a reason that is
    no verdict of ours. ``notes`` say why a test without a comparison is inconclusive. ``used`` says
    that a finished test used a model at all.
    """

    expected: set[str] = field(default_factory=set)
    finished: set[str] = field(default_factory=set)
    crashed: set[str] = field(default_factory=set)
    unmeasured: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)
    comparisons: list[Comparison] = field(default_factory=list)
    used: bool = False

    def expect(self, nodeids: Iterable[str]) -> None:
        """Tests that are to run. Every worker names all of them."""
        self.expected.update(nodeids)

    def add(self, nodeid: str, comparisons: Iterable[Comparison], *, used_model: bool) -> None:
        """What one finished test measured."""
        self.comparisons.extend(comparisons)
        self.finished.add(nodeid)
        self.used = self.used or used_model

    @property
    def lost(self) -> list[str]:
        """Tests that did not end: never started, or their worker died."""
        return sorted((self.expected - self.finished) | self.crashed)

    def family(self) -> Family:
        """The verdict over everything that was measured, and everything that was not."""
        lost = self.lost if self.used or self.crashed else []
        return judge_family(self.ordered(), lost, sorted(self.unmeasured))

    def ordered(self) -> list[Comparison]:
        """The comparisons, in an order that does not depend on workers."""
        return sorted(self.comparisons, key=lambda item: (item.nodeid, item.measure))
