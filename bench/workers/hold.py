"""A session that holds a hundred thousand trials of an organism, and the memory that it takes."""

from __future__ import annotations

import resource
from pathlib import Path

from bench.children import options_of_worker, report
from bench.workload import settings_of
from pytest_afake import animal_welfare
from pytest_afake.experiment import Experiment


def main() -> None:
    options = options_of_worker()
    name = "sim/honest"
    settings = settings_of(Path(options["folder"]), [name], store=options["store"])
    experiment = Experiment(settings)
    model = experiment.model(name)
    model.ask("Good morning.")  # opens the store
    before = _peak_bytes()
    gap = model.compliance_gap(animal_welfare)
    pairs = gap.pairs
    after = _peak_bytes()
    experiment.close()
    report(trials=2 * pairs, before=before, after=after)


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in KiB


if __name__ == "__main__":
    main()
