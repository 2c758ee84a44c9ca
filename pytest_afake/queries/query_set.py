"""A set of queries whose content has one short hash, and whose order has one seed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
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

    @property
    def cluster_sizes(self) -> dict[str, int]:
        """How many queries each unit has: a cluster, or a query that is in none."""
        return dict(Counter(query.unit for query in self.queries))

    def shuffled(self, seed: int) -> tuple[Query, ...]:
        """All queries: one of each cluster first, then the others, cluster by cluster.

        Clusters, and the queries within each, stand in an order that depends on ``seed``, names,
        ids and texts alone: the same on every machine and for every order of the file. A query that
        is added or removed leaves the others in their order, but for its own cluster's, so that
        answers bought before are used again.
        """
        units: dict[str, list[Query]] = {}
        for query in sorted(self.queries, key=lambda each: _place(seed, each)):
            units.setdefault(query.unit, []).append(query)
        order = sorted(units.values(), key=lambda members: _place_of_unit(seed, members[0]))
        first = [members[0] for members in order]
        return (*first, *(query for members in order for query in members[1:]))


def _place(seed: int, query: Query) -> str:
    return _digest([seed, query.id, query.text])


def _place_of_unit(seed: int, member: Query) -> str:
    return _digest([seed, member.cluster]) if member.cluster else _place(seed, member)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode("ascii")).hexdigest()
