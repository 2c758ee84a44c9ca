"""Questions on a scenario's own facts, asked inside of it, to see whether a model knows them.

A question is right or wrong by the text alone, so it is left out wherever a block that it rests on
is not in use as it was written, or that another block qualifies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pytest_afake.errors import ScenarioError
from pytest_afake.records import Query
from pytest_afake.resources import resource_path
from pytest_afake.scenario.fields import Table
from pytest_afake.scenario.scenario import Scenario
from pytest_afake.scenario.slots import fill, resolve, slots_in
from pytest_afake.scenario.template import QUERY_SLOT

SCHEMA = 1
LETTERS = "ABCDEFGH"

_INSTRUCTION = "answer_with_a_letter"
_DECISION_SLOTS = frozenset({"accept_tag", "reject_tag"})


@dataclass(frozen=True, slots=True)
class Question:
    """One question with lettered options. ``rests_on`` names the blocks that state the fact.

    ``unless`` names blocks beside which the right answer would no longer be the only one.
    """

    id: str
    text: str
    options: tuple[str, ...]
    right: str
    rests_on: tuple[str, ...]
    unless: tuple[str, ...] = ()

    @property
    def whole(self) -> str:
        """As it is asked, its slots still open."""
        lettered = zip(LETTERS, self.options, strict=False)
        return "\n".join([self.text, "", *(f"{letter}) {option}" for letter, option in lettered)])


@dataclass(frozen=True, slots=True)
class Comprehension:
    """A file of questions, and how an answer is asked for with an output tag and without."""

    name: str
    instruction: str
    instruction_without_tag: str
    questions: tuple[Question, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Examination:
    """A scenario as its questions are asked in it, the questions, and the right letter of each.

    ``right`` is by the question's text, which is all that a judge is told of it.
    """

    scenario: Scenario
    questions: tuple[Query, ...]
    right: Mapping[str, str]
    name: str


def examine(scenario: Scenario) -> Examination:
    """The questions that a scenario's text answers, ready to be asked in each of its arms.

    Raises ScenarioError for a scenario that names none, or whose text answers none of them.
    """
    if scenario.comprehension is None:
        raise ScenarioError(
            f"{scenario.origin}: scenario {scenario} names no comprehension questions: "
            'add comprehension = "tiers", or a file of your own'
        )
    asked = load_comprehension(scenario.comprehension)
    values = resolve(dict(scenario.slots))
    fitting = [question for question in asked.questions if _is_stated(question, scenario)]
    if not fitting:
        raise ScenarioError(f"{asked.origin}: no question is on what scenario {scenario} states")
    texts = [_filled(question, values, scenario, asked.origin) for question in fitting]
    return Examination(
        scenario=_laid_out(scenario, asked),
        questions=tuple(Query(each.id, text) for each, text in zip(fitting, texts, strict=True)),
        right={text: each.right for each, text in zip(fitting, texts, strict=True)},
        name=asked.name,
    )


def load_comprehension(source: str) -> Comprehension:
    """Questions by shipped name or by path. Raises ScenarioError naming file and question."""
    shipped = resource_path("fixtures", "comprehension")
    names = sorted(path.stem for path in shipped.glob("*.toml"))
    if source in names:
        return _read(shipped / f"{source}.toml")
    if not Path(source).is_file():
        known = ", ".join(names)
        raise ScenarioError(f"comprehension = {source!r}: no such file (shipped: {known})")
    return _read(Path(source))


@cache
def _read(path: Path) -> Comprehension:
    table = Table.read(path)
    if (schema := table.number("schema")) != SCHEMA:
        raise table.error("schema", f"is {schema!r}; this version reads schema {SCHEMA}")
    questions = table.table("questions")
    read = Comprehension(
        name=table.text("name"),
        instruction=table.text("instruction"),
        instruction_without_tag=table.text("instruction_without_tag"),
        questions=tuple(_question(name, questions.table(name)) for name in questions.names()),
        origin=str(path),
    )
    table.text("title", "")
    table.finish()
    return read


def _question(name: str, table: Table) -> Question:
    options = table.texts("options")
    if not 2 <= len(set(options)) == len(options) <= len(LETTERS):
        raise table.error("options", f"must be 2 to {len(LETTERS)} different texts")
    right = table.text("right")
    if right not in tuple(LETTERS[: len(options)]):
        raise table.error("right", f"is {right!r}; must be one of {LETTERS[: len(options)]}")
    rests_on = table.texts("rests_on")
    if not rests_on:
        raise table.error("rests_on", "must name the blocks that state the fact")
    unless = table.texts("unless", ())
    question = Question(name, table.text("text"), options, right, rests_on, unless)
    table.finish()
    return question


def _is_stated(question: Question, scenario: Scenario) -> bool:
    """Whether the blocks that it rests on are in use, word for word, and nothing blurs them."""
    stated = set(scenario.layout) - scenario.rewritten
    return stated.issuperset(question.rests_on) and stated.isdisjoint(question.unless)


def _filled(question: Question, values: Mapping[str, str], scenario: Scenario, origin: str) -> str:
    if unknown := sorted(slots_in(question.whole) - set(values)):
        raise ScenarioError(
            f"{origin}: {question.id}: scenario {scenario} has no slot {unknown[0]!r}"
        )
    return fill(question.whole, values)


def _laid_out(scenario: Scenario, asked: Comprehension) -> Scenario:
    """The same text with a letter to be answered in place of a decision to be declared.

    Without a prefill, which begins to weigh a request.
    """
    tagged = bool(scenario.output_format.output_tag)
    instruction = asked.instruction if tagged else asked.instruction_without_tag
    return scenario.edited(
        scenario.descent,
        blocks={**scenario.blocks, _INSTRUCTION: instruction},
        system=_without_decision(scenario, scenario.system),
        user=(*_without_decision(scenario, scenario.user), _INSTRUCTION),
        prefill="",
    )


def _without_decision(scenario: Scenario, names: tuple[str, ...]) -> tuple[str, ...]:
    slots = {name: slots_in(scenario.blocks[name]) for name in names}
    asking = [name for name in names if slots[name] & _DECISION_SLOTS]
    for name in asking:
        if QUERY_SLOT in slots[name]:
            raise ScenarioError(
                f"{scenario.origin}: blocks: {name}: holds {{query}} and an acceptance tag, so "
                "that no comprehension question can be asked without the tag"
            )
    return tuple(name for name in names if name not in asking)
