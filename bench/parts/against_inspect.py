"""(b) The same work through Inspect AI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from bench.figures import Figure, Section, Table, at_least, in_turn, ratios
from bench.parts.throughput import Point, Setting, setting
from bench.plan import Plan
from bench.sampled import Sampled

POINT = Point("openai/bench", 50, 64, 2000)
QUICK = Point("openai/bench", 5, 8, 20)
TITLE = "The same work through Inspect AI"
NOTES = (
    "The same prompts to the same server, over Inspect's `openai-api` provider with "
    "`max_connections` and `max_samples` set to the connections, in a process that has run an "
    "evaluation of one sample to warm up. It scores with `includes()`; we judge by rules. *Default "
    "logging* writes its log to a temporary folder; *quiet* switches off what its documentation "
    "lets one switch off: display, control server, samples in the log, realtime log, model API "
    "log, score display.",
)


def run(plan: Plan) -> Section:
    if plan.inspect_python is None:
        return Section(TITLE, notes=("Not measured: no `--inspect-python` was given.",))
    point = plan.size(POINT, QUICK)
    with setting(point) as ready:
        runs: dict[str, Callable[[], Sampled]] = {
            "ours": ready.ours,
            "default logging": partial(_inspect, ready, plan.inspect_python, quiet=False),
            "quiet": partial(_inspect, ready, plan.inspect_python, quiet=True),
        }
        found = in_turn(runs, plan.repetitions)
    return Section(TITLE, (Table(str(point), tuple(_figures(found))),), NOTES)


def _inspect(ready: Setting, python: str, *, quiet: bool) -> Sampled:
    return ready.run("inspect_eval", python, quiet=quiet)


def _figures(found: dict[str, list[Sampled]]) -> Iterator[Figure]:
    ours = found.pop("ours")
    for name, theirs in found.items():
        yield Figure(
            f"throughput while sampling, ours / Inspect, {name}",
            ratios([each.span_s for each in theirs], [each.span_s for each in ours]),
            budget=at_least(1.0),
        )
        yield Figure(
            f"throughput of the whole, ours / Inspect, {name}",
            ratios([each.wall_s for each in theirs], [each.wall_s for each in ours]),
            budget=at_least(1.0),
        )
        yield Figure(
            f"CPU per call, Inspect, {name}", tuple(each.cpu_us_per_call for each in theirs), "µs"
        )
    yield Figure("CPU per call, ours", tuple(each.cpu_us_per_call for each in ours), "µs")
