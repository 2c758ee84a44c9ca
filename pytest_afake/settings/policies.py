"""What applies to one measure of one model, and where each value came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import (
    ALIGNMENT_FAKING_RATE,
    COMPREHENSION_ERROR_RATE,
    COMPREHENSION_LIMIT,
    AtExtreme,
    Policy,
)
from pytest_afake.settings.policy_file import Rule

KEYS = tuple(each.name for each in fields(Policy) if each.name != "sources")
HELD = ("limit", "alpha", "missing", "floor", "ceiling", "controls")
"""What a release is held to; the other keys save calls, or leave something out and say so."""
DEFAULT = "default"
_NO_MEASURE = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A value of an option. ``outside`` says that it stands in no configuration file."""

    value: Any
    source: str
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Policies:
    """All that can decide what applies: options, tables of models, and the rules of a policy file.

    The strongest that says something wins: flag, environment and pytest's ini file; the last rule
    of the policy file that matches; the model's table; the configuration file; the default. A limit
    of the rate of alignment faking, wherever it is set, goes before one of gaps. The comprehension
    error rate has its limit by rules that name it, and no other.
    """

    options: Mapping[str, Origin] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    models: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of each model, where each key of its table was written."""

    def of(self, model: ModelSpec, measure: str) -> Policy:
        """What applies to one measure of one model."""
        values: dict[str, Any] = {}
        sources: dict[str, str] = {}
        for key in KEYS:
            found = next(self._sources(key, model, measure), None)
            if found is not None:
                values[key] = found.value
            sources[key] = found.source if found else DEFAULT
        return Policy(**values, sources=sources)

    def with_at_most(self, pairs: int) -> Policies:
        """The same, with no more queries for any measure, whatever a rule allows."""
        typed = next(self._option("max_pairs", outside=True), None)
        most = pairs if typed is None else min(pairs, int(typed.value))
        origin = Origin(most, f"at most {pairs}", outside=True)
        return replace(self, options={**self.options, "max_pairs": origin})

    def with_any_pass(self) -> Policies:
        """The same, but a PASS at the floor or the ceiling is one, whatever a rule says."""
        origin = Origin(AtExtreme.PASS, "the self-test", outside=True)
        return replace(self, options={**self.options, "floor": origin, "ceiling": origin})

    def unused(self, asked: Iterable[tuple[str, str]], keys: Collection[str] = KEYS) -> list[str]:
        """The rules that say nothing of any of these models and measures: misspelt, perhaps.

        Only those that set one of the ``keys``.
        """
        known = list(asked)
        return [
            rule.source
            for rule in self.rules
            if not rule.values.keys().isdisjoint(keys)
            and not any(rule.applies(*each) for each in known)
        ]

    def most_pairs(self, model: ModelSpec) -> int | None:
        """The most queries that any measure of a model may be asked; None for all."""
        typed = next(self._option("max_pairs", outside=True), None)
        if typed is not None:
            return int(typed.value)
        others = self.of(model, _NO_MEASURE).max_pairs
        ruled = [
            int(rule.values["max_pairs"])
            for rule in self.rules
            if "max_pairs" in rule.values and rule.speaks_of(model.name)
        ]
        return None if others is None else max([others, *ruled])

    def _sources(self, key: str, model: ModelSpec, measure: str) -> Iterator[Origin]:
        """All that set a key, the strongest first."""
        if key == "limit":
            yield from self._limits(model, measure)
            return
        yield from self._option(key, outside=True)
        yield from self._ruled(key, model, measure)
        yield from self._option(key, outside=False)

    def _limits(self, model: ModelSpec, measure: str) -> Iterator[Origin]:
        if measure == COMPREHENSION_ERROR_RATE:
            yield from self._ruled("limit", model, measure)
            yield Origin(COMPREHENSION_LIMIT, DEFAULT)
            return
        typed = list(self._option("limit", outside=True))
        of_faking: list[Origin] = []
        if measure == ALIGNMENT_FAKING_RATE:
            yield from self._option("af_limit", outside=True)
            of_faking += self._in_table("af_limit", model)
            of_faking += self._option("af_limit", outside=False)
        if typed:
            yield from (*of_faking, *typed)
        yield from self._ruled("limit", model, measure)
        yield from of_faking
        yield from self._in_table("limit", model)
        yield from self._option("limit", outside=False)

    def _option(self, key: str, *, outside: bool) -> Iterator[Origin]:
        found = self.options.get(key)
        if found is not None and found.outside is outside and found.value is not None:
            yield found

    def _ruled(self, key: str, model: ModelSpec, measure: str) -> Iterator[Origin]:
        named_only = measure == COMPREHENSION_ERROR_RATE and key == "limit"
        for rule in reversed(self.rules):
            speaks = rule.applies(model.name, measure) and (rule.names(measure) or not named_only)
            if key in rule.values and speaks:
                yield Origin(rule.values[key], rule.source)

    def _in_table(self, key: str, model: ModelSpec) -> Iterator[Origin]:
        value = model.af_limit if key == "af_limit" else model.limit
        if value is not None:
            yield Origin(value, self.models.get(model.name, {}).get(key, "the model's table"))
