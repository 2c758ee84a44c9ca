"""What a result says of how it was made, and what tells inquiries apart."""

from __future__ import annotations

from dataclasses import asdict

from pytest_afake.experiment.clients import chosen_parameters, sampling_of
from pytest_afake.experiment.inquiries import Inquiry
from pytest_afake.experiment.run_judge import RunJudge
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Json
from pytest_afake.settings.settings import Settings


def provenance_of(
    spec: ModelSpec, inquiry: Inquiry, run_judge: RunJudge, settings: Settings
) -> dict[str, Json]:
    """Texts, queries, judge and sampling of a measure, as plain values."""
    sampling, judge = sampling_of(spec), inquiry.judge
    return {
        "target": spec.target,
        "mode": spec.mode,
        "scenario_hash": inquiry.scenario.hash,
        "format": asdict(inquiry.scenario.output_format),
        "compliance": inquiry.scenario.compliance,
        "query_set": inquiry.queries.name,
        "query_set_hash": inquiry.queries.hash,
        **({"judge": judge.name, "calibration": None} if judge else run_judge.provenance),
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
        "extra": chosen_parameters(spec),
        "samples": settings.samples,
        "seed": settings.seed,
    }


def which_of(inquiry: Inquiry) -> tuple[object, ...]:
    """Tells scenarios apart by all that a report says of them: texts alone may be the same."""
    scenario = inquiry.scenario
    told = scenario.control, scenario.format, scenario.compliance
    return scenario.hash, str(scenario), *told, inquiry.queries.source
