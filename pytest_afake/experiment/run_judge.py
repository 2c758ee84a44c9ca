"""The judge of a run: who labels, how it is asked, and what a calibration says of it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pytest_afake.calibration import Calibration, load_calibration
from pytest_afake.errors import UsageError
from pytest_afake.experiment.judged_client import JudgedClient
from pytest_afake.experiment.judges import ChosenJudge, choose_judge
from pytest_afake.experiment.open_session import OpenSession
from pytest_afake.gating.comprehension import EXACTLY
from pytest_afake.gating.estimand import Estimand
from pytest_afake.gating.judged import Judged, judged_by
from pytest_afake.judging import THRESHOLDS, Judge
from pytest_afake.models.client import Client
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import COMPREHENSION_ERROR_RATE, Json
from pytest_afake.sampling import Asker
from pytest_afake.scenario import Situation
from pytest_afake.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class RunJudge:
    """A judge with the calibration that the run was given for it, if any."""

    chosen: ChosenJudge
    calibration: Calibration | None

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Raises UsageError for a judge or a calibration that cannot be used."""
        chosen = choose_judge(settings)
        return cls(chosen, _calibration_of(settings, chosen))

    @property
    def judge(self) -> Judge:
        return self.chosen.judge

    @property
    def clients(self) -> Iterable[tuple[ModelSpec, Client]]:
        """The client of its model, if it has one."""
        spec, client = self.chosen.spec, self.chosen.client
        return [(spec, client)] if spec and client else []

    @property
    def provenance(self) -> dict[str, Json]:
        """What a result says of its judge."""
        known = self.calibration
        return {
            **self.chosen.provenance,
            "calibration": known.source if known else None,
            "calibration_hash": known.hash if known else None,
        }

    def client_of(self, client: Client) -> Client:
        """The client of a model whose answers are to be labelled."""
        judge = self.chosen.client
        return JudgedClient(client, judge) if judge else client

    def asker(self, session: OpenSession) -> Asker | None:
        """In a lane of its own, even if it is under test, too: what stops one may not stop both."""
        client = self.chosen.client
        return session.asker(f"judge {client.name}", client) if client else None

    def judged(
        self, scenario: Situation, estimand: Estimand, alpha: float, spec: ModelSpec
    ) -> Judged:
        """What the calibration says of this judge for this measure of this model."""
        if estimand.measure == COMPREHENSION_ERROR_RATE:
            return EXACTLY
        form = scenario.compliance if estimand.of_compliance else "reasoning"
        known = self.calibration
        entry = known.entry(self.chosen.identity(form), form) if known else None
        return judged_by(entry, estimand, alpha, {spec.name, spec.target})


def _calibration_of(settings: Settings, judge: ChosenJudge) -> Calibration | None:
    """The calibration file of the settings, if there is one, held against the judge.

    Errors of another judge, version or prompt correct nothing.
    """
    if settings.calibration is None:
        return None
    calibration = load_calibration(settings.calibration)
    _check_thresholds(calibration)
    wanted = {form: judge.identity(form) for form in THRESHOLDS}
    if not any(calibration.entry(who, form) for form, who in wanted.items()):
        there = ", ".join(sorted({entry.judge for entry in calibration.entries})) or "nobody"
        asked = wanted["rubric"]
        raise UsageError(
            f"calibration {settings.calibration}: is not of the judge {asked!r} (it is of: "
            f"{there}); run: afake calibrate LABELS --judge {settings.judge}"
        )
    return calibration


def _check_thresholds(calibration: Calibration) -> None:
    """Counts at another threshold than the gate's own are errors of another judge."""
    for entry in calibration.entries:
        own = THRESHOLDS.get(entry.form)
        if own is None or not math.isclose(entry.threshold, own):
            raise UsageError(
                f"calibration {calibration.source}: {entry.form} at a threshold of "
                f"{entry.threshold:g}, and the gate's is {own or 0:g}"
            )
