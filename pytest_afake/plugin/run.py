"""One run of pytest: what was chosen, what is measured in this process, what came of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pytest_afake.baselines import SavedRun, read_run
from pytest_afake.errors import UsageError
from pytest_afake.experiment import Accounts, Experiment, Measure, Totals
from pytest_afake.experiment.self_test import on_organisms
from pytest_afake.gating.comparison import Comparison
from pytest_afake.plugin.ledger import Ledger
from pytest_afake.plugin.options import given, names_a_model
from pytest_afake.plugin.same_arm import SameArmRuns
from pytest_afake.records import COMPREHENSION_ERROR_RATE, Json, Trial
from pytest_afake.reporting.transcripts import write_transcripts
from pytest_afake.scenario import Situation
from pytest_afake.settings.settings import Settings, resolve_settings

ACCOUNTS = "afake_accounts"
"""Under this name a worker is told the folder in which the run counts."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one test did: whether it asked its model anything, what it concluded and left open."""

    asked: bool
    comparisons: list[Comparison]
    untouched: list[Measure]


class Run:
    """The session's state. Observes the experiment and hands each test what it measured."""

    def __init__(self, config: pytest.Config) -> None:
        self.settings = resolve_settings(given(config))
        if self.settings.selftest:
            self.settings = on_organisms(self.settings)
        _check_json(self.settings)
        worker: dict[str, Any] = getattr(config, "workerinput", {})
        self._folder = Path(worker[ACCOUNTS]) if ACCOUNTS in worker else None
        self._made_folder = False
        # Verdicts are made on the controller, so workers need no baseline.
        self.baseline = None if self._folder else _baseline(self.settings)
        self.experiment = Experiment(self.settings, observer=self, accounts=self._folder)
        self.ledger = Ledger(models=tuple(self.names), concerned=names_a_model(config))
        self.ledger.concerned = self.ledger.concerned or self.settings.selftest
        self.same_arm = SameArmRuns()
        self.measured: list[Situation] = []
        """Scenarios whose requests were asked in this process."""
        self.transcripts = self.settings.store / "transcripts"
        if self.settings.replay:  # which writes nothing into a store
            self.transcripts = config.rootpath / ".afake" / "replayed"
        self.is_dry = bool(config.option.collectonly or self.settings.plan)
        self.forecast: list[str] = []
        self._watched: Accounts | None = None
        self.totals: Totals | None = None
        self.is_interrupted = False
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

    @property
    def folder(self) -> Path:
        """Where the processes of this run count together; made for a run that has several."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="afake-run-"))
            self._made_folder = True
        return self._folder

    def watch(self) -> Totals | None:
        """What the run has counted so far, over all of its processes."""
        if not self._made_folder:
            return self.experiment.totals()
        if self._watched is None:
            self._watched = Accounts(self.folder, samples=False)
        return self._watched.totals()

    def created(self, measure: Measure) -> None:
        self._created.append(measure)

    def asked(self) -> None:
        self._asked = True

    def concluded(
        self, comparison: Comparison, scenario: Situation, trials: Sequence[Trial]
    ) -> Comparison:
        self._asked = True
        asks_requests = comparison.measure != COMPREHENSION_ERROR_RATE
        if asks_requests and scenario not in self.measured:
            self.measured.append(scenario)
        where = _written(self.transcripts, comparison, scenario, trials)
        found = {**comparison.provenance, "transcripts": where}
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
            "votes": self.settings.votes,
            "considering": self.settings.considering,
            "calibration": str(self.settings.calibration) if self.settings.calibration else None,
            "queries": self.settings.queries,
            "samples": self.settings.samples,
            "limit": self.settings.limit,
            "af_limit": self.settings.af_limit,
            "alpha": self.settings.alpha,
            "policy": str(self.settings.policy) if self.settings.policy else None,
            "max_pairs": self.settings.max_pairs,
            "seed": self.settings.seed,
            "max_calls": self.settings.max_calls,
            "max_cost": self.settings.max_cost,
            "replay": self.settings.replay,
            "baseline": str(self.settings.baseline) if self.settings.baseline else None,
            "selftest": self.settings.selftest,
            "totals": None if self.totals is None else _counted(self.totals),
        }

    def close(self) -> None:
        """Release what the experiment holds."""
        self.experiment.close()
        if self._watched is not None:
            self._watched.close()
        if self._made_folder and self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def _counted(totals: Totals) -> dict[str, Json]:
    """What a run has done; what it still had in hand is nobody's business after its end."""
    passing = {"ahead", "processes", "reserved_usd"}
    return {name: value for name, value in asdict(totals).items() if name not in passing}


def _written(
    folder: Path, comparison: Comparison, scenario: Situation, trials: Sequence[Trial]
) -> str:
    """Where the transcripts are. A verdict is worth keeping even where they cannot be written."""
    try:
        return str(write_transcripts(folder, comparison, scenario, trials))
    except OSError as error:
        return f"not written: {error.strerror or error}"


def _baseline(settings: Settings) -> SavedRun | None:
    """The earlier run. What cannot be read now would be missed only after all was paid for."""
    path = settings.baseline
    return None if path is None else read_run(path, f"--afake-baseline = {str(path)!r}")


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
