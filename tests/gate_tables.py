"""The tables of ``docs/statistics.md``, from simulated runs: what is run, and how it is shown.

``bench/gate_table.py`` runs them in processes. A row is a list of cells; what must not be exceeded
is checked where the row is made.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from clustered_draws import Clustered
from gate_simulation import Gate, most_allowed
from other_rules import FIXED_N, RULES
from panel_simulation import PanelCase

from pytest_afake.gating.conclusion import VERDICTS
from pytest_afake.queries import load_queries
from pytest_afake.records import Verdict
from pytest_afake.statistics import Decision

ALPHA = LIMIT = 0.05
ALL_PAIRS = len(load_queries("animal_welfare"))
OURS = "pytest-afake"


@dataclass(frozen=True)
class Outcome:
    """What is kept of one run: its verdict, those of the other rules, and where bounds were wrong.

    ``others`` is empty where no more pairs were drawn than the verdict took.
    """

    verdict: Verdict
    pairs: int
    covered: bool = True
    lower_missed: bool = False
    upper_missed: bool = False
    others: tuple[Verdict, ...] = ()


def outcome(gate: Gate, seed: int) -> Outcome:
    """One run to its verdict."""
    return Outcome(*gate.run(seed))


def outcome_beside_others(gate: Gate, seed: int) -> Outcome:
    """One run to its verdict and on to the fixed number of pairs, which the other rules get."""
    run = gate.run_on(seed)
    others = tuple(rule(run.pairs, gate.limit, gate.alpha) for rule in RULES.values())
    return Outcome(
        run.verdict,
        run.stopped,
        run.covers(gate.gap),
        run.lower_missed,
        run.upper_missed,
        others,
    )


def at_the_limit(training: float, deployment: float, correlation: float = 0.0) -> Gate:
    """A gate whose limit is the true gap: any verdict is wrong of a model a hair to one side."""
    gap = round(training - deployment, 12)
    return Gate(training, deployment, gap, ALPHA, FIXED_N, correlation)


AT_THE_LIMIT = (
    at_the_limit(0.0, 0.0),
    at_the_limit(0.005, 0.0),
    at_the_limit(0.01, 0.0),
    at_the_limit(0.05, 0.0),
    at_the_limit(0.14, 0.09),
    at_the_limit(0.14, 0.09, 0.8),
    at_the_limit(0.5, 0.45),
    at_the_limit(0.5, 0.45, 0.8),
)
BESIDE_OTHERS = {
    "2 % in both arms, limit 1": Gate(0.02, 0.02, 0.01, ALPHA, FIXED_N, correlation=0.0),
    "5 % / 0 %: gap at the limit of 5": AT_THE_LIMIT[3],
    "50 % / 45 %: gap at the limit of 5": AT_THE_LIMIT[6],
    "15 % / 5 %: gap 10, limit 5": Gate(0.15, 0.05, LIMIT, ALPHA, FIXED_N, correlation=0.0),
}
_POWER = {
    "never complies": Gate(0.0, 0.0, LIMIT, ALPHA, ALL_PAIRS, correlation=0.0),
    "4 % discordant, no gap": Gate(0.0204, 0.0204, LIMIT, ALPHA, ALL_PAIRS, correlation=0.0),
    "gap 20: 20 % / 0 %": Gate(0.20, 0.0, LIMIT, ALPHA, ALL_PAIRS, correlation=0.0),
}


def power_gates(independent: Path) -> dict[tuple[str, str, int], Gate]:
    """By model, kind of queries and size of the family; ``independent`` is a file of queries."""
    kinds = {"independent": independent, "in clusters": None}
    return {
        (name, kind, family): replace(gate, family=family, queries=file)
        for name, gate in _POWER.items()
        for kind, file in kinds.items()
        for family in (1, 8)
    }


def clustered() -> tuple[Clustered, ...]:
    """Differences at the limit, more or less alike in the clusters of the larger shipped set."""
    sizes = tuple(load_queries("animal_welfare").cluster_sizes.values())
    return tuple(
        Clustered(more, less, alike, sizes)
        for more, less in ((0.05, 0.0), (0.20, 0.15))
        for alike in (0.0, 0.5, 1.0)
    )


@dataclass(frozen=True)
class Table:
    """Column heads and rows of cells; ``exceeded`` names rows with more errors than allowed."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    exceeded: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """In Markdown."""
        yield _row(self.head)
        yield "|" + "---|" * len(self.head)
        yield from map(_row, self.rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def errors_table(found: Mapping[Gate, Sequence[Outcome]]) -> Table:
    """False verdicts and misses of the bounds at the limit, row by row and of all rows together."""
    head = (
        "training / deployment, correlation",
        "true gap = limit",
        "false PASS",
        "false FAIL",
        "covered at the verdict",
        "lower bound ever wrong",
        "upper bound ever wrong",
        "allowed",
    )
    rows, exceeded = [], []
    groups = {f"{_rates(gate)}, {gate.correlation:g}": found[gate] for gate in AT_THE_LIMIT}
    limits = [percent(gate.limit) for gate in AT_THE_LIMIT]
    everything = [each for outcomes in groups.values() for each in outcomes]
    for (name, outcomes), limit in zip(
        [*groups.items(), ("all of these", everything)], [*limits, "-"], strict=True
    ):
        risks, allowed = _risks(outcomes), most_allowed(ALPHA, len(outcomes))
        if max(risks) > allowed:
            exceeded.append(name)
        passed, failed, lower, upper = map(percent, risks)
        covered = percent(sum(each.covered for each in outcomes) / len(outcomes))
        rows.append((name, limit, passed, failed, covered, lower, upper, percent(allowed)))
    return Table(head, tuple(rows), tuple(exceeded))


def _rates(gate: Gate) -> str:
    return f"{percent(gate.training)} / {percent(gate.deployment)}"


def _risks(outcomes: Sequence[Outcome]) -> tuple[float, float, float, float]:
    """Shares of PASS, of FAIL, and of runs with a lower, or an upper, bound that ever was wrong."""
    n = len(outcomes)
    passed, failed = (
        sum(each.verdict is verdict for each in outcomes) / n
        for verdict in (Verdict.PASS, Verdict.FAIL)
    )
    lower = sum(each.lower_missed for each in outcomes) / n
    return passed, failed, lower, sum(each.upper_missed for each in outcomes) / n


def power_table(found: Mapping[tuple[str, str, int], Sequence[Outcome]]) -> Table:
    """Shares of verdicts, and the pairs to one: median and 90 %."""
    head = ("model", "queries", "tests in the run", "PASS", "FAIL", "median pairs", "90 %")
    rows = [
        (name, kind, str(family), *_shares(found[name, kind, family])[:2], *_times(outcomes))
        for (name, kind, family), outcomes in found.items()
    ]
    return Table(head, tuple(rows))


def _shares(outcomes: Sequence[Outcome]) -> tuple[str, str, str]:
    counts = Counter(each.verdict for each in outcomes)
    passed, failed, undecided = (
        percent(counts[verdict] / len(outcomes))
        for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE)
    )
    return passed, failed, undecided


def _times(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    """The quantiles of the pairs to a verdict; a run without one counts as longer than any."""
    times = sorted(
        math.inf if each.verdict is Verdict.INCONCLUSIVE else each.pairs for each in outcomes
    )
    half, most = (times[math.ceil(share * len(times)) - 1] for share in (0.5, 0.9))
    return _pairs(half), _pairs(most)


def _pairs(number: float) -> str:
    return f"{number:.0f}" if math.isfinite(number) else "no verdict"


def rules_table(found: Mapping[Gate, Sequence[Outcome]]) -> Table:
    """Verdicts of all rules on the same draws, and how often two runs contradict each other."""
    head = ("model", "rule", "PASS", "FAIL", "neither", "two runs contradict each other")
    rows = []
    for name, gate in BESIDE_OTHERS.items():
        outcomes = found[gate]
        said = {OURS: [each.verdict for each in outcomes]}
        for place, rule in enumerate(RULES):
            said[rule] = [each.others[place] for each in outcomes]
        rows += [(name, rule, *_verdicts(verdicts)) for rule, verdicts in said.items()]
    return Table(head, tuple(rows))


def _verdicts(verdicts: Sequence[Verdict]) -> tuple[str, str, str, str]:
    """Shares, and the share of pairs of runs of which one passes and the other fails."""
    n, counts = len(verdicts), Counter(verdicts)
    passed, failed, neither = (
        counts[each] for each in (Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE)
    )
    against = 2 * passed * failed / (n * (n - 1)) if n > 1 else 0.0
    return percent(passed / n), percent(failed / n), percent(neither / n), percent(against)


def clusters_table(found: Mapping[Clustered, Sequence[tuple[Decision, Decision]]]) -> Table:
    """False decisions at the limit by clusters, and with queries that are taken for independent."""
    head = (
        "differences",
        "alike within clusters",
        "false PASS",
        "false FAIL",
        "false PASS, clusters ignored",
        "false FAIL, clusters ignored",
        "allowed",
    )
    rows, exceeded = [], []
    for case, decisions in found.items():
        n = len(decisions)
        shares = [
            sum(pair[place] is decision for pair in decisions) / n
            for place in (0, 1)
            for decision in (Decision.AT_OR_BELOW, Decision.ABOVE)
        ]
        allowed = most_allowed(ALPHA, n)
        name = f"+1 {percent(case.more)}, -1 {percent(case.less)}"
        if max(shares[:2]) > allowed:
            exceeded.append(f"{name}, {case.alike:g}")
        rows.append((name, f"{case.alike:g}", *map(percent, shares), percent(allowed)))
    return Table(head, tuple(rows), tuple(exceeded))


def panels_table(found: Mapping[PanelCase, Sequence[tuple[Decision, int]]]) -> Table:
    """Shares of verdicts of panels, and the pairs to one: median and 90 %."""
    head = ("gaps of the wordings", "queries", "PASS", "FAIL", "median pairs", "90 %")
    rows = []
    for case, decided in found.items():
        outcomes = [Outcome(VERDICTS[decision], pairs) for decision, pairs in decided]
        rows.append((case.name, case.queries, *_shares(outcomes)[:2], *_times(outcomes)))
    return Table(head, tuple(rows))


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"
