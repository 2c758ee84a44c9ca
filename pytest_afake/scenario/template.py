"""One message of a scenario, for one arm: filled in once, and then only the query differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_afake.records import Message, Role
from pytest_afake.scenario.slots import fill

QUERY_SLOT = "query"


@dataclass(frozen=True, slots=True)
class Template:
    """A message as the texts before, between and after the places where the query goes."""

    role: Role
    texts: tuple[str, ...]

    @classmethod
    def of(cls, role: Role, text: str, values: Mapping[str, str]) -> Template:
        """Fill all slots but the query. A value is not read again, even where it says "{query}"."""
        texts = text.split(f"{{{QUERY_SLOT}}}")
        return cls(role, tuple(fill(each, values) for each in texts))

    def message(self, query: str) -> Message:
        return Message(self.role, query.join(self.texts))
