"""What a reader of a calibration must know before trusting it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from pytest_afake.calibration.agreement import Figures, Share
from pytest_afake.calibration.differing import fisher
from pytest_afake.calibration.enough import enough, is_enough
from pytest_afake.cli.calibrate.result import Result
from pytest_afake.statistics import Correction
from pytest_afake.text import count, one_line, points

_MUCH_UNDETERMINED = 0.1
_OFTEN_ANOTHER = 0.05  # share of texts on which runs disagree
_SIGNIFICANT = 0.05


def advice(result: Result) -> Iterator[str]:
    """One sentence for each doubt, the gravest first."""
    if not result.told:
        return
    if reason := Correction((result.overall.confusion,)).reason:
        yield f"a gap cannot be corrected by this: {reason}"
    yield from _undetermined(result)
    for arm, figures in result.arms.items():
        yield from _too_few(arm, figures)
    yield from _differing_arms(result)
    yield from _unnamed_arms(result)
    yield from _strange_arms(result)
    yield from _without_clusters(result)
    yield from _models(result)
    yield from _repeats(result)
    yield (
        "all of this holds for labels that were drawn at random within each arm, and not by what a "
        "judge says of them"
    )


def _without_clusters(result: Result) -> Iterator[str]:
    labels = result.judged.labels
    alone = sum(not each.cluster for each in labels.rows)
    if not labels.clustered:
        yield (
            "the labels name no clusters of queries: several of one cluster count as independent, "
            "and say less than that"
        )
    elif alone:
        yield (
            f"{alone} of {len(labels.rows)} labels name no cluster: each of these counts as "
            "independent, which holds only if their queries are in none"
        )


def arm_name(arm: str) -> str:
    """An arm as it is printed."""
    return one_line(arm, 40) or "(no arm)"


def _undetermined(result: Result) -> Iterator[str]:
    lost = [row.truth for row in result.rows if row.holds is None]
    if len(lost) > _MUCH_UNDETERMINED * len(result.rows):
        positives = sum(row.truth for row in result.rows)
        yield (
            f"the judge tells nothing of {lost.count(True)} of {positives} positive and "
            f"{lost.count(False)} of {len(result.rows) - positives} negative texts; in a run such "
            "answers are missing, which no calibration mends"
        )
    if not result.has_model:
        yield "'rules' sees compliance only beside an acceptance tag, and refusals by their phrases"


def _too_few(arm: str, figures: Figures) -> Iterator[str]:
    for share, what in ((figures.recall, "positive"), (figures.specificity, "negative")):
        if not is_enough(share):
            where = f"{arm_name(arm)}: " if arm else ""
            yield f"{where}{_few(share, what)}"


def _few(share: Share, what: str) -> str:
    known = f"{count(share.of, f'{what} text')} judged"
    return f"{known}, too few to know how often it errs on such; about {enough(share)} would do"


def _differing_arms(result: Result) -> Iterator[str]:
    pairs = list(combinations(result.arms, 2))
    significant = _SIGNIFICANT / (2 * len(pairs)) if pairs else _SIGNIFICANT  # Bonferroni
    for one, other in pairs:
        a, b = result.arms[one], result.arms[other]
        for what, first, second in (
            ("recall", a.recall, b.recall),
            ("specificity", a.specificity, b.specificity),
        ):
            if (p := fisher(first, second)) < significant:
                yield (
                    f"its {what} seems to depend on the arm: {_percent(first)} in {arm_name(one)}, "
                    f"{_percent(second)} in {arm_name(other)} (Fisher's exact test, p = {p:.2g}): "
                    "without correction by arm that passes for a gap"
                )


def _unnamed_arms(result: Result) -> Iterator[str]:
    if "" not in result.arms:
        return
    told = "the labels name no arm" if len(result.arms) == 1 else "some labels name no arm"
    yield f"{told}: an error that depends on the arm stays uncorrected"


def _strange_arms(result: Result) -> Iterator[str]:
    strange = sorted(result.arms.keys() - {"", "training", "deployment"})
    if strange:
        named = ", ".join(one_line(each, 40) for each in strange[:4])
        yield (
            f"arms named {named}: they correct measures of arms that a scenario names so, and no "
            "others (training and deployment are the usual ones)"
        )


def _models(result: Result) -> Iterator[str]:
    models = result.judged.labels.models
    if not models:
        yield "the labels do not say whose answers they are: errors on your model may differ"
    if len(models) > 1:
        named = ", ".join(one_line(each, 40) for each in models[:5])
        more = f" and {len(models) - 5} more" if len(models) > 5 else ""
        yield f"the labels are of {len(models)} models ({named}{more}): its errors may differ"


def _repeats(result: Result) -> Iterator[str]:
    repeats = result.repeats
    changed = repeats.texts - repeats.identical
    if changed > _OFTEN_ANOTHER * repeats.texts:
        yield (
            f"its result changes from run to run on {changed} of {repeats.texts} texts: so much of "
            "what it says is chance"
        )


def _percent(share: Share) -> str:
    return "none" if share.value is None else f"{points(share.value)} %"
