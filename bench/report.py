"""Sections as Markdown: first what has a budget, then everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.figures import Budget, Figure, Section, Table

_HEAD = "| figure | median | lowest to highest | runs | budget | |"
_RULE = "|---|---:|---:|---:|---:|---|"


def summary(sections: Iterable[Section]) -> str:
    """One table of all figures that have a budget."""
    rows = [
        _row(figure, f"{figure.what} ({table.title})")
        for section in sections
        for table in section.tables
        for figure in table.figures
        if figure.budget
    ]
    return "\n".join(["## Budgets", "", _HEAD, _RULE, *rows, ""])


def section_text(section: Section) -> str:
    """One section: heading, tables, notes."""
    lines = [f"## {section.title}", ""]
    for table in section.tables:
        lines += _table(table)
    for note in section.notes:
        lines += [note, ""]
    return "\n".join(lines)


def _table(table: Table) -> Iterator[str]:
    yield from (f"### {table.title}", "", _HEAD, _RULE)
    yield from (_row(figure, figure.what) for figure in table.figures)
    yield ""


def _row(figure: Figure, what: str) -> str:
    values = sorted(figure.values)
    spread = "" if len(values) == 1 else f"{_number(values[0])} to {_number(values[-1])}"
    median = f"{_number(figure.median)} {figure.unit}".strip()
    budget = _budget(figure.budget, figure.unit) if figure.budget else ""
    verdict = _verdict(figure.budget, figure.median) if figure.budget else ""
    return f"| {what} | {median} | {spread} | {len(values)} | {budget} | {verdict} |"


def _budget(budget: Budget, unit: str) -> str:
    sign = "≥" if budget.at_least else "≤"
    return f"{sign} {_number(budget.bound)} {unit}".strip()


def _verdict(budget: Budget, value: float) -> str:
    margin = budget.margin(value)
    if budget.holds(value):
        return f"holds, by {margin:.0%}"
    return f"**does not hold**, by {-margin:.0%}"


def _number(value: float) -> str:
    """Three significant digits, and no powers of ten."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"
