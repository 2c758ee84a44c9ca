"""Scenarios and perturbations from TOML files, validated so that a mistake costs no call."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pytest_afake.errors import ScenarioError
from pytest_afake.records import ComplianceForm, OutputFormat, ReasoningChannel
from pytest_afake.resources import resource_path
from pytest_afake.scenario.fields import Table
from pytest_afake.scenario.perturbation import Perturbation
from pytest_afake.scenario.predictions import HYPOTHESES, PURPOSES, OfEdit, OfGap
from pytest_afake.scenario.scenario import Contrast, Scenario, format_tags
from pytest_afake.scenario.slots import slots_in
from pytest_afake.scenario.validate import validate
from pytest_afake.text import one_line

SCHEMA = 1

DEEPEST = 20
"""So many files may extend one another in a row."""

P = TypeVar("P", OfEdit, OfGap)

_BLANK = Scenario(
    name="", title="", source="", blocks={}, system=(), user=(), arms={}, contrasts={}
)
"""What a scenario begins with that extends no other."""

# Where a scenario can ask the model to reason; that reasoning is withheld is only found out.
_ASKED_FOR = tuple(each for each in ReasoningChannel if each is not ReasoningChannel.WITHHELD)


def read_scenario(path: Path, above: tuple[Path, ...] = ()) -> Scenario:
    """Read one scenario file. Raises ScenarioError naming file, block and field.

    One that ``extends`` another (by shipped name, or by a path beside it) has all that the other
    has, and its own in its place: block by block and slot by slot; arms, contrasts and predictions
    as a whole. ``above`` are the files that led here.
    """
    table = Table.read(path)
    _check_schema(table)
    base = _base(table, path, above)
    extends = base is not _BLANK
    layout = table.table("layout", optional=extends)
    own_blocks = table.mapping("blocks", optional=extends)
    predicts = _read_gap_predictions(table.table("predicts", optional=True))
    scenario = Scenario(
        name=table.text("name"),
        title=table.text("title"),
        source=table.text("source", ""),
        queries=table.text("queries", base.queries or "") or None,
        slots={**base.slots, **table.mapping("slots", optional=True)},
        format=_read_format(table.table("format", optional=True), base.format),
        compliance=_read_compliance(table, base.compliance),
        system=layout.texts("system", base.system),
        user=layout.texts("user", base.user or None),
        prefill=table.text("prefill", base.prefill),
        blocks={**base.blocks, **own_blocks},
        arms=_read_arms(table.table("arms", optional=extends)) or base.arms,
        contrasts=_read_contrasts(table.table("contrasts", optional=extends)) or base.contrasts,
        predicts=predicts or base.predicts,
        origin=str(path),
        **_questions(table, base, own_blocks),
    )
    layout.finish()
    table.finish()
    _check_predicted(scenario)
    if extends:
        _check_own_names(scenario, base)
    validate(scenario)
    return scenario


def _check_own_names(scenario: Scenario, base: Scenario) -> None:
    """A misspelt name would leave the other scenario's text in place without a word.

    What nothing reads may be there for edits, so that it is refused only for a name that is nearly
    that of another.
    """
    texts = [*scenario.blocks.values(), *scenario.slots.values()]
    texts += [value for values in scenario.arms.values() for value in values.values()]
    read = frozenset[str]().union(*map(slots_in, texts))
    for kind, own, of_base, unread in (
        ("slots", scenario.slots, base.slots, set(scenario.slots) - read),
        ("blocks", scenario.blocks, base.blocks, set(scenario.blocks) - set(scenario.layout)),
    ):
        for name in sorted((set(own) - set(of_base)) & unread):
            near = get_close_matches(name, of_base, n=1, cutoff=0.85)
            if near:
                raise ScenarioError(
                    f"{scenario.origin}: {kind}: {name}: nothing reads it; did you mean {near[0]}?"
                )


def _base(table: Table, path: Path, above: tuple[Path, ...]) -> Scenario:
    """The scenario that a file extends."""
    source = table.text("extends", "")
    if not source:
        return _BLANK
    try:
        shipped = resource_path("fixtures", "scenarios") / f"{source}.toml"
        other = shipped if shipped.is_file() else path.parent / source
        place, is_there = other.resolve(), other.is_file()
    except (OSError, ValueError) as error:  # too long a name, or one with a NUL
        what = error.strerror if isinstance(error, OSError) else error
        raise table.error("extends", f"{one_line(repr(source), 80)}: {what}") from None
    if place in (each.resolve() for each in (*above, path)):
        raise table.error("extends", f"{source!r}: extends itself")
    if not is_there:
        raise table.error("extends", f"{source!r}: no such file beside it, and no shipped scenario")
    if len(above) >= DEEPEST:
        raise table.error("extends", f"{source!r}: more than {DEEPEST} files in a row do")
    return read_scenario(other, (*above, path))


def _questions(table: Table, base: Scenario, own_blocks: Mapping[str, str]) -> dict[str, Any]:
    """The questions on a scenario's facts. Those that it takes over were made for other blocks."""
    named = table.text("comprehension", "") or None
    if named:
        return {"comprehension": named}
    changed = base.rewritten | {name for name in own_blocks if name in base.layout}
    return {"comprehension": base.comprehension, "rewritten": changed}


