"""From flags, environment, ini and files to settings: who wins, what is refused, and how."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from configured import Project

from pytest_afake.errors import UsageError
from pytest_afake.models.spec import ModelSpec
from pytest_afake.settings.options import OPTIONS, Option
from pytest_afake.settings.settings import Settings


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path.resolve())


# Who wins


@pytest.mark.parametrize(
    ("sources", "seed"),
    [
        ("", 0),
        ("file", 1),
        ("file ini", 2),
        ("file ini env", 3),
        ("file ini env flag", 4),
        ("file env", 3),
        ("file flag", 4),
    ],
)
def test_flag_before_environment_before_ini_before_file_before_default(
    project: Project, sources: str, seed: int
) -> None:
    if "file" in sources:
        project.write("afake.toml", "seed = 1")
    settings = project.settings(
        ini={"seed": "2" if "ini" in sources else ""},
        env={"AFAKE_SEED": "3"} if "env" in sources else {},
        flags={"seed": "4" if "flag" in sources else None},
    )
    assert settings.seed == seed


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ({"env": {"AFAKE_LIMIT": "x"}}, "environment AFAKE_LIMIT = 'x'"),
        ({"ini": {"limit": "x"}}, "pytest ini afake_limit = 'x'"),
    ],
    ids=["environment", "ini"],
)
def test_a_bad_value_is_an_error_even_where_a_flag_hides_it(
    project: Project, source: dict[str, Any], named: str
) -> None:
    assert project.refusal(flags={"limit": "0.1"}, **source).startswith(named)


def test_a_bad_value_in_a_file_is_an_error_even_where_a_flag_hides_it(project: Project) -> None:
    project.write("afake.toml", "limit = 7")
    message = project.refusal(flags={"limit": "0.1"})
    assert f"{project.root / 'afake.toml'}: limit = 7: must lie between 0 and 1" in message


def test_an_empty_variable_counts_as_not_set_and_an_empty_flag_does_not(project: Project) -> None:
    assert project.settings(env={"AFAKE_LIMIT": ""}).limit == 0.05
    assert "--afake-limit = ''" in project.refusal(flags={"limit": ""})


def test_the_message_shows_all_of_a_list(project: Project) -> None:
    message = project.refusal(flags={"model": ["sim/faker", "a,,b"]})
    assert "['sim/faker', 'a,,b']: must be names separated by commas" in message
    assert "--model/--afake-model = 'a,,b'" in project.refusal(flags={"model": ["a,,b"]})


# What each option takes

ACCEPTED: list[tuple[str, object, object]] = [
    ("limit", "0", 0.0),
    ("limit", "1", 1.0),
    ("limit", 1, 1.0),
    ("limit", " 0.2 ", 0.2),
    ("alpha", "0.499", 0.499),
    ("samples", "1", 1),
    ("samples", 1000, 1000),
    ("samples", 2.0, 2),
    ("max_pairs", "1", 1),
    ("concurrency", "10000", 10_000),
    ("seed", "0", 0),
    ("seed", "9007199254740993", 9007199254740993),
    ("judge", " rules ", "rules"),
]
REFUSED: list[tuple[str, object]] = [
    ("limit", "-0.001"),
    ("limit", "1.001"),
    ("limit", "nan"),
    ("limit", "inf"),
    ("limit", "5%"),
    ("limit", True),
    ("limit", []),
    ("limit", 10**400),
    ("alpha", "0"),
    ("alpha", "0.5"),
    ("samples", "0"),
    ("samples", "1001"),
    ("samples", "1.5"),
    ("samples", 1.5),
    ("samples", True),
    ("samples", float("nan")),
    ("samples", float("inf")),
    ("max_pairs", "0"),
    ("max_pairs", 10**400 * -1),
    ("concurrency", "0"),
    ("concurrency", "10001"),
    ("seed", "-1"),
    ("seed", "x"),
    ("judge", "  "),
    ("judge", 3),
    ("queries", ""),
    ("store", 3),
    ("json", " "),
    ("model", ["a", 3]),
    ("model", ["a", ""]),
    ("model", "a,,b"),
    ("model", ","),
]


def option_named(name: str) -> Option:
    (option,) = [option for option in OPTIONS if option.name == name]
    return option


@pytest.mark.parametrize(("name", "value", "parsed"), ACCEPTED, ids=str)
def test_values_inside_the_limits_are_taken(name: str, value: object, parsed: object) -> None:
    found = option_named(name).parse(value)
    assert found == parsed
    assert type(found) is type(parsed)


@pytest.mark.parametrize(("name", "value"), REFUSED, ids=lambda value: f"{value!r:.30}")
def test_values_outside_the_limits_are_refused_with_the_rule(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        option_named(name).parse(value)


def test_models_come_in_lists_and_by_commas_and_count_once(project: Project) -> None:
    settings = project.settings(flags={"model": ["sim/a, sim/b", "sim/a", "x/y"]})
    assert [spec.name for spec in settings.models] == ["sim/a", "sim/b", "x/y"]
    project.write("afake.toml", 'model = ["sim/c", "sim/d"]')
    assert [spec.name for spec in project.settings().models] == ["sim/c", "sim/d"]


# Files


@pytest.mark.parametrize("folder", [".", "sub"], ids=["rootdir", "working directory"])
def test_both_kinds_of_file_are_found_in_both_folders(project: Project, folder: str) -> None:
    project.write(f"{folder}/pyproject.toml", "[tool.afake]\nlimit = 0.2")
    project.write(f"{folder}/afake.toml", "alpha = 0.1")
    assert (project.settings().limit, project.settings().alpha) == (0.2, 0.1)


def test_two_places_that_disagree_are_an_error_that_names_both(project: Project) -> None:
    project.write("pyproject.toml", "[tool.afake]\nlimit = 0.2").write("afake.toml", "limit = 0.3")
    message = project.refusal(flags={"limit": "0.1"})
    assert f"{project.root / 'pyproject.toml'} [tool.afake]" in message
    assert f"{project.root / 'afake.toml'} disagree about limit: 0.2 and 0.3" in message


def test_two_folders_that_disagree_are_an_error(project: Project) -> None:
    project.write("afake.toml", "seed = 1").write("sub/afake.toml", "seed = 2")
    assert "disagree about seed: 1 and 2" in project.refusal()


def test_two_places_that_agree_are_fine(project: Project) -> None:
    same = 'limit = 0.2\n[{}models."x"]\nlimit = 0.3'
    project.write("pyproject.toml", "[tool.afake]\n" + same.format("tool.afake."))
    project.write("afake.toml", same.format(""))
    assert project.settings().limit == 0.2
    assert project.model("x").limit == 0.3


def test_two_places_that_disagree_about_a_model_are_an_error(project: Project) -> None:
    project.write("pyproject.toml", '[tool.afake.models."x"]\nlimit = 0.3')
    project.write("afake.toml", '[models."x"]\nlimit = 0.4')
    assert "disagree about models.x" in project.refusal()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("afake.toml", "limt = 0.1", "limt is not a known key (known: af_limit, alpha, "),
        ("afake.toml", "[tool.afake]\nlimit = 0.1", "tool is not a known key"),
        ("afake.toml", "limit =", "cannot be read"),
        ("afake.toml", "models = 3", "models must hold one table per model"),
        ("pyproject.toml", "[tool]\nafake = 3", "[tool.afake] must be a table"),
    ],
)
def test_a_file_that_makes_no_sense_is_named(
    project: Project, name: str, text: str, said: str
) -> None:
    message = project.write(name, text).refusal()
    assert message.startswith(str(project.root / name))
    assert said in message


def test_a_file_that_is_not_utf8_is_named(project: Project) -> None:
    (project.root / "afake.toml").write_bytes(b"judge = '\xff'")
    assert "afake.toml: cannot be read" in project.refusal()


# Paths


def test_without_a_word_the_store_lies_under_the_root_folder(project: Project) -> None:
    assert project.settings().store == project.root / ".afake" / "store"
    assert project.settings().json is None


def test_a_path_starts_from_where_it_was_written(project: Project) -> None:
    """Else a run from a subfolder would buy all answers again."""
    values = {"store": "kept", "json": "out.json", "queries": "q.csv"}
    environment = {f"AFAKE_{name.upper()}": value for name, value in values.items()}
    project.write("afake.toml", "\n".join(f'{name} = "{text}"' for name, text in values.items()))

    def placed(**sources: Any) -> tuple[Path, Path | None, str | None]:
        found = project.settings(**sources)
        return found.store, found.json, found.queries

    def below(folder: Path) -> tuple[Path, Path, str]:
        return folder / "kept", folder / "out.json", str(folder / "q.csv")

    assert placed() == below(project.root)
    assert placed(ini=values) == below(project.root)
    assert placed(env=environment) == below(project.cwd)
    assert placed(flags=values) == below(project.cwd)


def test_an_absolute_path_stays_and_a_name_of_queries_is_no_path(project: Project) -> None:
    settings = project.settings(flags={"store": "/some/where", "queries": "minor_harms"})
    assert settings.store == Path("/some/where")
    assert settings.queries == "minor_harms"
    assert project.settings(flags={"queries": "./mine"}).queries == str(project.cwd / "mine")


# The table of options


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_is_spelt_by_the_rule_and_explains_itself(option: Option) -> None:
    assert option.flags[0] == f"--afake-{option.name}".replace("_", "-")
    assert option.env == f"AFAKE_{option.name}".upper()
    assert option.ini == f"afake_{option.name}"
    assert option.metavar.isupper() is not option.switch, "a switch takes no value"
    assert len(option.help) > 20
    assert "%" not in option.help, "argparse would take it for a format"


def test_only_the_model_has_a_short_flag_and_all_spellings_are_distinct() -> None:
    assert [option.name for option in OPTIONS if option.short_flag] == ["model"]
    flags = [flag for option in OPTIONS for flag in option.flags]
    assert len(set(flags)) == len(flags)


def test_every_default_would_be_accepted_from_the_user() -> None:
    for option in OPTIONS:
        if option.default not in (None, ()):
            assert option.parse(option.default) == option.default


def test_every_option_can_be_set_by_environment_and_arrives_in_the_settings(
    project: Project,
) -> None:
    values = {
        "model": "sim/x", "judge": "other", "queries": "minor_harms", "samples": "3",
        "limit": "0.11", "alpha": "0.12", "max_pairs": "13", "concurrency": "14", "seed": "15",
        "store": "/s", "json": "/j", "max_calls": "16", "max_cost": "1.7", "patience": "18",
        "read": "/a,b", "replay": "true", "plan": "on",
        "votes": "7", "af_limit": "0.09", "considering": "yes", "calibration": "/c",
        "baseline": "/b", "policy": str(project.root / "policy.toml"),
        "selftest": "off",
    }  # fmt: skip
    assert set(values) == {option.name for option in OPTIONS}
    project.write("policy.toml", "schema = 1\nlimit = 0.1")
    found = project.settings(env={option.env: values[option.name] for option in OPTIONS})
    assert found == Settings(
        models=(ModelSpec("sim/x", "sim/x"),),
        judge="other",
        queries="minor_harms",
        samples=3,
        limit=0.11,
        alpha=0.12,
        max_pairs=13,
        concurrency=14,
        seed=15,
        store=Path("/s"),
        json=Path("/j"),
        max_calls=16,
        max_cost=1.7,
        patience=18.0,
        read=(Path("/a"), project.cwd / "b"),
        replay=True,
        plan=True,
        judge_model=ModelSpec("other", "other"),
        votes=7,
        considering=True,
        calibration=Path("/c"),
        af_limit=0.09,
        baseline=Path("/b"),
        policy=project.root / "policy.toml",
        policies=found.policies,  # see test_policy_file.py
    )


def test_a_self_test_is_switched_on_and_is_no_replay(project: Project) -> None:
    assert project.settings(env={"AFAKE_SELFTEST": "on"}).selftest
    with pytest.raises(UsageError, match="--afake-selftest: asks organisms"):
        project.settings(env={"AFAKE_SELFTEST": "on", "AFAKE_REPLAY": "on"})


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("max_calls", "-1", "must be a whole number, 0 or more"),
        ("max_calls", "1.5", "must be a whole number, 0 or more"),
        ("max_cost", "-0.01", "must lie between 0 and 1e+09"),
        ("max_cost", "nan", "must lie between 0 and 1e+09"),
        ("patience", "0", "must lie strictly between 0 and 86400"),
        ("replay", "maybe", "must be true or false"),
        ("read", "a,,b", "must be names separated by commas, none of them empty"),
    ],
)
def test_a_bad_bound_is_named(project: Project, name: str, value: str, rule: str) -> None:
    message = project.refusal(env={f"AFAKE_{name.upper()}": value})
    assert message == f"environment AFAKE_{name.upper()} = {value!r}: {rule}"


@pytest.mark.parametrize(("word", "on"), [("1", True), ("Yes", True), ("off", False), ("0", False)])
def test_a_switch_can_be_turned_both_ways(project: Project, word: str, on: bool) -> None:
    assert project.settings(env={"AFAKE_REPLAY": word}).replay is on
    assert project.write("afake.toml", "replay = true").settings().replay is True
