"""``--afake-baseline``: bad files, refusals, figures, with workers and without."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest
from saved_runs import saved_run
from sessions import Session, User

from pytest_afake import animal_welfare, helpful_only
from pytest_afake.reporting.results import SCHEMA_FILE
from pytest_afake.scenario import Scenario

SUITE = """
import pytest
from pytest_afake import animal_welfare, helpful_only

@pytest.mark.parametrize("scenario", [animal_welfare, helpful_only], ids=str)
def test_gap(model, scenario):
    assert model.compliance_gap(scenario) <= model.limit
"""
PAIRS = ("--afake-max-pairs", "90")
HONEST = "sim/honest"
FAKER = "sim/faker?training=1&deployment=0"


@pytest.fixture
def suite_user(user: User) -> User:
    """A user with two gaps."""
    return user.write({"test_gap.py": SUITE})


def baseline(
    user: User, *models: str, scenarios: Sequence[Scenario] = (animal_welfare, helpful_only)
) -> Path:
    """Results of an earlier run, of 60 pairs in each scenario."""
    return saved_run(user.folder / "base.json", *models, scenarios=scenarios, max_pairs=60)


def held(user: User, model: str, *args: str) -> Session:
    return user.measure("--model", model, *PAIRS, "--afake-baseline", "base.json", *args)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_gap_that_was_not_there_before_is_said_to_be_larger(
    suite_user: User, workers: tuple[str, ...]
) -> None:
    file = baseline(suite_user, HONEST)
    session = held(suite_user, FAKER, *workers)
    assert session.status == 1, "the verdict stays with the limit"
    jsonschema.validate(session.results, json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
    for comparison in session.comparisons:
        found = comparison["baseline"]
        assert (found["file"], found["model"], found["refused"]) == (str(file), HONEST, [])
        assert (found["before"], found["after"], found["estimate"]) == (0, 1, 1)
        assert 0 < found["low"] < 1 < found["high"]
        assert (found["alpha"], found["pairs"], found["only_before"]) == (0.05, 15, 45)
    assert session.results["run"]["baseline"] == str(file)
    text = session.text
    assert f"against the baseline {file}: {HONEST} SIMULATED before, {FAKER} SIMULATED now" in text
    assert "larger than at the baseline: animal_welfare compliance gap" in text
    assert f"note: models: before {HONEST}, after {FAKER}" in text


def test_what_must_not_be_compared_is_refused_and_never_green(suite_user: User) -> None:
    baseline(suite_user, HONEST)
    session = held(suite_user, HONEST, "--afake-samples", "2")
    assert session.status == 6
    for comparison in session.comparisons:
        assert comparison["verdict"] == "PASS"
        assert comparison["baseline"]["refused"] == ["samples of each query: before 1, after 2"]
        assert comparison["baseline"]["low"] is None
    assert session.last_line.startswith("INCONCLUSIVE: 2 of 2 comparisons not held against the ")
    assert (
        "not compared: helpful_only compliance gap: samples of each query: before" in session.text
    )


def test_a_model_that_could_not_be_read_is_not_held_against_anything(suite_user: User) -> None:
    baseline(suite_user, HONEST)
    session = held(suite_user, "sim/flaky?error=0&truncate=1&untagged=0&empty=0")
    assert session.status == 6
    (reason,) = session.comparisons[0]["baseline"]["refused"]
    assert reason.startswith("no query was read in both runs")


def test_a_comparison_that_the_baseline_does_not_have_is_named(suite_user: User) -> None:
    baseline(suite_user, HONEST, scenarios=[animal_welfare])
    session = held(suite_user, HONEST)
    assert session.status == 6, "whatever became of the others"
    assert session.last_line.startswith("INCONCLUSIVE: 1 of 2 comparisons not held against the b")
    assert f"first: {HONEST}, helpful_only compliance gap: it has no such" in session.last_line
    assert "not at the baseline: helpful_only compliance gap" in session.text
    found = {each["scenario"]: each["baseline"] for each in session.comparisons}
    assert found["helpful_only"]["model"] is None
    assert (found["animal_welfare"]["model"], found["animal_welfare"]["estimate"]) == (HONEST, 0)
    assert "larger" not in session.text, "what is alike cancels out"


def test_what_the_baseline_has_and_nobody_asked_for_is_named_beside_a_pass(
    suite_user: User,
) -> None:
    file = baseline(suite_user, HONEST)
    session = held(suite_user, HONEST, "-k", "animal_welfare")
    assert session.status == 0
    said = f"1 measure of the baseline {file} not asked for (first: helpful_only compliance gap)"
    assert said in session.last_line


def test_an_edited_baseline_gives_no_figures_and_no_pass(suite_user: User) -> None:
    file = baseline(suite_user, HONEST)
    document = json.loads(file.read_text())
    for name, comparison in zip(("id", "cluster"), document["comparisons"], strict=True):
        for query in comparison["by_query"]:
            query[name] = f"x{query[name]}"
    file.write_text(json.dumps(document))
    session = held(suite_user, HONEST)
    assert session.status == 6
    (ids,), (clusters,) = (each["baseline"]["refused"] for each in session.comparisons)
    assert ids.startswith("queries: none in common, although set and seed are said to be the same")
    assert clusters.startswith("clusters of the queries (60 of 60 queries in another, first ")
    assert not any(each["baseline"]["pairs"] for each in session.comparisons)


def test_nothing_in_common_with_the_baseline_is_never_green(suite_user: User) -> None:
    baseline(suite_user, HONEST, scenarios=[animal_welfare])
    session = held(suite_user, HONEST, "-k", "helpful_only")
    assert session.status == 6
    assert "nothing was held against the baseline" in session.last_line


def test_among_several_models_each_is_held_against_itself(suite_user: User) -> None:
    baseline(suite_user, HONEST, "sim/helpful", scenarios=[animal_welfare])
    session = held(suite_user, f"sim/helpful,{FAKER}", "-k", "animal_welfare")
    models = {each["model"]: each["baseline"]["model"] for each in session.comparisons}
    assert models == {"sim/helpful": "sim/helpful", FAKER: None}


INCOMPLETE = '{"schema_version": 1, "run": {"complete": false, "lost": ["t"]}}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file or directory"),
        (INCOMPLETE, "is of a run that is incomplete: 1 test did not finish"),
    ],
    ids=["missing", "incomplete"],
)
def test_a_bad_baseline_is_one_line_and_nothing_is_bought(
    gap_user: User, text: str | None, said: str
) -> None:
    gap_user.write({} if text is None else {"base.json": text})
    session = gap_user.run("--model", HONEST, "--afake-baseline", "base.json")
    assert session.status == 4
    (error,) = [line for line in session.errors if line.strip()]
    file = gap_user.folder / "base.json"
    assert error == f"ERROR: --afake-baseline = '{file}': {said}"
    assert not (gap_user.folder / ".afake").exists()


def test_results_do_not_take_the_place_of_the_baseline(gap_user: User) -> None:
    gap_user.write({"base.json": "{}"})
    (gap_user.folder / "link.json").hardlink_to(gap_user.folder / "base.json")
    told = ("--afake-baseline", "base.json", "--afake-json", "link.json")
    session = gap_user.run("--model", HONEST, *told)
    assert session.status == 4
    assert "link.json': is the baseline" in "\n".join(session.errors)
    assert (gap_user.folder / "base.json").read_text() == "{}"
