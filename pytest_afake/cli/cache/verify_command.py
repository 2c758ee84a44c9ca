"""``afake cache verify``: whether every row of a store is a whole answer."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from pytest_afake.cli.cache.place import existing, reading, store_path
from pytest_afake.cli.command import FINE, TROUBLE, say
from pytest_afake.errors import StoreError, UsageError
from pytest_afake.store import Report, set_bad_rows_aside, verify
from pytest_afake.text import count, one_line


def run(options: Namespace) -> int:
    path = existing(store_path(options))
    if path.is_dir():
        return _store_set_right(path) if options.set_aside else _store(path)
    if options.set_aside:
        raise UsageError(f"{path}: --set-aside works on a store's folder, not on a cassette")
    return _cassette(path)


def _store(path: Path) -> int:
    report = verify(path)
    say(_lines(path, report))
    return TROUBLE if report.bad or report.database else FINE


def _store_set_right(path: Path) -> int:
    """Status 1 if anything was set aside: those answers are to be paid for again."""
    try:
        say(_lines(path, verify(path)))
    except StoreError as error:
        say([one_line(str(error), 2000)])  # what cannot be listed may still be set aside
    done = set_bad_rows_aside(path)
    say([one_line(done.notice, 2000)])
    return FINE if done.folder is None else TROUBLE


def _cassette(path: Path) -> int:
    with reading(path) as store:  # opening one checks every line
        rows = sum(1 for _ in store.keys())  # noqa: SIM118 - a store is not a dict
    say([f"{one_line(str(path))}: {count(rows, 'row')}, all whole"])
    return FINE


def _lines(path: Path, report: Report) -> Iterator[str]:
    for row, reason in report.bad:
        yield f"{row if isinstance(row, str) else f'row {row}'}: {one_line(reason)}"
    yield from (f"cache.db: {one_line(reason)}" for reason in report.database)
    faults = [f"{len(report.bad)} bad"] if report.bad else []
    faults += ["the database is damaged"] if report.database else []
    yield f"{one_line(str(path))}: {count(report.rows, 'row')}, {', '.join(faults) or 'all whole'}"
