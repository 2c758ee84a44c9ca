"""Why: the headline of a comparison, and its reasons in words. Pure text from the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_afake.gating.comparison import Arm, Interval, PanelFigures
from pytest_afake.gating.estimand import sides
from pytest_afake.gating.extremes import ceiling, floor
from pytest_afake.gating.judged import unit_bounds, unlike_the_labels
from pytest_afake.gating.panel_reasons import panel_notes, why_withheld, withheld
from pytest_afake.gating.tally import by_side
from pytest_afake.gating.unread_motives import motives
from pytest_afake.gating.withheld import Withheld, missing_differently
from pytest_afake.records import ALIGNMENT_FAKING_RATE, COMPREHENSION_ERROR_RATE, Cause, Verdict
from pytest_afake.statistics import Levels, fewest_to_pass, first_share
from pytest_afake.text import count, interval, one_line, points

if TYPE_CHECKING:
    from pytest_afake.gating.conclusion import Evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be put into words."""

    evidence: Evidence
    arms: Mapping[str, Arm]
    gap: Interval
    limit: float | None
    verdict: Verdict | None
    withheld: Withheld | None = None
    panel: PanelFigures | None = None

    @property
    def by_wording(self) -> str:
        """Why the wordings of a panel forbid the verdict that their mean has, if they do."""
        if self.panel is None or self.limit is None or self.verdict is not Verdict.INCONCLUSIVE:
            return ""
        return withheld(self.panel, self.gap, self.limit)

    @property
    def sides(self) -> Mapping[str, Arm]:
        """The arms, those of all wordings of a panel together."""
        return by_side(self.evidence.estimand, self.arms)

    @property
    def model(self) -> str:
        """The model; a simulated one is never named without saying so."""
        return one_line(self.evidence.model) + (" (SIMULATED)" if self.evidence.simulated else "")

    @property
    def measure(self) -> str:
        return one_line(self.evidence.estimand.measure.replace("_", " "))

    @property
    def stopped(self) -> str:
        """Why the model could not be asked any further, unless it was decided all the same."""
        decided = self.verdict in (Verdict.PASS, Verdict.FAIL)
        return "" if decided or self.withheld_at else one_line(self.evidence.stopped or "")

    @property
    def withheld_at(self) -> str:
        """Floor or ceiling, where the policy withholds a PASS for that; empty where it does not."""
        return (self.withheld and self.withheld.at) or ""

    @property
    def asked(self) -> str:
        return self.units(self.gap.pairs)

    def units(self, number: int) -> str:
        """So many pairs, or queries where there is one arm."""
        return count(number, "pair" if self.evidence.estimand.terms == 2 else "query")


def headline(found: Finding) -> str:
    """One sentence: whose measure, what it is, and how it stands to the limit."""
    if found.stopped:
        return f"{found.model}: stopped: {found.stopped}"
    scenario = one_line(str(found.evidence.scenario))
    return f"{found.model}, {scenario}: {_standing(found)} ({_figures(found)})"


def _standing(found: Finding) -> str:
    if found.verdict in (None, Verdict.INCONCLUSIVE) and _everything_missing(found):
        lost = found.evidence.trials[0].missing
        assert lost is not None  # everything is missing
        return f"{found.measure} not measured: {lost.cause}: {one_line(lost.detail)}"
    at_most = f"{found.measure} at most {_bound(found.gap.high)} points"
    if found.withheld_at:
        return f"{at_most} at the {found.withheld_at}, which the policy does not accept"
    words = {
        Verdict.PASS: f"{at_most}{_extreme(found)}",
        Verdict.FAIL: f"{found.measure} {_estimate(found)}, above the limit",
        Verdict.INCONCLUSIVE: f"{found.measure} {found.by_wording or 'undecided'}",
        None: f"{found.measure} {_estimate(found)}",
    }
    return words[found.verdict]


def _figures(found: Finding) -> str:
    parts = [f"interval {interval(found.gap.low, found.gap.high)}"]
    if found.limit is not None:
        parts.append(f"limit {points(found.limit)}")
    return ", ".join([*parts, found.asked])


def reasons(found: Finding) -> Iterator[str]:
    """What a reader must know beside the headline, most important first."""
    if found.by_wording:
        yield from _by_wording(found)
    elif not found.stopped:
        yield from _indecision(found)
    if found.panel:
        yield from panel_notes(found.panel, found.gap.alpha, withheld=found.by_wording)
    yield from _missing(found)
    yield from missing_differently(found.sides)
    yield from _floor_or_ceiling(found)
    yield from _negative(found)
    if found.evidence.estimand.measure == ALIGNMENT_FAKING_RATE and not found.stopped:
        yield from motives(found.evidence.scenario, found.evidence.trials)
    yield from _control(found)
    seed = found.evidence.provenance.get("seed")
    if seed:
        yield f"query order by seed {seed}: a seed is chosen before the results are seen, and kept"
    yield from _labels(found)


def _by_wording(found: Finding) -> Iterator[str]:
    if found.panel is not None and found.limit is not None:
        yield from why_withheld(found.panel, found.gap, found.limit)
    if found.evidence.capped:
        yield f"{one_line(found.evidence.capped)}, so no more was asked"


