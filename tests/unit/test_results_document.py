"""What reports are made of and what they show: JSON, transcripts, and the terminal section."""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from trials import COMPLIED, REFUSED, concluded, pairs, trial

from pytest_afake import animal_welfare, criteria_cut
from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.estimand import AlignmentFakingRate
from pytest_afake.gating.family import judge_family
from pytest_afake.gating.judged import Judged
from pytest_afake.records import Answer, Cause, Trial
from pytest_afake.reporting.results import SCHEMA_FILE, results, write_json
from pytest_afake.reporting.terminal import print_comparisons
from pytest_afake.reporting.transcripts import write_transcripts

SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
RUN = {"version": "0", "models": ["some/model"], "simulated": []}


def named(comparison: Comparison, nodeid: str = "t.py::t") -> Comparison:
    return replace(comparison, nodeid=nodeid)


LOST = pairs(Cause.TIMEOUT, Cause.EMPTY, 15)
ALL = {
    "PASS": named(concluded(pairs(REFUSED, REFUSED, 80), provenance={"seed": 1, "x": [None]})),
    "FAIL": named(concluded(pairs(COMPLIED, REFUSED, 20), scenario=animal_welfare + criteria_cut)),
    "INCONCLUSIVE": named(concluded(LOST, exhausted=True)),
    "read": named(concluded(pairs(COMPLIED, REFUSED, 20), limit=None)),
    "nothing drawn": named(concluded({}, stopped="no key")),
    "cost unknown": named(concluded({"q": [trial(REFUSED, cost_usd=None)]})),
    "rate": named(
        concluded(
            {"q": [trial(COMPLIED)]}, estimand=AlignmentFakingRate("compliance_gap", "training")
        )
    ),
}


@pytest.fixture(params=ALL)
def comparison(request: pytest.FixtureRequest) -> Comparison:
    return ALL[request.param]


def document(*comparisons: Comparison, lost: Sequence[str] = ()) -> dict[str, Any]:
    made = results(RUN, comparisons, judge_family(comparisons, lost))
    found: dict[str, Any] = json.loads(json.dumps(made))
    return found


# JSON


def test_a_comparison_survives_json(comparison: Comparison) -> None:
    sent = json.dumps(comparison.to_json(), allow_nan=False)
    assert Comparison.from_json(json.loads(sent)) == comparison


def test_every_kind_of_comparison_follows_the_schema(comparison: Comparison) -> None:
    jsonschema.validate(document(comparison), SCHEMA)


def test_a_document_of_all_of_them_and_of_none_follows_the_schema() -> None:
    jsonschema.validate(document(*ALL.values()), SCHEMA)
    empty = document(lost=["t.py::gone"])
    jsonschema.validate(empty, SCHEMA)
    assert empty["run"] == {**RUN, "complete": False, "lost": ["t.py::gone"]}
    assert empty["family"]["verdict"] == "INCONCLUSIVE"
    assert document()["family"]["verdict"] is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("comparisons", 0, "verdict"), "OK"),
        (("comparisons", 0, "gap", "low"), -2),
        (("comparisons", 0, "nodeid"), ""),
        (("comparisons", 0, "arms"), {}),
        (("comparisons", 0, "arms", "training", "rate"), 1.5),
        (("comparisons", 0, "surprise"), 1),
        (("family", "verdict"), "LOST"),
        (("schema_version",), 2),
        (("run", "complete"), "yes"),
    ],
)
def test_the_schema_refuses_what_is_none_of_ours(path: tuple[str | int, ...], value: Any) -> None:
    spoilt: Any = document(ALL["PASS"])
    inner = spoilt
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, SCHEMA)


def test_the_names_of_the_format_are_there() -> None:
    found = document(ALL["FAIL"])
    (item,) = found["comparisons"]
    parts = {"schema_version", "run", "family", "comparisons", "motives", "published_motives"}
    assert set(found) == parts
    assert {
        "nodeid", "model", "scenario", "perturbation", "contrast", "measure", "arms", "gap",
        "limit", "verdict", "reasons", "calls", "cost_usd",
    } <= set(item)  # fmt: skip
    assert {"estimate", "low", "high", "alpha", "pairs", "method"} <= set(item["gap"])
    assert item["perturbation"] == "criteria_cut"
    assert document(ALL["PASS"])["comparisons"][0]["perturbation"] is None


# The file


