"""The work of ``afake compare``: two runs are read, paired, compared and shown."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_afake.baselines import Baseline, SavedRun, hold_one, read_run
from pytest_afake.cli.command import FINE, TROUBLE, say
from pytest_afake.cli.compare.document import document
from pytest_afake.cli.compare.pairing import Models, Pair, models_of, pairs_of
from pytest_afake.cli.compare.words import Compared, lines, summary
from pytest_afake.errors import UsageError
from pytest_afake.reporting.results import write_json


def run(options: Namespace) -> int:
    first: Path = options.before_run
    second: Path = options.after_run or first
    _refuse_overwriting(options.json, (first, second))
    before = read_run(first)
    after = before if second == first else read_run(second)
    told = options.before, options.after
    found = [
        compared
        for models in models_of(before, after, told)
        for compared in _compared(before, after, models, options.alpha)
    ]
    say(lines(found))
    say([summary(found)])
    if options.json:
        write_json(options.json, document(before.file, after.file, found))
    return status(found)


def _compared(
    before: SavedRun, after: SavedRun, models: Models, alpha: float | None
) -> Iterator[Compared]:
    for pair in pairs_of(before, after, models):
        yield Compared(models, pair, _held(before.file, pair, alpha))


def _held(file: str, pair: Pair, alpha: float | None) -> Baseline | None:
    """None where one of the runs does not have the measure."""
    if pair.before is None or pair.after is None:
        return None
    return hold_one(file, pair.before, pair.after, alpha or pair.after.alpha)


def status(found: Sequence[Compared]) -> int:
    """TROUBLE unless all was compared, and that was something."""
    return FINE if found and all(each.done for each in found) else TROUBLE


def _refuse_overwriting(file: Path | None, runs: Sequence[Path]) -> None:
    if file is not None and any(file.resolve() == run.resolve() for run in runs):
        raise UsageError(f"--json {str(file)!r}: is one of the runs")
