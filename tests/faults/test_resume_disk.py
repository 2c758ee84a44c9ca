"""Disks that are full, slow or not to be written: no answer is bought that cannot be kept."""

from __future__ import annotations

import sqlite3
import time

from runs import TWO_GAPS, Conditions, Project, figures

CONCURRENCY = 6
RUN = (
    *("--model", "faker", "--afake-max-pairs", "60", "--afake-limit", "0.5"),
    *("--afake-concurrency", str(CONCURRENCY)),
)
REQUESTS = 2 * 2 * 60
FULL_AT = 400_000  # bytes; a whole run takes more than a megabyte


def test_a_full_disk_ends_the_buying_and_keeps_what_was_bought(project: Project) -> None:
    project.write(test_it=TWO_GAPS)
    server = project.server
    session = project.run(*RUN, conditions=Conditions(file_size=FULL_AT))
    sent, kept = len(server), project.stored()
    assert session.status not in (0, 2, 3)
    assert 0 < kept < sent < REQUESTS
    assert sent - kept < 2 * CONCURRENCY, "lost: under way, or on the way to the disk"
    said = [line for line in session.lines if line.startswith("StoreError: ")]
    assert len(said) == 2, "one line for each test, and no traceback"
    assert all(f"{project.folder / 'store'}: row " in line for line in said)
    assert "Traceback" not in session.text
    assert session.results["run"]["complete"] is False
    again = project.run(*RUN)
    assert len(server) - sent == REQUESTS - kept
    assert again.results["run"]["complete"] is True


def test_while_the_disk_is_busy_little_is_bought(project: Project) -> None:
    """Answers that are not yet on the disk can be lost, so there must never be many of them."""
    project.write(test_it=TWO_GAPS)
    server = project.server
    run = project.start(*RUN)
    server.wait_for(5)
    other = sqlite3.connect(project.folder / "store" / "cache.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")  # as another process that writes, and takes its time
    kept = project.stored()
    time.sleep(1.0)
    assert len(server) - kept < 2 * CONCURRENCY, "under way, or on the way to the disk"
    other.rollback()
    other.close()
    assert run.wait().results["run"]["complete"] is True
    assert project.stored() == len(server) == REQUESTS


def test_a_store_that_cannot_be_written_buys_nothing_and_can_be_replayed(
    project: Project,
) -> None:
    project.write(test_it=TWO_GAPS)
    first = project.run(*RUN)
    store, bought = project.folder / "store", len(project.server)
    for path in (*store.rglob("*"), store):
        path.chmod(0o500 if path.is_dir() else 0o400)
    refused = project.run(*RUN, conditions=Conditions(bound=True))
    assert refused.status == 4
    (line,) = [line for line in refused.lines if line.strip()]
    assert line.startswith(f"ERROR: {store}: ")
    replayed = project.run(*RUN, "--afake-replay", conditions=Conditions(bound=True))
    assert replayed.status == first.status
    assert figures(replayed) == figures(first)
    assert len(project.server) == bought