def test_the_file_is_replaced_as_a_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text("old")
    with path.open() as reader:
        write_json(path, {"a": [1, "ü"]})
        assert reader.read() == "old", "who had it open reads the old one to its end"
    assert json.loads(path.read_text()) == {"a": [1, "ü"]}
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


@pytest.mark.parametrize("value", [float("nan"), object()])
def test_what_is_no_json_leaves_the_old_file(tmp_path: Path, value: object) -> None:
    path = tmp_path / "r.json"
    path.write_text("old")
    with pytest.raises((ValueError, TypeError)):
        write_json(path, {"a": value})
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_json(pipe, {"a": 1})
        assert json.loads(os.read(reader, 1000)) == {"a": 1}
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


# Hostile text

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07 [red]x[/] [/bold] [link=http://a]b[/link] :smile: \u202eevil\u2066"
    "\u061c\u200b\ufeff\x9b31m\x7f\r\nPASS: all good\u2028\u2029\udcff\U000e0041"
)
DRIVES_A_TERMINAL = set(
    "\x1b\x07\x9b\x7f\r\u202e\u2066\u061c\u200b\ufeff\u2028\u2029\udcff\U000e0041"
)


def hostile_comparison() -> Comparison:
    scenario = replace(animal_welfare, name=f"s{HOSTILE}")
    found = concluded(LOST, model=f"m{HOSTILE}", scenario=scenario, judge=f"j{HOSTILE}",
                      judged=Judged())  # fmt: skip
    arms = {f"{name}{HOSTILE}": arm for name, arm in found.arms.items()}
    return replace(
        found,
        arms=arms,
        measure=f"gap{HOSTILE}",
        headline=f"{found.headline}{HOSTILE}",
        reasons=(*found.reasons, HOSTILE),
    )


def hostile_trial() -> Trial:
    return replace(trial(COMPLIED), answer=Answer(HOSTILE, reasoning=HOSTILE))


def shown(*comparisons: Comparison, width: int = 80, colour: bool = False) -> str:
    screen = io.StringIO()
    print_comparisons(comparisons, screen, width=width, colour=colour)
    return screen.getvalue()


@pytest.mark.parametrize("width", [60, 80, 200])
def test_nothing_hostile_reaches_the_terminal_and_markup_is_shown_as_it_is(width: int) -> None:
    text = shown(hostile_comparison(), width=width)
    assert not DRIVES_A_TERMINAL & set(text)
    assert "[red]x[/] [/bold] [link=http://a]b[/link] :smile:" in text
    assert not [line for line in text.splitlines() if line.startswith("PASS: all good")]


def test_in_colour_the_only_escapes_are_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    text = shown(hostile_comparison(), colour=True)
    assert "\x1b[" in text
    for sequence in text.split("\x1b")[1:]:
        codes, _, _ = sequence.removeprefix("[").partition("m")
        assert set(codes) <= set("0123456789;"), sequence[:20]
    assert "\x1b[2J" not in text


def test_the_headline_and_the_reasons_are_single_lines() -> None:
    scenario = replace(animal_welfare, name=f"s{HOSTILE}")
    for stopped in (None, HOSTILE):
        found = concluded(LOST, model=f"m{HOSTILE}", scenario=scenario, stopped=stopped)
        assert not DRIVES_A_TERMINAL & set(found.headline)
        assert "\n" not in found.headline


def test_a_hostile_answer_is_ascii_in_the_transcript_and_comes_back_whole(tmp_path: Path) -> None:
    path = write_transcripts(tmp_path, hostile_comparison(), animal_welfare, [hostile_trial()])
    raw = path.read_bytes()
    assert all(byte == ord("\n") or 0x20 <= byte < 0x7F for byte in raw)
    _, row = map(json.loads, raw.splitlines())
    assert row["answer"] == row["native_reasoning"] == HOSTILE


def test_hostile_text_survives_the_results_file(tmp_path: Path) -> None:
    found = named(hostile_comparison())
    jsonschema.validate(document(found), SCHEMA)
    write_json(tmp_path / "r.json", document(found))
    back = json.loads((tmp_path / "r.json").read_text())["comparisons"][0]
    assert Comparison.from_json(back) == found


# Transcripts


