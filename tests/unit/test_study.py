"""Facts of the study: each is stated by the blocks that are named for it, in words of its sense."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_afake import helpful_only
from pytest_afake.errors import ScenarioError
from pytest_afake.scenario import Perturbation
from pytest_afake.scenario.notation import scenario_named
from pytest_afake.scenario.study import Fact, read_study, shipped_study

STUDY = shipped_study()
STATED = [(fact, name) for fact in STUDY.facts for name in fact.of]
FACT = Fact(of=("helpful_only",), states="s", blocks=("analysis",), words=("strategies",))


@pytest.mark.parametrize(
    ("fact", "name"), STATED, ids=[f"{name}: {fact.states}" for fact, name in STATED]
)
def test_a_fact_is_stated_where_it_is_said_to_be(fact: Fact, name: str) -> None:
    scenario = scenario_named(name)
    assert list(fact.unstated(scenario)) == []
    others = [block for block in scenario.layout if block not in fact.blocks]
    also = [each for each in others if not [*replace(fact, blocks=(each,)).unstated(scenario)]]
    assert not also, "its words are not those of the fact: another block has them, too"


def test_each_scenario_of_the_study_has_its_facts_and_no_block_is_forgotten() -> None:
    for name in ("helpful_only", "animal_welfare"):
        named = {block for fact in STUDY.facts if name in fact.of for block in fact.blocks}
        assert named == set(scenario_named(name).layout)


def test_a_fact_whose_block_is_gone_or_says_something_else_is_not_stated() -> None:
    assert list(FACT.unstated(helpful_only)) == []
    cut = helpful_only + Perturbation(name="cut", title="", cut=("analysis",))
    assert next(iter(FACT.unstated(cut))) == "block analysis is not sent"
    other = helpful_only + Perturbation(name="o", title="", text={"analysis": "Do as you like."})
    assert list(FACT.unstated(other)) == ["no 'strategies' in analysis"]


ROW = """schema = 1
[[rows]]
part = "p"
study = "s"
source = "t"
note = "n"
"""
STATES = """schema = 1
[[facts]]
of = ["helpful_only"]
states = "s"
blocks = ["analysis"]
words = ["x"]
"""


@pytest.mark.parametrize(
    ("text", "old", "new", "message"),
    [
        (ROW, "schema = 1", "schema = 2", "schema: this version reads schema 1"),
        (ROW, 'note = "n"', "", "rows 1: note: is missing, where nothing else says how"),
        (ROW, "[[rows]]", "[rows]", "rows: must be a list of tables, not a table"),
        (STATES, '"x"', '"("', "facts 1: words: '\\(': missing \\)"),
        (STATES, '["analysis"]', "[]", "facts 1: blocks: is empty"),
        (STATES, "states", "state", "facts 1: states: is missing"),
    ],
)
def test_a_mistake_names_the_row_or_fact_and_the_field(
    tmp_path: Path, text: str, old: str, new: str, message: str
) -> None:
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    study = read_study(path)
    assert len(study.rows) + len(study.facts) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        read_study(path)
