"""Which measure of one run is held against which of the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_afake.baselines import Measured, SavedRun
from pytest_afake.errors import UsageError
from pytest_afake.text import one_line


@dataclass(frozen=True, slots=True)
class Models:
    """The model before and the one after."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One measure in both runs; None where a run does not have it, and never in both."""

    before: Measured | None
    after: Measured | None

    @property
    def either(self) -> Measured:
        found = self.after or self.before
        assert found is not None  # a pair is made of what there is
        return found


def models_of(
    before: SavedRun, after: SavedRun, told: tuple[str | None, str | None]
) -> list[Models]:
    """Who is compared with whom. Raises UsageError where that is not clear.

    Without names: the only model of either run, or those that both runs have.
    """
    first, second = told
    if before.file == after.file and not (first and second):
        raise UsageError(
            "with one run, name two of its models with --before and --after; there is: "
            + _names(before.models)
        )
    for run, name, flag in ((before, first, "--before"), (after, second, "--after")):
        if name is not None and name not in run.models:
            raise UsageError(
                f"{flag} {name!r}: {run.file} has no such model; there is: {_names(run.models)}"
            )
    if not first and not second:
        common = [name for name in before.models if name in after.models]
        if len(before.models) > 1 or len(after.models) > 1:
            return [Models(name, name) for name in common] or [_unclear(before, after)]
    return [Models(first or _only(before, "--before"), second or _only(after, "--after"))]


def _unclear(before: SavedRun, after: SavedRun) -> Models:
    raise UsageError(
        "the runs have no model in common: name one of each with --before and --after; there is: "
        f"{_names(before.models)}; and {_names(after.models)}"
    )


def _only(run: SavedRun, flag: str) -> str:
    if len(run.models) > 1:
        names = _names(run.models)
        raise UsageError(f"{run.file} has several models: name one with {flag}; there is: {names}")
    return run.models[0]


def pairs_of(before: SavedRun, after: SavedRun, models: Models) -> Iterator[Pair]:
    """Each measure that either run has, in the order of the later run."""
    earlier, later = before.of_model(models.before), after.of_model(models.after)
    for key in dict.fromkeys([*later, *earlier]):
        yield Pair(earlier.get(key), later.get(key))


def _names(models: tuple[str, ...]) -> str:
    return ", ".join(one_line(name, 60) for name in models)
