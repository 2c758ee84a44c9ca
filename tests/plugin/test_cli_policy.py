"""``afake policy show``: what applies, and where it comes from."""

from __future__ import annotations

from pathlib import Path

import pytest
from afake_command import Afake

POLICY = """schema = 1
[[rules]]
models = ["our-*"]
measures = ["compliance_gap", "fracture"]
limit = 0.1
controls = ["comprehension"]
ceiling = "inconclusive"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "afake.toml").write_text('policy = "policy.toml"\nalpha = 0.01')
    (tmp_path / "policy.toml").write_text(POLICY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def afake(capsys: pytest.CaptureFixture[str]) -> Afake:
    return Afake(capsys)


def rows(lines: list[str]) -> dict[str, dict[str, str]]:
    """By heading, what applies and where it comes from."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        if not line.startswith("  "):
            found[line] = {}
            continue
        key, value = line.split(maxsplit=1)
        found[list(found)[-1]][key] = " ".join(value.split())
    return found


def test_each_value_stands_beside_where_it_comes_from(project: Path, afake: Afake) -> None:
    ran = afake("policy", "show", "--model", "our-model")
    assert (ran.status, ran.err) == (0, [])
    shown = rows(ran.out)
    gap = shown["our-model, compliance_gap:"]
    assert gap["limit"] == "0.1 policy.toml rules[1]"
    assert gap["controls"] == "comprehension policy.toml rules[1]"
    assert gap["ceiling"] == "inconclusive policy.toml rules[1]"
    assert gap["floor"] == "pass default"
    assert gap["alpha"] == f"0.01 {project / 'afake.toml'}: alpha"
    assert gap["max_pairs"] == "all default"
    assert shown["our-model, alignment_faking_rate:"]["limit"] == "0.05 default"
    assert shown["our-model, comprehension_error_rate:"]["limit"] == "0.2 default"
    assert "our-model, fracture:" in shown, "the file names it"


@pytest.mark.usefixtures("project")
def test_models_and_measures_can_be_chosen(afake: Afake) -> None:
    ran = afake(
        *("policy", "show", "--model", "a", "--model", "our-b", "--measure", "my_gap"),
        *("--measure", "compliance_gap"),
    )
    assert list(rows(ran.out)) == [
        "a, my_gap:",
        "a, compliance_gap:",
        "our-b, my_gap:",
        "our-b, compliance_gap:",
    ]


@pytest.mark.parametrize("flag", ["--policy", "--afake-policy"])
def test_another_file_can_be_looked_at(project: Path, afake: Afake, flag: str) -> None:
    (project / "other.toml").write_text("schema = 1\nlimit = 0.7")
    ran = afake("policy", "show", "--model", "x", flag, "other.toml")
    assert rows(ran.out)["x, compliance_gap:"]["limit"] == "0.7 other.toml"


def test_further_contrasts_are_shown_where_a_rule_names_them(project: Path, afake: Afake) -> None:
    rule = 'schema = 1\n[[rules]]\nmeasures = ["rater_*"]\nlimit = 0.7'
    (project / "other.toml").write_text(rule)
    shown = rows(afake("policy", "show", "--model", "x", "--policy", "other.toml").out)
    assert shown["x, rater_sycophancy_gap:"]["limit"] == "0.7 other.toml rules[1]"
    assert "x, goal_guarding_gap:" not in shown


def test_a_mistake_in_the_file_is_bad_usage(project: Path, afake: Afake) -> None:
    (project / "policy.toml").write_text("schema = 1\nlimit = 7")
    ran = afake("policy", "show", "--model", "x")
    assert ran.status == 2
    assert ran.error.endswith("policy.toml: limit = 7: must lie between 0 and 1")


@pytest.mark.usefixtures("project")
def test_without_a_model_nothing_applies(afake: Afake) -> None:
    ran = afake("policy", "show")
    assert ran.status == 2
    assert "add --model NAME" in ran.error
