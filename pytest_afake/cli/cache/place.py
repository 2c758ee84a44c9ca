"""Which store a command works on."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pytest_afake.errors import StoreError
from pytest_afake.settings.outside import given_outside_pytest
from pytest_afake.settings.settings import resolve_store
from pytest_afake.store import Store, open_read_only


def store_path(options: Namespace) -> Path:
    """``--store``, or where a run of pytest in this folder keeps its answers."""
    chosen: Path | None = options.store
    return chosen or resolve_store(given_outside_pytest(Path.cwd(), os.environ))


def existing(path: Path) -> Path:
    """``path``, if there is anything. Raises StoreError if not."""
    if not path.exists():
        raise StoreError(f"{path}: there is no store or cassette")
    return path


@contextmanager
def reading(path: Path) -> Iterator[Store]:
    """The store or cassette there, in which nothing is changed."""
    with closing(open_read_only(existing(path))) as store:
        yield store
