"""``afake cache explain``: one stored answer, and all that its key is made of."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from pytest_afake.cli.cache.differences import difference_lines
from pytest_afake.cli.cache.parts import part_lines
from pytest_afake.cli.cache.place import reading, store_path
from pytest_afake.cli.cache.words import mark, moment
from pytest_afake.cli.command import FINE, say
from pytest_afake.cli.foreign import printable
from pytest_afake.cli.table import aligned
from pytest_afake.errors import StoreError, UsageError
from pytest_afake.store import Entry, Store, answer_to_json, checked_entry, model_of
from pytest_afake.text import one_line

_MOST_NAMED = 5


def run(options: Namespace) -> int:
    path = store_path(options)
    with reading(path) as store:
        key, entry = _found(path, store, options.key)
        if options.against is None:
            say(_lines(path, key, entry, full=options.full))
        else:
            other_key, other = _found(path, store, options.against)
            say(difference_lines((key, entry.request), (other_key, other.request)))
    return FINE


def _found(path: Path, store: Store, begin: str) -> tuple[str, Entry]:
    key = _whole_key(path, store, begin)
    value = store.get(key)
    if value is None:
        raise StoreError(f"{path}: holds no answer under {key}")
    try:
        return key, checked_entry(key, value)
    except StoreError as error:
        raise StoreError(f"{path}: row {key}: {error}") from None


def _whole_key(path: Path, store: Store, begin: str) -> str:
    if len(begin) == 64:
        return begin
    keys = sorted(key for key in store.keys() if key.startswith(begin))  # noqa: SIM118 - no dict
    if not keys:
        raise StoreError(f"{path}: holds no answer under a key that begins with {begin}")
    if len(keys) > 1:
        named = ", ".join(key[: len(begin) + 6] for key in keys[:_MOST_NAMED])
        more = ", ..." if len(keys) > _MOST_NAMED else ""
        raise UsageError(f"{begin}: {len(keys)} keys begin with it: {named}{more}")
    return keys[0]


def _lines(path: Path, key: str, entry: Entry, *, full: bool) -> Iterator[str]:
    model = model_of(entry.request)
    simulated = mark(model) or mark(entry.answer.served_model or "")
    yield from aligned(
        [
            ("key", key),
            ("store", one_line(str(path))),
            ("checksum", "matches; the key is the SHA-256 of the request below"),
            ("stored at", f"{moment(entry.stored_at)} UTC"),
            ("model", f"{printable(model)}{simulated}"),
        ]
    )
    yield "request"
    yield from part_lines(entry.request, full=full)
    yield "answer"
    yield from part_lines(answer_to_json(entry.answer), full=full, null="unknown")
