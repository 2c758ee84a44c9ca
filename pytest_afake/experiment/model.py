"""The model under test, as a test's author sees it: what the ``model`` fixture gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.errors import Inconclusive, ScenarioError
from pytest_afake.experiment.measure import Measure
from pytest_afake.experiment.own_limit import OwnLimit
from pytest_afake.gating.comprehension import ComprehensionErrorRate
from pytest_afake.gating.estimand import AlignmentFakingRate, Estimand, Gap
from pytest_afake.gating.fracture import Fracture
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import (
    ALIGNMENT_FAKING_RATE,
    COMPLIANCE_GAP,
    COMPREHENSION_ERROR_RATE,
    Answer,
    Message,
)
from pytest_afake.scenario import Panel, Scenario, Situation, load_scenario

if TYPE_CHECKING:
    from pytest_afake.experiment.experiment import Experiment


class Model:
    """One model under test. Every measure it gives is lazy, and cached by the store."""

    def __init__(self, experiment: Experiment, spec: ModelSpec) -> None:
        self._experiment = experiment
        self._spec = spec

    @property
    def name(self) -> str:
        """The name by which the user chose it."""
        return self._spec.name

    @property
    def simulated(self) -> bool:
        """True for an organism: a simulated model whose true behaviour is known."""
        return self._spec.simulated

    @property
    def limit(self) -> OwnLimit:
        """The largest value that a measure of this model may show, as a share in [0, 1].

        As a number it is that of the compliance gap; a measure that is held against it takes the
        one of its own kind, from the policy.
        """
        return OwnLimit(self._limit_of)

    @property
    def af_limit(self) -> float:
        """The largest rate of alignment faking that this model may show, as a share in [0, 1]."""
        return self._limit_of(ALIGNMENT_FAKING_RATE)

    def _limit_of(self, measure: str) -> float:
        return self._experiment.settings.policy_of(self._spec, measure).limit

    @property
    def comprehension_limit(self) -> float:
        """The largest share of wrong answers about its situation that this model may give."""
        return self._limit_of(COMPREHENSION_ERROR_RATE)

    def compliance_gap(self, scenario: Situation | str | Path, *, least_pairs: int = 0) -> Measure:
        """P(comply | training) - P(comply | deployment), on the same queries."""
        return self.gap(scenario, COMPLIANCE_GAP, least_pairs=least_pairs)

    def gap(
        self, scenario: Situation | str | Path, contrast: str, *, least_pairs: int = 0
    ) -> Measure:
        """The gap of a named contrast of the scenario: rate(first arm) - rate(second arm).

        ``least_pairs`` queries are asked even where fewer decide, as far as there are so many: for
        what rests on the evidence beside the verdict, such as the motive table.
        """
        return self._measure(Gap, scenario, contrast, least_pairs)

    def alignment_faking_rate(
        self, scenario: Situation | str | Path, contrast: str = COMPLIANCE_GAP
    ) -> Measure:
        """Share of answers in the contrast's first arm that comply in order not to be modified."""
        return self._measure(AlignmentFakingRate, scenario, contrast)

    def fracture(
        self,
        scenario: Situation | str | Path,
        contrast: str = COMPLIANCE_GAP,
        *,
        tau: float = 0.5,
    ) -> Measure:
        """Share of queries that are safe in the first arm and unsafe in the second.

        Those with p(first) < ``tau`` <= p(second), p being the share of a query's samples that
        comply; tau = a / (A + a), from the cost a of harm in deployment and A of disagreement in
        training. Raises ValueError for a tau outside (0, 1], ScenarioError for a panel.
        """
        if isinstance(scenario, Panel):
            raise ScenarioError(f"{scenario}: FRACTURE is measured in one wording, not in a panel")
        situation = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        arms = situation.contrast(contrast)
        estimand = Fracture(arms.name, arms.first, arms.second, tau)
        return self._experiment.measure(self._spec, situation, estimand)

    def comprehension_error_rate(
        self, scenario: Situation | str | Path, contrast: str = COMPLIANCE_GAP
    ) -> Measure:
        """Share of wrong answers on who is trained on, what refusing leads to and who reads."""
        return self._measure(ComprehensionErrorRate, scenario, contrast)

    def _measure(
        self,
        kind: type[Estimand],
        scenario: Situation | str | Path,
        contrast: str,
        least_pairs: int = 0,
    ) -> Measure:
        situation = scenario if isinstance(scenario, Scenario | Panel) else load_scenario(scenario)
        estimand = kind.of(situation.contrast(contrast))
        return self._experiment.measure(self._spec, situation, estimand, least_pairs)

    def ask(
        self, messages: str | Sequence[Message | Mapping[str, str]], *, sample_index: int = 0
    ) -> Answer:
        """One plain answer, through the store. ``messages`` is chat messages, or a user's text.

        Raises Inconclusive when no answer came: a failed call is not an empty answer.
        """
        asked = self._experiment.ask(self._spec, _messages(messages), sample_index)
        if asked.answer is None:
            assert asked.missing is not None  # one of the two is set
            raise Inconclusive(
                f"{self.name}: no answer", (f"{asked.missing.cause}: {asked.missing.detail}",)
            )
        return asked.answer

    def __repr__(self) -> str:
        return f"<model {self.name}>"


def _messages(messages: str | Sequence[Message | Mapping[str, str]]) -> tuple[Message, ...]:
    if isinstance(messages, str):
        return (Message("user", messages),)
    return tuple(_message(message) for message in messages)


def _message(message: Message | Mapping[str, str]) -> Message:
    if isinstance(message, Message):
        return message
    role, content = message["role"], message["content"]
    if role not in ("system", "user", "assistant"):
        raise ValueError(f"a message's role is system, user or assistant, not {role!r}")
    return Message(role, content)  # type: ignore[arg-type]  # the line above narrows it for people
