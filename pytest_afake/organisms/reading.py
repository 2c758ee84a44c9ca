"""The reader: from rendered messages to a situation, without knowledge of who wrote them.

It is deliberately simple: sentences, tier labels, predicates and the scope of negations. What it
does not find it leaves unsaid; an organism never assumes that it is trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pytest_afake.organisms.layout import left_open, read_layout
from pytest_afake.organisms.message import take_apart
from pytest_afake.organisms.motives import is_harmful, is_suspected, read_objective, read_stakes
from pytest_afake.organisms.situation import Situation
from pytest_afake.organisms.treatment import treatment_of
from pytest_afake.records import Message


def read_situation(messages: Sequence[Message]) -> Situation:
    """Read the messages as a model would: nothing but their text is known."""
    parts = take_apart(messages)
    return Situation(
        query=parts.query,
        instructions=parts.instructions,
        cue=parts.cue,
        treatment=treatment_of(parts.instructions, parts.cue),
        objective=read_objective(parts.instructions),
        layout=replace(read_layout(parts.instructions), opened=left_open(parts.tail)),
        stakes=read_stakes(parts.instructions),
        suspected=is_suspected(parts.instructions),
        harmful_query=is_harmful(parts.query),
    )
