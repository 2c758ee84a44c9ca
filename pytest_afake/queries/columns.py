"""What the columns of the usual data sets mean. Names are matched without case."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from pytest_afake.errors import QueryError
from pytest_afake.queries.rows import Row
from pytest_afake.records import Query

# In order of precedence. AdvBench has "goal", StrongREJECT "forbidden_prompt", HarmBench
# "Behavior" with "BehaviorID".
TEXT_COLUMNS = ("text", "goal", "prompt", "forbidden_prompt", "behavior", "query")
ID_COLUMNS = ("id", "behaviorid", "behavior_id", "query_id", "prompt_id", "index")
CATEGORY_COLUMNS = ("category", "semanticcategory", "semantic_category", "functionalcategory")
CLUSTER_COLUMNS = ("cluster",)


def query_of(row: Row) -> Query:
    """The query that a row holds; other columns are ignored.

    The text is taken verbatim, line breaks and outer spaces included: it is what the model will
    be sent. Without an id the query gets one from its text's hash, which stays the same wherever
    the row stands. Raises QueryError that names file and line.
    """
    columns = _fold(row)
    text = _text(row, columns)
    return Query(
        id=_label(row, columns, ID_COLUMNS) or f"q-{_digest(text)[:12]}",
        text=text,
        category=_label(row, columns, CATEGORY_COLUMNS),
        cluster=_label(row, columns, CLUSTER_COLUMNS),
    )


def _fold(row: Row) -> Mapping[str, object]:
    columns = {name.strip().lower(): value for name, value in row.columns.items()}
    if len(columns) < len(row.columns):
        raise QueryError(f"{row.where}: two columns differ only in case or spaces")
    return columns


def _text(row: Row, columns: Mapping[str, object]) -> str:
    name = _first(columns, TEXT_COLUMNS)
    if name is None:
        found = ", ".join(map(repr, row.columns)) or "none"
        raise QueryError(
            f"{row.where}: no column of queries: expected {', '.join(TEXT_COLUMNS[:-1])} or "
            f"{TEXT_COLUMNS[-1]}; found {found}"
        )
    text = columns[name]
    if not isinstance(text, str):
        raise QueryError(f"{row.where}: {name} must be text, found {type(text).__name__}")
    if not text.strip():
        raise QueryError(f"{row.where}: {name} is empty")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise QueryError(f"{row.where}: {name} holds half of a surrogate pair: it cannot be sent")
    return text


def _label(row: Row, columns: Mapping[str, object], names: tuple[str, ...]) -> str:
    """An id, category or cluster: trimmed text, or a whole number; "" where there is none."""
    name = _first(columns, names)
    value = None if name is None else columns[name]
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise QueryError(f"{row.where}: {name} must be text, found {type(value).__name__}")
    return str(value).strip()


def _first(columns: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in columns), None)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
