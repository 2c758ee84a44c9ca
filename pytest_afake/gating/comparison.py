"""The result of one measure of one model in one scenario, as every report reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pytest_afake.records import AtExtreme, Json, Policy, Verdict, WhenUndecided
from pytest_afake.scenario import Descent


@dataclass(frozen=True, slots=True)
class Arm:
    """Counts of one arm. ``n`` trials were read, ``positive`` of them show what is measured.

    ``outcomes`` counts labels, with what was found in the reasoning where it was read; ``missing``
    counts causes of trials without what is measured. ``rate`` is the
    share of positive ones, None when nothing was read; ``low`` and ``high`` bound it over queries.
    """

    n: int
    positive: int
    rate: float | None
    low: float
    high: float
    outcomes: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Interval:
    """Estimate and bounds of a measure, as shares in [-1, 1].

    Each bound alone holds however often one looked, with every missing trial counted against it:
    ``high`` with confidence 1 - ``alpha``, ``low`` with 1 - ``fail_alpha``, which is alpha over the
    number of tests of the run that use a model. ``pairs`` is the number of queries looked
    at, in ``clusters`` of them that are independent. ``p_above`` is the p-value of "at or below the
    limit", valid at any stop; None without a limit. ``complete_low`` and
    ``complete_high`` are the bounds that the complete pairs alone would give. ``uncorrected`` holds
    estimate, low and high of the judge's labels taken at their word, None where the others are
    just that.
    """

    estimate: float | None
    low: float
    high: float
    alpha: float
    pairs: int
    method: str
    complete_low: float
    complete_high: float
    fail_alpha: float
    clusters: int
    p_above: float | None = None
    uncorrected: Mapping[str, float | None] | None = None


@dataclass(frozen=True, slots=True)
class PanelFigures:
    """What the wordings of a panel show, as shares in [-1, 1].

    ``wordings`` holds estimate, low and high of each, every bound at the full alpha. ``spread`` is
    the standard deviation between wordings beyond ``sampling_error``, the one that sampling alone
    would give; None where too few queries are complete. ``shown`` names the wordings that are above
    the limit by bounds at alpha divided by their number, ``lexical`` the one that is alone in this.
    ``offset`` names wordings whose reversed gaps may be all that keeps the mean at or below it.
    """

    wordings: Mapping[str, Mapping[str, float | None]]
    spread: float | None
    sampling_error: float | None
    lexical: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    offset: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PanelFigures:
        """Back from JSON, which has no tuples."""
        names = {each: tuple(value[each]) for each in ("lexical", "shown", "offset")}
        return cls(**{**value, **names})


@dataclass(frozen=True, slots=True)
class Calls:
    """Answers by where they came from. ``live`` cost a call in this run, ``stored`` did not."""

    live: int = 0
    stored: int = 0
    judge_live: int = 0
    judge_stored: int = 0


@dataclass(frozen=True, slots=True)
class QueryEvidence:
    """What one query showed: samples that are positive, labelled and missing, for each rate.

    ``terms`` has one such triple for each rate that the measure is made of; the second rate counts
    with a minus. ``cluster`` is "" for a query that is of none.
    """

    id: str
    cluster: str
    terms: tuple[tuple[float, int, int], ...]

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> QueryEvidence:
        """Back from plain JSON values."""
        terms = tuple(
            (positive, labelled, missing) for positive, labelled, missing in value["terms"]
        )
        return cls(value["id"], value["cluster"], terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """How a measure differs from what an earlier run found: its value now minus its value before.

    ``file`` holds the earlier run; ``model`` is the earlier one, None where that run has no such
    comparison, and ``simulated`` says whether it was an organism. ``before`` and ``after`` are the
    two values, ``estimate`` is their difference; all rest on the same queries where ``paired``, and
    else each on its own run's. ``low`` and ``high`` bound the difference, each by itself with
    1 - ``alpha``, and lie in [-2, 2]. ``pairs`` queries were asked in both runs, ``only_before``
    and ``only_after`` in one; ``observations`` counts their clusters. ``refused`` says why nothing
    was compared; then there are no figures. ``notes`` say what to know of them.
    """

    file: str
    model: str | None = None
    simulated: bool = False
    before: float | None = None
    after: float | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    alpha: float | None = None
    pairs: int = 0
    only_before: int = 0
    only_after: int = 0
    observations: int = 0
    paired: bool = True
    notes: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def larger(self) -> bool:
        """Whether the measure is larger than it was, by its own bound."""
        return self.low is not None and self.low > 0

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Baseline:
        """Back from plain JSON values."""
        lists = {name: tuple(value[name]) for name in ("notes", "refused")}
        return cls(**{**value, **lists})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All about one (model, scenario, contrast, measure). ``gap`` holds the measure's interval.

    ``verdict`` is None when the measure was read as a number and never held against a limit.
    ``perturbation`` is what reports call the edits, and the panel; ``descents`` say of which text
    each wording is an edit. ``panel`` is there for a panel of wordings alone.
    ``cost_usd`` is the price of the live calls; None when any of them has no known price.
    ``by_query`` holds the evidence in the order in which it was taken. ``baseline`` is None unless
    the run was told to hold its measures against an earlier run. ``policy`` is what applied to
    it; ``left_out`` says that it leaves the measure
    out of the run's verdict, because the evidence does not decide. ``withheld_at`` is "floor" or
    "ceiling" where the bound is at or below the limit, and the policy withholds the PASS for
    nothing but that.
    """

    model: str
    simulated: bool
    scenario: str
    perturbation: str
    control: bool
    contrast: str
    measure: str
    arms: Mapping[str, Arm]
    gap: Interval
    limit: float | None
    verdict: Verdict | None
    headline: str
    reasons: tuple[str, ...]
    calls: Calls
    cost_usd: float | None
    provenance: Mapping[str, Json]
    nodeid: str = ""
    by_query: tuple[QueryEvidence, ...] = ()
    baseline: Baseline | None = None
    policy: Policy | None = None
    left_out: bool = False
    withheld_at: str | None = None
    panel: PanelFigures | None = None
    descents: tuple[Descent, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The comparison under the names of the results schema."""
        return asdict(self) | {"perturbation": self.perturbation or None}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Comparison:
        """Back from :meth:`to_json`, possibly over the wire from another process."""
        arms = {name: Arm(**arm) for name, arm in value["arms"].items()}
        return cls(
            **{
                **value,
                "perturbation": value["perturbation"] or "",
                "arms": arms,
                "gap": Interval(**value["gap"]),
                "calls": Calls(**value["calls"]),
                "verdict": None if value["verdict"] is None else Verdict(value["verdict"]),
                "reasons": tuple(value["reasons"]),
                "by_query": tuple(map(QueryEvidence.from_json, value["by_query"])),
                "baseline": Baseline.from_json(held) if (held := value["baseline"]) else None,
                "policy": _policy(value["policy"]) if value["policy"] else None,
                "panel": PanelFigures.from_json(value["panel"]) if value.get("panel") else None,
                "descents": tuple(
                    Descent(each["unedited"], tuple(each["edits"])) for each in value["descents"]
                ),
            }
        )


def _policy(value: Mapping[str, Any]) -> Policy:
    return Policy(
        **{
            **value,
            "floor": AtExtreme(value["floor"]),
            "ceiling": AtExtreme(value["ceiling"]),
            "controls": tuple(value["controls"]),
            "inconclusive": WhenUndecided(value["inconclusive"]),
        }
    )
