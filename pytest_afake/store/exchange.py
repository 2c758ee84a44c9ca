"""Answers from a store into a cassette, and back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.cassette import HEADER, CassetteStore, cassette_line
from pytest_afake.store.codec import Entry, checked_entry, entry_from_json
from pytest_afake.store.directory import sync_directory
from pytest_afake.store.store import Store

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Imported:
    """How many answers an import added, found there with the same text, and with another."""

    added: int = 0
    known: int = 0
    differing: int = 0


def write_cassette(
    path: Path, store: Store, keep: Callable[[Entry], bool] = lambda entry: True
) -> int:
    """Write the answers that ``keep`` says into a cassette; how many they are.

    A file that is there is replaced, at once and only by a whole one. Raises StoreError for a row
    that cannot be read, and when the file cannot be written.
    """
    written = 0
    with _replacing(path) as file:
        file.write(f"{HEADER}\n")
        for key in sorted(store.keys()):
            value = _value(store, key)
            if keep(_entry(key, value)):
                file.write(f"{cassette_line(key, value)}\n")
                written += 1
    return written


def import_cassette(path: Path, store: Store) -> Imported:
    """Put the answers of a cassette into a store. One that the store has already stays.

    Raises StoreError, before anything is stored, if any line of the file is bad.
    """
    cassette = CassetteStore(path)
    keys = cassette.keys()
    added = known = differing = 0
    while batch := {key: _value(cassette, key) for key in islice(keys, _BATCH)}:
        here = {key for key in batch if store.get(key) is not None}
        stored = store.put_all(batch)
        other = {key for key in batch if _text(stored[key]) != _text(batch[key])}
        differing += len(other)
        known += len(here - other)
        added += len(batch.keys() - here - other)
    return Imported(added, known, differing)


def _value(store: Store, key: str) -> Mapping[str, Json]:
    value = store.get(key)
    if value is None:
        raise StoreError(f"row {key}: went while it was read")
    return value


def _entry(key: str, value: Mapping[str, Json]) -> Entry:
    try:
        return checked_entry(key, value)
    except StoreError as error:
        raise StoreError(f"row {key}: {error}") from None


def _text(value: Mapping[str, Json]) -> str:
    return entry_from_json(value).answer.text


@contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    """A draft beside ``path`` that takes its place when the block ends well."""
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}.new")
    try:
        with draft.open("x", encoding="ascii", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink()
