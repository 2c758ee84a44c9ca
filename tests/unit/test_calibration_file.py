"""The calibration file: what is kept, replaced, refused, and never lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_afake.calibration import CalibrationEntry, load_calibration, save_entry
from pytest_afake.errors import UsageError
from pytest_afake.statistics import Confusion

ENTRY = CalibrationEntry(
    judge="openai/gpt-4o rubric@1 3f9a1c2b4d5e",
    form="rubric",
    threshold=0.125,
    arms={"training": Confusion(9, 1, 18, 2), "deployment": Confusion(3, 0, 27, 0)},
    undetermined={"training": 4, "deployment": 0},
    models=("model a", "model b"),
    labels="labels.csv",
    labels_hash="0123456789abcdef",
    rows=64,
    unlabelled=3,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calibration.json"


def test_an_entry_comes_back_as_it_was_saved(path: Path) -> None:
    save_entry(path, ENTRY)
    found = load_calibration(path)
    assert found.entries == (ENTRY,)
    assert found.source == str(path)
    assert found.entry(ENTRY.judge, "rubric") == ENTRY
    assert list(path.parent.iterdir()) == [path]


def test_only_the_same_judge_and_form_is_replaced(path: Path) -> None:
    other_form = replace(ENTRY, form="reasoning", threshold=0.4)
    other_version = replace(ENTRY, judge="openai/gpt-4o rubric@2 000000000000")
    newer = replace(ENTRY, labels="more.csv")
    for entry in (ENTRY, other_form, other_version, newer):
        save_entry(path, entry)
    assert load_calibration(path).entries == (other_form, other_version, newer)
    assert load_calibration(path).entry("openai/gpt-4o rubric@3", "rubric") is None


def test_labels_without_arms(path: Path) -> None:
    entry = replace(ENTRY, arms={"": Confusion(1, 2, 3, 4)}, undetermined={"": 0}, rows=10)
    save_entry(path, replace(entry, models=()))
    assert load_calibration(path).entries == (replace(entry, models=()),)


def test_what_is_no_calibration_is_not_overwritten(path: Path) -> None:
    path.write_text('{"mine": true}')
    with pytest.raises(UsageError, match=r"calibration\.json: format: is missing"):
        save_entry(path, ENTRY)
    assert path.read_text() == '{"mine": true}'


def test_a_failed_write_leaves_the_old_file(path: Path) -> None:
    save_entry(path, ENTRY)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        save_entry(path, replace(ENTRY, threshold=float("nan")))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_link_stays_a_link(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.json"
    save_entry(real, ENTRY)
    path.symlink_to(real)
    save_entry(path, replace(ENTRY, form="partial"))
    assert path.is_symlink()
    assert len(load_calibration(real).entries) == 2


def _first(field: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["entries"][0][field] = value

    return change


def _top(field: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document[field] = value

    return change


def _in_arm(field: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        document["entries"][0]["arms"]["training"][field] = value

    return change


def _drop(field: str) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        del document["entries"][0][field]

    return change


def _repeat(document: dict[str, Any]) -> None:
    document["entries"] *= 2


CHANGES = {
    "format: is not": _top("format", "pytest-afake cassette"),
    "schema_version: is 2; this version reads 1": _top("schema_version", 2),
    "schema_version: must be a whole number": _top("schema_version", True),
    "'extra': is not a known field": _top("extra", 1),
    "entries: must be a list": _top("entries", {}),
    "entries[1]: must be an object": _top("entries", [1]),
    "entries[1]: judge: is missing": _drop("judge"),
    "entries[1]: judge: must be text": _first("judge", 4),
    "entries[1]: form: is empty": _first("form", " "),
    "entries[1]: threshold: must be a number from 0 to 1": _first("threshold", 1.5),
    "entries[1]: threshold: must be a number": _first("threshold", "0.4"),
    "entries[1]: threshold: must be a number from 0": _first("threshold", 10**400),
    "entries[1]: models: must be a list of texts": _first("models", [1]),
    "entries[1]: rows: is 63, but the arms hold 64": _first("rows", 63),
    "entries[1]: arms: must be an object": _first("arms", []),
    "entries[1]: undetermined: training: must be a whole number": _first(
        "undetermined", {"training": -1}
    ),
    "entries[1]: 'sensitivity': is not a known field": _first("sensitivity", 0.9),
    "entries[1]: arms['training']: true_positive: must be a whole number": _in_arm(
        "true_positive", 9.0
    ),
    "entries[1]: arms['training']: false_positive: must be a whole number from 0 to 10^9": _in_arm(
        "false_positive", -2
    ),
    "two entries for 'openai/gpt-4o rubric@1 3f9a1c2b4d5e', form 'rubric'": _repeat,
}


@pytest.mark.parametrize("said", CHANGES)
def test_a_bad_field_is_one_line_that_names_file_and_field(said: str, path: Path) -> None:
    save_entry(path, ENTRY)
    document = json.loads(path.read_text())
    CHANGES[said](document)
    path.write_text(json.dumps(document))
    with pytest.raises(UsageError) as caught:
        load_calibration(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", "\x00", '{"a": 1, "a": 2}', "[" * 100_000])
def test_what_is_no_json_object_is_one_line(text: str, path: Path) -> None:
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        load_calibration(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_one_line(path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_calibration(path)
