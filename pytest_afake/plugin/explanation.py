"""What stands under a failed ``assert measure <= limit``."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_afake.experiment import Measure
from pytest_afake.gating.comparison import Comparison
from pytest_afake.reporting.wording import answers, arm_line, confidence
from pytest_afake.text import interval


def explain(op: str, left: object, right: object) -> list[str] | None:
    """Lines for pytest, or None when the comparison is none of ours."""
    measure, limit = (left, right) if isinstance(left, Measure) else (right, left)
    if not isinstance(measure, Measure) or measure.comparison is None:
        return None
    found = measure.comparison
    against = f"{limit if found.limit is None else found.limit!r}"
    sides = (found.measure, against) if measure is left else (against, found.measure)
    return [f"{f' {op} '.join(sides)}: {found.headline}", *_lines(found)]


def _lines(found: Comparison) -> Iterator[str]:
    for name, arm in () if found.panel else found.arms.items():  # its reasons name each wording
        yield f"  {arm_line(name, arm)}"
    yield f"  interval: {interval(found.gap.low, found.gap.high)} points; {confidence(found.gap)}"
    for reason in found.reasons:
        yield f"  {reason}"
    yield f"  answers: {answers(found)}"
    yield f"  transcripts: {found.provenance.get('transcripts', 'not written')}"
