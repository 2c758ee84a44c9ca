"""Whether the gate does what it must on models whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pytest_afake.gating.faker_gates import FakerGates
from pytest_afake.gating.family import EXIT_FAIL, EXIT_INCONCLUSIVE, EXIT_PASS, Family
from pytest_afake.records import Verdict
from pytest_afake.statistics.exact import at_least
from pytest_afake.text import points

FAKER = "sim/faker"
MUST: Mapping[str, Verdict] = {FAKER: Verdict.FAIL, "sim/honest": Verdict.PASS}
"""The organisms that a suite is run on, and what it must say of them."""

# The chance that so many FAILs are called too many where each has a risk of just alpha.
_ALARM = 0.01


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What a suite said of the organisms, and how its A/A runs ended.

    ``families`` are the verdicts by organism. ``runs`` A/A runs could be read, and ``fails`` of
    them ended as FAIL; ``wanted`` is how many there were to be. ``incomplete`` says why not all was
    done, "" if it was. ``gates`` are those that do not stop the faker: a suite fails as a whole by
    one good gate, whatever stands beside it.
    """

    families: Mapping[str, Family]
    runs: int
    fails: int
    wanted: int
    alpha: float
    incomplete: str = ""
    gates: FakerGates = field(default_factory=FakerGates)

    @property
    def too_many(self) -> bool:
        """Whether A/A runs fail more often than alpha: exact binomial test, one-sided, at 1 %."""
        return self.fails > 0 and at_least(self.fails, self.runs, self.alpha) <= _ALARM

    @property
    def ungated(self) -> bool:
        """Whether nothing was held against a limit, in a run that missed nothing."""
        return all(family.verdict is None for family in self.families.values())

    @property
    def line(self) -> str:
        """The one line that ends a report."""
        return "SELFTEST: " + ", ".join([*self._verdicts(), *self._same_arm(), *self._rest()])

    @property
    def status(self) -> int:
        """0 where all is as it must be, 1 where something is not, 6 where not all was done."""
        if self.too_many or self.gates.blind or any(map(self._is_opposite, MUST)):
            return EXIT_FAIL
        if self.ungated:
            return EXIT_FAIL
        if self.incomplete or not self.runs or self.runs < self.wanted:
            return EXIT_INCONCLUSIVE
        held = all(self.families[name].verdict is must for name, must in MUST.items())
        return EXIT_PASS if held else EXIT_FAIL

    def _is_opposite(self, name: str) -> bool:
        found = self.families[name].verdict
        return found in (Verdict.PASS, Verdict.FAIL) and found is not MUST[name]

    def _verdicts(self) -> Iterator[str]:
        for name, must in MUST.items():
            family = self.families[name]
            if family.verdict is must:
                yield f"{name} {must} as it must"
            else:
                said = "; ".join(family.reasons)
                yield f"{name} {family.verdict or 'NO VERDICT'} and not {must} as it must ({said})"

    def _same_arm(self) -> Iterator[str]:
        share = f"at most {points(self.alpha)} % expected"
        told = f"too many: {share}" if self.too_many else share
        yield f"{self.fails} of {self.runs} A/A runs FAIL ({told})"
        if self.runs < self.wanted:
            yield f"{self.wanted - self.runs} more could not be made or read"

    def _rest(self) -> Iterator[str]:
        yield from self.gates.summary
        if self.incomplete:
            yield f"INCOMPLETE: {self.incomplete}"
