"""A panel: several wordings of one scenario, over which a measure is averaged.

One wording is not a measurement: the published gaps of one model over eight paraphrases range from
1.2 to 19.8 points (Greenblatt et al. 2024). A panel stands wherever a scenario does. Its arms are
those of the scenario in each wording, as ``training@memo``.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pytest_afake.errors import ScenarioError
from pytest_afake.records import ARM_AND_WORDING, CONTROLS, ComplianceForm, Message, OutputFormat
from pytest_afake.scenario.descent import Descent
from pytest_afake.scenario.perturbation import JOINING, Perturbation
from pytest_afake.scenario.scenario import Contrast, Scenario
from pytest_afake.scenario.validate import validate


def arm_at(role: str, wording: str) -> str:
    """The arm of a panel that is this arm of a scenario in this wording."""
    return f"{role}{ARM_AND_WORDING}{wording}"


@dataclass(frozen=True, slots=True, repr=False)
class Panel:
    """Wordings of one scenario: the same arms, contrasts, queries, format and compliance form.

    All of them begin the reply for the model, or none does. Raises ScenarioError naming the wording
    that differs, and in what; also where two wordings have one name or one text, and for fewer than
    two. ``label`` is what reports call the panel. It is no edit, so a ScenarioError too where it
    looks like one: empty, with a ``+``, an ``@`` or a control character, or the name of a control.
    """

    wordings: Sequence[Scenario]
    label: str = "panel"
    _by_name: Mapping[str, Scenario] = field(init=False, compare=False)
    _arms: Mapping[str, tuple[Scenario, str]] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        wordings = tuple(self.wordings)
        object.__setattr__(self, "wordings", wordings)
        _check_label(self.label)
        _check_members(wordings)
        named = dict(zip(_names(wordings), wordings, strict=True))
        object.__setattr__(self, "_by_name", named)
        arms = {
            arm_at(role, name): (wording, role)
            for role in wordings[0].arms
            for name, wording in named.items()
        }
        object.__setattr__(self, "_arms", arms)

    def __str__(self) -> str:
        return "+".join([self.name, self.variant])

    def __repr__(self) -> str:
        return f"<panel {self} of {len(self.wordings)} wordings>"

    def __hash__(self) -> int:
        return hash((str(self), self.hash))

    def __add__(self, perturbation: Perturbation) -> Panel:
        """Every wording with this edit."""
        return Panel([each + perturbation for each in self.wordings], self.label)

    @property
    def names(self) -> tuple[str, ...]:
        """What its wordings are called, in order."""
        return tuple(self._by_name)

    @property
    def name(self) -> str:
        return self._first.name

    @property
    def perturbations(self) -> tuple[str, ...]:
        """Edits that all wordings have."""
        others = self.wordings[1:]
        return tuple(
            edit
            for edit in self._first.perturbations
            if all(edit in other.perturbations for other in others)
        )

    @property
    def variant(self) -> str:
        """What reports call it beside the scenario: these edits, and its label."""
        return "+".join([*self.perturbations, self.label])

    @property
    def descents(self) -> tuple[Descent, ...]:
        """Those of its wordings, in order."""
        return tuple(each.descent for each in self.wordings)

    @property
    def arms(self) -> Mapping[str, Mapping[str, str]]:
        return {arm: wording.arms[role] for arm, (wording, role) in self._arms.items()}

    @property
    def contrasts(self) -> Mapping[str, Contrast]:
        return {name: self.contrast(name) for name in self._first.contrasts}

    @property
    def queries(self) -> str | None:
        return self._first.queries

    @property
    def control(self) -> bool:
        return self._first.control

    @property
    def same_arm(self) -> bool:
        """Whether both arms of its wordings are the same text."""
        return self._first.same_arm

    @property
    def compliance(self) -> ComplianceForm:
        return self._first.compliance

    @property
    def format(self) -> OutputFormat:
        return self._first.format

    @property
    def output_format(self) -> OutputFormat:
        return self._first.output_format

    @property
    def origin(self) -> str:
        return self._first.origin

    @property
    def hash(self) -> str:
        """Twelve hex digits of the SHA-256 of the wordings' names and hashes."""
        text = json.dumps([[name, each.hash] for name, each in self._by_name.items()])
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def contrast(self, name: str) -> Contrast:
        """The named contrast in all wordings, or a ScenarioError that lists the ones on offer."""
        found = self._first.contrast(name)
        return Contrast(found.name, found.first, found.second, self.names)

    def render(self, arm: str, query: str) -> tuple[Message, ...]:
        """The messages for one query in one arm of one wording, exactly as they are sent."""
        if arm not in self._arms:
            raise ScenarioError(f"{self.origin}: panel {self} has no arm {arm!r}")
        wording, role = self._arms[arm]
        return wording.render(role, query)

    @property
    def _first(self) -> Scenario:
        return self.wordings[0]


