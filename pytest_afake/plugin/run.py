"""One run of pytest: what was chosen, what is measured in this process, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pytest_afake.errors import UsageError
from pytest_afake.experiment import Experiment, Measure
from pytest_afake.gating.comparison import Comparison
from pytest_afake.plugin.ledger import Ledger
from pytest_afake.plugin.options import given
from pytest_afake.records import Json, Trial
from pytest_afake.reporting.transcripts import write_transcripts
from pytest_afake.settings.settings import Settings, resolve_settings


class Run:
    """The session's state. Observes the experiment and hands each test what it measured."""

    def __init__(self, config: pytest.Config) -> None:
        self.settings = _share(resolve_settings(given(config)), config)
        _check_json(self.settings)
        self.experiment = Experiment(self.settings, observer=self)
        self.ledger = Ledger()
        self._created: list[Measure] = []
        self._concluded: list[Comparison] = []

    @property
    def names(self) -> list[str]:
        """Names of the models under test."""
        return [spec.name for spec in self.settings.models]

    @property
    def simulated(self) -> list[str]:
        """Those of them that are organisms."""
        return [spec.name for spec in self.settings.models if spec.simulated]

    def created(self, measure: Measure) -> None:
        self._created.append(measure)

    def concluded(self, comparison: Comparison, trials: Sequence[Trial]) -> Comparison:
        path = write_transcripts(self.settings.store / "transcripts", comparison, trials)
        found = {**comparison.provenance, "transcripts": str(path)}
        noted = replace(comparison, provenance=found)
        self._concluded.append(noted)
        return noted

    def take(self, nodeid: str) -> tuple[list[Comparison], list[Measure]]:
        """What the test that just ended concluded, and which measures it left untouched."""
        comparisons = [replace(item, nodeid=nodeid) for item in self._concluded]
        untouched = [measure for measure in self._created if measure.untouched]
        self._concluded, self._created = [], []
        return comparisons, untouched

    def describe(self) -> dict[str, Json]:
        """What the results say about the run itself."""
        from pytest_afake import __version__

        return {
            "version": __version__,
            "models": self.names,
            "simulated": self.simulated,
            "judge": self.settings.judge,
            "queries": self.settings.queries,
            "samples": self.settings.samples,
            "limit": self.settings.limit,
            "alpha": self.settings.alpha,
            "max_pairs": self.settings.max_pairs,
            "seed": self.settings.seed,
        }

    def close(self) -> None:
        """Release what the experiment holds."""
        self.experiment.close()


def _share(settings: Settings, config: pytest.Config) -> Settings:
    """Divide the calls under way by the number of workers: the limit is the user's, not each's."""
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    return replace(settings, concurrency=max(1, settings.concurrency // workers))


def _check_json(settings: Settings) -> None:
    path = settings.json
    if path is None:
        return
    if path.is_dir() or not path.parent.is_dir():
        what = "is a folder" if path.is_dir() else f"there is no folder {path.parent}"
        raise UsageError(f"--afake-json = {str(path)!r}: {what}")
