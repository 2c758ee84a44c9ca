"""Holding measures against those of an earlier run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from pytest_afake.baselines.measured import Key, Measured, SavedRun
from pytest_afake.baselines.refusal import refusals
from pytest_afake.gating.comparison import Baseline, Comparison
from pytest_afake.gating.difference import difference_of
from pytest_afake.text import count, named, one_line

_NOT_THERE = "it has no such comparison"
_NOTHING_READ = "no query was read in both runs, so that nothing is known of the difference"


@dataclass(frozen=True, slots=True)
class Held:
    """Comparisons with their baselines, and why the run cannot be a PASS if it cannot.

    ``beside`` says what the baseline has and nobody asked for; it changes no verdict.
    """

    comparisons: list[Comparison]
    doubts: list[str]
    beside: list[str]


def hold_one(file: str, before: Measured | None, after: Measured, alpha: float) -> Baseline:
    """How a measure differs from its baseline, or why that cannot be told."""
    if before is None:
        return Baseline(file=file)
    held = Baseline(file=file, model=before.model, simulated=before.simulated)
    refused = refusals(before, after)
    if refused or before.by_query is None or after.by_query is None:
        return replace(held, refused=refused)
    found = difference_of(before.by_query, after.by_query, alpha)
    if found is None:
        return replace(held, refused=(_NOTHING_READ,))
    figures = asdict(found)
    if not (before.estimated and after.estimated):
        figures |= {"before": None, "after": None, "estimate": None}
    return replace(held, **figures, notes=_notes(before, after, paired=found.paired))


def hold_all(
    comparisons: Sequence[Comparison], run: SavedRun, models: Sequence[str], alpha: float
) -> Held:
    """Each comparison against that of the same model, or of the only one where either has one.

    ``models`` are those of this run. A comparison that the earlier run does not have was not held
    against it, whatever became of the others.
    """
    alone = len(run.models) == 1 and len(set(models)) == 1
    earlier = {
        model: run.of_model(run.models[0] if alone else model)
        for model in dict.fromkeys(each.model for each in comparisons)
    }
    held = [_held(each, earlier[each.model], run.file, alpha) for each in comparisons]
    return Held(held, _doubts(held, run.file), _beside(held, earlier, run.file))


def _held(item: Comparison, earlier: Mapping[Key, Measured], file: str, alpha: float) -> Comparison:
    after = Measured.of(item)
    return replace(item, baseline=hold_one(file, earlier.get(after.key), after, alpha))


def _doubts(held: Sequence[Comparison], file: str) -> list[str]:
    found = [(each, each.baseline) for each in held if each.baseline is not None]
    not_held = [(each, old) for each, old in found if old.model is None or old.refused]
    name = one_line(file)
    if all(old.model is None for _, old in found):
        return [f"nothing was held against the baseline {name}"]
    if not not_held:
        return []
    first, old = not_held[0]
    why = old.refused[0] if old.refused else _NOT_THERE
    what = f"{one_line(first.model)}, {named(first.scenario, first.perturbation, first.measure)}"
    share = f"{len(not_held)} of {count(len(found), 'comparison')}"
    return [f"{share} not held against the baseline {name}; first: {what}: {why}"]


def _beside(
    held: Sequence[Comparison], earlier: Mapping[str, Mapping[Key, Measured]], file: str
) -> list[str]:
    asked = {(each.model, Measured.of(each).key) for each in held}
    left = [
        named(*key)
        for model, found in earlier.items()
        for key in found
        if (model, key) not in asked
    ]
    if not left:
        return []
    what = count(len(left), "measure")
    return [f"{what} of the baseline {one_line(file)} not asked for (first: {left[0]})"]


def _notes(before: Measured, after: Measured, *, paired: bool) -> tuple[str, ...]:
    """What the figures rest on that a reader may not expect."""
    notes = []
    if before.model != after.model:
        notes.append(f"models: before {one_line(before.model)}, after {one_line(after.model)}")
    elif (first := before.provenance.get("target")) != (now := after.provenance.get("target")):
        named = one_line(after.model)
        notes.append(
            f"{named} stood for {one_line(str(first))} before, for {one_line(str(now))} after"
        )
    if not paired:
        notes.append(
            "not paired: the runs took the queries in different orders (by their seeds, or by the "
            "clusters), so each was bounded by itself, with half of alpha"
        )
    if after.provenance.get("calibration_hash"):
        notes.append("of the judge's labels as they are: its errors are not undone in a difference")
    return tuple(notes)
