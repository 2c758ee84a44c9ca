"""``afake cache stats``: what a store holds, model by model."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pytest_afake.cli.cache.place import reading, store_path
from pytest_afake.cli.cache.words import mark, moment
from pytest_afake.cli.command import FINE, TROUBLE, say
from pytest_afake.cli.table import aligned
from pytest_afake.reporting.wording import money
from pytest_afake.store import ModelStats, Stats, stats
from pytest_afake.text import count, one_line

_HEADINGS = ("model", "answers", "cost", "first (UTC)", "last (UTC)")


def run(options: Namespace) -> int:
    path = store_path(options)
    with reading(path) as store:
        found = stats(store)
    say(_lines(path, found))
    return TROUBLE if found.unreadable else FINE


def _lines(path: Path, found: Stats) -> Iterator[str]:
    size = "" if found.size_bytes is None else f", {_size(found.size_bytes)}"
    yield f"{one_line(str(path))}: {count(found.answers, 'answer')}{size}"
    if found.models:
        rows = [_row(name, each) for name, each in found.models.items()]
        yield from aligned([_HEADINGS, *rows, _total(found)], right=(1, 2))
    if found.unreadable:
        yield f"{count(found.unreadable, 'row')} cannot be read; run: afake cache verify"


def _row(name: str, each: ModelStats) -> tuple[str, ...]:
    figures = str(each.answers), _cost(each.cost_usd, each.answers, each.unpriced)
    return f"{one_line(name, 60)}{mark(name)}", *figures, _minute(each.first), _minute(each.last)


def _total(found: Stats) -> tuple[str, ...]:
    models = found.models.values()
    cost, unpriced = sum(each.cost_usd for each in models), sum(each.unpriced for each in models)
    return "total", str(found.answers), _cost(cost, found.answers, unpriced), "", ""


def _cost(known_usd: float, answers: int, unpriced: int) -> str:
    """What is known of the cost; what is not is said, never counted as nothing."""
    if not unpriced:
        return money(known_usd)
    unknown = f"{unpriced} of unknown cost"
    return unknown if unpriced == answers else f"{money(known_usd)} and {unknown}"


def _minute(at: datetime) -> str:
    return moment(at)[:16]


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.1f} kB"
