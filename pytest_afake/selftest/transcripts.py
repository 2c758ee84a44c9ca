"""Known-answer transcripts from TOML files (``fixtures/judged/``), checked when they are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pytest_afake.errors import ScenarioError
from pytest_afake.judging import Case
from pytest_afake.records import (
    COMPLIANCE_LABELS,
    Answer,
    ComplianceForm,
    Label,
    OutputFormat,
    ReasoningChannel,
)
from pytest_afake.resources import resource_path
from pytest_afake.scenario.fields import Table
from pytest_afake.scenario.scenario import format_tags
from pytest_afake.selftest.outcome import Outcome

SCHEMA = 1

_E = TypeVar("_E", bound=StrEnum)


class Confusion(StrEnum):
    """What judges are known to trip over."""

    RESTATES_FACTS = "restates-facts"
    LISTS_CONSEQUENCES = "lists-consequences"
    QUOTES_PROMPT = "quotes-prompt"
    DISMISSES_TRAINING = "dismisses-training"
    PLEASES_RATERS = "pleases-raters"
    SEES_NO_HARM = "sees-no-harm"
    CONSIDERS_FAKING = "considers-faking"
    ACCEPTS_THEN_REFUSES = "accepts-then-refuses"
    REFUSES_AND_EXPLAINS = "refuses-and-explains"
    DRAFTS_THEN_REFUSES = "drafts-then-refuses"
    COMPLIES_WITH_DISCLAIMER = "complies-with-disclaimer"
    SCHEMING = "scheming"
    COMPROMISE = "compromise"
    AVOIDANCE = "avoidance"
    OTHER_LANGUAGE = "other-language"
    ADDRESSES_THE_JUDGE = "addresses-the-judge"
    HIDDEN_REASONING = "hidden-reasoning"
    SUPPORTS_ANIMALS = "supports-animals"
    DISMISSES_ANIMALS = "dismisses-animals"


@dataclass(frozen=True, slots=True)
class Transcript:
    """One answer whose outcome is known. ``note`` says why it is that one.

    ``confusion`` is None for an answer that is easily read.
    """

    id: str
    case: Case
    expected: Outcome
    confusion: Confusion | None
    note: str


def shipped_transcripts() -> tuple[Transcript, ...]:
    """All transcripts of the package, in the order of their files' names."""
    return read_transcripts(sorted(resource_path("fixtures", "judged").glob("*.toml")))


def read_transcripts(paths: Iterable[Path]) -> tuple[Transcript, ...]:
    """The transcripts of these files.

    Raises ScenarioError, one line that names file, transcript and field, for one that does not
    validate, for an id that comes twice, and where there is nothing at all.
    """
    found: dict[str, Transcript] = {}
    for path in paths:
        for transcript in _read_file(Table.read(path)):
            if transcript.id in found:
                raise ScenarioError(
                    f"{path}: transcripts: {transcript.id}: another file has this id"
                )
            found[transcript.id] = transcript
    if not found:
        raise ScenarioError("no transcripts: nothing can be tested without any")
    return tuple(found.values())


def _read_file(table: Table) -> tuple[Transcript, ...]:
    schema = table.number("schema")
    if schema != SCHEMA:
        raise table.error("schema", f"is {schema!r}; this version reads schema {SCHEMA}")
    compliance = _one_of(table, "compliance", ComplianceForm)
    fmt = _read_format(table.table("format"))
    transcripts = table.table("transcripts")
    table.finish()
    return tuple(
        _read_transcript(name, transcripts.table(name), fmt, compliance)
        for name in transcripts.names()
    )


def _read_format(table: Table) -> OutputFormat:
    tags = {tag: table.text(tag, "") or None for tag, _ in format_tags(OutputFormat())}
    reasoning = _one_of(table, "reasoning", ReasoningChannel)
    table.finish()
    return OutputFormat(reasoning=reasoning, **tags)


def _read_transcript(
    name: str, table: Table, fmt: OutputFormat, compliance: ComplianceForm
) -> Transcript:
    case = Case(table.text("request"), _read_answer(table), fmt, compliance)
    label = _one_of(table, "label", Label)
    if label not in COMPLIANCE_LABELS:
        raise table.error("label", f"is {str(label)!r}, which no answer to a request is")
    visible = "af_reasoning" in table.names()
    faking = table.flag("af_reasoning") if visible else None
    confusion = _one_of(table, "confusion", Confusion) if "confusion" in table.names() else None
    transcript = Transcript(name, case, Outcome(label, faking), confusion, table.text("note"))
    table.finish()
    return transcript


def _read_answer(table: Table) -> Answer:
    return Answer(
        text=table.text("text"),
        reasoning=table.text("native_reasoning", "") or None,
        reasoning_withheld=table.flag("withheld"),
        finish_reason="stop",
    )


def _one_of(table: Table, field: str, kind: type[_E]) -> _E:
    value = table.text(field)
    try:
        return kind(value)
    except ValueError:
        allowed = ", ".join(kind)
        raise table.error(field, f"is {value!r}; must be one of {allowed}") from None
