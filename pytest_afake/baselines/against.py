"""Holding measures against those of an earlier run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from pytest_afake.baselines.measured import Measured, SavedRun
from pytest_afake.baselines.refusal import refusals
from pytest_afake.gating.comparison import Baseline, Comparison
from pytest_afake.gating.difference import difference_of
from pytest_afake.text import count, one_line

_NOTHING_READ = "no query was read in both runs, so that nothing is known of the difference"


@dataclass(frozen=True, slots=True)
class Held:
    """Comparisons with their baselines, and why the run cannot be a PASS if it cannot."""

    comparisons: list[Comparison]
    doubts: list[str]


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

    ``models`` are those of this run. A comparison that the earlier run does not have is no harm
    unless it has none of them.
    """
    held = [
        replace(each, baseline=_held(Measured.of(each), run, models, alpha)) for each in comparisons
    ]
    return Held(held, _doubts(held, run.file))


def _held(after: Measured, run: SavedRun, models: Sequence[str], alpha: float) -> Baseline:
    alone = len(run.models) == 1 and len(set(models)) == 1
    model = run.models[0] if alone else after.model
    return hold_one(run.file, run.of_model(model).get(after.key), after, alpha)


def _doubts(held: Sequence[Comparison], file: str) -> list[str]:
    found = [each.baseline for each in held if each.baseline is not None]
    refused = [each for each in found if each.refused]
    name = one_line(file)
    if all(each.model is None for each in found):
        return [f"nothing was held against the baseline {name}"]
    if not refused:
        return []
    share = f"{len(refused)} of {count(len(found), 'comparison')}"
    return [f"{share} not held against the baseline {name}: {refused[0].refused[0]}"]


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
            "not paired: the runs took the queries in different orders (their seeds), so each was "
            "bounded by itself, with half of alpha"
        )
    if after.provenance.get("calibration_hash"):
        notes.append("of the judge's labels as they are: its errors are not undone in a difference")
    return tuple(notes)
