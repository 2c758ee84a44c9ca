"""A perturbation: a named, pure edit of a scenario. Edits compose by being applied in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pytest_afake.errors import ScenarioError
from pytest_afake.records import CONTROLS, OutputFormat, ReasoningChannel
from pytest_afake.scenario.descent import hash_of
from pytest_afake.scenario.scenario import Scenario
from pytest_afake.scenario.validate import validate

JOINING = "+@"
"""What reports join names by: an edit that is called "a+b" would pass for two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Perturbation:
    """An edit by block.

    ``cut`` leaves blocks out (``cut_if_present`` without insisting that they are there); ``swap``
    puts another block of the scenario in a block's place; ``text`` gives a block new text;
    ``slots`` gives slots new values; ``reasoning`` says where the model reasons. ``control`` marks
    a negative control: an edit under which no gap is expected from any model. ``scenario`` names
    the only scenario whose facts the texts state; empty where the edit fits any.
    """

    name: str
    title: str
    source: str = ""
    cut: tuple[str, ...] = ()
    cut_if_present: tuple[str, ...] = ()
    swap: Mapping[str, str] = field(default_factory=dict)
    text: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
    reasoning: ReasoningChannel | None = None
    control: bool = False
    scenario: str = ""
    origin: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip() or any(sign in self.name for sign in JOINING):
            where = self.origin or "perturbation"
            raise ScenarioError(f"{where}: {self.name!r}: a name must be text without '+' or '@'")

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash((self.name, self.origin))

    def apply(self, scenario: Scenario) -> Scenario:
        """The edited scenario. Raises ScenarioError when the edit does not fit it."""
        self._check(scenario)
        gone = {*self.cut, *self.cut_if_present}
        edited = scenario.edited(
            scenario.descent.with_edit(self.name, self._content),
            system=self._relaid(scenario.system, gone),
            user=self._relaid(scenario.user, gone),
            blocks={**scenario.blocks, **self.text},
            rewritten=scenario.rewritten | set(self.text),
            slots={**scenario.slots, **self.slots},
            format=self._reformatted(scenario),
            perturbations=(*scenario.perturbations, self.name),
            control=scenario.control or self.control,
        )
        validate(edited)
        if (self.control or self.name in CONTROLS) and edited.hash == scenario.hash:
            raise self._misfit(scenario, "it changes nothing, and a control must")
        return edited

    @property
    def _content(self) -> str:
        """The hash of what it does."""
        edits = [dict(each) for each in (self.swap, self.text, self.slots)]
        cuts = [list(each) for each in (self.cut, self.cut_if_present)]
        return hash_of([*edits, *cuts, self.reasoning, self.control])

    def _relaid(self, names: tuple[str, ...], gone: set[str]) -> tuple[str, ...]:
        return tuple(self.swap.get(name, name) for name in names if name not in gone)

    def _reformatted(self, scenario: Scenario) -> OutputFormat:
        if self.reasoning is None:
            return scenario.format
        return replace(scenario.format, reasoning=self.reasoning)

    def _check(self, scenario: Scenario) -> None:
        if self.scenario and self.scenario != scenario.name:
            raise self._misfit(scenario, f"its texts are those of the scenario {self.scenario}")
        self._check_blocks(scenario)
        for name in self.slots:
            if name not in scenario.slots:
                raise self._misfit(scenario, f"slots: the scenario has no slot {name!r}")

    def _check_blocks(self, scenario: Scenario) -> None:
        laid_out = (("cut", self.cut), ("swap", self.swap), ("text", self.text))
        for edit, names in laid_out:
            for name in names:
                if name not in scenario.layout:
                    raise self._misfit(scenario, f"{edit}: the scenario lays out no block {name!r}")
        for name, other in self.swap.items():
            if other not in scenario.blocks:
                raise self._misfit(scenario, f"swap: {name}: the scenario has no block {other!r}")

    def _misfit(self, scenario: Scenario, what: str) -> ScenarioError:
        where = self.origin or "perturbation"
        return ScenarioError(f"{where}: {self.name}: {what} (scenario {scenario})")
