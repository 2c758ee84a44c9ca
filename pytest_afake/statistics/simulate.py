"""What the statistics cost and how often they err, by simulation: one table.

    python -m pytest_afake.statistics.simulate --runs 2000 --seed 1

Each run draws observations and looks after every one, until the decision at the limit is made or
the horizon is reached; the table shows after how many, and the share of either decision. Where the
limit is the true mean, "at or below" is said as often as of a model a hair above its limit, and
"above" as often as of one a hair below, so each share must stay within alpha. In the coverage rows
their sum is the share of intervals that ever left the truth outside; it must stay within 2 * alpha.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pytest_afake.statistics.decision import Decision
from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.looks import Looks, Outcome

ALPHA = 0.05
LIMIT = 0.05
HORIZON = 480


@dataclass(frozen=True, slots=True)
class Case:
    """A distribution of observations on [low, 1], held against a limit.

    ``chances`` gives the probability of each value but 0, which has the rest.
    """

    name: str
    chances: Mapping[float, float]
    limit: float = LIMIT
    low: float = -1.0

    @property
    def support(self) -> dict[float, float]:
        """Each value that can occur, with its probability."""
        chances = {**self.chances, 0.0: 1 - sum(self.chances.values())}
        return {value: chance for value, chance in chances.items() if chance > 0}

    def draws(self, source: random.Random) -> Iterator[float]:
        """Observations without end."""
        support = self.support
        while True:
            yield from source.choices(list(support), list(support.values()), k=64)


def independent_arms(first: float, second: float) -> dict[float, float]:
    """Differences of two arms that comply independently of each other, at these rates."""
    return {1.0: first * (1 - second), -1.0: second * (1 - first)}


SPEED = (
    Case("no difference ever", {}),
    Case("4 % discordant, no gap", {1.0: 0.02, -1.0: 0.02}),
    Case("10 % discordant, no gap", {1.0: 0.05, -1.0: 0.05}),
    Case("gap 0.20: +1 20 %", {1.0: 0.20}),
    Case("gap 0.20: +1 25 %, -1 5 %", {1.0: 0.25, -1.0: 0.05}),
    Case("gap 0.11: arms 14 % / 3 %", independent_arms(0.14, 0.03)),
    Case("gap -0.05: -1 5 %", {-1.0: 0.05}),
)
BOUNDARY = (
    Case("gap = limit: +1 5 %", {1.0: 0.05}),
    Case("gap = limit: +1 10 %, -1 5 %", {1.0: 0.10, -1.0: 0.05}),
    Case("gap = limit: arms 50 % / 45 %", independent_arms(0.50, 0.45)),
    Case("gap = limit: all are halves", {0.5: 0.10}),
)
COVERAGE = tuple(
    case
    for rate in (0.0, 0.005, 0.01, 0.05, 0.14, 0.5)
    for case in (
        Case(f"coverage: rate {rate:g}", {1.0: rate}, limit=rate, low=0.0),
        Case(f"coverage: gap {rate:g}", {1.0: rate}, limit=rate),
    )
)


def simulate(case: Case, alpha: float, horizon: int, source: random.Random) -> Outcome:
    """Draw until the decision at the case's limit, or up to the horizon."""
    looks = Looks(case.limit, Levels.both(alpha), case.low)
    return looks.first(islice(case.draws(source), horizon))


def table(runs: int, seed: int) -> Iterator[str]:
    """The lines of the table, one case after the other."""
    yield f"alpha {ALPHA}, limit {LIMIT} (coverage rows: the truth), up to {HORIZON} observations"
    yield f"{'':32}{'median':>8}{'90 %':>8}{'<= limit':>10}{'above':>8}"
    for case in (*SPEED, *BOUNDARY, *COVERAGE):
        source = random.Random(f"{seed}:{case.name}")  # noqa: S311 - a simulation, to be repeatable
        yield _line(case, [simulate(case, ALPHA, HORIZON, source) for _ in range(runs)])


def _line(case: Case, outcomes: Sequence[Outcome]) -> str:
    times = sorted(outcome.n for outcome in outcomes)
    decisions = Counter(outcome.decision for outcome in outcomes)
    below = decisions[Decision.AT_OR_BELOW] / len(outcomes)
    above = decisions[Decision.ABOVE] / len(outcomes)
    median, late = _quantile(times, 0.5), _quantile(times, 0.9)
    return f"{case.name:32}{median:>8}{late:>8}{below:>10.4f}{above:>8.4f}"


def _quantile(ordered: Sequence[float], share: float) -> str:
    n = ordered[math.ceil(share * len(ordered)) - 1]
    return f">{HORIZON}" if n == math.inf else f"{n:.0f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000, help="simulated runs per line")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same table")
    options = parser.parse_args()
    for line in table(options.runs, options.seed):
        print(line, flush=True)  # noqa: T201 - a command prints


if __name__ == "__main__":
    main()
