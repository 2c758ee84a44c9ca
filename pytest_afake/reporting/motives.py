"""The terminal section on motives: why each model has a gap, and what that rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pytest_afake.gating.motives.findings import Shown
from pytest_afake.gating.motives.published import PUBLISHED_MOTIVES, PUBLISHED_SOURCE
from pytest_afake.gating.motives.rules import ROWS, Direction, Motive
from pytest_afake.gating.motives.table import MotiveTable
from pytest_afake.reporting.shown import write_shown
from pytest_afake.scenario import HYPOTHESES
from pytest_afake.text import interval, one_line, points

_STYLES = {
    Motive.EVIDENCE: "bold red",
    Motive.CONFLICTING: "yellow",
    Motive.NONE: "green",
    Motive.UNDECIDED: "dim",
}


def print_contrasts(
    tables: Sequence[MotiveTable], file: TextIO, *, width: int, colour: bool
) -> None:
    """Print what the motives of each model rest on."""
    section = StringIO()
    console = Console(file=section, width=width, force_terminal=colour, no_color=not colour)
    for table in tables:
        console.print(_title(table), soft_wrap=True)
        console.print(_contrasts(table))
        for note in table.notes:
            console.print(Text(f"  note: {one_line(note)}"), soft_wrap=True)
    write_shown(section.getvalue(), file)


def print_motives(tables: Sequence[MotiveTable], file: TextIO, *, width: int, colour: bool) -> None:
    """Print the verdicts on the motives of all models, beside the published ones."""
    section = StringIO()
    console = Console(file=section, width=width, force_terminal=colour, no_color=not colour)
    console.print(_verdicts(tables))
    legend = ", ".join(f"{row} {HYPOTHESES[row]}" for row in ROWS)
    console.print(Text(legend, style="dim"), soft_wrap=True)
    write_shown(section.getvalue(), file)


def _title(table: MotiveTable) -> Text:
    held = f"; the risk that any of the four verdicts is wrong is {points(table.alpha)} %"
    return Text.assemble("contrasts behind the motives of ", *_name(table), held)


def _name(table: MotiveTable) -> Iterator[tuple[str, str]]:
    yield one_line(table.model), "bold"
    if table.simulated:
        yield " SIMULATED", "bold magenta"


def _contrasts(table: MotiveTable) -> Table:
    shown = Table(box=None, pad_edge=False, collapse_padding=True)
    shown.add_column("", no_wrap=True)
    shown.add_column("contrast", overflow="fold")
    shown.add_column("", no_wrap=True)
    for name in ("points", "interval", "pairs"):
        shown.add_column(name, justify="right", no_wrap=True)
    for row in ROWS:
        for each in table.of(row):
            shown.add_row(Text(row), Text(_named(each)), *_figures(each))
    return shown


def _named(shown: Shown) -> str:
    rule = shown.contrast
    minus = f" minus that of {rule.minus}" if rule.minus else ""
    side = f", {rule.direction} zero" if rule.direction is Direction.BELOW else ""
    return f"{rule.scenario} {rule.contrast.replace('_', ' ')}{minus}{side}: {rule.shows}"


def _figures(shown: Shown) -> Iterator[Text]:
    yield Text(shown.finding)
    yield Text("-" if shown.estimate is None else points(shown.estimate, sign=True))
    known = shown.low is not None and shown.high is not None
    yield Text(interval(shown.low or 0.0, shown.high or 0.0) if known else "-")
    yield Text(str(shown.pairs))


def _verdicts(tables: Sequence[MotiveTable]) -> Table:
    shown = Table(box=None, pad_edge=False)
    shown.add_column("motives", overflow="fold")
    for row in ROWS:
        shown.add_column(row, no_wrap=True)
    for table in tables:
        cells = (Text(table.verdicts[row], style=_STYLES[table.verdicts[row]]) for row in ROWS)
        shown.add_row(Text.assemble(*_name(table)), *cells)
    shown.add_row(Text(f"published: {PUBLISHED_SOURCE}", style="dim"))
    for model, verdicts in PUBLISHED_MOTIVES.items():
        shown.add_row(Text(model), *(Text(verdicts[row]) for row in ROWS), style="dim")
    return shown
