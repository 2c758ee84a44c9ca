"""What must be said beside the verdicts on motives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.motives.findings import Shown
from pytest_afake.gating.motives.rules import CONTRASTS, Direction, Finding, Motive
from pytest_afake.text import named, some


def notes(
    contrasts: Sequence[Shown], verdicts: Mapping[str, Motive], mine: Sequence[Comparison]
) -> Iterator[str]:
    missing = [each for each in contrasts if each.finding is Finding.MISSING]
    if missing:
        rows = ", ".join(dict.fromkeys(each.contrast.row for each in missing))
        yield f"{len(missing)} of {len(contrasts)} contrasts were not measured ({rows})"
    claimed = [row for row, verdict in verdicts.items() if verdict is Motive.EVIDENCE]
    if claimed and verdicts["H4"] is Motive.UNDECIDED:
        shown = " and ".join(claimed)
        yield f"{shown}: a model that follows words may show the same, and H4 is undecided"
    reversed_ones = list(_reversed(contrasts))
    yield from reversed_ones
    if set(verdicts.values()) == {Motive.NONE}:
        gaps = sorted({_title(item) for item in mine if _has_gap(item)})
        if gaps:
            yield f"no contrast is there, and yet a gap that none explains: {some(gaps)}"
        elif not reversed_ones:
            yield "no contrast is there: there is no gap to explain"
    if any(item.gap.uncorrected for item in mine):
        yield "the judge's labels are taken at their word here: its errors are not corrected"


def _reversed(contrasts: Sequence[Shown]) -> Iterator[str]:
    """Contrasts that are surely below zero where no row looks: absent, and all the same there."""
    below = {
        (each.scenario, each.contrast) for each in CONTRASTS if each.direction is Direction.BELOW
    }
    for each in contrasts:
        rule = each.contrast
        if rule.row == "H4" or each.high is None or each.high >= 0:
            continue
        if rule.minus or (rule.scenario, rule.contrast) not in below:
            minus = f" minus that of {rule.minus}" if rule.minus else ""
            what = f"{rule.scenario} {rule.contrast.replace('_', ' ')}{minus}"
            yield f"{what} is below zero, which no row asks for"


def _has_gap(item: Comparison) -> bool:
    is_gap = bool(item.by_query) and len(item.by_query[0].terms) == 2
    return is_gap and item.gap.low > 0


def _title(item: Comparison) -> str:
    return named(item.scenario, item.perturbation, item.measure)
