"""``docs/catalogue.md`` is what its command prints, and names nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from afake_command import Afake
from docs.pages import PAGES
from docs.readme import README
from docs.test_readme import shown_in_order

from pytest_afake.cli.main import COMMANDS
from pytest_afake.experiment import Model
from pytest_afake.scenario import shipped_perturbations, shipped_scenarios
from pytest_afake.scenario.notation import scenario_named
from pytest_afake.scenario.study import Row, shipped_study
from pytest_afake.settings.options import OPTIONS

TEXT = (PAGES / "catalogue.md").read_text(encoding="utf-8")
ROWS = shipped_study().rows
PROGRAMS = [command.__name__.rpartition(".")[2] for command in COMMANDS]
FLAGS = {flag for option in OPTIONS for flag in option.flags}


@pytest.fixture
def afake(capsys: pytest.CaptureFixture[str]) -> Afake:
    return Afake(capsys)


def test_the_page_is_what_the_command_prints(afake: Afake) -> None:
    ran = afake("scenarios", "catalogue")
    assert (ran.status, ran.err) == (0, [])
    said = "run `python -m pytest_afake.cli scenarios catalogue > docs/catalogue.md`"
    assert ran.out == TEXT.splitlines(), said


def test_no_shipped_fixture_is_missing() -> None:
    sections = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))
    assert set(sections) == {*shipped_scenarios(), *shipped_perturbations()}
    for name in shipped_perturbations():
        edits = re.search(r"^- edits: (.+)$", sections[name], re.MULTILINE)
        assert edits, f"{name} edits nothing that the page can tell"
        assert re.search(r"^- fits: `", sections[name], re.MULTILINE), f"{name} fits nothing"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.study)
def test_a_row_names_what_exists(row: Row) -> None:
    for name in row.scenarios:
        assert str(scenario_named(name)) == name
    assert set(row.edits) <= set(shipped_perturbations())
    for name in row.suites:
        assert list((Path(README.parent) / "suites" / name).glob("test_*.py"))
    for name in row.measures:
        assert callable(getattr(Model, name))
    for command in row.commands:
        program, first, *_ = command.split()
        assert program == "pytest" or (program == "afake" and first in PROGRAMS)
        if program == "pytest":
            assert set(re.findall(r"--[\w-]+", command)) <= FLAGS


def test_the_readme_shows_what_diff_prints(afake: Afake) -> None:
    block = re.search(
        r"```text\n\$ afake (scenarios diff .+?)\n(.*?)```", README.read_text("utf-8"), re.DOTALL
    )
    assert block
    shown = tuple(block[2].splitlines())
    assert len(shown) > 5
    assert shown_in_order(shown, afake(*block[1].split()).out) is None
