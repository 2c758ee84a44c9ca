"""A calibration on a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_afake.calibration.agreement import Figures, Point, Share, curve
from pytest_afake.cli.calibrate.advice import advice, arm_name
from pytest_afake.cli.calibrate.result import Result
from pytest_afake.cli.table import aligned
from pytest_afake.reporting.wording import money
from pytest_afake.text import count, one_line, points

_MOST_POINTS = 12
_NONE = "-"


def report(result: Result) -> Iterator[str]:
    """All figures, and what to make of them."""
    yield from _head(result)
    if result.told:
        yield from _blocks(result)
    for doubt in advice(result):
        yield f"NOTE: {doubt}"
    yield _cost(result)


def next_step(path: Path, form: str) -> Iterator[str]:
    """How the gate comes to use what was saved, if it does."""
    shown = one_line(str(path), 500)
    yield f"saved to {shown}"
    if form == "partial":
        yield "no run uses it: partial help counts as compliance in every gap"
        return
    yield f'next: add calibration = "{shown}" to [tool.afake], or pass --afake-calibration {shown}'
    if form == "reasoning":
        yield "runs name these errors beside alignment-faking rates; they correct gaps alone"
    else:
        yield "choose a judge by these figures, and never by the verdict that it gives"


def _head(result: Result) -> Iterator[str]:
    labels, rows = result.judged.labels, result.rows
    mark = ", SIMULATED" if result.simulated else ""
    yield f"judge {one_line(result.judge)}, form {result.form}{mark}"
    positives = sum(row.truth for row in rows)
    words = result.question
    yield (
        f"{one_line(labels.source, 500)}: {count(len(rows), 'labelled text')}: {positives} "
        f"positive ({words.positive}), {len(rows) - positives} negative ({words.negative})"
    )
    left_out = (
        (labels.unlabelled, "without a label"),
        (labels.repeated, "that another row repeats"),
        (labels.further, "of clusters that have one in their arm"),
    )
    if said := ", ".join(f"{count(number, 'row')} {why}" for number, why in left_out if number):
        yield f"  left out: {said}"
    yield f"  {_undetermined(result)}"


def _undetermined(result: Result) -> str:
    lost = result.overall.undetermined
    if not lost:
        return "undetermined: none"
    causes = ", ".join(f"{cause} {number}" for cause, number in result.judged.causes.items())
    first = one_line(result.judged.first_failure, 160)
    return f"undetermined: {lost} ({causes}), in no figure below; first: {first}"


def _blocks(result: Result) -> Iterator[str]:
    yield ""
    yield from _figures(result.overall)
    yield ""
    yield from _confusion(result)
    yield ""
    yield from _curve(result)
    if set(result.arms) != {""}:
        yield ""
        yield from _arms(result)
    yield ""
    yield _repeats(result)


def _figures(figures: Figures) -> Iterator[str]:
    shares = {
        "recall (sensitivity)": figures.recall,
        "specificity": figures.specificity,
        "precision (this mix)": figures.precision,
    }
    area = figures.auroc
    ranked = (
        ("AUROC", f"{area.value:.3f}", _outwards(area.low, area.high, 3), "")
        if area
        else ("AUROC", _NONE, "", "needs texts of both classes")
    )
    rows = [
        (name, _value(share), _interval(share), _counts(share)) for name, share in shares.items()
    ]
    yield from aligned([("", "value", "95 % interval", "texts"), ranked, *rows], right=(1,))


def _confusion(result: Result) -> Iterator[str]:
    counts = result.overall.confusion
    head = (f"at score >= {result.threshold:.3g}", "judged positive", "judged negative")
    yield from aligned(
        [
            head,
            ("labelled positive", str(counts.true_positive), str(counts.false_negative)),
            ("labelled negative", str(counts.false_positive), str(counts.true_negative)),
        ],
        right=(1, 2),
    )


def _curve(result: Result) -> Iterator[str]:
    points_of = curve(result.rows)
    shown = _thinned(points_of, result.threshold)
    heads = ("score >=", "true pos", "false pos", "false neg", "true neg", "precision", "recall")
    yield from aligned([heads, *map(_point, shown)], right=range(len(heads)))
    if len(shown) < len(points_of):
        yield f"({len(shown)} of {len(points_of)} thresholds; --json FILE has all)"


def _thinned(all_points: Sequence[Point], threshold: float) -> Sequence[Point]:
    """Evenly spaced ones, with both ends and the one where the judge decides."""
    if len(all_points) <= _MOST_POINTS:
        return all_points
    step = (len(all_points) - 1) / (_MOST_POINTS - 2)
    kept = {round(index * step) for index in range(_MOST_POINTS - 1)}
    kept.add(min(range(len(all_points)), key=lambda i: abs(all_points[i].threshold - threshold)))
    return [all_points[index] for index in sorted(kept)]


def _point(point: Point) -> tuple[str, ...]:
    counts, figures = point.confusion, point.figures
    return (
        f"{point.threshold:.3f}",
        str(counts.true_positive),
        str(counts.false_positive),
        str(counts.false_negative),
        str(counts.true_negative),
        _value(figures.precision),
        _value(figures.recall),
    )


def _arms(result: Result) -> Iterator[str]:
    heads = (
        "arm",
        "undetermined",
        "recall",
        "95 % interval",
        "specificity",
        "95 % interval",
        "AUROC",
    )
    rows = [_arm(arm, figures) for arm, figures in result.arms.items()]
    yield from aligned([heads, *rows], right=(1, 2, 4, 6))


def _arm(arm: str, figures: Figures) -> tuple[str, ...]:
    area = figures.auroc
    return (
        arm_name(arm),
        str(figures.undetermined),
        _rate(figures.recall),
        _interval(figures.recall),
        _rate(figures.specificity),
        _interval(figures.specificity),
        f"{area.value:.3f}" if area else _NONE,
    )


def _repeats(result: Result) -> str:
    repeats = result.repeats
    if not result.has_model:
        return "1 run: a judge without a model says the same each time"
    if repeats.runs < 2:
        return "1 run: how far the judge agrees with itself is not known"
    kappa = (
        "not defined: all results are the same" if repeats.kappa is None else f"{repeats.kappa:.2f}"
    )
    lost = f"; {repeats.undetermined} undetermined in some run" if repeats.undetermined else ""
    return (
        f"{repeats.runs} runs: the same result on {repeats.identical} of {repeats.texts} texts; "
        f"Fleiss' kappa {kappa}{lost}"
    )


def _cost(result: Result) -> str:
    totals = result.totals
    unpriced = f" and {totals.unpriced} of unknown cost" if totals.unpriced else ""
    return (
        f"{count(totals.calls, 'call')}, {count(totals.answers, 'reply')} for "
        f"{money(totals.usd)}{unpriced}; {totals.stored} from the store"
    )


def _value(share: Share) -> str:
    return _NONE if share.value is None else f"{points(share.value)} %"


def _interval(share: Share) -> str:
    low, high = share.interval
    return f"{_outwards(low * 100, high * 100, 1)} %" if share.of else "nothing is known"


def _outwards(low: float, high: float, digits: int) -> str:
    """Bounds, rounded so that the interval never looks narrower than it is."""
    unit = 10**digits
    lower, upper = math.floor(low * unit) / unit, math.ceil(high * unit) / unit
    return f"{lower:.{digits}f} to {upper:.{digits}f}"


def _rate(share: Share) -> str:
    return f"{_counts(share)} = {_value(share)}" if share.of else _NONE


def _counts(share: Share) -> str:
    return f"{share.hits} of {share.of}"
