"""A store that was damaged between two runs: said aloud, and only what is lost is asked again."""

from __future__ import annotations

import pickle
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from runs import TWO_GAPS, Project, figures

RUN = ("--model", "faker", "--afake-max-pairs", "30", "--afake-limit", "0.5")
REQUESTS = 2 * 2 * 30


def garbage_at_the_start(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(b"garbage\n" * 12)


def cut_short(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("damage", [garbage_at_the_start, cut_short, emptied])
def test_a_damaged_database_is_set_aside_loudly_and_its_answers_are_saved(
    project: Project, damage: Callable[[Path], None]
) -> None:
    project.write(test_it=TWO_GAPS)
    server = project.server
    first = project.run(*RUN)
    damage(project.folder / "store" / "cache.db")
    again = project.run(*RUN, "-q")  # which does not silence it
    (saved,) = re.findall(r"^STORE DAMAGED: .* (\d+) answers? saved from it", again.text, re.M)
    assert len(server) == REQUESTS + (REQUESTS - int(saved))
    assert (int(saved) == 0) == (damage is emptied)
    assert figures(again) == figures(first)
    assert list(project.folder.glob("store/damaged-*/cache.db")), "nothing is thrown away"
    assert "STORE DAMAGED" not in project.run(*RUN).text
    assert project.stored() == REQUESTS


def test_a_page_of_garbage_is_an_error_and_no_miss(project: Project) -> None:
    """SQLite opens such a file, and finds out when it reads the row."""
    project.write(test_it=TWO_GAPS)
    project.run(*RUN)
    database = project.folder / "store" / "cache.db"
    with database.open("r+b") as opened:
        opened.seek(database.stat().st_size // 2 // 4096 * 4096)
        opened.write(bytes(8192))
    bought = len(project.server)
    session = project.run(*RUN)
    assert session.status not in (0, 2, 3)
    assert "afake cache verify" in session.text
    assert "Traceback" not in session.text
    assert session.results["run"]["complete"] is False
    assert len(project.server) == bought


def test_the_loud_line_is_seen_with_workers_too(project: Project) -> None:
    project.write(test_it=TWO_GAPS)
    organism = ("--model", "sim/faker", *RUN[2:])
    project.run(*organism)
    garbage_at_the_start(project.folder / "store" / "cache.db")
    session = project.run(*organism, "-n", "2", fresh=True)
    assert len(re.findall(r"^STORE DAMAGED: ", session.text, re.M)) == 1
    live = sum(item["calls"]["live"] for item in session.comparisons)
    (saved,) = re.findall(r"(\d+) answers saved", session.text)
    assert live == REQUESTS - int(saved)


class Hostile:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("open('HACKED', 'w')",)


def hostile_value(database: sqlite3.Connection) -> None:
    database.execute(
        "UPDATE Cache SET mode = 4, value = ? WHERE rowid = 10", (pickle.dumps(Hostile()),)
    )


def hostile_key(database: sqlite3.Connection) -> None:
    database.execute(
        "UPDATE Cache SET raw = 0, key = ? WHERE rowid = 10", (pickle.dumps(Hostile()),)
    )


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
@pytest.mark.parametrize("poison", [hostile_value, hostile_key])
def test_a_pickle_in_the_store_is_refused_and_reported_and_its_code_is_not_run(
    project: Project, poison: Callable[[sqlite3.Connection], None], workers: tuple[str, ...]
) -> None:
    project.write(test_it=TWO_GAPS)
    organism = ("--model", "sim/faker", *RUN[2:])
    project.run(*organism)
    database = sqlite3.connect(project.folder / "store" / "cache.db")
    with database:
        poison(database)
    database.close()
    session = project.run(*organism, *workers, fresh=bool(workers))
    assert session.status not in (0, 2, 3)
    assert f"{project.folder / 'store'}: row " in session.text
    assert "afake cache verify" in session.text
    assert "Traceback" not in session.text
    assert "INTERNALERROR" not in session.text
    assert session.results["run"]["complete"] is False
    assert not (project.folder / "HACKED").exists()
