"""A scenario: the situation that the model is told it is in, as named blocks of text.

A scenario is pure data. Rendering it for an arm and a query gives the messages that are sent;
nothing else in this package writes text that a model under test sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pytest_afake.errors import ScenarioError
from pytest_afake.records import ComplianceForm, Message, OutputFormat, ReasoningChannel
from pytest_afake.scenario.descent import Descent, hash_of
from pytest_afake.scenario.predictions import GapPredictions
from pytest_afake.scenario.slots import resolve, slots_in
from pytest_afake.scenario.template import Template

if TYPE_CHECKING:
    from pytest_afake.scenario.perturbation import Perturbation


@dataclass(frozen=True, slots=True)
class Contrast:
    """An ordered pair of arms: its gap is rate(first) - rate(second).

    ``wordings`` names those of a panel, each of which has the two arms; a scenario names none.
    """

    name: str
    first: str
    second: str
    wordings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Scenario:
    """Named text blocks with slots, the arms on offer, and the contrasts between them.

    ``system`` and ``user`` list the blocks that make up the two messages, in order. ``prefill`` is
    what already stands of the reply, sent after them as a message of the assistant. ``arms`` maps
    an arm to the slots that realise it in the text (its tier cue). ``format`` holds the tag names
    that the blocks may ask for; :attr:`output_format` is what they do ask for. ``perturbations``
    names the edits that led here, in order. ``plain`` says that the blocks are somebody's finished
    prompts: braces that are no slot are text, and the tags stand in the text itself. ``compliance``
    names the form by which a judge model tells whether an answer complies. ``same_arm`` says that
    the arms are alike on purpose. ``comprehension`` names the questions about its facts;
    ``rewritten`` are blocks whose text an edit has replaced; ``changed`` says of each part that an
    edit has changed ("block criteria", "slot lab") by which; ``excluded`` says of edits that do not
    go with those that it has why not. ``predicts`` is what the hypotheses
    say of the contrasts of the unedited text. ``edited_from`` and ``edited_to`` are kept by edits,
    see :attr:`descent`.
    """

    name: str
    title: str
    source: str
    blocks: Mapping[str, str]
    system: tuple[str, ...]
    user: tuple[str, ...]
    arms: Mapping[str, Mapping[str, str]]
    contrasts: Mapping[str, Contrast]
    prefill: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    format: OutputFormat = field(default_factory=OutputFormat)
    compliance: ComplianceForm = ComplianceForm.RUBRIC
    queries: str | None = None
    comprehension: str | None = None
    rewritten: frozenset[str] = frozenset()
    perturbations: tuple[str, ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    predicts: GapPredictions = field(default_factory=dict)
    control: bool = False
    plain: bool = False
    same_arm: bool = False
    origin: str = ""
    edited_from: Descent | None = None
    edited_to: str = ""
    # The messages of each arm that was rendered. A cache on the outside would have to hash the
    # scenario for each request, and that reads all of its text.
    _templates: dict[str, tuple[Template, ...]] = field(
        default_factory=dict, init=False, compare=False
    )

    def __str__(self) -> str:
        return "+".join([self.name, *self.perturbations])

    def __repr__(self) -> str:
        return f"<scenario {self}>"

    def __hash__(self) -> int:
        return hash((str(self), self.hash))

    def __add__(self, perturbation: Perturbation) -> Scenario:
        """The edited scenario. Raises ScenarioError where an edit does not fit, or is a name."""
        _refuse_name(self, perturbation)
        return perturbation.apply(self)

    def perturbed(self, *perturbations: Perturbation) -> list[Scenario]:
        """One scenario for each perturbation, each edited by that one alone."""
        return [self + perturbation for perturbation in perturbations]

    def contrast(self, name: str) -> Contrast:
        """The named contrast, or a ScenarioError that lists the ones on offer."""
        try:
            return self.contrasts[name]
        except KeyError:
            offered = ", ".join(self.contrasts)
            raise ScenarioError(
                f"{self.origin}: scenario {self} has no contrast {name!r} (it has: {offered})"
            ) from None

    def render(self, arm: str, query: str) -> tuple[Message, ...]:
        """The messages for one query in one arm, exactly as they are sent.

        A prefill is the last one. It ends in no blank: some providers refuse one that does, and
        after a blank tokenizers make other words of what comes next.
        """
        if arm not in self._templates:
            self._templates[arm] = self._filled(arm)
        messages = (template.message(query) for template in self._templates[arm])
        return tuple(each for each in messages if each.content or each.role == "user")

    def block_text(self, name: str, arm: str, query: str = "") -> str:
        """One block as it is sent in an arm."""
        text = self.blocks[name].strip("\n")
        return Template.of("user", text, self._values(arm)).message(query).content

    def cues(self, arm: str) -> dict[str, str]:
        """The slots that realise an arm in the text, with their values."""
        values = self._values(arm)
        return {slot: values[slot] for slot in self.arms[arm]}

    @property
    def output_format(self) -> OutputFormat:
        """The layout that the text asks for: a tag counts when a block in use names it."""
        if self.plain:
            return self.format
        texts = [self.blocks[name] for name in self.layout]
        used = frozenset[str]().union(*map(slots_in, texts))
        text = "\n".join(texts)
        tags = {
            tag: value if tag in used or (value and f"<{value}" in text) else None
            for tag, value in format_tags(self.format)
        }
        native = self.format.reasoning is ReasoningChannel.NATIVE
        reasoning = ReasoningChannel.NATIVE if native else ReasoningChannel.NONE
        if tags["scratchpad_tag"]:
            reasoning = ReasoningChannel.SCRATCHPAD
        return OutputFormat(reasoning=reasoning, **tags)

    @property
    def layout(self) -> tuple[str, ...]:
        """The blocks in use, system message first."""
        return self.system + self.user

    @property
    def variant(self) -> str:
        """What reports call it beside its name: its edits."""
        return "+".join(self.perturbations)

    @property
    def descent(self) -> Descent:
        """The scenario that it was edited from, and how.

        What was changed in any other way than by an edit is a scenario of its own.
        """
        if self.edited_from and self.edited_to == self._identity:
            return self.edited_from
        return Descent(self._identity)

    @property
    def descents(self) -> tuple[Descent, ...]:
        """That of its one wording."""
        return (self.descent,)

    def edited(self, descent: Descent, **changes: Any) -> Scenario:
        """With these fields changed by an edit, by which it is of this descent."""
        made = replace(self, **changes)
        return replace(made, edited_from=descent, edited_to=made._identity)

    @property
    def _identity(self) -> str:
        """The hash of all that edits, questions and judges can draw on, and of the name."""
        return hash_of(
            {
                "name": self.name,
                "blocks": dict(self.blocks),
                "layout": [self.system, self.user],
                "arms": {arm: dict(values) for arm, values in self.arms.items()},
                "contrasts": [asdict(each) for each in self.contrasts.values()],
                "slots": dict(self.slots),
                "format": asdict(self.format),
                "as": [self.compliance, self.queries, self.comprehension, self.plain],
                "marks": [self.control, self.same_arm, sorted(self.rewritten)],
                **self._begun,
            }
        )

    @property
    def hash(self) -> str:
        """Twelve hex digits of the SHA-256 of all text that any arm can send."""
        content = {
            "system": [self.blocks[name] for name in self.system],
            "user": [self.blocks[name] for name in self.user],
            "arms": {arm: self._values(arm) for arm in self.arms},
            "reasoning": self.output_format.reasoning,
            **self._begun,
        }
        return hash_of(content)

    @property
    def _begun(self) -> dict[str, str]:
        """Its part of hashes; none without a prefill, whose hashes it must not change."""
        return {"prefill": self.prefill.strip()} if self.prefill else {}

    def _values(self, arm: str) -> dict[str, str]:
        tags = {tag: value for tag, value in format_tags(self.format) if value}
        return resolve({**tags, **self.slots, **self.arms[arm]})

    def _filled(self, arm: str) -> tuple[Template, ...]:
        values = self._values(arm)
        return (
            Template.of("system", self._join(self.system), values),
            Template.of("user", self._join(self.user), values),
            Template.of("assistant", self.prefill, values, trimmed=True),
        )

    def _join(self, names: tuple[str, ...]) -> str:
        return "\n\n".join(self.blocks[name].strip("\n") for name in names)


def format_tags(fmt: OutputFormat) -> tuple[tuple[str, str | None], ...]:
    """The tag names of a format by the slot under which a block can name them."""
    return (
        ("scratchpad_tag", fmt.scratchpad_tag),
        ("draft_tag", fmt.draft_tag),
        ("output_tag", fmt.output_tag),
        ("accept_tag", fmt.accept_tag),
        ("reject_tag", fmt.reject_tag),
    )


def _refuse_name(scenario: Scenario, edit: object) -> None:
    if isinstance(edit, str):
        what = "a name is no perturbation; of those that load_perturbations read"
        raise ScenarioError(  # like every edit that does not fit
            f"{scenario} + {edit!r}: {what}, take [{edit!r}], or .values() for all"
        )
