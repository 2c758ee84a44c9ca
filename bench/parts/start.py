"""(e) What the installed, unused plugin adds to the start of an unrelated test suite."""

from __future__ import annotations

from statistics import median

from bench.children import Times
from bench.figures import Figure, Section, Table, at_most
from bench.plan import Plan
from bench.startup import WITH, WITHOUT, measure

NOTES = (
    "A suite of one test with the plugin and with `-p no:afake`, in turn. A single session varies "
    "by more than the plugin takes, so the figures are differences and ratios of medians.",
)


def run(plan: Plan) -> Section:
    runs = plan.size(40, 2)
    found = measure(runs)
    figures = (
        _added("CPU time added", "cpu_s", found),
        _added("wall time added", "wall_s", found),
        _over("CPU time, with / without", "cpu_s", found),
        _over("wall time, with / without", "wall_s", found),
    )
    return Section("Start of an unrelated suite", (Table(f"{runs} sessions each", figures),), NOTES)


def _added(what: str, name: str, found: dict[str, list[Times]]) -> Figure:
    with_plugin, without = _medians(name, found)
    return Figure(what, (1000 * (with_plugin - without),), "ms", at_most(15.0))


def _over(what: str, name: str, found: dict[str, list[Times]]) -> Figure:
    with_plugin, without = _medians(name, found)
    return Figure(what, (with_plugin / without,))


def _medians(name: str, found: dict[str, list[Times]]) -> tuple[float, float]:
    with_plugin, without = (
        median(getattr(times, name) for times in found[side]) for side in (WITH, WITHOUT)
    )
    return with_plugin, without
