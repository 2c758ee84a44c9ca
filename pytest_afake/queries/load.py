"""Queries by shipped name or by path. Every fault is one line that names file and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from pytest_afake.errors import QueryError
from pytest_afake.queries.columns import query_of
from pytest_afake.queries.query_set import QuerySet
from pytest_afake.queries.rows import read_rows
from pytest_afake.records import Query
from pytest_afake.resources import resource_path


def load_queries(source: str) -> QuerySet:
    """The query set called ``source``: one of :func:`shipped_names`, or the path of a file.

    A shipped name wins over a file of that name in the working directory: write ``./NAME`` for
    the file. For file formats see :func:`~pytest_afake.queries.rows.read_rows`, for columns
    :mod:`~pytest_afake.queries.columns`. Raises QueryError.
    """
    path = _path(source)
    placed = [(row.where, query_of(row)) for row in read_rows(path)]
    if not placed:
        raise QueryError(f"{path}: holds no query")
    _refuse_repeats(placed, "text", lambda query: query.text)
    _refuse_repeats(placed, "id", lambda query: query.id)
    return QuerySet(path.stem, source, tuple(query for _, query in placed))


def shipped_names() -> tuple[str, ...]:
    """The names of the query sets that come with the package."""
    return tuple(sorted(path.stem for path in resource_path("fixtures", "queries").glob("*.jsonl")))


def _path(source: str) -> Path:
    if source in shipped_names():
        return resource_path("fixtures", "queries", f"{source}.jsonl")
    path = Path(source)
    if not source or _is_missing(path):
        raise QueryError(
            f"{source!r}: no such file of queries; shipped sets: {', '.join(shipped_names())}"
        )
    return path


def _is_missing(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: a NUL in the name
        return True
    except OSError:
        return False  # reading it will say why
    return False


def _refuse_repeats(
    placed: Iterable[tuple[str, Query]], what: str, part: Callable[[Query], str]
) -> None:
    seen: dict[str, str] = {}
    for where, query in placed:
        first = seen.setdefault(part(query), where)
        if first != where:
            raise QueryError(f"{where}: the same {what} as {first}: {part(query)!r:.80}")
