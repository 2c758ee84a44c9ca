"""Results files of real runs on organisms, without pytest: quick, and as a run writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments import experiment

from pytest_afake import animal_welfare
from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.family import judge_family
from pytest_afake.reporting.results import results, write_json
from pytest_afake.scenario import Scenario


def saved_run(
    path: Path,
    *models: str,
    scenarios: Sequence[Scenario] = (animal_welfare,),
    rates: bool = False,
    **options: Any,
) -> Path:
    """Measure the gap of each model in each scenario, or its rate, and write it to a file.

    ``options`` are named as in the configuration; all queries that they allow are asked.
    """
    options = {"max_pairs": 30, **options}
    found: list[Comparison] = []
    with experiment(models, **options) as made:
        for name in models:
            for scenario in scenarios:
                model = made.model(name)
                draw = model.alignment_faking_rate if rates else model.compliance_gap
                measure = draw(scenario)
                assert measure.pairs == options["max_pairs"]
                assert measure.comparison is not None
                found.append(replace(measure.comparison, nodeid=f"t.py::t[{name}-{scenario}]"))
    run = {"version": "0", "models": list(models), "simulated": list(models)}
    write_json(path, results(run, found, judge_family(found)))
    return path
