"""The study that the shipped scenarios are about, as data: ``fixtures/study.toml``.

Rows are what the papers did, with the fixtures by which it is done here. Facts are what a scenario
states, with the blocks that state it and words that their text must hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_afake.resources import resource_path
from pytest_afake.scenario.fields import Table
from pytest_afake.scenario.scenario import Scenario

SCHEMA = 1

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Something that the papers did.

    ``scenarios`` (with edits behind a plus), ``edits``, ``suites``, ``measures`` and ``commands``
    are names of what does it here; ``note`` says what a name cannot.
    """

    part: str
    study: str
    source: str
    scenarios: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that scenarios ``of`` these names state, in one arm (the first, if none is named).

    ``words`` are regular expressions, without case and with blanks as one space; the text of
    ``blocks``, as it is sent, must match each of them.
    """

    of: tuple[str, ...]
    states: str
    blocks: tuple[str, ...]
    words: tuple[str, ...]
    arm: str = ""

    def unstated(self, scenario: Scenario) -> Iterator[str]:
        """What is missing for the fact to be stated: blocks that are not sent, words not found."""
        arm = self.arm or next(iter(scenario.arms))
        sent = "\n\n".join(message.content for message in scenario.render(arm, ""))
        texts = []
        for name in self.blocks:
            laid_out = name in scenario.layout
            text = scenario.block_text(name, arm) if laid_out else ""
            if not laid_out or text not in sent:
                yield f"block {name} is not sent"
            texts.append(text)
        whole = _BLANKS.sub(" ", " ".join(texts))
        for words in self.words:
            if not re.search(words, whole, re.IGNORECASE):
                yield f"no {words!r} in {', '.join(self.blocks)}"


@dataclass(frozen=True, slots=True)
class Study:
    """All rows and facts, in the order of the file."""

    rows: tuple[Row, ...]
    facts: tuple[Fact, ...]


def shipped_study() -> Study:
    """The study of ``fixtures/study.toml``."""
    return read_study(resource_path("fixtures", "study.toml"))


def read_study(path: Path) -> Study:
    """Read a file of rows and facts. Raises ScenarioError naming the row or fact, and the field."""
    table = Table.read(path)
    if table.number("schema") != SCHEMA:
        raise table.error("schema", f"this version reads schema {SCHEMA}")
    rows = tuple(_row(each) for each in table.tables("rows"))
    facts = tuple(_fact(each) for each in table.tables("facts"))
    table.finish()
    return Study(rows, facts)


def _row(table: Table) -> Row:
    row = Row(
        part=table.text("part"),
        study=table.text("study"),
        source=table.text("source"),
        scenarios=table.texts("scenarios", ()),
        edits=table.texts("edits", ()),
        suites=table.texts("suites", ()),
        measures=table.texts("measures", ()),
        commands=table.texts("commands", ()),
        note=table.text("note", ""),
    )
    table.finish()
    if not any((row.scenarios, row.edits, row.suites, row.measures, row.commands, row.note)):
        raise table.error("note", "is missing, where nothing else says how the row is done here")
    return row


def _fact(table: Table) -> Fact:
    fact = Fact(
        of=table.texts("of"),
        states=table.text("states"),
        blocks=table.texts("blocks"),
        words=table.texts("words"),
        arm=table.text("arm", ""),
    )
    table.finish()
    for words in fact.words:
        _check(words, table)
    for field, value in (("of", fact.of), ("blocks", fact.blocks), ("words", fact.words)):
        if not value:
            raise table.error(field, "is empty")
    return fact


def _check(words: str, table: Table) -> None:
    try:
        re.compile(words)
    except re.error as error:
        raise table.error("words", f"{words!r}: {error}") from None
