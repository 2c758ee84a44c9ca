"""``afake compare``: two runs, or two models of one, on results of real runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from afake_command import Afake
from saved_runs import saved_run

from pytest_afake import animal_welfare, helpful_only

BASE, TUNED = "sim/faker?training=0.1&deployment=0.1", "sim/faker?training=0.7&deployment=0.1"
HONEST = "sim/honest"
PLANTED = 0.6


@pytest.fixture
def afake(capsys: pytest.CaptureFixture[str]) -> Afake:
    return Afake(capsys)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs: one before and one after a fine-tune, one with both models, and others."""
    folder = tmp_path_factory.mktemp("runs")
    saved_run(folder / "base.json", BASE, max_pairs=120)
    saved_run(folder / "tuned.json", TUNED, max_pairs=120)
    saved_run(folder / "both.json", BASE, TUNED, max_pairs=60)
    saved_run(folder / "more.json", TUNED, scenarios=(animal_welfare, helpful_only))
    saved_run(folder / "twice.json", TUNED, samples=2)
    saved_run(folder / "seed.json", TUNED, seed=3, max_pairs=120)
    return folder


def test_a_planted_difference_of_gaps_is_found(afake: Afake, runs: Path, tmp_path: Path) -> None:
    file = tmp_path / "compared.json"
    ran = afake("compare", runs / "base.json", runs / "tuned.json", "--json", file)
    assert ran.status == 0
    document = json.loads(file.read_text())
    (found,) = document["compared"]
    assert 0 < found["low"] < PLANTED < found["high"]
    assert abs(found["estimate"] - PLANTED) < 0.15
    assert found["estimate"] == pytest.approx(found["after"] - found["before"])
    assert (found["pairs"], found["paired"], found["refused"]) == (120, True, [])
    assert (found["before_model"], found["after_model"]) == (BASE, TUNED)
    title, head, row, *_ = ran.out
    assert (
        title == f"{BASE} SIMULATED before, {TUNED} SIMULATED after; each bound holds with 95.0 %"
    )
    assert head.split()[2:7] == ["before", "after", "difference", "interval", "pairs"]
    assert row.startswith("animal_welfare compliance gap ")
    assert row.split()[-3:] == ["120", "0", "0"], "pairs, and queries of one run alone"
    assert "larger than before: animal_welfare compliance gap" in ran.out
    assert ran.out[-1] == "1 of 1 measure compared, 1 larger than before"


def test_two_models_of_one_run_are_named(afake: Afake, runs: Path) -> None:
    run = runs / "both.json"
    ran = afake("compare", run, "--before", BASE, "--after", TUNED)
    assert ran.status == 0
    assert ran.out[0].startswith(f"{BASE} SIMULATED before, {TUNED} SIMULATED after")
    back = afake("compare", run, "--before", TUNED, "--after", BASE)
    assert back.out[-1] == "1 of 1 measure compared, 0 larger than before"


def test_models_of_the_same_names_are_held_against_themselves(afake: Afake, runs: Path) -> None:
    ran = afake("compare", runs / "both.json", runs / "tuned.json")
    assert ran.status == 0
    assert ran.out[0].startswith(f"{TUNED} SIMULATED before, {TUNED} SIMULATED after")
    before, after, change, *_ = ran.out[2].removeprefix("animal_welfare compliance gap").split()
    assert (before, change) == (after, "+0.0")
    assert ran.out[2].split()[-3:] == ["60", "0", "60"]


def test_alpha_is_that_of_the_later_run_or_what_is_told(afake: Afake, runs: Path) -> None:
    ran = afake("compare", runs / "base.json", runs / "tuned.json", "--alpha", "0.01")
    assert ran.out[0].endswith("each bound holds with 99.0 %")


def test_another_order_is_compared_and_said(afake: Afake, runs: Path) -> None:
    ran = afake("compare", runs / "base.json", runs / "seed.json")
    assert ran.status == 0
    assert any(line.startswith("note: not paired: ") for line in ran.out)
    assert ran.out[-1] == "1 of 1 measure compared, 1 larger than before"


def test_what_differs_is_refused_with_both_values_and_status_1(afake: Afake, runs: Path) -> None:
    ran = afake("compare", runs / "base.json", runs / "twice.json")
    assert ran.status == 1
    said = "not compared: animal_welfare compliance gap: samples of each query: before 1, after 2"
    assert said in ran.out
    assert ran.out[-1] == "0 of 1 measure compared, 0 larger than before"


