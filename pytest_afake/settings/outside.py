"""What the user chose, for a command that runs outside of pytest: the same project, the same files.

pytest takes as its rootdir the nearest folder, from the working directory upwards, with a file that
configures it; where there is none, the nearest with a pyproject.toml; then with a setup.py
(https://docs.pytest.org/en/stable/reference/customize.html). A command that looked elsewhere would
speak of another store than the run before it. What ``pytest`` is told by its own flags
(``--rootdir``, ``-c``, ``-o``) cannot be known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from configparser import Error as IniError
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

from pytest_afake.errors import UsageError
from pytest_afake.settings.files import read_toml
from pytest_afake.settings.options import OPTIONS
from pytest_afake.settings.settings import Given

# The files that may configure pytest, in its order, with the section of those in ini format.
_FILES = {
    "pytest.toml": "",
    ".pytest.toml": "",
    "pytest.ini": "pytest",
    ".pytest.ini": "pytest",
    "pyproject.toml": "",
    "tox.ini": "pytest",
    "setup.cfg": "tool:pytest",
}
_MARKS = ("pyproject.toml", "setup.py", "afake.toml")


def given_outside_pytest(cwd: Path, env: Mapping[str, str]) -> Given:
    """What the environment and pytest's ini file say. Raises UsageError for a file that is broken.

    ``cwd`` is absolute.
    """
    rootdir, ini = _project(cwd)
    return Given(
        flags={},
        env=env,
        ini={option.name: ini.get(option.ini) for option in OPTIONS},
        rootdir=rootdir,
        cwd=cwd,
    )


def _project(cwd: Path) -> tuple[Path, Mapping[str, Any]]:
    folders = (cwd, *cwd.parents)
    for folder in folders:
        for path in (folder / name for name in _FILES):
            if path.is_file() and (ini := _ini(path)) is not None:
                return folder, ini
    marked = (folder for mark in _MARKS for folder in folders if (folder / mark).is_file())
    return next(marked, cwd), {}


def _ini(path: Path) -> Mapping[str, Any] | None:
    """What a file tells pytest; None if it is about something else."""
    if path.name == "pyproject.toml":
        table = _table(read_toml(path), "tool", "pytest") or {}
        native = {key: value for key, value in table.items() if key != "ini_options"}
        return native or _table(table, "ini_options")
    found = _table(read_toml(path), "pytest") if path.suffix == ".toml" else _section(path)
    # A file of pytest's own configures it even if it is empty.
    return {} if found is None and "pytest" in path.stem else found


def _table(document: object, *names: str) -> Mapping[str, Any] | None:
    for name in names:
        document = document.get(name) if isinstance(document, Mapping) else None
    return document if isinstance(document, Mapping) else None


def _section(path: Path) -> Mapping[str, Any] | None:
    parser = RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except (IniError, OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}".replace("\n", " ")) from None
    section = _FILES[path.name]
    return dict(parser[section]) if parser.has_section(section) else None
