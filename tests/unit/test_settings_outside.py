"""Outside of pytest, the same project and the same store as inside of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_afake.errors import UsageError
from pytest_afake.settings.outside import given_outside_pytest
from pytest_afake.settings.settings import resolve_settings, resolve_store


@pytest.fixture
def sub(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "project" / "sub"
    folder.mkdir(parents=True)
    return folder


def rootdir(cwd: Path) -> Path:
    return given_outside_pytest(cwd, {}).rootdir


@pytest.mark.parametrize("name", ["pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"])
def test_a_file_of_pytests_own_marks_the_project_even_when_empty(sub: Path, name: str) -> None:
    (sub.parent / name).touch()
    (sub / "pyproject.toml").write_text("[project]\n")
    assert rootdir(sub) == sub.parent


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\n", True),
        ("pyproject.toml", "[tool.pytest]\nminversion = '9'\n", True),
        ("pyproject.toml", "[tool.other]\n", False),
        ("pyproject.toml", "tool = 3\n", False),
        ("tox.ini", "[pytest]\n", True),
        ("tox.ini", "[tox]\n", False),
        ("setup.cfg", "[tool:pytest]\n", True),
        ("setup.cfg", "[metadata]\n", False),
    ],
)
def test_a_shared_file_marks_it_if_it_configures_pytest(
    sub: Path, name: str, text: str, counts: bool
) -> None:
    (sub.parent / name).write_text(text)
    (sub / "pyproject.toml").write_text("[project]\n")
    assert rootdir(sub) == (sub.parent if counts else sub)


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.py", "afake.toml"])
def test_without_one_the_nearest_project_file_marks_it(sub: Path, name: str) -> None:
    for folder in (sub.parent, sub.parent.parent):
        (folder / name).touch()
    assert rootdir(sub) == sub.parent


def test_a_folder_without_a_project_is_its_own(sub: Path) -> None:
    assert rootdir(sub) == sub


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", "[pytest]\nafake_store = kept\naddopts =\n    -ra\n    --strict\n"),
        ("setup.cfg", "[tool:pytest]\nafake_store = kept\n[other]\nx = %(nothing)s\n"),
        ("pytest.toml", "[pytest]\nafake_store = 'kept'\n"),
        ("pyproject.toml", "[tool.pytest]\nafake_store = 'kept'\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\nafake_store = 'kept'\n"),
        ("pyproject.toml", "[tool.afake]\nstore = 'kept'\n"),
        ("afake.toml", "store = 'kept'\n"),
    ],
)
def test_the_store_is_found_wherever_it_is_configured(sub: Path, name: str, text: str) -> None:
    (sub.parent / name).write_text(text)
    assert resolve_store(given_outside_pytest(sub, {})) == sub.parent / "kept"
    assert resolve_store(given_outside_pytest(sub, {"AFAKE_STORE": "mine"})) == sub / "mine"


@pytest.mark.parametrize("text", ["", "store = 'kept'", "store = '/some/where'"])
def test_the_store_alone_is_resolved_as_all_settings_are(sub: Path, text: str) -> None:
    (sub.parent / "afake.toml").write_text(text)
    given = given_outside_pytest(sub, {})
    assert resolve_store(given) == resolve_settings(given).store


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("afake.toml", "stor = 'x'", "stor is not a known key"),
        ("afake.toml", "store = 3", "store = 3: must be text that is not empty"),
        ("pytest.ini", "no section", "pytest.ini: cannot be read"),
        ("pyproject.toml", "[tool", "pyproject.toml: cannot be read"),
    ],
)
def test_a_broken_file_is_one_line_and_no_other_store(
    sub: Path, name: str, text: str, message: str
) -> None:
    (sub.parent / name).write_text(text)
    with pytest.raises(UsageError) as caught:
        resolve_store(given_outside_pytest(sub, {}))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
