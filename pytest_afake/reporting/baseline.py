"""The terminal section on the baseline: how each measure differs from an earlier run's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pytest_afake.gating.comparison import Baseline, Comparison
from pytest_afake.reporting.shown import write_shown
from pytest_afake.reporting.wording import OVER_PAIRS, change, value
from pytest_afake.text import named, one_line, points


def print_baseline(
    comparisons: Sequence[Comparison], file: TextIO, *, width: int, colour: bool
) -> None:
    """Print one table for each pair of models, and what was not compared, with the reasons."""
    section = StringIO()
    console = Console(file=section, width=width, force_terminal=colour, no_color=not colour)
    held = [(each, each.baseline) for each in comparisons if each.baseline is not None]
    for models in dict.fromkeys(map(_models, held)):
        mine = [each for each in held if _models(each) == models]
        compared = [each for each in mine if each[1].low is not None]
        console.print(_title(*(compared or mine)[0]), soft_wrap=True)
        if compared:
            console.print(_table(compared))
            if any(held.paired for _, held in compared):
                console.print(OVER_PAIRS, soft_wrap=True)
        for line in _lines(mine):
            console.print(line, soft_wrap=True)
    write_shown(section.getvalue(), file)


def _models(pair: tuple[Comparison, Baseline]) -> tuple[str, str | None]:
    return pair[0].model, pair[1].model


def _title(item: Comparison, held: Baseline) -> Text:
    title = Text.assemble("against the baseline ", one_line(held.file), ": ")
    if held.model is None:
        return title.append("it has no such comparison")
    title.append_text(_name(held.model, simulated=held.simulated)).append(" before, ")
    title.append_text(_name(item.model, simulated=item.simulated)).append(" now")
    if held.alpha is not None:
        title.append(f"; each bound holds with {points(1 - held.alpha)} %")
    return title


def _name(model: str, *, simulated: bool) -> Text:
    mark = " SIMULATED" if simulated else ""
    return Text.assemble((one_line(model), "bold"), (mark, "bold magenta"))


def _table(held: Iterable[tuple[Comparison, Baseline]]) -> Table:
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("scenario, measure", overflow="fold")
    for name in ("before", "now", "difference", "interval", "pairs"):
        table.add_column(name, justify="right", no_wrap=True)
    for item, baseline in held:
        figures = (baseline.before, baseline.after, baseline.estimate)
        cells = [*map(value, figures), change(baseline), str(baseline.pairs)]
        table.add_row(Text(_named(item)), *map(Text, cells))
    return table


def _lines(held: Sequence[tuple[Comparison, Baseline]]) -> Iterator[Text]:
    for item, baseline in held:
        if baseline.larger:
            yield Text.assemble(("larger", "bold red"), f" than at the baseline: {_named(item)}")
        if baseline.model is None:
            yield Text(f"not at the baseline: {_named(item)}")
        for reason in baseline.refused:
            yield Text.assemble(("not compared", "yellow"), f": {_named(item)}: {one_line(reason)}")
    for note in dict.fromkeys(note for _, baseline in held for note in baseline.notes):
        yield Text(f"note: {one_line(note)}")


def _named(item: Comparison) -> str:
    return named(item.scenario, item.perturbation, item.measure)
