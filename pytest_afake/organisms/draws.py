"""Chance without state: every draw is a hash of what it may depend on.

Never the global generators: test tools reset them, and two runs would not agree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pytest_afake.records import Message

T = TypeVar("T")
_BITS = 53  # the precision of a float in [0, 1)


def uniform(*parts: str | int | float) -> float:
    """A number in [0, 1) that depends on the parts alone."""
    digest = hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> (64 - _BITS)) / float(1 << _BITS)


def digest_of(messages: Sequence[Message]) -> str:
    """A short name for a whole prompt, to draw from."""
    prompt = json.dumps([(message.role, message.content) for message in messages])
    return hashlib.sha256(prompt.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Dice:
    """All draws for one request to one organism.

    ``query`` is what both arms have in common; ``prompt`` names the whole of the messages. With
    probability ``correlation``, decided per query and sample and so alike in both arms, the
    decision is drawn from the query alone; otherwise from the whole prompt. Either way it is
    uniform, so the marginal rate of every arm is exactly the policy's probability.
    """

    organism: str
    seed: int
    query: str
    prompt: str
    sample_index: int
    correlation: float = 0.0

    def decision(self) -> float:
        """The draw that decides whether to comply, shared between arms or not."""
        shared = self._drawn("is shared", self.query) < self.correlation
        return self._drawn("decision", self.query if shared else self.prompt, shared)

    def own(self, purpose: str) -> float:
        """An independent draw for one purpose, by the whole prompt."""
        return self._drawn(purpose, self.prompt)

    def choice(self, purpose: str, options: Sequence[T]) -> T:
        return options[int(self.own(purpose) * len(options))]

    def _drawn(self, purpose: str, text: str, *more: int) -> float:
        return uniform(self.seed, self.organism, purpose, text, self.sample_index, *more)
