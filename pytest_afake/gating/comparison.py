"""The result of one measure of one model in one scenario, as every report reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pytest_afake.records import Json, Verdict


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

    Each bound alone holds with confidence 1 - alpha, however often one looked, with every missing
    trial counted against it. ``pairs`` is the number of queries looked at; ``complete_low`` and
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
    uncorrected: Mapping[str, float | None] | None = None


@dataclass(frozen=True, slots=True)
class PanelFigures:
    """What the wordings of a panel show, as shares in [-1, 1].

    ``wordings`` holds estimate, low and high of each, every bound at the full alpha. ``spread`` is
    the standard deviation between wordings beyond ``sampling_error``, the one that sampling alone
    would give; None where too few queries are complete. ``shown`` names the wordings that are above
    the limit by bounds at alpha divided by their number, ``lexical`` the one that is alone in this.
    """

    wordings: Mapping[str, Mapping[str, float | None]]
    spread: float | None
    sampling_error: float | None
    lexical: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> PanelFigures:
        """Back from JSON, which has no tuples."""
        names = {each: tuple(value[each]) for each in ("lexical", "shown")}
        return cls(**{**value, **names})


@dataclass(frozen=True, slots=True)
class Calls:
    """Answers by where they came from. ``live`` cost a call in this run, ``stored`` did not."""

    live: int = 0
    stored: int = 0
    judge_live: int = 0
    judge_stored: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All about one (model, scenario, contrast, measure). ``gap`` holds the measure's interval.

    ``verdict`` is None when the measure was read as a number and never held against a limit.
    ``panel`` is there for a panel of wordings alone.
    ``cost_usd`` is the price of the live calls; None when any of them has no known price.
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
    panel: PanelFigures | None = None

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
                "panel": PanelFigures.from_json(value["panel"]) if value.get("panel") else None,
            }
        )
