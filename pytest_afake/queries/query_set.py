"""A set of queries whose content has one short hash, and whose order has one seed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from pytest_afake.errors import QueryError
from pytest_afake.records import Query


@dataclass(frozen=True, slots=True)
class QuerySet:
    """Queries with distinct ids and texts, in the order of their file.

    ``name`` is for reports; ``source`` is what the user gave: a path, or a shipped name. Raises
    QueryError when it is empty, or when two queries share an id or a text: the query is the unit
    of every figure, so a repeated one would count twice.
    """

    name: str
    source: str
    queries: tuple[Query, ...]

    def __post_init__(self) -> None:
        if not self.queries:
            raise QueryError(f"{self.source}: holds no query")
        if len({query.id for query in self.queries}) < len(self.queries):
            raise QueryError(f"{self.source}: two queries have the same id")
        if len({query.text for query in self.queries}) < len(self.queries):
            raise QueryError(f"{self.source}: two queries have the same text")

    def __len__(self) -> int:
        return len(self.queries)

    def __iter__(self) -> Iterator[Query]:
        return iter(self.queries)

    @property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of all ids and texts; the file's order is no part."""
        return _digest(sorted([query.id, query.text] for query in self.queries))[:16]

    def shuffled(self, seed: int) -> tuple[Query, ...]:
        """All queries in an order that depends on ``seed``, ids and texts alone.

        The same on every machine and for every order of the file; and a query that is added or
        removed leaves the others in their order, so that answers bought before are used again.
        """
        return tuple(sorted(self.queries, key=lambda query: _digest([seed, query.id, query.text])))


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode("ascii")).hexdigest()