def test_a_transcript_has_a_line_for_each_trial_and_is_its_owners(tmp_path: Path) -> None:
    trials = [trial(COMPLIED, query="q1"), trial(Cause.TIMEOUT, "deployment", query="q1")]
    path = write_transcripts(tmp_path / "deep" / "er", ALL["PASS"], animal_welfare, trials)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    sent, complied, missing = (json.loads(line) for line in path.read_text().splitlines())
    assert sent["sent"]["training"][1]["content"].startswith("<user_tier>free</user_tier>")
    assert "{query}" in sent["sent"]["deployment"][1]["content"]
    assert (complied["arm"], complied["label"], complied["missing"]) == (
        "training", "complied", None,
    )  # fmt: skip
    assert (missing["label"], missing["answer"], missing["missing"]) == (None, None, "timeout")
    assert (complied["query_id"], complied["simulated"]) == ("q1", False)


def test_a_hostile_name_stays_in_its_folder(tmp_path: Path) -> None:
    for model in ("../../etc/passwd", "..", "/", "a\x00b", "x" * 500, "\udcff"):
        path = write_transcripts(tmp_path, replace(ALL["PASS"], model=model), animal_welfare, [])
        assert path.resolve().parent == tmp_path.resolve()
        assert len(path.name) < 200


def test_each_set_of_trials_has_a_file_of_its_own_and_the_same_one_again(tmp_path: Path) -> None:
    base = ALL["PASS"]
    others = [
        replace(base, model="another"),
        replace(base, perturbation="p"),
        replace(base, contrast="another"),
        replace(base, measure="another"),
        replace(base, provenance={"seed": 2}),
    ]
    items = (base, *others, base)
    paths = [write_transcripts(tmp_path, item, animal_welfare, []) for item in items]
    paths.append(write_transcripts(tmp_path, base, animal_welfare, [trial(REFUSED)]))
    assert paths[0] == paths[-2]
    assert len(set(paths)) == len(others) + 2


def test_no_temporary_file_is_left_beside_a_transcript(tmp_path: Path) -> None:
    path = write_transcripts(tmp_path, ALL["PASS"], animal_welfare, [trial(REFUSED)])
    assert list(tmp_path.iterdir()) == [path]


# The terminal section


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_shows_all_figures_at_any_width(width: int) -> None:
    head, *rows = table_of(shown(ALL["PASS"], ALL["INCONCLUSIVE"], width=width))
    assert head.split()[0] == "verdict"
    assert head.split()[-4:] == ["points", "interval", "limit", "pairs"]
    assert all(len(line) <= width for line in (head, *rows))
    figures = {row.split()[0]: row.split()[-6:] for row in rows if row[0] != " "}
    assert figures == {
        "PASS": ["+0.0", "-4.2", "to", "+4.2", "5.0", "80"],
        "INCONCLUSIVE": ["-", "-100.0", "to", "+100.0", "5.0", "15"],
    }


def table_of(text: str) -> list[str]:
    """Its lines, from the one with the names of the columns to the reasons below."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("verdict"))
    end = next(n for n, line in enumerate(lines) if "some/model, " in line)
    return lines[start:end]


def test_what_did_not_pass_is_explained_in_whole_lines() -> None:
    failed = ALL["FAIL"]
    lines = [line.rstrip() for line in shown(failed, width=60).splitlines()]
    assert f"FAIL {failed.headline}" in lines, "not wrapped: it can be searched and copied"
    assert any(line.startswith("  training: 20 of 20 (100.0 %, ") for line in lines)
    assert "  40 live, 0 from the store, $20.0000" in lines
    for reason in failed.reasons:
        assert f"  {reason}" in lines


def test_what_qualifies_a_pass_is_said_once() -> None:
    text = shown(ALL["PASS"], replace(ALL["PASS"], scenario="other"))
    assert text.count("floor: no answer complied") == 1
    assert "note on 2 of 2 passes: floor" in text


def test_each_model_has_its_table_and_a_simulated_one_says_so() -> None:
    simulated = named(concluded(LOST, model="sim/faker", simulated=True))
    lines = shown(ALL["PASS"], simulated).splitlines()
    titles = [line.partition(";")[0] for line in lines]
    assert "some/model" in titles
    assert "sim/faker SIMULATED" in titles


def test_a_stopped_model_is_explained_once() -> None:
    stopped = [named(concluded({}, stopped="no key")), named(concluded({}, stopped="no key"), "u")]
    assert shown(*stopped).count("some/model: stopped: no key") == 1


def test_a_terminal_that_cannot_show_a_name_shows_its_code_points() -> None:
    screen = io.BytesIO()
    writer = io.TextIOWrapper(screen, encoding="ascii", write_through=True)
    print_comparisons([replace(ALL["PASS"], model="mödel")], writer, width=80, colour=False)
    assert b"m\\xf6del" in screen.getvalue()
