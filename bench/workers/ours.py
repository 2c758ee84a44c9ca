"""The same requests through the front door: a gap over all queries, into a cold store."""

from __future__ import annotations

from pathlib import Path

from bench.children import options_of_worker, report, timed
from bench.serving import LocalServer
from bench.workload import MODEL, WARM_UP, settings_of
from pytest_afake import animal_welfare
from pytest_afake.experiment import Experiment


def main() -> None:
    options = options_of_worker()
    folder = Path(options["folder"])
    settings = settings_of(
        folder, [MODEL, WARM_UP], concurrency=options["concurrency"], store=options["store"]
    )
    experiment = Experiment(settings)
    experiment.model(WARM_UP).ask("Good morning.")  # imports LiteLLM
    LocalServer(options["server"]).reset()
    gap = experiment.model(MODEL).compliance_gap(animal_welfare)
    times = timed(lambda: gap.pairs)
    pairs = gap.pairs
    experiment.close()
    report(wall_s=times.wall_s, cpu_s=times.cpu_s, pairs=pairs)


if __name__ == "__main__":
    main()
