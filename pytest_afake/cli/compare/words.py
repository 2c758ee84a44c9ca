"""The lines that ``afake compare`` prints. Names in results files are foreign text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_afake.baselines import Baseline, Measured
from pytest_afake.cli.compare.pairing import Models, Pair
from pytest_afake.cli.table import aligned
from pytest_afake.reporting.wording import OVER_PAIRS, change, value
from pytest_afake.text import count, named, one_line, points

_HEAD = (
    "scenario, measure",
    "before",
    "after",
    "difference",
    "interval",
    "pairs",
    "only before",
    "only after",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair, and how the later one differs; None where one of the two is not there."""

    models: Models
    pair: Pair
    held: Baseline | None

    @property
    def done(self) -> bool:
        """Whether there are figures."""
        return self.held is not None and not self.held.refused

    @property
    def name(self) -> str:
        measured = self.pair.either
        return named(measured.scenario, measured.perturbation, measured.measure)


def lines(found: Sequence[Compared]) -> Iterator[str]:
    """A table for each pair of models, and below it what was not compared, and why."""
    for models in dict.fromkeys(each.models for each in found):
        mine = [each for each in found if each.models == models]
        done = [each for each in mine if each.done]
        yield _title(models, mine)
        if done:
            yield from aligned([_HEAD, *map(_row, done)], right=range(1, len(_HEAD)))
            yield from _below(done)
        for each in mine:
            yield from (f"not compared: {each.name}: {why}" for why in _why_not(each))
        yield ""


def _title(models: Models, mine: Sequence[Compared]) -> str:
    before = _model(models.before, [each.pair.before for each in mine])
    after = _model(models.after, [each.pair.after for each in mine])
    alphas = {each.held.alpha for each in mine if each.held and each.held.alpha is not None}
    sure = " and ".join(f"{points(1 - alpha)} %" for alpha in sorted(alphas))
    return f"{before} before, {after} after" + (f"; each bound holds with {sure}" if sure else "")


def _model(name: str, measured: Sequence[Measured | None]) -> str:
    simulated = any(each is not None and each.simulated for each in measured)
    return f"{one_line(name, 80)}{' SIMULATED' if simulated else ''}"


def _row(each: Compared) -> tuple[str, ...]:
    held = each.held
    assert held is not None  # it was done
    figures = map(value, (held.before, held.after, held.estimate))
    queries = map(str, (held.pairs, held.only_before, held.only_after))
    return each.name, *figures, change(held), *queries


def _below(done: Sequence[Compared]) -> Iterator[str]:
    held = [(each.name, each.held) for each in done if each.held is not None]
    if any(each.paired for _, each in held):
        yield OVER_PAIRS
    for name, each in held:
        if each.larger:
            yield f"larger than before: {name}"
    for note in dict.fromkeys(note for _, each in held for note in each.notes):
        yield f"note: {one_line(note)}"


def _why_not(each: Compared) -> Sequence[str]:
    if each.pair.before is None:
        return ["the earlier run does not have it"]
    if each.held is None:
        return ["the later run does not have it"]
    return [one_line(why) for why in each.held.refused]


def summary(found: Sequence[Compared]) -> str:
    """The last line."""
    done = sum(each.done for each in found)
    larger = sum(each.held is not None and each.held.larger for each in found)
    return f"{done} of {count(len(found), 'measure')} compared, {larger} larger than before"
