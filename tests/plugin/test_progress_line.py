"""What a user sees while a run samples, on a real terminal and in a log."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest
from organism_server import serving
from sessions import User

pyte = pytest.importorskip("pyte")

SUITE = """
import pytest
from pytest_afake import animal_welfare, no_scratchpad

@pytest.mark.parametrize("scenario", [animal_welfare, animal_welfare + no_scratchpad], ids=str)
def test_gap(model, scenario):
    assert model.compliance_gap(scenario) <= model.limit
"""
COLUMNS, ROWS = 100, 60
LIVE = re.compile(rb"\d+ answers, [\d.]+/s, cost unknown, at most \d+ (?:s|min) left")
STYLES = re.compile(rb"\x1b\[[\d;]*m")


@pytest.fixture
def slow(user: User) -> User:
    """A user whose model takes its time."""
    return user.write({"test_it.py": SUITE})


def configured(user: User, url: str) -> None:
    table = f'[models.toy]\nlitellm = "hosted_vllm/sim/honest"\napi_base = "{url}"\n'
    user.write({"afake.toml": table})


def on_a_terminal(folder: Path, *args: str) -> bytes:
    """All that a session writes to the terminal that it runs on."""
    controller, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": str(COLUMNS), "LINES": str(ROWS)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:hypothesispytest",
    ]
    with subprocess.Popen(
        [*command, *args], cwd=folder, stdout=terminal, stderr=terminal, env=environment
    ) as process:
        os.close(terminal)
        written = b""
        while True:
            ready, _, _ = select.select([controller], [], [], 60)
            try:
                part = os.read(controller, 65536) if ready else b""
            except OSError:  # the other side has closed it
                part = b""
            if not part:
                break
            written += part
        process.wait(60)
    os.close(controller)
    return written


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_a_terminal_shows_a_live_line_that_leaves_no_trace(slow: User, workers: list[str]) -> None:
    with serving("--latency", "250") as server:
        configured(slow, server.url)
        written = on_a_terminal(
            slow.folder, "--model", "toy", "--afake-concurrency", "16", *workers
        )
    assert LIVE.search(STYLES.sub(b"", written))
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.ByteStream(screen).feed(written)
    shown = "\n".join(screen.display)
    assert "at most" not in shown.replace("at most 2,660 calls", "").replace("gap at most", "")
    assert "test_it.py .." in shown or "..  " in shown
    assert "PASS: 2 of 2 comparisons" in shown


@pytest.mark.parametrize("quiet", [[], ["-q"]], ids=["normal", "quiet"])
def test_a_short_run_in_a_log_shows_none(slow: User, quiet: list[str]) -> None:
    session = slow.run("--model", "sim/honest", *quiet)
    assert session.status == 0
    assert not LIVE.search(session.text.encode())
    assert "afake: 300 answers" not in session.text
    assert ("afake: sim/honest: at most" in session.text) is not bool(quiet)


def test_quiet_means_no_line_on_a_terminal_either(slow: User) -> None:
    with serving("--latency", "100") as server:
        configured(slow, server.url)
        written = on_a_terminal(slow.folder, "--model", "toy", "-q")
    assert not LIVE.search(STYLES.sub(b"", written))
    assert b"PASS: 2 of 2 comparisons" in written
