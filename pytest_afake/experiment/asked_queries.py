"""Which queries a scenario is asked with, and in which order."""

from __future__ import annotations

from pytest_afake.errors import QueryError
from pytest_afake.queries import QuerySet, load_queries
from pytest_afake.records import Query
from pytest_afake.scenario import Situation
from pytest_afake.settings.settings import Settings


class AskedQueries:
    """The query sets of a run, each loaded and shuffled once.

    Raises QueryError at once when the queries that the user named cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sets: dict[str, QuerySet] = {}
        self._orders: dict[str, tuple[Query, ...]] = {}
        if settings.queries:
            self._load(settings.queries, source="queries")

    @property
    def chosen(self) -> QuerySet | None:
        """The queries that the user named, asked in every scenario; None if each has its own."""
        return self._load(self._settings.queries, "queries") if self._settings.queries else None

    def of(self, scenario: Situation) -> QuerySet:
        """The user's choice, or the scenario's own. Raises QueryError when there is neither."""
        source = self._settings.queries or scenario.queries
        if source is None:
            raise QueryError(f"scenario {scenario} names no queries: add --afake-queries PATH")
        return self._load(source, source=scenario.origin)

    def in_order(self, queries: QuerySet) -> tuple[Query, ...]:
        """All of them, in the order of the seed."""
        if queries.source not in self._orders:
            self._orders[queries.source] = queries.shuffled(self._settings.seed)
        return self._orders[queries.source]

    def _load(self, name: str, source: str) -> QuerySet:
        if name not in self._sets:
            try:
                self._sets[name] = load_queries(name)
            except QueryError as error:
                raise QueryError(f"{source}: {error}") from None
        return self._sets[name]
