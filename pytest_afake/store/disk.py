"""The store that outlives the run: a private directory that several processes may share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.claims import Claims
from pytest_afake.store.directory import CLAIMS, opening
from pytest_afake.store.sealed import ADVICE, check_key, seal, unseal

if TYPE_CHECKING:
    from pytest_afake.store.safe_cache import SafeCache


class DiskStore:
    """Answers in a diskcache directory: no pickle, no eviction, no expiry, a checksum per value.

    A missing directory is made with mode 0700, unless ``create`` is False; an existing store that
    others could read is made private; a directory with other content is refused untouched. Raises
    StoreError with one line for everything that cannot be used; nothing is ever deleted. A value
    that was put survives the death of the process, and of the machine, at any moment after.

    A database that is damaged is set aside at opening, and what can be saved from it is kept; then
    ``notices`` has one line to show to the user for it.

    ``wait_s`` bounds, in seconds, how long one write waits for those of other processes.
    """

    def __init__(self, directory: Path, *, create: bool = True, wait_s: float = 60.0) -> None:
        # Threads connect later, perhaps after a chdir.
        self._directory = directory.absolute()
        self._cache: SafeCache | None
        with opening(self._directory, create=create) as new:
            self._claims = Claims(self._directory / CLAIMS)
            try:
                self._cache, self.notices = _open(self._directory, self._claims, new, wait_s)
            except BaseException:
                self._claims.close()
                raise

    @property
    def path(self) -> Path:
        """The directory, as an absolute path."""
        return self._directory

    def get(self, key: str) -> Mapping[str, Json] | None:
        check_key(key)
        text = self._open_cache().get(key)
        return None if text is None else self._unseal(key, text)

    def put_all(self, values: Mapping[str, Mapping[str, Json]]) -> dict[str, Mapping[str, Json]]:
        cache = self._open_cache()
        texts = {check_key(key): seal(value) for key, value in values.items()}
        if not texts:
            return {}
        with cache.transaction(_row_names(tuple(texts))):
            return {key: self._unseal(key, cache.add(key, text)) for key, text in texts.items()}

    def put(self, key: str, value: Mapping[str, Json]) -> Mapping[str, Json]:
        return self.put_all({key: value})[key]

    def keys(self) -> Iterator[str]:
        return self._open_cache().keys()

    def claim(self, key: str) -> bool:
        return self._claims.claim(check_key(key))

    def release(self, key: str) -> None:
        self._claims.release(key)

    def detach(self) -> None:
        if self._cache is not None:
            self._cache.detach()

    def close(self) -> None:
        """Close this thread's connection, let go of those of other threads, end all claims."""
        if self._cache is not None:
            self._cache.detach()
            self._cache = None
            self._claims.close()

    def _unseal(self, key: str, text: str) -> Mapping[str, Json]:
        try:
            return unseal(text)
        except StoreError as error:
            raise StoreError(f"{self._directory}: row {key}: {error}; {ADVICE}") from None

    def _open_cache(self) -> SafeCache:
        if self._cache is None:
            raise StoreError(f"{self._directory}: the store is closed")
        return self._cache


def _row_names(keys: Sequence[str]) -> str:
    more = len(keys) - 1
    return f"row {keys[0]} and {more} more were" if more else f"row {keys[0]} was"


def _open(
    directory: Path,
    claims: Claims,
    new: bool,  # noqa: FBT001 - what ``opening`` found
    wait_s: float,
) -> tuple[SafeCache, tuple[str, ...]]:
    # Not before a store is wanted: diskcache and sqlite3 take 24 ms.
    from pytest_afake.store.damage import finish_interrupted, set_aside
    from pytest_afake.store.safe_cache import DatabaseDamaged, SafeCache

    notices = [] if new else finish_interrupted(directory)
    try:
        cache = SafeCache(directory, new=new, wait_s=wait_s)
    except DatabaseDamaged as damage:
        reason = damage.reason
    else:
        if new:
            cache.detach()  # moves all into cache.db before the store is marked as whole
        return cache, tuple(notices)
    notices.append(set_aside(directory, reason, claims)[1])
    return SafeCache(directory, new=False, wait_s=wait_s), tuple(notices)
