"""A perturbation: a named, pure edit of a scenario. Edits compose by being applied in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pytest_afake.errors import ScenarioError
from pytest_afake.records import CONTROLS, OutputFormat, ReasoningChannel
from pytest_afake.scenario.descent import hash_of
from pytest_afake.scenario.fitting import misfit, parts_touched
from pytest_afake.scenario.predictions import EditPredictions
from pytest_afake.scenario.scenario import Contrast, Scenario
from pytest_afake.scenario.validate import validate

JOINING = "+@"
"""What reports join names by: an edit that is called "a+b" would pass for two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perturbation:
    """An edit by block.

    ``cut`` leaves blocks out (``cut_if_present`` without insisting that they are there); ``swap``
    puts another block of the scenario in a block's place; ``text`` gives a block new text;
    ``insert`` lays a block out after another one, with the scenario's text or with the edit's;
    ``slots`` gives slots new values (``slots_if_present`` where there are such slots).
    ``drop_arms`` takes arms away, and with them the contrasts that they are in; ``arms`` and
    ``contrasts`` add some, or set them anew. ``reasoning`` says where the model reasons;
    ``prefill`` begins its reply.

    ``control`` marks a negative control: an edit under which no gap is expected from any model.
    ``paraphrase`` marks other words for the same facts: it is applied before edits of facts, which
    it would undo. ``scenarios`` names those whose facts the texts state; empty where the edit fits
    any. ``excludes`` says of other edits why they do not go together, in either order. ``serves``
    names hypotheses and purposes, and ``predicts`` what becomes of the gap under each hypothesis.
    """

    name: str
    title: str
    source: str = ""
    cut: tuple[str, ...] = ()
    cut_if_present: tuple[str, ...] = ()
    swap: Mapping[str, str] = field(default_factory=dict)
    text: Mapping[str, str] = field(default_factory=dict)
    insert: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
    slots_if_present: Mapping[str, str] = field(default_factory=dict)
    drop_arms: tuple[str, ...] = ()
    arms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    contrasts: Mapping[str, Contrast] = field(default_factory=dict)
    reasoning: ReasoningChannel | None = None
    prefill: str = ""
    control: bool = False
    paraphrase: bool = False
    scenarios: tuple[str, ...] = ()
    excludes: Mapping[str, str] = field(default_factory=dict)
    serves: tuple[str, ...] = ()
    predicts: EditPredictions = field(default_factory=dict)
    origin: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip() or any(sign in self.name for sign in JOINING):
            where = self.origin or "perturbation"
            raise ScenarioError(f"{where}: {self.name!r}: a name must be text without '+' or '@'")

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash((self.name, self.origin))

    def fits(self, scenario: str) -> bool:
        """Whether it is for the scenario of this name."""
        return not self.scenarios or scenario in self.scenarios

    def apply(self, scenario: Scenario) -> Scenario:
        """The edited scenario. Raises ScenarioError when the edit does not fit it."""
        if (why := misfit(self, scenario)) is not None:
            raise self._misfit(scenario, why)
        gone = {*self.cut, *self.cut_if_present}
        edited = scenario.edited(
            scenario.descent.with_edit(self.name, self._content),
            system=self._relaid(scenario.system, gone),
            user=self._relaid(scenario.user, gone),
            blocks={**scenario.blocks, **self.text},
            rewritten=scenario.rewritten | (set(self.text) - set(self.insert)),
            slots={**scenario.slots, **self._slots(scenario)},
            arms=self._arms(scenario),
            contrasts=self._contrasts(scenario),
            prefill=self.prefill or scenario.prefill,
            format=self._reformatted(scenario),
            perturbations=(*scenario.perturbations, self.name),
            excluded={**self._excluded, **scenario.excluded},
            changed={**scenario.changed, **dict.fromkeys(parts_touched(self, scenario), self.name)},
            control=scenario.control or self.control,
        )
        validate(edited)
        if (self.control or self.name in CONTROLS) and edited.hash == scenario.hash:
            raise self._misfit(scenario, "it changes nothing, and a control must")
        return edited

    @property
    def _content(self) -> str:
        """The hash of what it does."""
        edits = [
            dict(each)
            for each in (self.swap, self.text, self.insert, self.slots, self.slots_if_present)
        ]
        cuts = [list(each) for each in (self.cut, self.cut_if_present, self.drop_arms)]
        arms = {arm: dict(values) for arm, values in self.arms.items()}
        contrasts = {each.name: [each.first, each.second] for each in self.contrasts.values()}
        begun = [self.prefill.strip()] if self.prefill else []
        return hash_of([*edits, *cuts, arms, contrasts, self.reasoning, self.control, *begun])

    @property
    def _excluded(self) -> Mapping[str, str]:
        """What it says of other edits, for when they come later."""
        return {name: f"does not go with {self.name}: {why}" for name, why in self.excludes.items()}

    def _relaid(self, names: tuple[str, ...], gone: set[str]) -> tuple[str, ...]:
        laid: list[str] = []
        for name in names:
            if name not in gone:
                laid.append(self.swap.get(name, name))
            laid += [new for new, after in self.insert.items() if after == name]
        return tuple(laid)

    def _slots(self, scenario: Scenario) -> Mapping[str, str]:
        known = {k: v for k, v in self.slots_if_present.items() if k in scenario.slots}
        return {**known, **self.slots}

    def _arms(self, scenario: Scenario) -> Mapping[str, Mapping[str, str]]:
        kept = {arm: values for arm, values in scenario.arms.items() if arm not in self.drop_arms}
        return {**kept, **self.arms}

    def _contrasts(self, scenario: Scenario) -> Mapping[str, Contrast]:
        kept = {
            name: each
            for name, each in scenario.contrasts.items()
            if not {each.first, each.second} & set(self.drop_arms)
        }
        return {**kept, **self.contrasts}

    def _reformatted(self, scenario: Scenario) -> OutputFormat:
        if self.reasoning is None:
            return scenario.format
        return replace(scenario.format, reasoning=self.reasoning)

    def _misfit(self, scenario: Scenario, what: str) -> ScenarioError:
        where = self.origin or "perturbation"
        return ScenarioError(f"{where}: {self.name}: {what} (scenario {scenario})")
