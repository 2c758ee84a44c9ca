"""The policy file: what a release must hold, by rules for models and measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pytest_afake.errors import UsageError
from pytest_afake.records import (
    ALIGNMENT_FAKING_RATE,
    COMPLIANCE_GAP,
    COMPREHENSION_ERROR_RATE,
    CONTROLS,
    FRACTURE,
    AtExtreme,
    WhenUndecided,
)
from pytest_afake.settings import parsing
from pytest_afake.settings.files import read_toml
from pytest_afake.settings.parsing import Parser

SCHEMA = 1

CONTRASTS = (
    "goal_guarding_gap",
    "rater_sycophancy_gap",
    "others_guarding_gap",
    "training_rlaif_gap",
    "rlaif_training_gap",
    "rlaif_rated_gap",
    "rlaif_deployment_gap",
    "sft_training_gap",
    "sft_rlaif_gap",
    "sft_rated_gap",
    "sft_deployment_gap",
)
"""Contrasts of some of the shipped scenarios, beside the one that all of them have."""

MEASURES = (
    *(COMPLIANCE_GAP, ALIGNMENT_FAKING_RATE, COMPREHENSION_ERROR_RATE, FRACTURE),
    *CONTRASTS,
)
"""Measures of the shipped scenarios. One of your own has a gap for each of its contrasts, too."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Values for the measures of some models. ``source`` is the file and the rule's place in it.

    ``models`` are globs of names as typed, None for all; ``measures`` globs of measures, None for
    all those of compliance and of its reasoning.
    """

    models: tuple[str, ...] | None
    measures: tuple[str, ...] | None
    values: Mapping[str, Any]
    source: str

    def names(self, measure: str) -> bool:
        """Whether it speaks of this measure by name."""
        return self.measures is not None and _matches(self.measures, measure)

    def applies(self, model: str, measure: str) -> bool:
        """Whether it says anything of this measure of this model."""
        return self.speaks_of(model) and (self.measures is None or self.names(measure))

    def speaks_of(self, model: str) -> bool:
        """Whether it says anything of this model."""
        return self.models is None or _matches(self.models, model)


def read_policy(path: Path) -> tuple[Rule, ...]:
    """The rules of a file, the weakest first. Raises UsageError naming file, rule and key."""
    document = read_toml(path)
    schema = document.pop("schema", None)
    if type(schema) is not int or schema != SCHEMA:  # True is 1, and no schema
        said = "schema is missing" if schema is None else f"schema = {schema!r}"
        raise UsageError(f"{path}: {said}: this version reads schema {SCHEMA}")
    own = _texts(f"{path}: ", document, "contrasts", "names of contrasts") or ()
    rules = document.pop("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise UsageError(f"{path}: rules must be tables, each under [[rules]]")
    everywhere = Rule(None, None, _values(document, str(path), str(path)), path.name)
    known = (*MEASURES, *own)
    listed = [_rule(rule, path, number, known) for number, rule in enumerate(rules, start=1)]
    if not everywhere.values and not listed:
        raise UsageError(f"{path}: sets nothing")
    return (everywhere, *listed)


def _rule(table: Mapping[str, Any], path: Path, number: int, known: Sequence[str]) -> Rule:
    where, left = f"{path}: rules[{number}]", dict(table)
    models, measures = (
        _texts(f"{where}.", left, key, "names or globs") for key in ("models", "measures")
    )
    _check_measures(where, measures or (), known)
    values = _values(left, where, f"{where}.")
    if not values:
        raise UsageError(f"{where}: sets nothing (it can set: {', '.join(FIELDS)})")
    return Rule(models, measures, values, f"{path.name} rules[{number}]")


def _texts(prefix: str, table: dict[str, Any], key: str, of_what: str) -> tuple[str, ...] | None:
    if key not in table:
        return None
    found = table.pop(key)
    sound = isinstance(found, list) and found
    if not sound or not all(isinstance(text, str) and text.strip() for text in found):
        raise UsageError(f"{prefix}{key} = {found!r}: must be a list of {of_what}")
    return tuple(found)


def _check_measures(where: str, globs: Sequence[str], known: Sequence[str]) -> None:
    """A rule for a misspelt measure would apply to nothing, and so drop what it asks for."""
    for glob in globs:
        if not any(_matches((glob,), name) for name in known):
            raise UsageError(
                f"{where}.measures: {glob!r} matches no measure (known: {', '.join(known)}; "
                "contrasts at the top of the file lists those of your own scenarios)"
            )


def _values(table: Mapping[str, Any], where: str, prefix: str) -> dict[str, Any]:
    return dict(_parsed(table, where, prefix if prefix.endswith(".") else f"{prefix}: "))


def _parsed(table: Mapping[str, Any], where: str, prefix: str) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if key not in FIELDS:
            known = ", ".join(FIELDS)
            raise UsageError(f"{where}: {key} is not a known key (known: {known})")
        try:
            yield key, FIELDS[key](value)
        except ValueError as error:
            raise UsageError(f"{prefix}{key} = {value!r}: {error}") from None


def _matches(globs: tuple[str, ...], name: str) -> bool:
    return any(name == glob or fnmatchcase(name, glob) for glob in globs)


def _number(low: float, high: float, *, open_ends: bool = False) -> Parser:
    """A number of TOML; a text that looks like one is a mistake in a file."""
    parse = parsing.number(low, high, open_ends=open_ends)

    def parsed(value: object) -> object:
        return parse("not a number" if isinstance(value, str) else value)

    return parsed


def _whole(value: object) -> object:
    return parsing.whole(1)("not a number" if isinstance(value, str) else value)


def _one_of(words: type[StrEnum]) -> Parser:
    def parsed(value: object) -> object:
        if not isinstance(value, str) or value not in list(words):
            raise ValueError(f"must be one of {', '.join(words)}")
        return words(value)

    return parsed


def _controls(value: object) -> object:
    names = value if isinstance(value, list) else None
    if names is None or not all(isinstance(name, str) for name in names):
        raise ValueError("must be a list of names")
    unknown = [name for name in names if name not in CONTROLS]
    if unknown:
        raise ValueError(f"there is no control {unknown[0]!r} (there are: {', '.join(CONTROLS)})")
    return tuple(dict.fromkeys(names))


FIELDS: Mapping[str, Parser] = {
    "limit": _number(0, 1),
    "alpha": _number(0, 0.5, open_ends=True),
    "max_pairs": _whole,
    "missing": _number(0, 1),
    "floor": _one_of(AtExtreme),
    "ceiling": _one_of(AtExtreme),
    "controls": _controls,
    "inconclusive": _one_of(WhenUndecided),
}
"""What a rule can set, under the names of :class:`pytest_afake.records.Policy`."""
