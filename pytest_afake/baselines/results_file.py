"""Reading a results file: every fault is one line that names the file and the field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from pytest_afake.baselines.measured import Measured, SavedRun
from pytest_afake.errors import UsageError
from pytest_afake.gating.comparison import QueryEvidence
from pytest_afake.statistics import ArmResult
from pytest_afake.text import count, one_line

SCHEMA_VERSION = 1
_MOST_SAMPLES = 1_000_000
_MOST_TERMS = 2


def read_run(path: Path, name: str = "") -> SavedRun:
    """The run that ``--afake-json`` wrote to a file. Raises UsageError that begins with ``name``.

    A run that did not end, lost tests or measured nothing is refused: what is missing from it would
    look as if it had never been asked for.
    """
    name = name or str(path)
    try:
        document = _read(path)
        return SavedRun(str(path), _measured(document))
    except _Unusable as error:
        raise UsageError(f"{name}: {one_line(str(error))}") from None


class _Unusable(Exception):
    """What is wrong with a file, without its name."""


def _read(path: Path) -> object:
    try:
        document: object = json.loads(path.read_text("utf-8"), parse_constant=_refuse_constant)
    except OSError as error:
        raise _Unusable(f"cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise _Unusable(f"is no results file: not JSON: {error}") from None
    return document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _measured(document: object) -> tuple[Measured, ...]:
    if not isinstance(document, dict) or "schema_version" not in document:
        raise _Unusable("is no results file: it has no schema_version")
    version = document["schema_version"]
    if version != SCHEMA_VERSION or isinstance(version, bool):
        raise _Unusable(f"has schema_version {version!r}, and this reads version {SCHEMA_VERSION}")
    _check_complete(_field(document, "run", dict, ""))
    comparisons = _field(document, "comparisons", list, "")
    if not comparisons:
        raise _Unusable("holds no comparison")
    return tuple(_comparison(item, f"comparisons[{n}]") for n, item in enumerate(comparisons))


def _check_complete(run: dict[str, Any]) -> None:
    if _field(run, "complete", bool, "run"):
        return
    lost = run.get("lost")
    which = (
        f": {count(len(lost), 'test')} did not finish" if isinstance(lost, list) and lost else ""
    )
    raise _Unusable(f"is of a run that is incomplete{which}")


def _comparison(item: object, where: str) -> Measured:
    if not isinstance(item, dict):
        raise _Unusable(f"{where}: must be an object")
    gap = _field(item, "gap", dict, where)
    perturbation = item.get("perturbation")
    return Measured(
        model=_field(item, "model", str, where),
        simulated=_field(item, "simulated", bool, where),
        scenario=_field(item, "scenario", str, where),
        perturbation="" if perturbation is None else _field(item, "perturbation", str, where),
        contrast=_field(item, "contrast", str, where),
        measure=_field(item, "measure", str, where),
        estimated=gap.get("estimate") is not None,
        alpha=_alpha(gap, f"{where}.gap"),
        provenance=_field(item, "provenance", dict, where),
        by_query=_by_query(item, where),
    )


def _alpha(gap: dict[str, Any], where: str) -> float:
    alpha = gap.get("alpha")
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or not 0 < alpha < 1:
        raise _Unusable(f"{where}.alpha: must be a number between 0 and 1")
    return float(alpha)


def _by_query(item: dict[str, Any], where: str) -> tuple[QueryEvidence, ...] | None:
    if "by_query" not in item:
        return None
    rows = _field(item, "by_query", list, where)
    found = tuple(_query(row, f"{where}.by_query[{n}]") for n, row in enumerate(rows))
    if len({each.id for each in found}) < len(found):
        raise _Unusable(f"{where}.by_query: two queries have the same id")
    if len({len(each.terms) for each in found}) > 1:
        raise _Unusable(f"{where}.by_query: queries have different numbers of terms")
    return found


def _query(row: object, where: str) -> QueryEvidence:
    if not isinstance(row, dict):
        raise _Unusable(f"{where}: must be an object")
    name, cluster = _field(row, "id", str, where), _field(row, "cluster", str, where)
    terms = _field(row, "terms", list, where)
    if not 1 <= len(terms) <= _MOST_TERMS:
        raise _Unusable(f"{where}.terms: must be one or two")
    return QueryEvidence(name, cluster, tuple(_term(term, f"{where}.terms") for term in terms))


def _term(term: object, where: str) -> tuple[float, int, int]:
    refused = _Unusable(f"{where}: must be counts of positive, labelled and missing samples")
    if not isinstance(term, list) or len(term) != 3:
        raise refused
    positive, labelled, missing = term
    if not _is_number(positive) or not all(isinstance(each, int) for each in (labelled, missing)):
        raise refused
    if not all(_is_number(each) for each in (labelled, missing)):
        raise refused
    try:
        ArmResult(positive, labelled, missing)
    except ValueError:
        raise refused from None
    return float(positive), labelled, missing


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= _MOST_SAMPLES  # neither infinity nor NaN is


def _field(table: dict[str, Any], name: str, kind: type, where: str) -> Any:
    said = {str: "text", bool: "true or false", dict: "an object", list: "a list"}
    path = f"{where}.{name}" if where else name
    if name not in table:
        raise _Unusable(f"{path}: is missing")
    if not isinstance(table[name], kind):
        raise _Unusable(f"{path}: must be {said[kind]}")
    return table[name]
