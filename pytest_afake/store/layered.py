"""One store over others: what the lower ones know is found, and only the top one changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from pytest_afake.records import Json
from pytest_afake.store.store import Store


class LayeredStore:
    """Reads ``top`` first, then each store below in order; writes to and claims in ``top`` only.

    The use: answers that a CI run has published, under a developer's own. Nothing is copied up: a
    lower answer stays where it is, and counts as the first answer to its key. An unreadable row in
    any layer is an error even if a deeper layer has the key, because damage must be seen.
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

    def put_all(self, values: Mapping[str, Mapping[str, Json]]) -> dict[str, Mapping[str, Json]]:
        known = {key: found for key in values if (found := self.get(key)) is not None}
        fresh = {key: value for key, value in values.items() if key not in known}
        return known | self._top.put_all(fresh)

    def put(self, key: str, value: Mapping[str, Json]) -> Mapping[str, Json]:
        return self.put_all({key: value})[key]

    def keys(self) -> Iterator[str]:
        """Each key once, however many layers hold it."""
        return iter(dict.fromkeys(chain.from_iterable(each.keys() for each in self._layers)))

    def claim(self, key: str) -> bool:
        return self._top.claim(key)

    def release(self, key: str) -> None:
        self._top.release(key)

    def detach(self) -> None:
        for store in self._layers:
            store.detach()

    def close(self) -> None:
        """Close all layers, the ones below too."""
        for store in self._layers:
            store.close()
