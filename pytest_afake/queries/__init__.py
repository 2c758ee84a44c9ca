"""Queries: the user requests that are put to a model, shipped or the user's own."""

from pytest_afake.queries.load import load_queries, shipped_names
from pytest_afake.queries.query_set import QuerySet

__all__ = ["QuerySet", "load_queries", "shipped_names"]
