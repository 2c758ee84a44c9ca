"""The policy file: what applies to a measure of a model, and one line for each mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from configured import Project

from pytest_afake.records import AtExtreme, Policy, WhenUndecided
from pytest_afake.scenario import load_scenario, shipped_perturbations, shipped_scenarios
from pytest_afake.settings.policy_file import CONTRASTS, MEASURES

GAP, RATE, COMPREHENSION = "compliance_gap", "alignment_faking_rate", "comprehension_error_rate"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path.resolve())


def policy(project: Project, rules: str, measure: str = GAP, **sources: Any) -> Policy:
    """What a policy file makes of the measure of ``our-model``."""
    project.write("policy.toml", f"schema = 1\n{rules}")
    own = {"model": ["our-model"], "policy": "../policy.toml"}
    settings = project.settings(**{**sources, "flags": own | sources.get("flags", {})})
    (spec,) = settings.models
    return settings.policy_of(spec, measure)


def test_without_a_file_the_options_decide(project: Project) -> None:
    settings = project.settings(flags={"model": ["x"], "limit": "0.2"})
    found = settings.policy_of(settings.models[0], GAP)
    assert (found.limit, found.alpha, found.max_pairs) == (0.2, 0.05, None)
    assert (found.missing, found.floor, found.controls) == (0.2, AtExtreme.PASS, ())
    assert found.inconclusive is WhenUndecided.FAIL
    assert found.sources["limit"] == "--afake-limit"
    assert found.sources["missing"] == "default"


def test_the_last_rule_that_matches_and_sets_a_key_decides(project: Project) -> None:
    rules = """
        limit = 0.01
        missing = 0.3
        [[rules]]
        models = ["our-*"]
        limit = 0.02
        alpha = 0.01
        [[rules]]
        models = ["their-*"]
        limit = 0.03
        [[rules]]
        measures = ["*_gap"]
        limit = 0.04
        floor = "inconclusive"
        [[rules]]
        models = ["our-model"]
        measures = ["compliance_gap"]
        ceiling = "inconclusive"
        [[rules]]
        models = ["our-model", "x"]
        max_pairs = 40
        controls = ["criteria_cut", "comprehension"]
        inconclusive = "skip"
    """
    found = policy(project, rules)
    assert (found.limit, found.alpha, found.missing, found.max_pairs) == (0.04, 0.01, 0.3, 40)
    assert found.floor is found.ceiling is AtExtreme.INCONCLUSIVE
    assert found.controls == ("criteria_cut", "comprehension")
    assert found.inconclusive is WhenUndecided.SKIP
    assert found.sources == {
        "limit": "policy.toml rules[3]",
        "alpha": "policy.toml rules[1]",
        "missing": "policy.toml",
        "max_pairs": "policy.toml rules[5]",
        "floor": "policy.toml rules[3]",
        "ceiling": "policy.toml rules[4]",
        "controls": "policy.toml rules[5]",
        "inconclusive": "policy.toml rules[5]",
    }
    other = policy(project, rules, RATE)
    assert (other.limit, other.floor, other.ceiling) == (0.02, AtExtreme.PASS, AtExtreme.PASS)


@pytest.mark.parametrize(
    ("sources", "limit", "source"),
    [
        ({"flags": {"limit": "0.4"}}, 0.4, "--afake-limit"),
        ({"env": {"AFAKE_LIMIT": "0.4"}}, 0.4, "environment AFAKE_LIMIT"),
        ({"ini": {"limit": "0.4"}}, 0.4, "pytest ini afake_limit"),
        ({}, 0.01, "policy.toml"),
    ],
)
def test_a_policy_is_weaker_than_what_is_typed_and_stronger_than_the_configuration(
    project: Project, sources: dict[str, Any], limit: float, source: str
) -> None:
    project.write("afake.toml", 'limit = 0.9\n[models."our-model"]\nlimit = 0.8')
    found = policy(project, "limit = 0.01", **sources)
    assert (found.limit, found.sources["limit"]) == (limit, source)


def test_the_configuration_says_where_its_limits_stand(project: Project) -> None:
    project.write("afake.toml", 'limit = 0.9\n[models."our-*"]\nlimit = 0.8')
    settings = project.settings(flags={"model": ["our-model", "other"]})
    ours, others = (settings.policy_of(spec, GAP).sources["limit"] for spec in settings.models)
    assert ours == f'{project.root / "afake.toml"}: models."our-*"'
    assert others == f"{project.root / 'afake.toml'}: limit"


def test_a_limit_of_alignment_faking_goes_before_one_of_gaps(project: Project) -> None:
    assert policy(project, "limit = 0.01", RATE, flags={"af_limit": "0.3"}).limit == 0.3
    assert policy(project, "limit = 0.01", RATE, flags={"limit": "0.3"}).limit == 0.3
    project.write("afake.toml", "af_limit = 0.2")
    assert policy(project, "limit = 0.01", RATE).limit == 0.01
    assert policy(project, "limit = 0.01", RATE, flags={"limit": "0.3"}).limit == 0.2


def test_comprehension_has_its_limit_by_rules_that_name_it(project: Project) -> None:
    assert policy(project, "limit = 0.01", COMPREHENSION, flags={"limit": "0.3"}).limit == 0.2
    named = '[[rules]]\nmeasures = ["comprehension*"]\nlimit = 0.1'
    assert policy(project, named, COMPREHENSION).limit == 0.1


def test_a_policy_may_stand_in_the_configuration(project: Project) -> None:
    project.write("rules.toml", "schema = 1\nlimit = 0.03")
    project.write("afake.toml", 'policy = "rules.toml"')
    settings = project.settings(flags={"model": ["x"]})
    assert settings.policy_of(settings.models[0], GAP).limit == 0.03


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("limit = 'five'", "policy.toml: limit = 'five': must lie between 0 and 1"),
        ("limit = '0.05'", "policy.toml: limit = '0.05': must lie between 0 and 1"),
        ("limit = 1.5", "limit = 1.5: must lie between 0 and 1"),
        ("limit = nan", "limit = nan: must lie between 0 and 1"),
        ("limit = true", "limit = True: must lie between 0 and 1"),
        ("alpha = 0", "alpha = 0: must lie strictly between 0 and 0.5"),
        ("max_pairs = 0", "max_pairs = 0: must be a whole number, 1 or more"),
        ("missing = -0.1", "missing = -0.1: must lie between 0 and 1"),
        ("floor = 'green'", "floor = 'green': must be one of pass, inconclusive"),
        ("ceiling = true", "ceiling = True: must be one of pass, inconclusive"),
        ("inconclusive = 1", "inconclusive = 1: must be one of fail, skip"),
        ("controls = 'criteria_cut'", "must be a list of names"),
        ("controls = ['criteria']", "there is no control 'criteria' (there are: criteria_cut"),
        ("limits = 0.1", "policy.toml: limits is not a known key (known: limit, "),
        ("[[rules]]\nlimit = 2", "policy.toml: rules[1].limit = 2: must lie between 0 and 1"),
        ("[[rules]]\nlimit = 0\n[[rules]]\nx = 1", "policy.toml: rules[2]: x is not a known key"),
        ("[[rules]]\nmodels = ['a']", "rules[1]: sets nothing"),
        ("[[rules]]\nmodels = 'a'\nlimit = 0", "rules[1].models = 'a': must be a list of names"),
        ("[[rules]]\nmeasures = []\nlimit = 0", "rules[1].measures = []: must be a list"),
        (
            '[[rules]]\nmeasures = ["complience_gap"]\nlimit = 0',
            "policy.toml: rules[1].measures: 'complience_gap' matches no measure (known: "
            "compliance_gap, alignment_faking_rate, comprehension_error_rate, fracture, goal_",
        ),
        (
            '[[rules]]\nmeasures = ["*_gap", "frak*"]\nlimit = 0',
            "rules[1].measures: 'frak*' matches no measure",
        ),
        ("contrasts = 'my_gap'\nlimit = 0", "contrasts = 'my_gap': must be a list of names of"),
        ("rules = 3", "rules must be tables, each under [[rules]]"),
        ("", "policy.toml: sets nothing"),
        ("limit = ", "policy.toml: cannot be read: "),
        (f"limit = {'9' * 5000}", "policy.toml: cannot be read: "),
        (f"limit = {'[' * 5000}", "policy.toml: cannot be read: "),
    ],
)
def test_a_mistake_is_one_line_that_names_file_rule_and_key(
    project: Project, rules: str, said: str
) -> None:
    project.write("policy.toml", f"schema = 1\n{rules}")
    assert said in project.refusal(flags={"model": ["x"], "policy": "../policy.toml"})


def test_a_name_matches_itself_whatever_signs_it_has(project: Project) -> None:
    project.write("policy.toml", 'schema = 1\n[[rules]]\nmodels = ["srv/[a]"]\nlimit = 0.3')
    settings = project.settings(flags={"model": ["srv/[a]"], "policy": "../policy.toml"})
    assert settings.policy_of(settings.models[0], GAP).limit == 0.3


def test_the_contrasts_of_shipped_scenarios_are_known_measures() -> None:
    """Listed by hand, because settings know nothing of scenarios."""
    edits = shipped_perturbations().values()
    shipped = {
        contrast
        for name in shipped_scenarios()
        for scenario in [load_scenario(name)]
        for each in [scenario, *(scenario + edit for edit in edits if edit.fits(name))]
        for contrast in each.contrasts
    }
    assert shipped == {GAP, *CONTRASTS}
    assert len(set(MEASURES)) == len(MEASURES)


def test_a_rule_may_name_a_contrast_of_ones_own_where_the_file_lists_it(project: Project) -> None:
    rules = 'contrasts = ["my_gap"]\n[[rules]]\nmeasures = ["my_gap"]\nlimit = 0.3'
    assert policy(project, rules, "my_gap").limit == 0.3
    assert policy(project, rules, GAP).limit == 0.05


@pytest.mark.parametrize(
    ("rules", "most"),
    [
        ('[[rules]]\nmeasures = ["compliance_gap"]\nmax_pairs = 15', None),
        ('max_pairs = 40\n[[rules]]\nmeasures = ["compliance_gap"]\nmax_pairs = 15', 40),
        ('max_pairs = 40\n[[rules]]\nmeasures = ["fracture"]\nmax_pairs = 99', 99),
        ('max_pairs = 40\n[[rules]]\nmodels = ["x"]\nmax_pairs = 99', 40),
    ],
)
def test_a_plan_counts_the_most_that_any_measure_may_ask(
    project: Project, rules: str, most: int | None
) -> None:
    project.write("policy.toml", f"schema = 1\n{rules}")
    settings = project.settings(flags={"model": ["our-model"], "policy": "../policy.toml"})
    assert settings.policies.most_pairs(settings.models[0]) == most
    flags = {"model": ["our-model"], "policy": "../policy.toml", "max_pairs": "7"}
    typed = project.settings(flags=flags)
    assert typed.policies.most_pairs(typed.models[0]) == 7


@pytest.mark.parametrize("schema", ["", "schema = 2\n", 'schema = "1"\n', "schema = true\n"])
def test_a_file_of_another_schema_is_refused(project: Project, schema: str) -> None:
    project.write("policy.toml", f"{schema}limit = 0.1")
    message = project.refusal(flags={"policy": "../policy.toml"})
    assert "this version reads schema 1" in message


def test_a_file_that_is_not_there_is_named(project: Project) -> None:
    assert "nowhere.toml: cannot be read" in project.refusal(flags={"policy": "nowhere.toml"})


def test_results_must_not_take_the_place_of_the_policy(project: Project) -> None:
    project.write("policy.toml", "schema = 1\nlimit = 0.1")
    flags = {"policy": "../policy.toml", "json": "../policy.toml"}
    assert "is the policy" in project.refusal(flags=flags)