def test_a_judge_that_was_told_something_else_is_another_judge(
    afake: Afake, tmp_path: Path
) -> None:
    one, other = (
        saved_run(
            tmp_path / f"{votes}.json",
            HONEST,
            judge="sim/judge",
            votes=votes,
            considering=votes > 1,
            max_pairs=5,
        )
        for votes in (1, 2)
    )
    ran = afake("compare", one, other)
    assert ran.status == 1
    said = [line.removeprefix("not compared: animal_welfare compliance gap: ") for line in ran.out]
    assert "votes of the judge: before 1, after 2" in said
    assert [line for line in said if line.startswith("settings of the judge: before {")]


def test_what_one_run_does_not_have_could_not_be_compared(afake: Afake, runs: Path) -> None:
    for files, when in ((("base", "more"), "earlier"), (("more", "base"), "later")):
        ran = afake("compare", *(runs / f"{name}.json" for name in files))
        assert ran.status == 1
        said = f"not compared: helpful_only compliance gap: the {when} run does not have it"
        assert said in ran.out
        assert ran.out[-1].startswith("1 of 2 measures compared")


def test_rates_are_compared_too(afake: Afake, tmp_path: Path) -> None:
    judge = {"rates": True, "judge": "sim/judge", "votes": 1}
    before = saved_run(tmp_path / "before.json", HONEST, **judge)  # type: ignore[arg-type]  # mixed
    after = saved_run(tmp_path / "after.json", "sim/faker?training=1", **judge)  # type: ignore[arg-type]  # mixed
    ran = afake("compare", before, after)
    assert ran.status == 0
    assert ran.out[2].startswith("animal_welfare alignment faking rate ")
    assert ran.out[-1] == "1 of 1 measure compared, 1 larger than before"


USAGE = {
    "one run, no names": (["both"], "name two of its models with --before and --after"),
    "an unknown name": (["both", "--before", "x", "--after", TUNED], "--before 'x': "),
    "several models": (["both", "tuned", "--after", TUNED], "name one with --before"),
    "none in common": (["both", "honest"], "have no model in common"),
    "no such file": (["nowhere"], "cannot be read: No such file or directory"),
    "no results": (["schema"], "is no results file"),
    "its own place": (["base", "tuned", "--json", "base"], "is one of the runs"),
}


@pytest.mark.parametrize("case", USAGE)
def test_bad_usage_is_one_line(afake: Afake, runs: Path, case: str) -> None:
    if not (runs / "honest.json").exists():
        saved_run(runs / "honest.json", HONEST, max_pairs=15)
        (runs / "schema.json").write_text("{}")
    arguments, said = USAGE[case]
    names = {"both", "tuned", "honest", "nowhere", "schema", "base"}
    told = [str(runs / f"{each}.json") if each in names else each for each in arguments]
    ran = afake("compare", *told)
    assert ran.status == 2
    assert said in ran.error


EVIL = "\x1b[2J\u202e1 of 1 measure compared\n\x9b31m"


def rename(document: dict[str, list[dict[str, object]]]) -> None:
    for comparison in document["comparisons"]:
        comparison |= {"model": f"m{EVIL}", "scenario": f"s{EVIL}", "perturbation": EVIL}


def spoil(document: dict[str, list[dict[str, object]]]) -> None:
    for comparison in document["comparisons"]:
        comparison["provenance"] = {"judge": EVIL}


@pytest.mark.parametrize("change", [rename, spoil])
def test_hostile_text_is_shown_in_one_line(
    afake: Afake,
    runs: Path,
    tmp_path: Path,
    change: Callable[[dict[str, list[dict[str, object]]]], None],
) -> None:
    document = json.loads((runs / "base.json").read_text())
    change(document)
    file = tmp_path / "evil.json"
    file.write_text(json.dumps(document))
    for other in (file, runs / "tuned.json"):
        ran = afake("compare", file, other, "--before", document["comparisons"][0]["model"])
        shown = "\n".join(ran.out + ran.err)
        assert not set("\x1b\u202e\x9b") & set(shown)
        assert not [line for line in ran.out[:-1] if line.startswith("1 of 1 measure")]
