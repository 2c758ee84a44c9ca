"""What became of each test of a run. No pytest in it: the rule is testable on its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pytest_afake.baselines import SavedRun, hold_all
from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.counting import count_verdicts
from pytest_afake.gating.family import Family, judge_family
from pytest_afake.text import count, some

NOTHING_ASKED = "no test asked a model anything"


@dataclass(slots=True)
class Ledger:
    """Counts tests by node id, so that nothing can go missing between worker and verdict.

    ``models`` are those that the user named. ``concerned`` says that this run is there to measure
    one: it was told to, or a test of it uses one; ``asked`` that any test did ask a model.
    ``expected`` tests were to run, ``finished`` ones ended; the difference is lost, and so are
    ``crashed`` ones and ``uncollected`` modules. ``skipped`` ones use a model and were skipped
    before they measured anything, as was all that ``skipped_modules`` hold; ``dropped`` ones
    measured, and were skipped or expected to fail before there was a verdict; ``cut_short`` ones
    were after one, so that what they would have measured next is not known. ``deselected`` ones use
    a model, and the user chose to run others.
    ``unmeasured`` ones used a model and failed without a measurement. ``failed`` ones failed for a
    reason that is no verdict of ours. ``notes`` say why a test without a comparison is
    inconclusive; ``unwritten`` why the results file is not there; ``unheld`` why something could
    not be held against the baseline, and ``unasked`` what the baseline has besides; ``unmatched``
    are rules of the policy that hold a release to something, and spoke of nothing in this run.
    """

    models: tuple[str, ...] = ()
    concerned: bool = False
    asked: bool = False
    expected: set[str] = field(default_factory=set)
    finished: set[str] = field(default_factory=set)
    crashed: set[str] = field(default_factory=set)
    uncollected: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)
    skipped_modules: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)
    cut_short: set[str] = field(default_factory=set)
    deselected: set[str] = field(default_factory=set)
    unmeasured: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    notes: dict[str, str] = field(default_factory=dict)
    unwritten: str = ""
    unheld: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)

    def expect(self, nodeids: Iterable[str]) -> None:
        """Tests that are to run. Every worker names all of them."""
        self.expected.update(nodeids)

    @property
    def lost(self) -> list[str]:
        """Tests that did not end: never collected, never started, or their worker died."""
        if not self.concerned and not self.crashed:
            return []
        return sorted((self.expected - self.finished) | self.crashed | self.uncollected)

    @property
    def other_failures(self) -> list[str]:
        """What failed for a reason of its own, so that pytest's status stays."""
        return sorted((self.failed - self.crashed) | self.uncollected)

    def family(self) -> Family:
        """The verdict over everything that was measured, and everything that was not."""
        # Of a run that was interrupted or broke, more is said by what is lost.
        silent = self.concerned and not self.asked and not self.lost
        doubts = [NOTHING_ASKED] if silent else self._unmeasured_models()
        return judge_family(
            self.ordered(),
            self.lost,
            sorted(self.unmeasured),
            [*doubts, *self._dropped(), *self.unheld],
            [*self._unmatched(), *self.unasked, *self._skipped()],
        )

    def hold_against(self, baseline: SavedRun, alpha: float) -> None:
        """Say of each comparison how it differs from an earlier run's."""
        held = hold_all(self.ordered(), baseline, self.models, alpha)
        self.comparisons = held.comparisons
        self.unheld = held.doubts if self.concerned or held.comparisons else []
        self.unasked = held.beside

    def _dropped(self) -> list[str]:
        what = f"{count(len(self.dropped), 'test')} measured what has no verdict"
        return [f"{what} ({some(sorted(self.dropped))})"] if self.dropped else []

    def _unmatched(self) -> list[str]:
        what = f"{count(len(self.unmatched), 'rule')} of the policy matched nothing in this run"
        return [f"{what} ({some(self.unmatched)})"] if self.unmatched else []

    def _skipped(self) -> list[str]:
        kinds = (
            ("module", "skipped as a whole", self.skipped_modules, 3),
            ("test", "skipped", self.skipped, 3),
            ("test", "skipped or failed as expected after a verdict", self.cut_short, 3),
            ("test", "deselected", self.deselected, 1),  # with -m these are most of a suite
        )
        return [
            f"{count(len(found), what)} {how} ({some(sorted(found), most)})"
            for what, how, found, most in kinds
            if found
        ]

    def _unmeasured_models(self) -> list[str]:
        """Beside measured models, one that has no comparison was left out by accident."""
        measured = {item.model for item in self.comparisons}
        missing = [name for name in self.models if measured and name not in measured]
        return [f"{name} was not measured" for name in missing]

    def ordered(self) -> list[Comparison]:
        """The comparisons with the verdicts that count, in an order that no worker changes."""
        in_order = sorted(self.comparisons, key=lambda item: (item.nodeid, item.measure))
        return count_verdicts(in_order)
