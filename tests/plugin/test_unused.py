"""Installed and unused: an unrelated test suite does not notice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sessions import User

# Modules that the plugin may bring into a run that does not use it: few, small, its own.
OWN = {
    "pytest_afake",
    "pytest_afake.plugin",
    "pytest_afake.plugin.options",
    "pytest_afake.plugin.parametrize",
    "pytest_afake.plugin.start",
    "pytest_afake.settings",
    "pytest_afake.settings.options",
    "pytest_afake.settings.parsing",
}

PRINT_MODULES = """
import sys
def pytest_unconfigure():
    print("\\nMODULES", *sorted(sys.modules))
"""


def run_plainly(folder: Path, *args: str) -> str:
    """Run pytest without pytester, which writes files of its own."""
    quiet = ("-s", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    command = [sys.executable, "-m", "pytest", *quiet, *args]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return found.stdout


def modules(folder: Path, *args: str) -> set[str]:
    printed = run_plainly(folder, *args).splitlines()
    (line,) = [line for line in printed if line.startswith("MODULES")]
    return set(line.split()[1:])


@pytest.fixture
def stranger(user: User) -> User:
    """A project that has never heard of us."""
    return user.write(
        {
            "test_plain.py": "def test_plain(): pass",
            "conftest.py": PRINT_MODULES,
            "pytest.ini": "[pytest]",
        }
    )


def test_nothing_is_imported_but_the_table_of_options(stranger: User) -> None:
    brought = modules(stranger.folder) - modules(stranger.folder, "-p", "no:afake")
    assert "pytest_afake.plugin" in brought, "the plugin is installed"
    ours = {name for name in brought if name.startswith("pytest_afake")}
    assert ours <= OWN
    heavy = {
        "litellm",
        "scipy",
        "numpy",
        "hypothesis",
        "rich",
        "diskcache",
        "aiohttp",
        "asyncio",
        "sqlite3",
    }
    assert not brought & heavy
    assert len(brought - ours) <= 3, brought - ours


def test_nothing_is_written(stranger: User) -> None:
    before = {path.name for path in stranger.folder.rglob("*")}
    run_plainly(stranger.folder)
    after = {path.name for path in stranger.folder.rglob("*") if path.suffix != ".pyc"}
    assert after - before <= {"__pycache__"}


def test_no_line_is_printed(stranger: User) -> None:
    text = stranger.run().text.replace("plugins: afake-", "plugins: ")
    assert "afake:" not in text
    assert "VERDICT" not in text


OTHERS = {
    "a fixture of the same name": """
import pytest
@pytest.fixture
def model(): return 42
def test_it(model): assert model == 42
""",
    "a parameter of the same name": """
import pytest
@pytest.mark.parametrize("model", [1, 2])
def test_it(model): assert model in (1, 2)
""",
    "two parameters": """
import pytest
@pytest.mark.parametrize(("model", "x"), [(1, 2)])
def test_it(model, x): assert model < x
""",
}


@pytest.mark.parametrize("suite", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(("args", "status"), [([], 0), (["--model", "sim/honest"], 6)])
def test_a_model_of_somebody_elses_stays_theirs(
    user: User, suite: str, args: list[str], status: int
) -> None:
    session = user.write({"test_it.py": suite}).run(*args)
    assert "failed" not in session.text
    assert session.status == status, "to name a model and to measure none is no success"


def test_a_parameter_from_a_conftest_stays_theirs(user: User) -> None:
    user.write(
        {
            "conftest.py": "def pytest_generate_tests(metafunc):\n"
            "    if 'model' in metafunc.fixturenames: metafunc.parametrize('model', [7])\n",
            "test_it.py": "def test_it(model): assert model == 7",
        }
    )
    assert user.run().status == 0
