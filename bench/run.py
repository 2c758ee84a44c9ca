"""Measure everything, or some parts, and write the results.

    python bench/run.py --inspect-python ../inspect/bin/python
    python bench/run.py --quick --parts throughput,regate --output /tmp/results.md

Takes about half an hour on two cores; let nothing else run meanwhile. Inspect AI needs an
environment of its own (``pip install --group bench`` in a fresh one); without it that part is
reported as not measured. A part that fails is reported with its cause, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import machine
from bench.figures import Section
from bench.parts import (
    against_inspect,
    memory,
    pool,
    processes,
    regate,
    start,
    steps,
    throttled,
    throughput,
)
from bench.plan import Plan
from bench.report import section_text, summary

HERE = Path(__file__).parent
PARTS: Mapping[str, Callable[[Plan], Section]] = {
    "throughput": throughput.run,
    "inspect": against_inspect.run,
    "pool": pool.run,
    "regate": regate.run,
    "start": start.run,
    "memory": memory.run,
    "processes": processes.run,
    "throttled": throttled.run,
    "steps": steps.run,
}
# Findings that were written by hand, beside the figures that are made here.
WRITTEN = (HERE / "litellm_paths.md",)
FAILED = "Not measured: "


def main() -> int:
    options = _options()
    plan = Plan(
        quick=options.quick,
        repetitions=1 if options.quick else options.repetitions,
        inspect_python=options.inspect_python,
    )
    before = machine.load_average()
    sections = [_measured(name, plan) for name in options.parts]
    written = [path.read_text(encoding="utf-8") for path in WRITTEN if path.exists()]
    parts = [_heading(plan, before), summary(sections), *map(section_text, sections), *written]
    options.output.write_text("\n".join(parts), encoding="utf-8")
    print(f"written: {options.output}")
    return int(any(not section.tables for section in sections))


def _measured(name: str, plan: Plan) -> Section:
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    try:
        return PARTS[name](plan)
    except (RuntimeError, OSError) as error:  # the other parts are worth having
        return Section(f"Part {name}", notes=(f"{FAILED}{error}",))


def _heading(plan: Plan, load_before: str) -> str:
    lines = [
        "# Results of the bench",
        "",
        f"Made by `python bench/run.py` on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. Figures without "
        "a unit are ratios within this run; each is the median of repetitions that took turns.",
        "",
    ]
    if plan.quick:
        lines += ["**A smoke run: its figures mean nothing.**", ""]
    lines += [
        f"- machine: {machine.machine()}",
        f"- {machine.python_version()}; {machine.versions()}",
    ]
    if plan.inspect_python:
        theirs = machine.versions(plan.inspect_python, machine.THEIRS)
        lines.append(f"- for Inspect, in an environment of its own: {theirs}")
    lines += [f"- load average before: {load_before}; after: {machine.load_average()}", ""]
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure, and write RESULTS.md.")
    parser.add_argument(
        "--parts", type=_parts, default=tuple(PARTS), help=f"some of: {','.join(PARTS)}"
    )
    parser.add_argument("--quick", action="store_true", help="a smoke run, of seconds")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--inspect-python", metavar="PYTHON", help="that has Inspect AI installed")
    parser.add_argument("--output", type=Path, default=HERE / "RESULTS.md")
    return parser.parse_args()


def _parts(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := [name for name in names if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(unknown)}")
    return names


if __name__ == "__main__":
    sys.exit(main())
