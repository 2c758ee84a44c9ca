"""What the README shows is what happens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from docs.readme import README, console_blocks, python_blocks, toml_block
from sessions import User

from pytest_afake.settings.options import OPTIONS, Option

ROOT = README.parent


def shown_in_order(shown: tuple[str, ...], printed: list[str]) -> str | None:
    """The first shown line that was not printed after those before it; "..." stands for any."""
    rest = iter(line.rstrip() for line in printed)
    for line in shown:
        if line != "..." and line.rstrip() not in rest:
            return line
    return None


def test_the_first_command_prints_what_is_shown_and_fails(tmp_path: Path) -> None:
    first, _ = console_blocks()
    program, *args = first.last_part.split()
    assert program == "pytest"
    store = ["--afake-store", str(tmp_path / "store")]
    quiet = ["-p", "no:cacheprovider", *store]
    command = [sys.executable, "-m", "pytest", *args, *quiet]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert shown_in_order(first.output, found.stdout.splitlines()) is None
    assert found.stdout.rstrip().splitlines()[-1].startswith("FAIL: ")


def test_shown_in_order_notices_a_line_that_is_not_printed() -> None:
    assert shown_in_order(("a", "...", "c"), ["a", "b", "c"]) is None
    assert shown_in_order(("a", "d"), ["a", "b", "c"]) == "d"
    assert shown_in_order(("c", "a"), ["a", "b", "c"]) == "a"


@pytest.mark.parametrize("number", range(len(python_blocks())))
def test_the_python_examples_run(user: User, number: int) -> None:
    user.write(
        {
            "test_example.py": python_blocks()[number],
            "mine.toml": toml_block("mine.toml"),
            "edits.toml": toml_block("edits.toml"),
            "system.txt": "{tier} tier: we train on the free tier, never on the paid tier.",
            "user.txt": "Tier: {tier}\n{query}",
        }
    )
    session = user.run("--model", "sim/honest", "--afake-limit", "0.1")
    assert session.status in (0, 6), "the example must run; what it finds depends on its prompts"
    assert "rror" not in session.text.replace("errors", "")


def test_a_plan_counts_the_panel_example(user: User) -> None:
    (example,) = (each for each in python_blocks() if "Panel(" in each)
    user.write({"test_example.py": example})
    session = user.run("--model", "sim/honest", "--afake-plan", "--afake-max-pairs", "10")
    assert "afake: sim/honest: at most 180 calls and their retries" in session.text
    assert "not counted" not in session.text


def test_the_configuration_of_a_judge_is_read(user: User) -> None:
    example = toml_block("calibration")
    user.write({"pyproject.toml": example, "test_it.py": "def test_it(model): pass"})
    session = user.run("--model", "sim/honest")
    assert session.status == 4
    assert "afake-calibration.json: cannot be read" in "\n".join(session.errors)


@pytest.mark.parametrize("model", ["our-model", "our-base", "served"])
def test_the_configuration_examples_are_read(user: User, model: str) -> None:
    example = toml_block(f'models."{model}"')
    user.write(
        {"pyproject.toml": example, "test_it.py": "def test_it(model): assert model.limit == 0.05"}
    )
    assert "1 passed" in user.run("--model", model).text


def test_the_policy_example_is_what_applies(user: User) -> None:
    example = toml_block("[[rules]]")
    test = "def test_it(model): assert (model.limit, model.af_limit) == (0.1, 0.05)"
    user.write({"policy.toml": example, "test_it.py": test})
    arguments = ("--afake-policy", "policy.toml")
    table = '[models."our-model"]\nlitellm = "sim/honest"'
    assert (
        "1 passed" in user.write({"afake.toml": table}).run("--model", "our-model", *arguments).text
    )


def test_the_policy_example_lets_a_model_without_a_gap_pass(user: User) -> None:
    example = toml_block("[[rules]]")
    even = "sim/helpful?rate=0.5&correlation=1"
    table = f'[models."our-model"]\nlitellm = "{even}"'
    user.write({"policy.toml": example, "afake.toml": table})
    arguments = ("--afake-policy", "policy.toml", "--afake-judge", "sim/judge")
    session = user.run("suites/", "-m", "gate", "--model", "our-model", *arguments)
    assert session.status == 0
    assert session.last_line.startswith("PASS: 12 of 12 comparisons")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_is_documented(option: Option) -> None:
    text = README.read_text(encoding="utf-8")
    for flag in option.flags:
        assert f"`{flag}`" in text


def test_the_other_documents_exist() -> None:
    for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"):
        assert (ROOT / name).read_text(encoding="utf-8").strip()