Situation: TypeAlias = Scenario | Panel
"""What a measure can be about."""


def check(situation: Situation) -> None:
    """Raise ScenarioError where a scenario, or a wording of a panel, is not sound."""
    for each in situation.wordings if isinstance(situation, Panel) else (situation,):
        validate(each)


def _check_label(label: object) -> None:
    if not isinstance(label, str) or not label.strip():
        raise ScenarioError(f"panel: label = {label!r}: must be text")
    if label.strip() in CONTROLS:
        raise ScenarioError(f"panel: label = {label!r}: is the name of a control")
    if any(sign in JOINING or not sign.isprintable() for sign in label):
        raise ScenarioError(
            f"panel: label = {label!r}: must be without '+', '@' and control characters"
        )


def _check_members(wordings: tuple[Scenario, ...]) -> None:
    for number, each in enumerate(wordings, start=1):
        if not isinstance(each, Scenario):
            raise ScenarioError(f"panel: wording {number} is no scenario: {each!r}")
        validate(each)
    if len(wordings) < 2:
        raise ScenarioError(f"panel: takes at least two wordings, not {len(wordings)}")
    first = wordings[0]
    for other in wordings[1:]:
        for what, own, theirs in _differences(first, other):
            raise ScenarioError(
                f"panel: wordings of one scenario have the same {what}: {other} has {theirs}, "
                f"and {first} has {own}"
            )
    _check_distinct("name", [str(each) for each in wordings])
    _check_distinct("text", [_text(each) for each in wordings], [str(each) for each in wordings])


def _differences(first: Scenario, other: Scenario) -> Iterator[tuple[str, str, str]]:
    """What differs that must not, in words, and how it is in either."""
    for (what, own), (_, theirs) in zip(_must_be_same(first), _must_be_same(other), strict=True):
        if own != theirs:
            yield what, _said(own), _said(theirs)


def _must_be_same(wording: Scenario) -> list[tuple[str, Any]]:
    contrasts = {each.name: (each.first, each.second) for each in wording.contrasts.values()}
    return [
        ("arms", sorted(wording.arms)),
        ("contrasts", contrasts),
        ("compliance form", str(wording.compliance)),
        ("queries", wording.queries),
        ("output format", wording.output_format),
        ("role as a negative control", wording.control),
        ("way to begin the reply", "a prefill" if wording.prefill else "no prefill"),
    ]


def _said(value: Any) -> str:
    if isinstance(value, OutputFormat):
        tags = (value.scratchpad_tag, value.draft_tag, value.output_tag)
        named = [tag for tag in (*tags, value.accept_tag, value.reject_tag) if tag]
        return f"reasoning {value.reasoning} and the tags {', '.join(named) or '(none)'}"
    return repr(value)


def _text(wording: Scenario) -> str:
    """All that its arms send; hashes also tell apart what no model sees."""
    return repr([wording.render(arm, "{query}") for arm in sorted(wording.arms)])


def _check_distinct(what: str, values: list[str], names: list[str] | None = None) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            whose = [
                name for name, each in zip(names or values, values, strict=True) if each == value
            ]
            raise ScenarioError(f"panel: {times} wordings have one {what}: {', '.join(whose)}")


def _names(wordings: tuple[Scenario, ...]) -> list[str]:
    """By the edits alone where these tell them apart; without any, by the scenario."""
    short = ["+".join(each.perturbations) or each.name for each in wordings]
    return short if len(set(short)) == len(short) else [str(each) for each in wordings]
