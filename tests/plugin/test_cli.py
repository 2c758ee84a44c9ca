"""A user's session with ``afake``: beside runs of pytest, in a shell, interrupted and cut short."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sessions import User
from store_folders import filled, stored

AFAKE = (sys.executable, "-m", "pytest_afake.cli")
ASKING = "def test_ask(model):\n    assert model.ask('hello').text\n"
HEAVY = ["sqlite3", "diskcache", "litellm", "rich", "hypothesis", "aiohttp", "pytest", "tomllib"]


@pytest.fixture(autouse=True)
def no_store_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFAKE_STORE", raising=False)


def afake(folder: Path, *arguments: str, expected: int = 0) -> str:
    """What the command prints, in a folder; it ends with the expected status, in words of ours."""
    command = [*AFAKE, *arguments]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    printed = ran.stdout + ran.stderr
    assert ran.returncode == expected, printed
    assert "Traceback" not in printed
    return printed


def ask(folder: Path, *arguments: str) -> None:
    """One run of pytest that stores one answer."""
    quiet = ("-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    command = [sys.executable, "-m", "pytest", *quiet, "--model", "sim/honest", *arguments]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)


PROJECTS = {
    "nothing configured": ("", "", ".afake/store"),
    "pytest.ini": ("pytest.ini", "[pytest]\nafake_store = ini/store\n", "ini/store"),
    "tool.afake": ("pyproject.toml", "[tool.afake]\nstore = 'toml/store'\n", "toml/store"),
}


@pytest.mark.parametrize("project", PROJECTS)
def test_it_finds_the_store_of_the_run_before(user: User, project: str) -> None:
    name, text, store = PROJECTS[project]
    user.write({"suite/test_ask.py": ASKING} | ({name: text} if name else {}))
    folder = user.folder / "suite" if name else user.folder
    ask(folder, "." if name else "suite")
    printed = afake(folder, "cache", "stats")
    assert printed.startswith(f"{user.folder / store}: 1 answer, ")
    assert "sim/honest SIMULATED" in printed


def test_answers_travel_in_a_cassette_and_are_replayed(user: User) -> None:
    folder = user.write({"test_ask.py": ASKING}).folder
    ask(folder)
    afake(folder, "cache", "export", "answers.jsonl")
    shutil.rmtree(folder / ".afake")
    assert "1 answer added, 0 known" in afake(folder, "cache", "import", "answers.jsonl")
    afake(folder, "cache", "verify")
    ask(folder, "--afake-replay")


def test_the_environment_names_the_store(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(user.folder / "elsewhere", dict([stored(0)]))
    monkeypatch.setenv("AFAKE_STORE", "elsewhere")
    assert afake(user.folder, "cache", "verify") == f"{user.folder}/elsewhere: 1 row, all whole\n"


def test_a_broken_configuration_is_one_line_with_status_2(user: User) -> None:
    user.write({"afake.toml": "stor = 'x'"})
    printed = afake(user.folder, "cache", "stats", expected=2)
    assert printed.count("\n") == 1
    assert "stor is not a known key" in printed


def test_help_and_version_import_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from pytest_afake.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        f"finally: print('HEAVY', [name for name in {HEAVY} if name in sys.modules])\n"
    )
    for arguments in (
        ["--help"],
        ["--version"],
        ["cache", "--help"],
        ["cache", "import", "--help"],
        ["scenarios", "show", "--help"],
    ):
        command = [sys.executable, "-c", program, *arguments]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert ran.stdout.endswith("HEAVY []\n")


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    key, value = stored(0, "line\n" * 100_000)
    store = filled(tmp_path / "store", {key: value})
    command = [*AFAKE, "cache", "explain", key, "--full", "--store", str(store)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE


def test_an_interrupt_is_no_traceback(tmp_path: Path) -> None:
    cassette = tmp_path / "cassette"
    os.mkfifo(cassette)  # so that the import waits for its first line
    command = [*AFAKE, "cache", "import", str(cassette), "--store", str(tmp_path / "store")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        with cassette.open("w"):  # returns when the other end is open
            process.send_signal(signal.SIGINT)
            process.wait()
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGINT


def test_a_terminal_that_cannot_show_a_text_gets_it_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    key, value = stored(0, "ä漢")
    store = filled(tmp_path / "störe", {key: value})
    assert r"\xe4\u6f22" in afake(tmp_path, "cache", "explain", key, "--store", str(store))
    afake(tmp_path, "cache", "stats", "--store", str(store))


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", dict([stored(0)]))
    command = [*AFAKE, "cache", "stats", "--store", str(store)]
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.count("\n") == 1
    assert "No space left on device" in ran.stderr
