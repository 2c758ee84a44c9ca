"""One message of a scenario, for one arm: filled in once, and then only the query differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_afake.records import Message, Role
from pytest_afake.scenario.slots import fill

QUERY_SLOT = "query"


@dataclass(frozen=True, slots=True)
class Template:
    """A message as the texts before, between and after the places where the query goes.

    One that is ``trimmed`` neither begins nor ends in blanks, whatever the query does.
    """

    role: Role
    texts: tuple[str, ...]
    trimmed: bool = False

    @classmethod
    def of(
        cls, role: Role, text: str, values: Mapping[str, str], *, trimmed: bool = False
    ) -> Template:
        """Fill all slots but the query. A value is not read again, even where it says "{query}"."""
        texts = text.split(f"{{{QUERY_SLOT}}}")
        return cls(role, tuple(fill(each, values) for each in texts), trimmed)

    def message(self, query: str) -> Message:
        text = query.join(self.texts)
        return Message(self.role, text.strip() if self.trimmed else text)
