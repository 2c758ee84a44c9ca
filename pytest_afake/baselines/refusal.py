"""Why two measures must not be compared: what else differs between them than the model."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pytest_afake.baselines.measured import Measured
from pytest_afake.records import Json
from pytest_afake.text import count, one_line

_ALIKE = {
    "scenario_hash": "text of the scenario",
    "format": "format of the answers",
    "compliance": "form that tells compliance",
    "query_set_hash": "queries",
    "judge": "judge",
    "judge_target": "model of the judge",
    "judge_forms": "forms of the judge",
    "judge_votes": "votes of the judge",
    "judge_settings": "settings of the judge",
    "calibration_hash": "calibration of the judge",
    "temperature": "temperature",
    "max_tokens": "max_tokens",
    "extra": "extra parameters",
    "samples": "samples of each query",
}
"""What must be alike, by its name in the provenance. Seed, limit, alpha and caps may differ."""

_ALWAYS_RECORDED = ("scenario_hash", "query_set_hash", "judge", "temperature", "max_tokens")
_LONGEST = 120


def refusals(before: Measured, after: Measured) -> tuple[str, ...]:
    """One line for each thing that differs, with both values; none when they may be compared."""
    return (*_unlike(before, after), *_unmeasured(before, after), *_other_queries(before, after))


def _unlike(before: Measured, after: Measured) -> Iterator[str]:
    if before.contrast != after.contrast:
        yield _differs("contrast", before.contrast, after.contrast)
    for name, words in _ALIKE.items():
        first, second = before.provenance.get(name), after.provenance.get(name)
        if first != second:
            yield _differs(words, first, second)
        elif first is None and name in _ALWAYS_RECORDED:
            yield f"{words}: not recorded, so that nobody knows whether it is alike"


def _unmeasured(before: Measured, after: Measured) -> Iterator[str]:
    for when, measured in (("before", before), ("after", after)):
        if measured.by_query is None:
            yield f"{when}: the results do not say what each query showed (another version's)"
        elif not measured.by_query:
            yield f"{when}: no query was asked"
    if before.by_query and after.by_query:
        first, second = (len(each[0].terms) for each in (before.by_query, after.by_query))
        if first != second:
            yield _differs("number of rates", first, second)


def _other_queries(before: Measured, after: Measured) -> Iterator[str]:
    """What cannot be where the query set is the same: the queries tell, whatever its hash says.

    The hash covers ids and texts of the set. Its clusters are no part of it, and they are the
    units of every figure. The seed alone orders a set, so that two runs have the first ones in
    common.
    """
    was, now = ({each.id: each.cluster for each in one.by_query or ()} for one in (before, after))
    if not was or not now or _of(before, "query_set_hash") != _of(after, "query_set_hash"):
        return
    shared = [name for name in now if name in was]
    if not shared and _of(before, "seed") == _of(after, "seed"):
        yield "queries: none in common, although set and seed are said to be the same"
    moved = [name for name in shared if was[name] != now[name]]
    if moved:
        first = one_line(moved[0], _LONGEST)
        which = f"{len(moved)} of {count(len(shared), 'query')} in another, first {first}"
        yield _differs(f"clusters of the queries ({which})", was[moved[0]], now[moved[0]])


def _of(measured: Measured, name: str) -> Json:
    return measured.provenance.get(name)


def _differs(words: str, before: Json, after: Json) -> str:
    return f"{words}: before {_shown(before)}, after {_shown(after)}"


def _shown(value: Json) -> str:
    if value is None:
        return "none"
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return one_line(text, _LONGEST)
