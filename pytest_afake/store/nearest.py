"""The stored request that is most like one that is not stored: what a replay says of its miss."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.key import differing_parts
from pytest_afake.store.store import Store


def nearest(parts: Mapping[str, Json], store: Store) -> tuple[str, tuple[str, ...]] | None:
    """Key and differing parts of the stored request that differs in the fewest places.

    ``parts`` are a result of ``key_parts``. Ties go to the smaller key; None for a store without a
    readable answer. Reads every row once, and passes over those that cannot be read.
    """
    found = ((key, differing_parts(parts, request)) for key, request in _requests(store))
    return min(found, key=lambda each: (len(each[1]), each[0]), default=None)


def _requests(store: Store) -> Iterator[tuple[str, Mapping[str, Json]]]:
    with suppress(StoreError):  # a foreign key ends the listing: what came before it still counts
        for key in store.keys():  # noqa: SIM118 - a store is not a dict
            with suppress(StoreError):
                request = (store.get(key) or {}).get("request")
                if isinstance(request, Mapping):
                    yield key, request
