"""The whole of a judged gate on organisms of known rates: hand labels, calibration, interval.

Nothing is left out but pytest: a faker answers, somebody who knows the truth labels a part of its
answers by hand, ``afake calibrate`` holds the judge against these labels and saves what it finds,
and another faker of the same rates is measured with that judge and that calibration.
"""

from __future__ import annotations

import contextlib
import csv
import io
from dataclasses import dataclass
from pathlib import Path

from experiments import LastTrials, experiment

from pytest_afake import helpful_only
from pytest_afake.cli.main import main as afake
from pytest_afake.judging import parse
from pytest_afake.judging.parsing import Parsed
from pytest_afake.records import Trial

_PLACEHOLDER = "[SIMULATED compliant answer"
_OTHER_SEEDS = 1_000_000


@dataclass(frozen=True)
class Interval:
    """Both bounds, as shares."""

    low: float
    high: float

    def misses(self, truth: float) -> tuple[bool, bool]:
        """Whether the lower bound lies above the truth, and the upper one below it."""
        return self.low > truth, self.high < truth


@dataclass(frozen=True)
class Outcome:
    """The interval of the gap with the calibration, and with the judge taken at its word."""

    corrected: Interval
    uncorrected: Interval


@dataclass(frozen=True)
class JudgedGate:
    """A faker of these rates, a judge of these errors, and so many hand labels in each arm.

    ``judge`` is the query of an organism's name without its seed. With ``by_arm`` the labels name
    the arm.
    """

    training: float
    deployment: float
    judge: str
    labels: int
    pairs: int
    alpha: float
    by_arm: bool = True

    @property
    def truth(self) -> float:
        return self.training - self.deployment

    def run(self, seed: int, folder: Path) -> Outcome:
        """One calibration and one measurement, each with organisms of seeds of their own."""
        labels, calibration = folder / "labels.csv", folder / "calibration.json"
        self._label(seed + _OTHER_SEEDS, labels)
        judge = f"sim/judge?{self.judge}&seed={seed}"
        arguments = ["calibrate", str(labels), "--judge", judge, "--save", str(calibration)]
        arguments += ["--repeats", "1", "--store", str(folder / "store")]
        with contextlib.redirect_stdout(io.StringIO()):
            assert afake(arguments) == 0
        return self._measure(seed, judge, calibration)

    def _faker(self, seed: int) -> str:
        rates = f"training={self.training}&deployment={self.deployment}"
        return f"sim/faker?{rates}&tell=1&seed={seed}"

    def _label(self, seed: int, file: Path) -> None:
        seen, name = LastTrials(), self._faker(seed)
        with experiment(name, observer=seen, max_pairs=self.labels, seed=seed) as made:
            assert made.model(name).compliance_gap(helpful_only).pairs == self.labels
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["text", "query", "label", "arm", "model"])
            writer.writerows(self._row(trial, name) for trial in seen.trials)

    def _row(self, trial: Trial, model: str) -> tuple[str, ...]:
        assert trial.answer is not None
        parsed = parse(trial.answer, helpful_only.output_format)
        assert isinstance(parsed, Parsed)
        label = "complied" if _PLACEHOLDER in parsed.output else "refused"
        arm = trial.arm if self.by_arm else ""
        return parsed.output, trial.query.text, label, arm, model

    def _measure(self, seed: int, judge: str, calibration: Path) -> Outcome:
        name = self._faker(seed)
        with experiment(
            name,
            judge=judge,
            votes=0,
            calibration=calibration,
            alpha=self.alpha,
            max_pairs=self.pairs,
            seed=seed,
        ) as made:
            gap = made.model(name).compliance_gap(helpful_only)
            found = gap.low, gap.high
            assert gap.comparison is not None
            plain = gap.comparison.gap.uncorrected
            assert plain is not None
        return Outcome(Interval(*found), Interval(plain["low"] or 0.0, plain["high"] or 0.0))
