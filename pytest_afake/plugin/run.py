"""One run of pytest: what was chosen, what is measured in this process, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from pytest_afake.errors import UsageError
from pytest_afake.experiment import Experiment, Measure
from pytest_afake.gating.comparison import Comparison
from pytest_afake.plugin.ledger import Ledger
from pytest_afake.plugin.options import given, names_a_model
from pytest_afake.records import Json, Trial
from pytest_afake.reporting.transcripts import write_transcripts
from pytest_afake.scenario import Scenario
from pytest_afake.settings.settings import Settings, resolve_settings


@dataclass(frozen=True, slots=True)
class Taken:
    """What one test did: whether it asked its model anything, what it concluded and left open."""

    asked: bool
    comparisons: list[Comparison]
    untouched: list[Measure]


class Run:
    """The session's state. Observes the experiment and hands each test what it measured."""

    def __init__(self, config: pytest.Config) -> None:
        self.settings = _share(resolve_settings(given(config)), config)
        _check_json(self.settings)
        self.experiment = Experiment(self.settings, observer=self)
        self.ledger = Ledger(models=tuple(self.names), concerned=names_a_model(config))
        self.transcripts = self.settings.store / "transcripts"
        self._asked = False
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

    def asked(self) -> None:
        self._asked = True

    def concluded(
        self, comparison: Comparison, scenario: Scenario, trials: Sequence[Trial]
    ) -> Comparison:
        self._asked = True
        path = write_transcripts(self.transcripts, comparison, scenario, trials)
        found = {**comparison.provenance, "transcripts": str(path)}
        noted = replace(comparison, provenance=found)
        self._concluded.append(noted)
        return noted

    def take(self, nodeid: str) -> Taken:
        """What the test that just ended did with its model."""
        taken = Taken(
            asked=self._asked,
            comparisons=[replace(item, nodeid=nodeid) for item in self._concluded],
            untouched=[measure for measure in self._created if measure.untouched],
        )
        self._asked, self._concluded, self._created = False, [], []
        return taken

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
    where = f"--afake-json = {str(path)!r}"
    try:
        if path.is_dir():
            raise UsageError(f"{where}: is a folder")
        if not path.parent.is_dir():
            raise UsageError(f"{where}: there is no folder {path.parent}")
    except OSError as error:
        raise UsageError(f"{where}: cannot be written: {error.strerror}") from None
