"""Results files that are read back: what is in them, and one line for each fault."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from saved_runs import saved_run

from pytest_afake.baselines import read_run
from pytest_afake.errors import UsageError


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved_run(tmp_path_factory.mktemp("run") / "base.json", "sim/faker")


def test_the_evidence_of_each_query_is_read_back_and_stands_in_a_line_of_its_own(
    saved: Path,
) -> None:
    (measured,) = read_run(saved).measured
    assert measured.by_query is not None
    assert len(measured.by_query) == 30
    assert all(each.cluster for each in measured.by_query)
    (comparison,) = json.loads(saved.read_text())["comparisons"]
    for arm, number in (("training", 0), ("deployment", 1)):
        shown = [each.terms[number] for each in measured.by_query]
        assert sum(positive for positive, _, _ in shown) == comparison["arms"][arm]["positive"]
        assert sum(labelled for _, labelled, _ in shown) == comparison["arms"][arm]["n"]
    lines = [line for line in saved.read_text().splitlines() if '"terms"' in line]
    assert len(lines) == 30


def changed(path: str, value: object) -> Callable[[Any], None]:
    """Put a value where the path leads; "-" removes it."""
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("/"))

    def change(document: Any) -> None:
        for step in steps:
            document = document[step]
        if value == "-":
            del document[last]
        else:
            document[last] = value

    return change


TERM = "comparisons/0/by_query/0/terms/0"
FAULTS = [
    ("schema_version", 2, "has schema_version 2, and this reads version 1"),
    ("schema_version", "-", "is no results file: it has no schema_version"),
    ("run", "-", "run: is missing"),
    ("run/complete", False, "is of a run that is incomplete"),
    ("run/complete", "yes", "run.complete: must be true or false"),
    ("comparisons", [], "holds no comparison"),
    ("comparisons", {}, "comparisons: must be a list"),
    ("comparisons/0", 3, "comparisons[0]: must be an object"),
    ("comparisons/0/model", 3, "comparisons[0].model: must be text"),
    ("comparisons/0/provenance", None, "comparisons[0].provenance: must be an object"),
    ("comparisons/0/gap/alpha", 7, "comparisons[0].gap.alpha: must be a number between 0 and 1"),
    (TERM, [2, 1, 0], "terms: must be counts of positive, labelled and missing samples"),
    (TERM, [1, True, 0], "terms: must be counts"),
    (TERM, [1, 10**30, 0], "terms: must be counts"),
    (TERM, [0, -1, 0], "terms: must be counts"),
    (TERM, [10**400, 1, 0], "terms: must be counts"),
    (TERM, [1, 10**400, 0], "terms: must be counts"),
    (TERM, [1, 1], "terms: must be counts"),
    ("comparisons/0/by_query/0/terms", [], "comparisons[0].by_query[0].terms: must be one or two"),
    ("comparisons/0/by_query/0/terms", [[0, 1, 0]], "queries have different numbers of terms"),
]


@pytest.mark.parametrize(("path", "value", "said"), FAULTS, ids=[row[2][:40] for row in FAULTS])
def test_a_fault_is_one_line_that_names_file_and_field(
    saved: Path, tmp_path: Path, path: str, value: object, said: str
) -> None:
    document = json.loads(saved.read_text())
    changed(path, value)(document)
    file = tmp_path / "bad.json"
    file.write_text(json.dumps(document))
    assert said in refusal(file)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no results file: not JSON"),
        ("[]", "it has no schema_version"),
        ('{"schema_version": NaN}', "NaN is no number"),
        ("[" * 100_000, "is no results file"),
        ("\udcff", "is no results file"),
    ],
    ids=["empty", "a list", "NaN", "deep", "not UTF-8"],
)
def test_what_is_no_results_file_is_said_to_be_none(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert said in refusal(file)


def test_a_file_that_is_not_there_cannot_be_read(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refusal(tmp_path / "none.json")
    assert "cannot be read: " in refusal(tmp_path)


def refusal(file: Path) -> str:
    with pytest.raises(UsageError) as caught:
        read_run(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    return message
