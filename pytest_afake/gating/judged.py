"""What a calibration says of the judge of a measure: the correction, and what must be known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from pytest_afake.calibration import CalibrationEntry
from pytest_afake.calibration.agreement import Share
from pytest_afake.calibration.differing import fisher
from pytest_afake.calibration.enough import FEWEST
from pytest_afake.gating.estimand import Estimand, sides
from pytest_afake.statistics import (
    Confusion,
    CorrectedSequence,
    Correction,
    Levels,
    PlainSequence,
    StagedSequence,
    UnitBounds,
    greatest_probability,
)
from pytest_afake.text import count, one_line, points


@dataclass(frozen=True, slots=True)
class Judged:
    """How the labels of a measure were made.

    ``calibrated`` says that the judge's errors on hand labels are known; ``correction`` is what the
    measure is corrected by, None where it is not. ``notes`` are sentences for the reasons.
    ``same_answers`` holds the labels by arm where they are of just this model's answers, so that
    the judge must find as many positive among them as among the measured ones.
    """

    calibrated: bool = False
    correction: Correction | None = None
    notes: tuple[str, ...] = ()
    same_answers: Mapping[str, Confusion] = field(default_factory=dict)


# The chance of a warning about labels that are a random draw, for each arm.
_ALARM = 0.005


def unlike_the_labels(judged: Judged, arm: str, positive: int, n: int) -> str | None:
    """What must be said when the judge finds another share positive than among the labels.

    Labels that were not drawn at random from such answers, for example as many of the judge's
    positives as of its negatives, misjudge its errors. By Fisher's exact test.
    """
    table = judged.same_answers.get(arm)
    if table is None:
        return None
    found = table.true_positive + table.false_positive
    labelled = table.positives + table.negatives
    if not n or not labelled or fisher(Share(found, labelled), Share(positive, n)) >= _ALARM:
        return None
    return (
        f"{one_line(arm)}: the judge finds {found} of {labelled} labelled answers to comply and "
        f"{positive} of {n} measured ones: labels that are not drawn at random from such answers "
        "correct wrongly"
    )


def unit_bounds(levels: Levels, correction: Correction | None, terms: int) -> UnitBounds:
    """Bounds on a measure of so many terms, from independent units; before any answer."""
    if correction is None:
        return PlainSequence(levels, terms)
    return CorrectedSequence(levels, correction, terms)


def bounds(
    levels: Levels,
    correction: Correction | None,
    terms: int,
    sizes: Mapping[str, int] | None = None,
) -> StagedSequence:
    """The same from queries in clusters of these sizes."""
    return StagedSequence(lambda part: unit_bounds(part, correction, terms), levels, sizes)


def judged_by(
    entry: CalibrationEntry | None, estimand: Estimand, alpha: float, model: Collection[str]
) -> Judged:
    """What a calibration says of the judge of a measure of a model.

    ``entry`` is the one of this judge and this form, if there is one; ``model`` holds the names
    that labels may know the model by. A gap of compliance is corrected by what the labels say of
    compliance; other measures are not corrected.
    """
    if entry is None:
        return Judged()
    if not estimand.of_compliance:
        return Judged(calibrated=True, notes=tuple(_uncorrected(entry)))
    correction = _correction(entry, estimand)
    return Judged(
        calibrated=True,
        correction=correction,
        notes=tuple(_notes(entry, estimand, correction, alpha, model)),
        same_answers=entry.arms if entry.models and set(entry.models) <= set(model) else {},
    )


def _uncorrected(entry: CalibrationEntry) -> Iterator[str]:
    table = reduce(add, entry.arms.values(), Confusion())
    yield (
        f"which saw {table.true_positive} of {table.positives} hand labels of such reasoning, and "
        f"{table.true_negative} of {table.negatives} of other reasoning, in {_file(entry)}"
    )
    yield "the interval leaves out these errors: only gaps of compliance are corrected"


def _correction(entry: CalibrationEntry, estimand: Estimand) -> Correction:
    """By arm where labels name arms, and all labels together only where none does.

    An arm of the measure that no label names has no label: what other arms show says nothing of it.
    The wordings of a panel are one arm here, as they are in the measure.
    """
    if not any(entry.arms):
        return Correction((reduce(add, entry.arms.values(), Confusion()),))
    tables = [
        reduce(add, (entry.arms.get(arm, Confusion()) for arm in arms))
        for arms in sides(estimand).values()
    ]
    return Correction(tuple(tables))


def _notes(
    entry: CalibrationEntry,
    estimand: Estimand,
    correction: Correction,
    alpha: float,
    model: Collection[str],
) -> Iterator[str]:
    used = sum(table.positives + table.negatives for table in correction.tables)
    yield f"corrected for the judge's errors on {used} hand labels of {_file(entry)}"
    unusable = CorrectedSequence(alpha, correction, estimand.terms).reason
    if unusable:
        yield f"no correction is possible, so nothing can be shown: {unusable}"
    names = ("all arms",) if correction.shared else tuple(sides(estimand))
    for name, table in zip(names, correction.tables, strict=True):
        yield f"{one_line(name)}: {_rates(table)}"
        yield from _too_few(name, table)
    if correction.shared:
        yield (
            "the labels name no arms, so that the judge is taken to err alike in both: an error "
            "that depends on the arm is not corrected"
        )
    elif strange := entry.arms.keys() - set(estimand.arms):
        named = ", ".join(sorted(one_line(each, 40) or "(none)" for each in strange)[:4])
        yield f"labels of other arms are not used: {named}"
    if any(len(arms) > 1 for arms in sides(estimand).values()):
        yield (
            "all wordings are corrected alike: an error that depends on the wording is not "
            "corrected, and may be part of the spread between them"
        )
    yield from _other_models(entry, model)
    lost = sum(entry.undetermined.values())
    if lost:
        yield f"{lost} of {entry.rows} labelled answers the judge left undetermined"
    if entry.unlabelled:
        yield f"{count(entry.unlabelled, 'answer')} that people could not tell are in no correction"


def _file(entry: CalibrationEntry) -> str:
    return one_line(entry.labels.replace("\\", "/").rsplit("/", 1)[-1])


def _rates(table: Confusion) -> str:
    return (
        f"the judge read {table.true_positive} of {table.positives} right that comply and "
        f"{table.true_negative} of {table.negatives} that do not"
    )


def _too_few(name: str, table: Confusion) -> Iterator[str]:
    for what, number in (("comply", table.positives), ("do not", table.negatives)):
        if number < FEWEST:
            yield (
                f"too few labels, {one_line(name)}: {count(number, 'answer')} that {what}; "
                f"{_could_be_misread(number)}"
            )


def _could_be_misread(number: int) -> str:
    if not number:
        return "nothing is known of the judge's errors on such"
    share = points(greatest_probability(0, number, 0.05))
    return f"even without an error among them, it could misread {share} % of such (at 95 %)"


def _other_models(entry: CalibrationEntry, model: Collection[str]) -> Iterator[str]:
    others = [each for each in entry.models if each not in model]
    if not entry.models:
        yield "the labels do not say whose answers they are: errors on this model may differ"
    elif others:
        named = ", ".join(map(one_line, others[:3]))
        yield f"labels from another model ({named}): the judge's errors on this one may differ"
