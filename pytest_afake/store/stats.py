"""What a store holds, in figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.codec import Entry, checked_entry
from pytest_afake.store.directory import DATABASE_FILES
from pytest_afake.store.store import Store


@dataclass(frozen=True, slots=True)
class ModelStats:
    """The answers of one resolved model: what is known of their cost, and when they were stored.

    ``cost_usd`` adds up the answers whose price was known; ``unpriced`` counts the others. Times
    are aware, in UTC.
    """

    answers: int
    cost_usd: float
    unpriced: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Stats:
    """A whole store. ``unreadable`` rows are in no other figure.

    ``size_bytes`` is None for a store that is not on disk.
    """

    answers: int
    unreadable: int
    models: Mapping[str, ModelStats] = field(default_factory=dict)
    size_bytes: int | None = None


def stats(store: Store) -> Stats:
    """Read every row once. Raises StoreError only when the rows cannot even be listed."""
    models: dict[str, ModelStats] = {}
    answers = unreadable = 0
    for entry in _entries(store):
        if entry is None:
            unreadable += 1
            continue
        answers += 1
        name = model_of(entry.request)
        models[name] = _added(models.get(name), entry)
    return Stats(answers, unreadable, dict(sorted(models.items())), _size(store))


def model_of(request: Mapping[str, Json]) -> str:
    """The resolved model of a stored request; ``sim/NAME`` for an organism, ``?`` for neither."""
    identity = request.get("identity")
    if isinstance(identity, Mapping):
        if isinstance(model := identity.get("model"), str):
            return model
        if isinstance(organism := identity.get("organism"), str):
            return f"sim/{organism}"
    return "?"


def _entries(store: Store) -> Iterator[Entry | None]:
    for key in store.keys():  # noqa: SIM118 - a store is not a dict
        entry = None
        with suppress(StoreError):
            entry = checked_entry(key, store.get(key))
        yield entry


def _added(before: ModelStats | None, entry: Entry) -> ModelStats:
    cost = entry.answer.cost_usd
    at = entry.stored_at
    if before is None:
        return ModelStats(1, cost or 0.0, int(cost is None), at, at)
    return ModelStats(
        before.answers + 1,
        before.cost_usd + (cost or 0.0),
        before.unpriced + (cost is None),
        min(before.first, at),
        max(before.last, at),
    )


@runtime_checkable
class _OnDisk(Protocol):
    @property
    def path(self) -> Path: ...


def _size(store: Store) -> int | None:
    if not isinstance(store, _OnDisk):
        return None
    files = [store.path / name for name in DATABASE_FILES] if store.path.is_dir() else [store.path]
    return sum(file.stat().st_size for file in files if file.is_file())
