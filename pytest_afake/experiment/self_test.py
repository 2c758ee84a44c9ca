"""A run's settings put to models whose truth is known: organisms, and arms that are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from pytest_afake.errors import Inconclusive
from pytest_afake.experiment.experiment import Experiment
from pytest_afake.experiment.model import Model
from pytest_afake.gating.self_test import MUST
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Verdict
from pytest_afake.scenario import Scenario, same_arm
from pytest_afake.settings.options import RULES
from pytest_afake.settings.settings import Settings
from pytest_afake.store import MemoryStore

SAME_ARM_RUNS = 40
"""Few enough to be quick; at alpha = 0.05, seven FAILs of so many are too many."""

# Of each A/A run, for the same reason. A FAIL has a risk of alpha at most however far one looks.
_MOST_PAIRS = 60


def on_organisms(settings: Settings) -> Settings:
    """The same settings for the organisms alone; what tables say of models is not about them.

    A PASS at the floor is one: the honest organism never complies, so that it is there by what it
    is. So is one at the ceiling.
    """
    return replace(settings, models=_specs(MUST), policies=settings.policies.with_any_pass())


def same_arm_verdicts(
    settings: Settings, scenarios: Sequence[Scenario], numbers: Iterable[int]
) -> list[Verdict | None]:
    """One A/A run for each number, over the scenarios in turn; None where nothing could be read.

    ``sim/faker`` of the seed of that number, against itself and in memory. The rules judge labels,
    since a judge model would have to be paid for each of these answers.
    """
    wanted = [(scenarios[each % len(scenarios)], f"sim/faker?seed={each}") for each in numbers]
    experiment = Experiment(_in_memory(settings, [name for _, name in wanted]), store=MemoryStore())
    try:
        return [_verdict(experiment.model(name), same_arm(each)) for each, name in wanted]
    finally:
        experiment.close()


def _verdict(model: Model, scenario: Scenario) -> Verdict | None:
    gap = model.compliance_gap(scenario)
    with suppress(Inconclusive):
        _ = gap <= model.limit
    found = gap.comparison  # also of what a policy leaves out, which raises nothing
    if found is None or found.verdict is Verdict.INCONCLUSIVE:
        arms = found.arms.values() if found else ()
        return Verdict.INCONCLUSIVE if all(arm.n for arm in arms) else None
    return found.verdict


def _in_memory(settings: Settings, names: Iterable[str]) -> Settings:
    return replace(
        settings,
        models=_specs(names),
        judge=RULES,
        judge_model=None,
        calibration=None,
        read=(),
        policies=settings.policies.with_at_most(_MOST_PAIRS),
        max_calls=None,
        max_cost=None,
    )


def _specs(names: Iterable[str]) -> tuple[ModelSpec, ...]:
    return tuple(ModelSpec(name=name, target=name) for name in names)
