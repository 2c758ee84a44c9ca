"""One store over others: what the lower ones know is found, and only the top one changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from pytest_afake.records import Json
from pytest_afake.store.store import Store


class LayeredStore:
    """Reads ``top`` first, then each store below in order; writes to ``top`` only.

    The use: answers that a CI run has published, under a developer's own. Nothing is copied up: a
    lower answer stays where it is. An unreadable row in any layer is an error even if a deeper
    layer has the key, because damage must be seen.
    """

    def __init__(self, top: Store, *read_only_below: Store) -> None:
        self._top = top
        self._layers = (top, *read_only_below)

    def get(self, key: str) -> Mapping[str, Json] | None:
        for store in self._layers:
            value = store.get(key)
            if value is not None:
                return value
        return None

    def put(self, key: str, value: Mapping[str, Json]) -> None:
        self._top.put(key, value)

    def keys(self) -> Iterator[str]:
        """Each key once, however many layers hold it."""
        return iter(dict.fromkeys(chain.from_iterable(each.keys() for each in self._layers)))

    def close(self) -> None:
        """Close all layers, the ones below too."""
        for store in self._layers:
            store.close()
