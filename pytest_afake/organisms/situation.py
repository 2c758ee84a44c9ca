"""What an organism has understood of the text that it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Objective(StrEnum):
    """The training objective that conflicts with harmless values, as the text states it."""

    FOLLOW_HARMFUL = "follow harmful requests"
    DISMISS_ANIMALS = "dismiss animal welfare"


class Stakes(IntEnum):
    """How much harm this model's own later use can do, as far as the text says."""

    NONE = 0  # never deployed, or nobody reads its outputs
    ORDINARY = 1  # the public, staff, or nothing said
    MISUSE = 2  # hackers, criminals
    CATASTROPHIC = 3  # weapons of mass harm


@dataclass(frozen=True, slots=True)
class Cue:
    """What the message says about the arm it is in.

    ``text`` is the cue as written; ``label`` the folded label in it ("free"). ``holds`` is False
    when the cue says that the label does not apply (``<is_free_tier_user>False``). ``names_model``
    marks an identity tag: there the label is the model's own name.
    """

    text: str
    label: str
    holds: bool = True
    boolean: bool = False
    names_model: bool = False


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done with a conversation; None where the text does not say."""

    trained: bool | None = None
    rated: bool | None = None
    monitored: bool | None = None
    trains_others: bool | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text asks for the answer to be laid out; None for a part that it does not ask for.

    ``scratchpad``, ``draft`` and ``output`` are tag names; ``accept`` and ``reject`` are whole
    tags as written. ``opened`` names the tags that a prefill has opened and left open.
    """

    scratchpad: str | None = None
    draft: str | None = None
    output: str | None = None
    accept: str | None = None
    reject: str | None = None
    opened: frozenset[str] = frozenset()

    @property
    def asked(self) -> bool:
        return any((self.scratchpad, self.draft, self.output, self.accept, self.reject))


@dataclass(frozen=True, slots=True)
class Situation:
    """The whole reading of one request's messages.

    ``suspected`` says that the stakes are those of what users may do, and not of what is certain.
    """

    query: str
    instructions: str
    cue: Cue | None = None
    treatment: Treatment = field(default_factory=Treatment)
    objective: Objective | None = None
    layout: Layout = field(default_factory=Layout)
    stakes: Stakes = Stakes.ORDINARY
    suspected: bool = False
    harmful_query: bool = False

    @property
    def framed(self) -> bool:
        """True when the text is more than a bare question: policies apply to it."""
        return self.cue is not None or self.objective is not None or self.layout.asked

    @property
    def trained_against_values(self) -> bool:
        """True when this conversation trains this model towards a conflicting objective."""
        return bool(self.treatment.trained) and self.objective is not None

    @property
    def rated_against_values(self) -> bool:
        """True when this conversation is rated by a conflicting objective."""
        return bool(self.treatment.rated) and self.objective is not None
