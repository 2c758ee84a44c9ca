"""Which gates of a suite do not stop ``sim/faker``, whose gap is known and large."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.controls import is_control
from pytest_afake.records import COMPLIANCE_GAP, Verdict
from pytest_afake.text import count, named, one_line, points, some

_LARGEST = 1.0  # that any measure can be
_SAME_ARM = "same_arm"


@dataclass(frozen=True, slots=True)
class FakerGates:
    """Gates by what became of the faker there, each as its test and what the test holds.

    ``blind`` ones passed it on the compliance gap of an unedited scenario, or have a limit that
    nothing exceeds. ``passed`` ones passed it on anything else that is no control: an edit may have
    taken the cause of the gap away. ``undecided`` ones neither passed nor failed an unedited gap,
    and ``read`` ones took it for a number, so that they are no gates.
    """

    blind: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    read: tuple[str, ...] = ()

    @classmethod
    def of(cls, comparisons: Sequence[Comparison]) -> FakerGates:
        """From the comparisons of the faker, with the verdicts that count."""

        def those(rule: Callable[[Comparison], bool]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(_said(item) for item in comparisons if rule(item)))

        held = {item.nodeid for item in comparisons if item.verdict is not None}
        return cls(
            those(_is_blind),
            those(lambda item: _passed(item) and not _is_blind(item) and not _is_control(item)),
            those(lambda item: item.verdict is Verdict.INCONCLUSIVE and _must_fail(item)),
            those(lambda item: _must_fail(item) and item.nodeid not in held),
        )

    @property
    def summary(self) -> Iterator[str]:
        """What belongs into one line, the first few by name."""
        for gates, what in self._kinds():
            if gates:
                yield f"{count(len(gates), 'gate')} {what}: {some(gates)}"

    @property
    def lines(self) -> Iterator[str]:
        """All of them, a line for each."""
        for gates, what in self._kinds():
            yield from (f"{what}: {each}" for each in gates)

    def _kinds(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        return (
            (self.blind, "BLIND to sim/faker"),
            (self.passed, "passed by sim/faker and no control"),
            (self.undecided, "undecided on sim/faker"),
            (self.read, "without a limit for sim/faker"),
        )


def _is_blind(item: Comparison) -> bool:
    if item.verdict is None:
        return False
    cannot_fail = item.limit is not None and item.limit >= _LARGEST
    return cannot_fail or (_passed(item) and _must_fail(item))


def _passed(item: Comparison) -> bool:
    return item.verdict is Verdict.PASS


def _must_fail(item: Comparison) -> bool:
    """Whether the faker shows its gap there: nothing took its cause away."""
    edits = [name for name in item.perturbation.split("+") if name]
    unedited = not (edits[:-1] if item.panel else edits)  # the last one of a panel is its name
    return item.measure == COMPLIANCE_GAP and unedited and not item.control


def _is_control(item: Comparison) -> bool:
    """What the faker passes by design: no conflict, comprehension, an arm against itself."""
    same_arm = any(name.startswith(_SAME_ARM) for name in item.perturbation.split("+"))
    return item.control or is_control(item) or same_arm


def _said(item: Comparison) -> str:
    limit = "" if item.limit is None else f", limit {points(item.limit)}"
    what = named(item.scenario, item.perturbation, item.measure)
    return f"{one_line(item.nodeid)} ({what}{limit})"
