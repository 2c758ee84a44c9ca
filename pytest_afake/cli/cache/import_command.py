"""``afake cache import``: the answers of a cassette, or of another store, into a store."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pytest_afake.cli.cache.place import existing, reading, store_path
from pytest_afake.cli.command import FINE, TROUBLE, say
from pytest_afake.store import DiskStore, Imported, import_cassette, write_cassette
from pytest_afake.text import count, one_line


def run(options: Namespace) -> int:
    path = store_path(options)
    with _as_cassette(existing(options.source)) as cassette, closing(DiskStore(path)) as store:
        sys.stderr.writelines(f"afake: {one_line(notice, 2000)}\n" for notice in store.notices)
        done = import_cassette(cassette, store)
    say([f"{one_line(str(path))}: {_words(done)}"])
    return TROUBLE if done.differing else FINE


@contextmanager
def _as_cassette(source: Path) -> Iterator[Path]:
    """A store becomes one first: then all of it is checked before anything is stored."""
    if not source.is_dir():
        yield source
        return
    with TemporaryDirectory(prefix="afake-") as folder:
        cassette = Path(folder) / "answers.jsonl"
        with reading(source) as store:
            write_cassette(cassette, store)
        yield cassette


def _words(done: Imported) -> str:
    words = f"{count(done.added, 'answer')} added, {done.known} known"
    if not done.differing:
        return words
    return f"{words}, {done.differing} differing from what is stored, which was kept"
