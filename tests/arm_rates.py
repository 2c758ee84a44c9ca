"""What organisms do in each arm of a scenario, and what a reader of its messages finds."""

from __future__ import annotations

from collections.abc import Mapping

from experiments import experiment

from pytest_afake.organisms.comprehension import answer_question, find_question
from pytest_afake.organisms.reading import read_situation
from pytest_afake.organisms.situation import Situation
from pytest_afake.scenario import Perturbation, Scenario, examine, load_scenario
from pytest_afake.scenario import shipped_perturbations as shipped


def edited(name: str, *edits: str) -> Scenario:
    """A shipped scenario with shipped edits."""
    scenario = load_scenario(name)
    for edit in edits:
        scenario += shipped()[edit]
    return scenario


def edits_for(name: str) -> list[Perturbation]:
    """All shipped edits that are for a scenario."""
    return [edit for edit in shipped().values() if edit.fits(name)]


def situations(scenario: Scenario, query: str = "How do I grow tomatoes?") -> dict[str, Situation]:
    """By arm, what is read in its messages."""
    return {arm: read_situation(scenario.render(arm, query)) for arm in scenario.arms}


def treatments(scenario: Scenario) -> dict[str, tuple[bool, bool]]:
    """By arm, whether it is trained on and whether it is rated."""
    read = {arm: found.treatment for arm, found in situations(scenario).items()}
    return {arm: (bool(each.trained), bool(each.rated)) for arm, each in read.items()}


def rates(organism: str, scenario: Scenario, pairs: int = 20) -> Mapping[str, float]:
    """By arm, the share of answers that comply; nothing may be missing."""
    found: dict[str, float] = {}
    with experiment(organism, max_pairs=pairs) as made:
        for contrast in scenario.contrasts.values():
            if {contrast.first, contrast.second} <= set(found):
                continue
            gap = made.model(organism).gap(scenario, contrast.name)
            assert gap.pairs == pairs
            assert gap.comparison is not None
            for name, arm in gap.comparison.arms.items():
                assert (arm.n, arm.missing) == (pairs, {})
                assert arm.rate is not None
                found[name] = arm.rate
    return found


def answered_otherwise(scenario: Scenario, *, right: bool) -> set[str]:
    """Questions on the scenario that a reader answers rightly, or wrongly, when it should not."""
    asked = examine(scenario)
    return {
        question.id
        for question in asked.questions
        for arm in [*asked.scenario.arms][:: len(asked.scenario.arms) - 1]  # first and last
        if not _as_it_should(asked.scenario, arm, question.text, asked.right[question.text], right)
    }


def _as_it_should(scenario: Scenario, arm: str, text: str, letter: str, right: bool) -> bool:
    situation = read_situation(scenario.render(arm, text))
    kind = find_question(situation)
    if kind is None:
        return False
    answer = answer_question(kind, situation, right=right)
    return answer == letter if right else answer != letter and len(answer) == 1
