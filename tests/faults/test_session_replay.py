"""Replay: an earlier run's figures, without a call, a key, a network or a change on the disk."""

from __future__ import annotations

import re
from pathlib import Path

from runs import TWO_GAPS, Project, figures
from sessions import Session

from pytest_afake.store import open_read_only, write_cassette

RUN = ("--model", "faker", "--afake-max-pairs", "30", "--afake-limit", "0.5")
REQUESTS = 2 * 2 * 30

WATCH = """
import sys

used = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind"):
        used.append(event)

sys.addaudithook(watch)

def pytest_unconfigure():
    print("\\nIMPORTED litellm:", "litellm" in sys.modules)
    print("SOCKETS used:", used)
"""


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder: its bytes, and when it was changed."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_offline(session: Session) -> None:
    assert "IMPORTED litellm: False" in session.text
    assert "SOCKETS used: []" in session.text
    assert all(item["calls"]["live"] == 0 for item in session.comparisons)


def recorded(project: Project) -> Session:
    """A first run over the wire, and a cassette of its answers."""
    project.write(test_it=TWO_GAPS, conftest=WATCH)
    session = project.run(*RUN)
    assert len(project.server) == REQUESTS
    store = open_read_only(project.folder / "store")
    assert write_cassette(project.folder / "cassette.jsonl", store) == REQUESTS
    store.close()
    return session


def test_a_full_store_is_replayed_offline_and_left_as_it_is(project: Project) -> None:
    first = recorded(project)
    before = files(project.folder / "store")
    replayed = project.run(*RUN, "--afake-replay", fresh=True)
    assert_offline(replayed)
    assert figures(replayed) == figures(first)
    assert replayed.status == first.status
    assert len(project.server) == REQUESTS
    assert files(project.folder / "store") == before


def test_a_cassette_is_replayed_with_no_store_as_often_as_one_likes(project: Project) -> None:
    first = recorded(project)
    cassette = ("--afake-read", "cassette.jsonl", "--afake-store", "nowhere")
    for _ in range(2):
        replayed = project.run(*RUN, *cassette, "--afake-replay", fresh=True)
        assert_offline(replayed)
        assert figures(replayed) == figures(first)
    assert len(project.server) == REQUESTS
    live = project.run(*RUN, *cassette)
    assert figures(live) == figures(first)
    assert len(project.server) == REQUESTS, "the cassette answers a run that may call, too"
    assert project.stored("nowhere") == 0, "and is not copied"


def test_a_missing_answer_is_an_error_that_says_what_differs(project: Project) -> None:
    recorded(project)
    project.configure(temperature=0.7)
    session = project.run(*RUN, "--afake-replay", fresh=True)
    assert session.status not in (0, 2, 3)
    said = re.findall(r"^ReplayMiss: replay: no stored answer to .*", session.text, re.M)
    assert len(said) == 2, "one line for each test"
    assert all(line.endswith("differs in sampling.temperature") for line in said)
    assert "Traceback" not in session.text
    assert session.results["run"]["complete"] is False
    assert len(project.server) == REQUESTS


def test_the_answers_of_a_lower_store_are_used_and_neither_copied_nor_changed(
    project: Project,
) -> None:
    project.write(test_it=TWO_GAPS)
    server = project.server
    small = ("--model", "faker", "--afake-limit", "0.5", "--afake-max-pairs", "15")
    project.run(*small, "--afake-store", "lower")
    before, shared = files(project.folder / "lower"), len(server)
    both = project.run(*RUN, "--afake-read", "lower", "--afake-store", "upper")
    assert len(server) == REQUESTS
    assert project.stored("upper") == REQUESTS - shared
    assert files(project.folder / "lower") == before
    alone = project.run(*RUN, "--afake-store", "alone")
    assert figures(both) == figures(alone)
