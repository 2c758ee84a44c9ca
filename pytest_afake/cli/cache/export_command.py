"""``afake cache export``: a store's answers in a cassette."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from pytest_afake.cli.cache.place import reading, store_path
from pytest_afake.cli.command import FINE, say
from pytest_afake.errors import StoreError, UsageError
from pytest_afake.store import Entry, Store, model_of, stats, write_cassette
from pytest_afake.text import count, one_line


def run(options: Namespace) -> int:
    path, file, globs = store_path(options), options.file, options.model
    if file.exists() and not options.force:
        raise UsageError(f"{file}: exists; replace it with --force")

    def wanted(entry: Entry) -> bool:
        return not globs or _matches(model_of(entry.request), globs)

    with reading(path) as store:
        _check_something_to_write(path, store, globs)
        written = write_cassette(file, store, wanted)
    say([f"{one_line(str(file))}: {count(written, 'answer')} of {one_line(str(path))}"])
    return FINE


def _check_something_to_write(path: Path, store: Store, globs: Sequence[str]) -> None:
    """An empty cassette, in the place of a full one perhaps, is never what was wanted."""
    if next(store.keys(), None) is None:
        raise StoreError(f"{path}: holds no answers")
    models = list(stats(store).models) if globs else []
    for glob in globs:
        if not any(fnmatchcase(model, glob) for model in models):
            names = ", ".join(one_line(model, 60) for model in models)
            raise UsageError(f"--model {glob!r}: no answer is of such a model (there are: {names})")


def _matches(model: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(model, glob) for glob in globs)
