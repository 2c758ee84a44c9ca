"""What ``afake power`` prints and writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_afake.cli.foreign import printable
from pytest_afake.cli.power.plan import Expected, Planned, Rule, Simulated
from pytest_afake.cli.table import aligned
from pytest_afake.records import Json
from pytest_afake.sampling import ROUND
from pytest_afake.statistics.planning import LIKELY
from pytest_afake.text import count, one_line, points

SCHEMA_VERSION = 1

_HEADER = (
    "at hand",
    "queries",
    "clusters",
    "median",
    "90 %",
    "PASS",
    "FAIL",
    "INCONCLUSIVE",
    "first PASS",
    "passes up to",
    "fails from",
)
_NUMBERS = tuple(range(1, len(_HEADER)))


def report(
    rule: Rule, expected: Expected, simulated: Simulated, planned: Sequence[Planned]
) -> Iterator[str]:
    """The table, between what was assumed and how it is read."""
    yield from _assumed(rule, expected, simulated)
    yield ""
    yield from aligned([_HEADER, *map(_row, planned)], right=_NUMBERS)
    yield ""
    yield from _how_to_read(expected)


def _assumed(rule: Rule, expected: Expected, simulated: Simulated) -> Iterator[str]:
    fails_at = f" / {rule.family} for a FAIL" if rule.family > 1 else ""
    yield f"limit {points(rule.limit, sign=True)} points, alpha {rule.alpha:g}{fails_at}"
    pairs = expected.manner.pairs(expected.gap)
    differ = points(pairs.up + pairs.down)
    yield (
        f"expected: a gap of {points(expected.gap, sign=True)} points, {differ} % of the pairs "
        f"differ{_arms(expected)}; {count(simulated.runs, 'simulated run')}, seed {simulated.seed}"
    )


def _arms(expected: Expected) -> str:
    second = expected.manner.deployment
    if second is None:
        return ""
    first = second + expected.gap
    return f" (arms that comply independently: {points(first)} % and {points(second)} %)"


def _row(planned: Planned) -> tuple[str, ...]:
    at_hand, outlook = planned.design.at_hand, planned.outlook
    return (
        printable(one_line(planned.name, 40)),
        str(at_hand.queries),
        str(at_hand.clusters),
        _pairs(outlook.within(0.5), at_hand.queries),
        _pairs(outlook.within(0.9), at_hand.queries),
        f"{points(outlook.at_or_below)} %",
        f"{points(outlook.above)} %",
        f"{points(outlook.undecided)} %",
        "never" if planned.design.fewest is None else str(planned.design.fewest),
        _gap(planned.decidable.below),
        _gap(planned.decidable.above),
    )


def _pairs(number: int | None, queries: int) -> str:
    return f">{queries}" if number is None else str(number)


def _gap(gap: float | None) -> str:
    return "none" if gap is None else points(gap, sign=True)


def _how_to_read(expected: Expected) -> Iterator[str]:
    samples = expected.manner.samples
    calls = f"{2 * samples} calls" if samples > 1 else "two calls"
    yield (
        f"median, 90 %: pairs after which so many of the runs have a verdict; a pair is {calls}, "
        f"asked in rounds of {ROUND}"
    )
    yield "PASS, FAIL, INCONCLUSIVE: how often each is the verdict within the queries at hand"
    yield "first PASS: fewest pairs for it when no pair differs"
    yield (
        f"passes up to, fails from: the gaps, in points, that get that verdict in "
        f"{LIKELY * 100:.0f} % of runs, to half a point"
    )
    rho = expected.manner.correlation
    alike = f"have a correlation of {rho:g}" if rho else "are independent of each other"
    yield (
        f"assumed: pairs of one cluster {alike}, all queries are alike, every answer is read, and "
        "the judge's labels are right; otherwise it takes more"
    )


def document(
    rule: Rule, expected: Expected, simulated: Simulated, planned: Sequence[Planned]
) -> dict[str, Json]:
    """The same as JSON; null where the queries at hand run out, or no gap gets the verdict."""
    manner = expected.manner
    pairs = manner.pairs(expected.gap)
    return {
        "schema_version": SCHEMA_VERSION,
        "limit": rule.limit,
        "alpha": rule.alpha,
        "family": rule.family,
        "max_pairs": rule.most,
        "expected": {
            "gap": expected.gap,
            "discordant": pairs.up + pairs.down,
            "independent_arms": manner.deployment is not None,
            "samples": manner.samples,
            "cluster_correlation": manner.correlation,
        },
        "runs": simulated.runs,
        "seed": simulated.seed,
        "likely": LIKELY,
        "at_hand": [_entry(each) for each in planned],
    }


def _entry(planned: Planned) -> dict[str, Json]:
    at_hand, outlook = planned.design.at_hand, planned.outlook
    return {
        "name": planned.name,
        "queries": at_hand.queries,
        "clusters": at_hand.clusters,
        "pairs_median": outlook.within(0.5),
        "pairs_90": outlook.within(0.9),
        "pass": outlook.at_or_below,
        "fail": outlook.above,
        "inconclusive": outlook.undecided,
        "fewest_to_pass": planned.design.fewest,
        "passes_up_to": planned.decidable.below,
        "fails_from": planned.decidable.above,
    }
