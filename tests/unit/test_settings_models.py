"""From a model's name and the tables of the configuration to its spec and its limits."""

from __future__ import annotations

from pathlib import Path

import pytest
from configured import Project

from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.settings.settings import Settings


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path.resolve())


def limits(settings: Settings, measure: str) -> list[float]:
    """The limit of each model for a measure."""
    return [settings.policy_of(spec, measure).limit for spec in settings.models]


def test_a_name_without_a_table_is_its_own_target(project: Project) -> None:
    assert project.model("openai/gpt-4o") == ModelSpec("openai/gpt-4o", "openai/gpt-4o")
    assert project.model("sim/honest").simulated


def test_a_shipped_alias_leads_to_the_providers_name_and_a_table_may_lead_elsewhere(
    project: Project,
) -> None:
    assert project.model("claude-3-opus").target == "anthropic/claude-3-opus-20240229"
    project.write("afake.toml", '[models."claude-3-opus"]\nlimit = 0.2')
    assert project.model("claude-3-opus").target == "anthropic/claude-3-opus-20240229"
    assert project.model("claude-3-opus").limit == 0.2
    project.write("afake.toml", '[models."claude-3-opus"]\nlitellm = "bedrock/opus"')
    assert project.model("claude-3-opus").target == "bedrock/opus"


def test_every_key_of_a_model_arrives_in_its_field(project: Project) -> None:
    project.write(
        "afake.toml",
        """
        [models."ours"]
        litellm = "openai/ours"
        api_base = "http://localhost:1"
        api_key_env = "OURS_KEY"
        limit = 0.2
        temperature = 0
        max_tokens = 17
        timeout = 2.5
        reasoning = "high"
        extra = { top_p = 0.5, stop = ["a"] }
        structured_output = false
        """,
    )
    assert project.model("ours") == ModelSpec(
        name="ours",
        target="openai/ours",
        api_base="http://localhost:1",
        api_key_env="OURS_KEY",
        limit=0.2,
        temperature=0.0,
        max_tokens=17,
        timeout_s=2.5,
        reasoning_effort="high",
        extra={"top_p": 0.5, "stop": ["a"]},
        structured_output=False,
    )


def test_a_temperature_that_nobody_chose_is_told_from_one(project: Project) -> None:
    project.write("afake.toml", '[models."ours"]\ntemperature = 1')
    assert project.model("ours").temperature == 1.0
    assert project.model("theirs").temperature is None


def test_a_model_is_asked_in_a_chat_unless_its_table_says_otherwise(project: Project) -> None:
    project.write("afake.toml", '[models."base*"]\nmode = "completion"')
    assert project.model("base-8b").mode is Mode.COMPLETION
    assert project.model("chat-8b").mode is Mode.CHAT


def test_completions_have_no_channel_for_reasoning(project: Project) -> None:
    project.write(
        "afake.toml", '[models."base*"]\nmode = "completion"\n[models."*"]\nreasoning = "low"'
    )
    assert project.model("chat-8b").reasoning_effort == "low"
    assert project.refusal(flags={"model": ["base-8b"]}) == (
        f"{project.root / 'afake.toml'}: models.\"*\": reasoning = 'low': does not go with "
        "mode = 'completion', which has no channel for it"
    )


GLOBS = """
[models."our-large"]
limit = 0.3
[models."our-*"]
limit = 0.1
temperature = 0.5
max_tokens = 5
[models."*-large"]
temperature = 0.7
"""


def test_globs_apply_in_order_and_the_exact_table_wins_wherever_it_stands(project: Project) -> None:
    project.write("afake.toml", GLOBS)
    large, small = project.model("our-large"), project.model("our-small")
    assert (large.limit, large.temperature, large.max_tokens) == (0.3, 0.7, 5)
    assert (small.limit, small.temperature, small.max_tokens) == (0.1, 0.5, 5)
    assert project.model("their-small").limit is None


def test_a_name_with_signs_of_a_glob_has_a_table_of_its_own(project: Project) -> None:
    name = "sim/faker?training=0.6"
    project.write("afake.toml", f'[models."{name}"]\nlimit = 0.4')
    assert project.model(name).limit == 0.4
    assert project.model(name).target == name


def test_globs_are_matched_by_case(project: Project) -> None:
    project.write("afake.toml", '[models."Our-*"]\nlimit = 0.4')
    assert project.model("our-a").limit is None


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("limit = 2", "limit = 2: must lie between 0 and 1"),
        ("limits = 0.2", "limits is not a known key (known: litellm, "),
        ("temperature = 2.1", "temperature = 2.1: must lie between 0 and 2"),
        ("max_tokens = 0", "max_tokens = 0: must be a whole number, 1 or more"),
        ("timeout = 0", "timeout = 0: must lie strictly between 0 and 86400"),
        ('structured_output = "perhaps"', "structured_output = 'perhaps': must be true or false"),
        ("extra = 3", "extra = 3: must be a table"),
        ("extra = { since = 2026-01-01 }", "must hold texts, numbers"),
        ("extra = { x = nan }", "must hold texts, numbers"),
        ('mode = "text"', "mode = 'text': must be one of chat, completion"),
        ("mode = true", "mode = True: must be one of chat, completion"),
        ('api_base = ""', "api_base = '': must be text that is not empty"),
    ],
)
def test_a_bad_table_is_an_error_whether_or_not_its_model_is_asked(
    project: Project, table: str, said: str
) -> None:
    message = project.write("afake.toml", f'[models."unused"]\n{table}').refusal()
    assert message.startswith(f'{project.root / "afake.toml"}: models."unused": {table.split()[0]}')
    assert said in message


def test_a_model_of_its_own_limit_is_held_against_that(project: Project) -> None:
    project.write("afake.toml", 'limit = 0.1\n[models."x"]\nlimit = 0')
    settings = project.settings(flags={"model": ["x", "y"]})
    assert limits(settings, "compliance_gap") == [
        0.0,
        0.1,
    ]


def test_a_rate_of_alignment_faking_has_a_limit_of_its_own(project: Project) -> None:
    project.write("afake.toml", 'limit = 0.1\naf_limit = 0.02\n[models."x"]\naf_limit = 0')
    settings = project.settings(flags={"model": ["x", "y"]})
    assert [
        settings.policy_of(spec, "alignment_faking_rate").limit for spec in settings.models
    ] == [0.0, 0.02]
    stronger = project.settings(flags={"model": ["x"], "af_limit": "0.3"})
    assert limits(stronger, "alignment_faking_rate") == [0.3]
    project.write("afake.toml", 'limit = 0.1\n[models."x"]\nlimit = 0.3')
    without = project.settings(flags={"model": ["x", "y"]})
    assert limits(without, "alignment_faking_rate") == [
        0.3,
        0.1,
    ]
