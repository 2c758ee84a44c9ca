"""A gap whose answers are all stored: rendering, keys, reading, judging and the statistics."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.children import options_of_worker, report, timed
from bench.workload import MODEL, settings_of
from pytest_afake import animal_welfare
from pytest_afake.experiment import Experiment


def main() -> None:
    options = options_of_worker()
    settings = settings_of(Path(options["folder"]), [MODEL], store=options["store"])
    experiment = Experiment(settings)
    gap = experiment.model(MODEL).compliance_gap(animal_welfare)
    times = timed(lambda: gap.pairs)
    pairs = gap.pairs
    experiment.close()
    if "litellm" in sys.modules:
        raise RuntimeError("a run that was answered from the store imported LiteLLM")
    report(wall_s=times.wall_s, cpu_s=times.cpu_s, rows=2 * pairs)


if __name__ == "__main__":
    main()
