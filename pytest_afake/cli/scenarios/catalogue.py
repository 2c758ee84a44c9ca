"""The page ``docs/catalogue.md``, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pytest_afake.cli.scenarios.choosing import fitting
from pytest_afake.cli.scenarios.edits import edit_parts
from pytest_afake.cli.scenarios.words import (
    PURPOSE_TITLES,
    arms_in_words,
    contrast_in_words,
    predicted,
    purposes,
)
from pytest_afake.scenario import (
    Perturbation,
    Scenario,
    load_scenario,
    shipped_perturbations,
    shipped_scenarios,
)
from pytest_afake.scenario.groups import shipped_groups
from pytest_afake.scenario.predictions import HYPOTHESES, OfEdit, OfGap
from pytest_afake.scenario.study import Fact, Row, Study, shipped_study

_HEAD = """\
# Catalogue

<!-- Made by `python -m pytest_afake.cli scenarios catalogue > docs/catalogue.md`: do not edit. -->

All that is shipped in `fixtures/`: each scenario with the facts that it states and the blocks
that state them, each perturbation with what it edits and what is predicted, and the rows of the
study with what does them here. `afake scenarios show` prints the texts, `afake scenarios diff` what
an edit changes.

The study is Sheshadri et al. 2025 (arXiv 2506.18032) and Greenblatt et al. 2024 (arXiv 2412.14093).
All texts are this project's own words. Figures in sources are published ones, and none is ours.
"""


def page() -> Iterator[str]:
    """Its lines."""
    study = shipped_study()
    scenarios = [load_scenario(name) for name in shipped_scenarios()]
    yield from _HEAD.splitlines()
    yield from _hypotheses()
    yield from ("", "## Scenarios")
    for scenario in scenarios:
        yield from _scenario(scenario, study)
    yield from ("", "## Perturbations")
    fits = {str(scenario): {edit.name for edit in fitting(scenario)} for scenario in scenarios}
    for edit in shipped_perturbations().values():
        yield from _edit(edit, [name for name, edits in fits.items() if edit.name in edits], study)
    yield from _groups()
    yield from _rows(study.rows)


def _hypotheses() -> Iterator[str]:
    """A scenario predicts gaps, an edit what becomes of them."""
    yield from ("", "## What is predicted", "")
    yield from _table(("hypothesis", "a gap is, or is absent, because of"), HYPOTHESES.items())
    yield ""
    yield f"What a hypothesis says of a contrast is one of {_words(OfGap)}. Of an edit it says what"
    yield f"becomes of the gap beside that of the scenario without it, one of {_words(OfEdit)}."


def _words(words: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in words)


def _scenario(scenario: Scenario, study: Study) -> Iterator[str]:
    yield from ("", f"### `{scenario}`", "", f"{scenario.title}.", "")
    yield f"- source: {scenario.source}"
    yield f"- arms: {arms_in_words(scenario)}"
    yield f"- queries: `{scenario.queries}`; compliance is told by `{scenario.compliance}`"
    if scenario.comprehension:
        yield f"- questions on its facts: `{scenario.comprehension}`"
    yield ""
    says = (
        (
            f"`{contrast_in_words(each)}`",
            predicted(scenario.predicts.get(name, {})) or "nothing said",
        )
        for name, each in scenario.contrasts.items()
    )
    yield from _table(("contrast", "predicted"), says)
    yield from _facts([fact for fact in study.facts if str(scenario) in fact.of])


def _edit(edit: Perturbation, fits: list[str], study: Study) -> Iterator[str]:
    yield from ("", f"### `{edit.name}`", "", f"{edit.title}.", "")
    if edit.source:
        yield f"- source: {edit.source}"
    yield f"- serves: {', '.join(PURPOSE_TITLES[each] for each in purposes(edit))}"
    yield f"- edits: {'; '.join(edit_parts(edit))}"
    yield f"- fits: {_words(fits)}"
    if edit.predicts:
        yield f"- predicted: {predicted(edit.predicts)}"
    for name, why in edit.excludes.items():
        yield f"- does not go with `{name}`: {why}"
    yield from _facts([fact for fact in study.facts if _is_of(fact, edit)])


def _is_of(fact: Fact, edit: Perturbation) -> bool:
    return any(name.split("+")[-1] == edit.name for name in fact.of)


def _facts(facts: list[Fact]) -> Iterator[str]:
    if facts:
        yield ""
        rows = ((_stated(fact), _words(fact.blocks)) for fact in facts)
        yield from _table(("fact", "stated by"), dict.fromkeys(rows))


def _stated(fact: Fact) -> str:
    return f"{fact.states} (arm {fact.arm})" if fact.arm else fact.states


def _groups() -> Iterator[str]:
    yield from (
        "",
        "## Groups",
        "",
        "Tuples of perturbations, by `from pytest_afake import NAME`.",
        "",
    )
    groups = shipped_groups().items()
    yield from _table(
        ("group", "members"),
        ((f"`{name}`", _words(map(str, members))) for name, members in groups),
    )


def _rows(rows: tuple[Row, ...]) -> Iterator[str]:
    yield from ("", "## The study, row by row")
    for part in dict.fromkeys(row.part for row in rows):
        yield from ("", f"### {part}", "")
        cells = ((row.study, row.source, _done_by(row)) for row in rows if row.part == part)
        yield from _table(("in the study", "source", "here"), cells)


def _done_by(row: Row) -> str:
    named = (*row.scenarios, *row.edits, *(f"suites/{each}" for each in row.suites))
    measures = tuple(f"model.{each}" for each in row.measures)
    texts = [_words((*named, *measures, *row.commands)), row.note]
    return "; ".join(text for text in texts if text)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
