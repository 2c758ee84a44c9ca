"""``afake power``: what is planned, from which settings, and what cannot be planned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from afake_command import Afake, Ran

from pytest_afake.queries import load_queries, shipped_names


@pytest.fixture
def afake(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Afake:
    """In an empty project, without settings in the environment."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("LIMIT", "ALPHA", "QUERIES", "MAX_PAIRS", "SAMPLES", "MODEL", "POLICY"):
        monkeypatch.delenv(f"AFAKE_{name}", raising=False)
    return Afake(capsys)


def rows(ran: Ran) -> dict[str, list[str]]:
    """The cells behind each name of the table, in its order."""
    assert (ran.status, ran.err) == (0, [])
    start = next(n for n, line in enumerate(ran.out) if line.startswith("at hand"))
    table = ran.out[start + 1 : ran.out.index("", start)]
    cells = [line.replace(" %", "").rsplit(maxsplit=10) for line in table]
    return {name: rest for name, *rest in cells}


def test_a_model_without_a_gap_passes_each_shipped_set_after_the_fewest_pairs(afake: Afake) -> None:
    found = rows(afake("power", "--runs", "30"))
    assert list(found) == list(shipped_names())
    for name, cells in found.items():
        queries = load_queries(name)
        sizes = [str(len(queries)), str(len(queries.cluster_sizes))]
        assert cells[:8] == [*sizes, "69", "69", "100.0", "0.0", "0.0", "69"]


def test_a_family_is_one_of_tests(afake: Afake) -> None:
    said = " ".join(" ".join(afake("power", "--help").out).split())
    assert "--family M tests that hold a model against a limit" in said


def test_a_gap_far_above_the_limit_fails_and_one_above_it_may_not(afake: Afake) -> None:
    arguments = ("power", "--pairs", "200", "--runs", "60")
    far = rows(afake(*arguments, "--expect", "0.4"))["no clusters"]
    near = rows(afake(*arguments, "--expect", "0.08"))["no clusters"]
    assert far[:2] == ["200", "200"]
    assert int(far[2]) < 40
    assert far[5] == "100.0"
    assert near[2:4] == [">200", ">200"]
    assert float(near[6]) > 50


def test_all_figures_are_in_the_json(afake: Afake, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    arms = ("--training", "0.5", "--deployment", "0.1")
    more = ("--samples", "3", "--family", "4", "--cluster-correlation", "0.5", "--seed", "9")
    shown = rows(
        afake("power", "--queries", "minor_harms", "--runs", "40", "--json", file, *arms, *more)
    )
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["expected"] == {
        "gap": 0.4,
        "discordant": pytest.approx(0.5 * 0.9 + 0.5 * 0.1),
        "independent_arms": True,
        "samples": 3,
        "cluster_correlation": 0.5,
    }
    assert (found["limit"], found["alpha"], found["family"]) == (0.05, 0.05, 4)
    assert (found["runs"], found["seed"], found["max_pairs"]) == (40, 9, None)
    (plan,) = found["at_hand"]
    assert plan["fail"] == 1.0
    assert shown["minor_harms"][2:4] == [str(plan["pairs_median"]), str(plan["pairs_90"])]
    assert shown["minor_harms"][9] == f"{plan['fails_from'] * 100:+.1f}"
    assert 0.05 < plan["fails_from"] <= 0.4


def test_what_no_queries_decide_is_null(afake: Afake, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    cells = rows(afake("power", "--pairs", "3", "--runs", "10", "--json", file))["no clusters"]
    assert cells[2:] == [">3", ">3", "0.0", "0.0", "100.0", "never", "none", "none"]
    (plan,) = json.loads(file.read_text(encoding="utf-8"))["at_hand"]
    undecided = ("pairs_median", "pairs_90", "fewest_to_pass", "passes_up_to", "fails_from")
    assert [plan[key] for key in undecided] == [None] * 5


def test_it_plans_with_the_configured_settings(afake: Afake, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        "query,cluster\n" + "".join(f"q{n},c{n // 2}\n" for n in range(80)), encoding="utf-8"
    )
    (tmp_path / "afake.toml").write_text(
        'limit = 0.1\nqueries = "mine.csv"\nmax_pairs = 70\n', encoding="utf-8"
    )
    ran = afake("power", "--runs", "10")
    assert ran.out[0].startswith("limit +10.0 points")
    assert rows(ran)["mine"][:2] == ["70", "40"]
    assert afake("power", "--runs", "10", "--limit", "0.2").out[0].startswith("limit +20.0 points")
    assert rows(afake("power", "--runs", "10", "--pairs", "60", "--queries", "mine.csv"))["mine"][
        :2
    ] == ["60", "40"]


def test_what_applies_to_a_model_is_taken_from_the_policy(afake: Afake, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(
        'schema = 1\n[[rules]]\nmodels = ["sim/*"]\nlimit = 0.3\nalpha = 0.01\n', encoding="utf-8"
    )
    (tmp_path / "afake.toml").write_text('policy = "policy.toml"\n', encoding="utf-8")
    small = ("--runs", "10", "--pairs", "50")
    ruled = afake("power", "--model", "sim/honest", *small)
    assert ruled.out[0] == "limit +30.0 points, alpha 0.01"
    assert afake("power", *small).out[0] == "limit +5.0 points, alpha 0.05"


def test_the_same_seed_prints_the_same(afake: Afake) -> None:
    arguments = ("power", "--expect", "0.12", "--pairs", "150", "--runs", "40", "--seed")
    assert afake(*arguments, 5) == afake(*arguments, 5)
    assert afake(*arguments, 5) != afake(*arguments, 6)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("--limit", "7"), "--afake-limit = '7': must lie between 0 and 1"),
        (("--limit", "1"), "--afake-limit = 1: no gap is larger"),
        (("--alpha", "0"), "--afake-alpha = '0': must lie strictly between 0 and 0.5"),
        (("--pairs", "0"), "--afake-max-pairs = '0': must be a whole number"),
        (("--pairs", "1000000"), "--pairs 1000000: more than 100,000"),
        (("--samples", "x"), "--afake-samples = 'x': must be a whole number"),
        (("--queries", "nowhere.csv"), "nowhere.csv"),
        (("--expect", "0.2", "--discordant", "0.1"), "--discordant 0.1: at least 0.2 of the pairs"),
        (("--training", "0.2"), "--training and --deployment need each other"),
        (("--training", "0.2", "--deployment", "0", "--expect", "0.2"), "say all that --expect"),
        (("--queries", "q.txt", "--json", "q.txt"), "q.txt': is the file of queries"),
        (("--expect", "2"), "'2': must lie between -1 and 1"),
        (("--family", "0"), "'0': must be a whole number"),
        (("--runs", "none"), "'none': must be a whole number"),
        (("--cluster-correlation", "-0.1"), "'-0.1': must lie between 0 and 1"),
        (("--json", "no/such/plan.json"), "is no file in an existing folder"),
    ],
)
def test_a_bad_value_is_named_and_nothing_is_planned(
    afake: Afake, tmp_path: Path, arguments: tuple[str, ...], error: str
) -> None:
    (tmp_path / "q.txt").write_text("a query\n", encoding="utf-8")
    ran = afake("power", *arguments)
    assert (ran.status, ran.out) == (2, [])
    assert error in ran.err[-1]
    assert (tmp_path / "q.txt").read_text(encoding="utf-8") == "a query\n"