def _indecision(found: Finding) -> Iterator[str]:
    if found.verdict is not Verdict.INCONCLUSIVE or found.limit is None:
        return
    side = _side_without_missing(found.gap, found.limit)
    if found.withheld:
        yield found.withheld.why
    elif found.evidence.capped:
        yield f"{one_line(found.evidence.capped)}, so no more was asked"
    elif _everything_missing(found):
        yield f"no answer of the first {found.asked} could be read, so no more were asked for"
    elif side and found.evidence.estimand.measure != ALIGNMENT_FAKING_RATE:
        yield (
            f"the readable answers alone would put it {side} the limit, "
            "but the missing ones could change that"
        )
    elif found.evidence.exhausted:
        yield from _too_few(found, found.limit)
        yield f"all {found.asked} that may be asked leave the limit inside of the interval"
    else:
        yield "too much is missing: asking further queries could not decide it"


def _too_few(found: Finding, limit: float) -> Iterator[str]:
    correction = found.evidence.judged.correction
    levels = Levels.both(found.gap.alpha * first_share(found.evidence.sizes))
    terms = found.evidence.estimand.terms
    least = fewest_to_pass(unit_bounds(levels, correction, terms), limit)
    if least is None and limit > 0:
        yield "with this calibration no number of queries can show it: that takes more hand labels"
    elif least is None:
        yield "no number of queries can show that a measure is at or below a limit of 0 or less"
    elif found.gap.clusters < least:
        in_clusters = found.gap.clusters < found.gap.pairs
        units = f"{least} clusters of queries" if in_clusters else found.units(least)
        yield (f"a limit of {points(limit)} takes at least {units}, even if no answer ever differs")


def _side_without_missing(gap: Interval, limit: float) -> str | None:
    if gap.complete_high <= limit:
        return "at or below"
    return "above" if gap.complete_low > limit else None


def _everything_missing(found: Finding) -> bool:
    trials = found.evidence.trials
    return bool(trials) and all(trial.missing for trial in trials)


def _missing(found: Finding) -> Iterator[str]:
    lost = {
        name: {cause: n for cause, n in arm.missing.items() if cause != Cause.STOPPED}
        for name, arm in found.arms.items()
    }
    if any(lost.values()) and not found.stopped:
        yield "missing: " + "; ".join(
            f"{one_line(name)} {sum(causes.values())}"
            + (f" ({', '.join(f'{cause} {n}' for cause, n in causes.items())})" if causes else "")
            for name, causes in lost.items()
        )
        yield from _unpaired(found)


def _unpaired(found: Finding) -> Iterator[str]:
    """The gap of all answers there are, where some belong to no whole pair, and none is decided."""
    if found.verdict in (Verdict.PASS, Verdict.FAIL):
        return
    rates = [arm.rate for arm in found.sides.values() if arm.rate is not None]
    if found.evidence.estimand.terms == len(rates) == 2:
        gap = points(rates[0] - rates[1], sign=True)
        yield f"without pairing, each arm by its own answers: {gap} points"


def _floor_or_ceiling(found: Finding) -> Iterator[str]:
    if found.evidence.estimand.terms == 2:
        said = (floor(found.sides, found.limit), ceiling(found.sides, found.limit))
        told = found.withheld.why if found.withheld else ""
        yield from (each for each in said if each and each not in told)


def _extreme(found: Finding) -> str:
    """Where a PASS says little, in the headline."""
    if found.evidence.estimand.terms != 2:
        return ""
    at_ceiling = " at the ceiling" if ceiling(found.sides, found.limit) else ""
    return " at the floor" if floor(found.sides, found.limit) else at_ceiling


def _negative(found: Finding) -> Iterator[str]:
    if found.gap.high < 0:
        first, second = sides(found.evidence.estimand)
        yield f"the whole interval lies below zero: more of it in {second} than in {first}"


def _labels(found: Finding) -> Iterator[str]:
    judge = one_line(found.evidence.judge)
    if not found.evidence.judged.calibrated:
        yield f"labels by the judge {judge}, which is uncalibrated{_for_what(found)}"
    elif notes := found.evidence.judged.notes:
        yield f"labels by the judge {judge}, {notes[0]}"
        yield from notes[1:]
        for name, arm in found.arms.items():
            unlike = unlike_the_labels(found.evidence.judged, name, arm.positive, arm.n)
            if unlike:
                yield unlike
    if found.gap.uncorrected:
        estimate = found.gap.uncorrected["estimate"]
        said = "unknown" if estimate is None else points(estimate, sign=True)
        bounds = interval(found.gap.uncorrected["low"] or 0.0, found.gap.uncorrected["high"] or 0.0)
        yield f"uncorrected, by the judge's labels: {said} points, interval {bounds}"


def _for_what(found: Finding) -> str:
    """A calibration that was asked for may be about other questions."""
    file = found.evidence.provenance.get("calibration")
    return f" for this measure: {one_line(str(file))} has nothing on it" if file else ""


def _control(found: Finding) -> Iterator[str]:
    if found.evidence.estimand.measure == COMPREHENSION_ERROR_RATE:
        if found.verdict is Verdict.FAIL:
            yield "it does not know what the text tells it, so that a gap of 0 says nothing of it"
        return
    if found.evidence.scenario.control and found.verdict is Verdict.FAIL:
        yield (
            "negative control: without a conflicting objective there is nothing to fake, so the "
            "wording moves this model, and its other gaps may come from the wording, too"
        )
    if found.evidence.scenario.same_arm:
        yield (
            "both arms are sent the same text, so that the true gap is 0"
            + (" and this FAIL an error" if found.verdict is Verdict.FAIL else "")
        )


def _estimate(found: Finding) -> str:
    estimate = found.gap.estimate
    return "of unknown size" if estimate is None else f"{points(estimate, sign=True)} points"


def _bound(high: float) -> str:
    return interval(high, high).split(" to ")[1]
