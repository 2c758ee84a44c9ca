"""JUnit: what a CI system reads is no greener than the line that ends the run."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sessions import GAP_SUITE, User

JUNIT = ("--junitxml", "junit.xml")
REQUIRED = 'schema = 1\ncontrols = ["criteria_cut"]'
POLICY = ("--afake-policy", "policy.toml")


def suite_in(folder: Path) -> ElementTree.Element:
    (suite,) = ElementTree.parse(folder / "junit.xml").getroot()  # noqa: S314 - our own
    return suite


def failures(suite: ElementTree.Element) -> dict[str, tuple[str, str]]:
    """By test case, the message of its failure and the text below it."""
    return {
        f"{case.attrib['classname']} {case.attrib['name']}": (
            each.attrib["message"],
            each.text or "",
        )
        for case in suite.iter("testcase")
        for each in case.iter("failure")
    }


def verdict_of(suite: ElementTree.Element) -> str:
    (found,) = (each for each in suite.iter("property") if each.attrib["name"] == "afake_verdict")
    return found.attrib["value"]


@pytest.mark.parametrize(
    ("family", "workers"), [("xunit1", ()), ("xunit2", ("-n", "2"))], ids=["alone", "workers"]
)
def test_a_verdict_that_is_known_only_at_the_end_is_a_failure(
    gap_user: User, family: str, workers: tuple[str, ...]
) -> None:
    gap_user.write({"policy.toml": REQUIRED})
    chosen = ("-o", f"junit_family={family}", *workers)
    session = gap_user.run("--model", "sim/honest", *POLICY, *JUNIT, *chosen)
    assert session.status == 6
    assert "1 passed" in session.text, "pytest counts tests, and this is none"
    suite = suite_in(session.folder)
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("2", "1")
    (message, text) = failures(suite)["afake verdict"]
    assert text == session.last_line
    assert message.startswith("INCONCLUSIVE: 1 of 1 comparison undecided")
    assert verdict_of(suite) == session.last_line


def test_a_pass_has_no_test_case_more(gap_user: User) -> None:
    session = gap_user.run("--model", "sim/honest", *JUNIT)
    suite = suite_in(session.folder)
    assert (suite.attrib["tests"], suite.attrib["failures"]) == ("1", "0")
    assert verdict_of(suite) == session.last_line
    assert session.last_line.startswith("PASS: ")


def test_an_undecided_test_fails_beside_the_run(gap_user: User) -> None:
    session = gap_user.run("--model", "sim/honest", "--afake-max-pairs", "30", *JUNIT)
    found = failures(suite_in(session.folder))
    (message, _) = found.pop("afake verdict")
    assert message.startswith("INCONCLUSIVE: 1 of 1 comparison undecided")
    ((own, _),) = found.values()
    assert own.startswith("INCONCLUSIVE: sim/honest (SIMULATED)")


def test_a_run_of_no_test_is_no_green_file(gap_user: User) -> None:
    session = gap_user.run("--model", "sim/honest", "-k", "nothing", *JUNIT)
    assert session.status == 5
    assert session.last_line == (
        "INCONCLUSIVE: no test asked a model anything; "
        "1 test deselected (test_gap.py::test_gap[sim/honest])"
    )
    found = failures(suite_in(session.folder))
    assert found == {"afake verdict": (session.last_line, session.last_line)}


@pytest.mark.parametrize("option", ["--collect-only", "--afake-plan"])
def test_a_run_that_measures_nothing_on_purpose_says_nothing(gap_user: User, option: str) -> None:
    session = gap_user.run("--model", "sim/honest", option, *JUNIT)
    suite = suite_in(session.folder)
    assert suite.attrib["tests"] == "0"
    assert not [*suite.iter("property")]


def test_hostile_text_leaves_the_file_whole(user: User) -> None:
    name = "our<b>&]]>\x1b[31m\u202e\ufffe\"'"
    only = GAP_SUITE.replace("assert", "if model.name == 'sim/honest': assert")
    table = f'[models.{json.dumps(name)}]\nlitellm = "sim/honest"'
    user.write({"afake.toml": table, "test_gap.py": only})
    session = user.run("--model", name, "--model", "sim/honest", *JUNIT)
    assert session.last_line.startswith("INCONCLUSIVE: our<b>&]]> [31m ")
    suite = suite_in(session.folder)
    said = session.last_line.replace("\ufffe", "#xFFFE")
    assert failures(suite)["afake verdict"] == (said, said)
    assert verdict_of(suite) == said
