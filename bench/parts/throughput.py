"""(a) Our sampling over a bare loop of ``litellm.acompletion``, and over the physical limit."""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Budget, Figure, Section, Table, at_least, in_turn, ratios
from bench.plan import Plan
from bench.sampled import Sampled, sample
from bench.serving import LocalServer, local_server
from bench.workload import write_models, write_prompts, write_queries

NOTES = (
    "Both sides make the same requests in a process of their own that has imported LiteLLM and "
    "made one call to warm up. *Sampling* is the time from the first request to the last reply as "
    "the server saw them; *whole* is the time of the caller, which on our side includes rendering, "
    "keys, writing each answer to a cold store on disk, judging and the statistics.",
    "The physical limit is calls x latency / connections.",
)


@dataclass(frozen=True, slots=True)
class Point:
    """One setting: LiteLLM's name of the model, latency in milliseconds, connections, calls."""

    target: str
    latency_ms: int
    concurrency: int
    calls: int
    budget: Budget | None = None

    def __str__(self) -> str:
        provider = self.target.partition("/")[0]
        return (
            f"{self.calls:,} calls, {self.latency_ms:,} ms, {self.concurrency} connections, "
            f"`{provider}/`"
        )

    @property
    def limit_s(self) -> float:
        """The time that the calls take at the least."""
        return self.calls * self.latency_ms / 1000 / self.concurrency


POINTS = (
    Point("openai/bench", 50, 64, 2000, at_least(0.95)),
    Point("hosted_vllm/bench", 50, 64, 2000, at_least(0.95)),
    Point("openai/bench", 1000, 64, 640),
    Point("openai/bench", 1000, 256, 2560),
    Point("openai/bench", 0, 64, 2000),
)
QUICK = (Point("openai/bench", 5, 8, 20),)


@dataclass(frozen=True, slots=True)
class Setting:
    """A point, made ready: a server, and a folder with queries, models and prompts."""

    point: Point
    server: LocalServer
    folder: Path
    prompts: Path
    numbers: Iterator[int]

    def bare(self) -> Sampled:
        return self.run("bare", target=self.point.target)

    def ours(self) -> Sampled:
        return self.run("ours", store=str(self.folder / f"store-{next(self.numbers)}"))

    def run(self, worker: str, python: str = sys.executable, **options: object) -> Sampled:
        """Make the calls through one of the workers."""
        given = {
            "folder": str(self.folder),
            "prompts": str(self.prompts),
            "concurrency": self.point.concurrency,
            "calls": self.point.calls,
            **options,
        }
        return sample(worker, given, self.server, python)


@contextmanager
def setting(point: Point) -> Iterator[Setting]:
    """Make a point ready while the block runs."""
    latency = ("--latency", str(point.latency_ms))
    with tempfile.TemporaryDirectory() as name, local_server(*latency) as server:
        folder = Path(name)
        write_queries(folder, point.calls // 2)
        write_models(folder, point.target, server.api_base)
        yield Setting(point, server, folder, write_prompts(folder), itertools.count())


def run(plan: Plan) -> Section:
    tables = tuple(_measured(point, plan) for point in plan.size(POINTS, QUICK))
    return Section("Throughput, over a bare LiteLLM loop", tables, NOTES)


def _measured(point: Point, plan: Plan) -> Table:
    with setting(point) as ready:
        runs: dict[str, Callable[[], Sampled]] = {"bare": ready.bare, "ours": ready.ours}
        found = in_turn(runs, plan.repetitions)
    bare, ours = found["bare"], found["ours"]
    return Table(str(point), (*_over_bare(point, ours, bare), *_over_limit(point, ours, bare)))


def _over_bare(point: Point, ours: list[Sampled], bare: list[Sampled]) -> Iterator[Figure]:
    yield Figure(
        "throughput while sampling, ours / bare",
        ratios([each.span_s for each in bare], [each.span_s for each in ours]),
        budget=point.budget,
    )
    yield Figure(
        "throughput of the whole, ours / bare",
        ratios([each.wall_s for each in bare], [each.wall_s for each in ours]),
    )
    yield Figure(
        "CPU per call, ours / bare",
        ratios([each.cpu_s for each in ours], [each.cpu_s for each in bare]),
    )
    for name, side in (("ours", ours), ("bare", bare)):
        yield Figure(f"CPU per call, {name}", tuple(each.cpu_us_per_call for each in side), "µs")


def _over_limit(point: Point, ours: list[Sampled], bare: list[Sampled]) -> Iterator[Figure]:
    if not point.latency_ms:
        return
    for name, side in (("ours", ours), ("bare", bare)):
        shares = tuple(point.limit_s / each.span_s for each in side)
        yield Figure(f"throughput while sampling, {name} / physical limit", shares)
