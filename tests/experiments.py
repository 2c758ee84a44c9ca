"""Experiments on organisms, in memory: the whole of the core, without pytest and without a disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytest_afake.experiment import Experiment, Measure, Observer
from pytest_afake.gating.comparison import Comparison
from pytest_afake.records import Trial
from pytest_afake.scenario import Situation
from pytest_afake.settings.settings import Given, resolve_settings
from pytest_afake.store import MemoryStore, Store

NOWHERE = Path("/nonexistent")


class LastTrials(Observer):
    """Keeps the trials of the last comparison that was made."""

    def __init__(self) -> None:
        self.trials: Sequence[Trial] = ()

    def created(self, measure: Measure) -> None:
        del measure

    def asked(self) -> None:
        """Nothing to note."""

    def concluded(
        self, comparison: Comparison, scenario: Situation, trials: Sequence[Trial]
    ) -> Comparison:
        del scenario
        self.trials = trials
        return comparison


@contextmanager
def experiment(
    models: Sequence[str] | str,
    *,
    store: Store | None = None,
    observer: Observer | None = None,
    **options: Any,
) -> Iterator[Experiment]:
    """An experiment with these models; ``options`` are named as in the configuration."""
    flags = {name: str(value) for name, value in options.items()}
    names = [models] if isinstance(models, str) else list(models)
    given = Given({"model": names, **flags}, env={}, ini={}, rootdir=NOWHERE, cwd=NOWHERE)
    made = Experiment(resolve_settings(given), observer, store or MemoryStore())
    try:
        yield made
    finally:
        made.close()