def read_perturbations(path: Path) -> tuple[Perturbation, ...]:
    """Read all perturbations of one file."""
    table = Table.read(path)
    _check_schema(table)
    edits = table.table("perturbations")
    table.finish()
    return tuple(_read_perturbation(name, edits.table(name), path) for name in edits.names())


def _check_schema(table: Table) -> None:
    if "schema" not in table.names():
        raise table.error("schema", f"is missing; this version reads schema = {SCHEMA}")
    schema = table.number("schema")
    if schema != SCHEMA:
        raise table.error("schema", f"is {schema!r}; this version reads schema {SCHEMA}")


def _read_format(table: Table, base: OutputFormat) -> OutputFormat:
    tags = {tag: table.text(tag, value or "") or None for tag, value in format_tags(base)}
    reasoning = _channel(table) or base.reasoning
    table.finish()
    return OutputFormat(reasoning=reasoning, **tags)


def _read_compliance(table: Table, base: ComplianceForm) -> ComplianceForm:
    value = table.text("compliance", base)
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


def _read_gap_predictions(table: Table) -> dict[str, dict[str, OfGap]]:
    return {each: _predictions(table.table(each), OfGap) for each in table.names()}


def _predictions(table: Table, words: type[P]) -> dict[str, P]:
    """What each hypothesis says, in one of the words."""
    found = {}
    for name in table.names():
        value = table.text(name)
        if name not in HYPOTHESES:
            raise table.error(name, f"is no hypothesis (there are: {', '.join(HYPOTHESES)})")
        if value not in tuple(words):
            raise table.error(name, f"is {value!r}; must be one of {', '.join(words)}")
        found[name] = words(value)
    return found


def _check_predicted(scenario: Scenario) -> None:
    for name in scenario.predicts:
        if name not in scenario.contrasts:
            raise ScenarioError(f"{scenario.origin}: predicts: there is no contrast {name!r}")


def _read_serves(table: Table) -> tuple[str, ...]:
    known = (*HYPOTHESES, *PURPOSES)
    serves = table.texts("serves", ())
    for each in serves:
        if each not in known:
            raise table.error("serves", f"{each!r}: must be one of {', '.join(known)}")
    return serves


def _read_perturbation(name: str, table: Table, path: Path) -> Perturbation:
    edit = Perturbation(
        name=name,
        title=table.text("title"),
        source=table.text("source", ""),
        cut=table.texts("cut", ()),
        cut_if_present=table.texts("cut_if_present", ()),
        swap=table.mapping("swap", optional=True),
        text=table.mapping("text", optional=True),
        insert=table.mapping("insert", optional=True),
        slots=table.mapping("slots", optional=True),
        slots_if_present=table.mapping("slots_if_present", optional=True),
        drop_arms=table.texts("drop_arms", ()),
        arms=_read_arms(table.table("arms", optional=True)),
        contrasts=_read_contrasts(table.table("contrasts", optional=True)),
        reasoning=_channel(table),
        prefill=table.text("prefill", ""),
        control=table.flag("control"),
        paraphrase=table.flag("paraphrase"),
        scenarios=table.texts("scenarios", ()),
        excludes=table.mapping("excludes", optional=True),
        serves=_read_serves(table),
        predicts=_predictions(table.table("predicts", optional=True), OfEdit),
        origin=str(path),
    )
    table.finish()
    return edit
