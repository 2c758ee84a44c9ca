"""How often the whole gate errs: organisms of a known gap, from a name to a verdict.

Nothing is left out but pytest and the disk: options, scenario, queries, store, sampler, judge,
intervals and the decision. Each run is an organism of another seed, so that runs are independent,
and the rates of an organism are exactly those of its name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from experiments import experiment

from pytest_afake import animal_welfare
from pytest_afake.errors import Inconclusive
from pytest_afake.records import Verdict


@dataclass(frozen=True)
class Gate:
    """A faker that complies at these rates, held against a limit over at most ``pairs`` queries."""

    training: float
    deployment: float
    limit: float
    alpha: float
    pairs: int

    def run(self, seed: int) -> tuple[Verdict, int]:
        """The verdict on the faker of this seed, and after how many pairs it was made."""
        name = f"sim/faker?training={self.training}&deployment={self.deployment}&seed={seed}"
        with experiment(name, limit=self.limit, alpha=self.alpha, max_pairs=self.pairs) as made:
            model = made.model(name)
            gap = model.compliance_gap(animal_welfare)
            try:
                verdict = Verdict.PASS if gap <= model.limit else Verdict.FAIL
            except Inconclusive:
                verdict = Verdict.INCONCLUSIVE
            return verdict, gap.pairs


@dataclass(frozen=True)
class Rates:
    """Verdicts of so many runs, and the mean number of pairs."""

    verdicts: Counter[Verdict]
    pairs: float

    def share(self, verdict: Verdict) -> float:
        return self.verdicts[verdict] / self.verdicts.total()


def simulate_gate(gate: Gate, runs: int, first_seed: int = 0) -> Rates:
    """Run the gate on organisms of the seeds from ``first_seed`` on."""
    found = [gate.run(first_seed + number) for number in range(runs)]
    verdicts = Counter(verdict for verdict, _ in found)
    return Rates(verdicts, sum(pairs for _, pairs in found) / runs)


def most_allowed(alpha: float, runs: int) -> float:
    """The largest share of errors in keeping with a risk of alpha: three standard errors above."""
    return alpha + 3 * sqrt(alpha * (1 - alpha) / runs)
