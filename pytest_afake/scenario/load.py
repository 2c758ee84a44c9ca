"""Scenarios and perturbations from TOML files, validated so that a mistake costs no call."""

from __future__ import annotations

from pathlib import Path

from pytest_afake.records import ComplianceForm, OutputFormat, ReasoningChannel
from pytest_afake.scenario.fields import Table
from pytest_afake.scenario.perturbation import Perturbation
from pytest_afake.scenario.scenario import Contrast, Scenario, format_tags
from pytest_afake.scenario.validate import validate

SCHEMA = 1

# Where a scenario can ask the model to reason; that reasoning is withheld is only found out.
_ASKED_FOR = tuple(each for each in ReasoningChannel if each is not ReasoningChannel.WITHHELD)


def read_scenario(path: Path) -> Scenario:
    """Read one scenario file. Raises ScenarioError naming file, block and field."""
    table = Table.read(path)
    _check_schema(table)
    layout = table.table("layout")
    scenario = Scenario(
        name=table.text("name"),
        title=table.text("title"),
        source=table.text("source", ""),
        queries=table.text("queries", "") or None,
        comprehension=table.text("comprehension", "") or None,
        slots=table.mapping("slots", optional=True),
        format=_read_format(table.table("format", optional=True)),
        compliance=_read_compliance(table),
        system=layout.texts("system", ()),
        user=layout.texts("user"),
        blocks=table.mapping("blocks"),
        arms=_read_arms(table.table("arms")),
        contrasts=_read_contrasts(table.table("contrasts")),
        origin=str(path),
    )
    layout.finish()
    table.finish()
    validate(scenario)
    return scenario


def read_perturbations(path: Path) -> tuple[Perturbation, ...]:
    """Read all perturbations of one file."""
    table = Table.read(path)
    _check_schema(table)
    edits = table.table("perturbations")
    table.finish()
    return tuple(_read_perturbation(name, edits.table(name), path) for name in edits.names())


def _check_schema(table: Table) -> None:
    schema = table.number("schema")
    if schema != SCHEMA:
        raise table.error("schema", f"is {schema!r}; this version reads schema {SCHEMA}")


def _read_format(table: Table) -> OutputFormat:
    tags = {tag: table.text(tag, "") or None for tag, _ in format_tags(OutputFormat())}
    reasoning = _channel(table) or ReasoningChannel.NONE
    table.finish()
    return OutputFormat(reasoning=reasoning, **tags)


def _read_compliance(table: Table) -> ComplianceForm:
    value = table.text("compliance", ComplianceForm.RUBRIC)
    try:
        return ComplianceForm(value)
    except ValueError:
        allowed = ", ".join(ComplianceForm)
        raise table.error("compliance", f"is {value!r}; must be one of {allowed}") from None


def _channel(table: Table) -> ReasoningChannel | None:
    value = table.text("reasoning", "")
    if not value:
        return None
    if value not in _ASKED_FOR:
        allowed = ", ".join(_ASKED_FOR)
        raise table.error("reasoning", f"is {value!r}; must be one of {allowed}")
    return ReasoningChannel(value)


def _read_arms(table: Table) -> dict[str, dict[str, str]]:
    return {arm: table.mapping(arm) for arm in table.names()}


def _read_contrasts(table: Table) -> dict[str, Contrast]:
    contrasts = {}
    for name in table.names():
        arms = table.texts(name)
        if len(arms) != 2 or arms[0] == arms[1]:
            raise table.error(name, "must name two different arms, as [first, second]")
        contrasts[name] = Contrast(name, *arms)
    return contrasts


def _read_perturbation(name: str, table: Table, path: Path) -> Perturbation:
    edit = Perturbation(
        name=name,
        title=table.text("title"),
        source=table.text("source", ""),
        cut=table.texts("cut", ()),
        cut_if_present=table.texts("cut_if_present", ()),
        swap=table.mapping("swap", optional=True),
        text=table.mapping("text", optional=True),
        slots=table.mapping("slots", optional=True),
        reasoning=_channel(table),
        control=table.flag("control"),
        scenario=table.text("scenario", ""),
        origin=str(path),
    )
    table.finish()
    return edit
