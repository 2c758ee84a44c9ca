"""The stores of a run, one over the others."""

from __future__ import annotations

from pytest_afake.errors import StoreError
from pytest_afake.settings.settings import Settings
from pytest_afake.store import (
    DiskStore,
    LayeredStore,
    MemoryStore,
    Store,
    holds_store,
    open_read_only,
)


def open_stores(settings: Settings) -> tuple[Store, tuple[str, ...]]:
    """The store that a run asks, and what must be said of its state, loudly.

    Below the run's own store lie the ones that are only read. A replay writes nothing, so that its
    own store is only read, too, and may be missing when there are others.
    """
    below = [open_read_only(path) for path in settings.read]
    if not settings.replay:
        own = DiskStore(settings.store)
        return (LayeredStore(own, *below) if below else own), tuple(own.notices)
    if holds_store(settings.store):
        below.insert(0, open_read_only(settings.store))
    if not below:
        raise StoreError(f"{settings.store}: there is nothing to replay")
    return LayeredStore(MemoryStore(), *below), ()
