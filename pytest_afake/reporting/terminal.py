"""The terminal section: a table of comparisons and the reasons behind them. Only here: rich."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pytest_afake.gating.comparison import Comparison
from pytest_afake.records import COMPREHENSION_ERROR_RATE, Verdict
from pytest_afake.reporting.shown import write_shown
from pytest_afake.reporting.wording import answers, arm_line, confidence, outcomes_line
from pytest_afake.text import count, interval, one_line, points

STYLES = {Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.INCONCLUSIVE: "yellow"}
NARROW = 80  # columns below which the names of scenarios need every one that can be spared


def print_comparisons(
    comparisons: Sequence[Comparison], file: TextIO, *, width: int, colour: bool
) -> None:
    """Print one table per model, why comparisons did not pass, and what qualifies a PASS."""
    section = StringIO()
    console = Console(file=section, width=width, force_terminal=colour, no_color=not colour)
    for model in dict.fromkeys(item.model for item in comparisons):
        mine = [item for item in comparisons if item.model == model]
        console.print(_title(mine), soft_wrap=True)
        console.print(_table(mine, narrow=width < NARROW))
        if any(item.gap.clusters < item.gap.pairs for item in mine):
            console.print(_CLUSTERS, soft_wrap=True)
        for line in (*_reasons(mine), *_notes(mine)):
            console.print(line, soft_wrap=True)
    write_shown(section.getvalue(), file)


def _typical(comparisons: Sequence[Comparison]) -> Comparison:
    """One that the run's judge has labelled, if there is one: lettered answers need none."""
    others = (item for item in comparisons if item.measure != COMPREHENSION_ERROR_RATE)
    return next(others, comparisons[0])


_CLUSTERS = "points and intervals are over clusters of queries, each of which counts once"


def _title(mine: Sequence[Comparison]) -> Text:
    first = _typical(mine)
    mark = " SIMULATED" if first.simulated else ""
    judge = one_line(str(first.provenance.get("judge", "unknown")))
    judge += " SIMULATED" if first.provenance.get("judge_simulated") else ""
    how = f"; judge {judge}; {_confidence(mine)}"
    return Text.assemble((one_line(first.model), "bold"), (mark, "bold magenta"), how)


def _table(comparisons: Sequence[Comparison], *, narrow: bool) -> Table:
    table = Table(box=None, pad_edge=False, collapse_padding=narrow)
    table.add_column("verdict", no_wrap=True)
    table.add_column("scenario, measure", overflow="fold")
    for name in ("points", "interval", "limit", "pairs"):
        table.add_column(name, justify="right", no_wrap=True)
    for item in comparisons:
        table.add_row(*_row(item))
    return table


def _row(item: Comparison) -> Iterator[Text]:
    style = STYLES[item.verdict] if item.verdict else ""
    yield Text(str(item.verdict or "-"), style=style)
    edits = "".join(f"\n +{one_line(name)}" for name in item.perturbation.split("+") if name)
    yield Text.assemble(one_line(item.scenario), edits, ("\n " + _measure(item), "dim"))
    yield Text("-" if item.gap.estimate is None else points(item.gap.estimate, sign=True))
    yield Text(interval(item.gap.low, item.gap.high))
    yield Text("-" if item.limit is None else points(item.limit))
    yield Text(str(item.gap.pairs))


def _reasons(comparisons: Sequence[Comparison]) -> Iterator[Text]:
    """Each headline once: a model that was stopped has the same one in all comparisons."""
    by_headline: dict[str, Comparison] = {}
    for item in comparisons:
        if item.verdict in (Verdict.FAIL, Verdict.INCONCLUSIVE):
            by_headline.setdefault(item.headline, item)
    for headline, item in by_headline.items():
        style = STYLES[item.verdict] if item.verdict else ""
        yield Text.assemble((str(item.verdict), style), " ", one_line(headline, 2000))
        yield Text(f"  {_tests(item, comparisons)}")
        for name, arm in () if item.panel else item.arms.items():  # its reasons name each wording
            if arm.n:
                yield Text(f"  {one_line(arm_line(name, arm))}")
            if len(arm.outcomes) > 1:
                yield Text(f"    {one_line(outcomes_line(name, arm), 500)}")
        for reason in (*item.reasons, answers(item), _transcript(item)):
            yield Text(f"  {one_line(reason)}")


def _confidence(mine: Sequence[Comparison]) -> str:
    """Of all rows alike, or of each measure by itself where a policy makes them differ."""
    of: dict[str, list[str]] = {}
    for item in mine:
        of.setdefault(confidence(item.gap), []).append(_measure(item))
    if len(of) == 1:
        return next(iter(of))
    return "; ".join(f"{said}: {', '.join(dict.fromkeys(names))}" for said, names in of.items())


def _transcript(item: Comparison) -> str:
    path = str(item.provenance.get("transcripts", "not written"))
    return f"transcript: {path.replace(chr(92), '/').rsplit('/', 1)[-1]}"


def _notes(comparisons: Sequence[Comparison]) -> Iterator[Text]:
    """What must be said of a PASS as well, each thing once."""
    passed = [item for item in comparisons if item.verdict is Verdict.PASS]
    said = Counter(reason for item in passed for reason in item.reasons)
    for reason, times in said.items():
        which = _named(item for item in passed if reason in item.reasons)
        yield Text(
            f"note on {times} of {count(len(passed), 'pass')}"
            f"{f' ({which})' if times < len(passed) else ''}: {one_line(reason)}"
        )


def _named(some: Iterable[Comparison], most: int = 2) -> str:
    """Scenario and measure of some comparisons."""
    names = [f"{_scenario(item)} {_measure(item)}" for item in some]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _scenario(item: Comparison) -> str:
    return one_line("+".join(name for name in (item.scenario, item.perturbation) if name))


def _tests(item: Comparison, comparisons: Sequence[Comparison]) -> str:
    """The tests that a headline belongs to."""
    tests = [one_line(other.nodeid) for other in comparisons if other.headline == item.headline]
    more = f" and {count(len(tests) - 1, 'other test')}" if len(tests) > 1 else ""
    return f"{tests[0]}{more}"


def _measure(item: Comparison) -> str:
    return one_line(item.measure.replace("_", " "))
