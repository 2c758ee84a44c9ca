"""What ``pytest_afake`` offers: every public name resolves, and nothing heavy comes with it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pytest_afake
from pytest_afake import helpful_only
from pytest_afake.scenario import Perturbation, Scenario, shipped_perturbations, shipped_scenarios
from pytest_afake.scenario.groups import MOTIVES, shipped_groups
from pytest_afake.scenario.load import read_perturbations

PACKAGE = Path(pytest_afake.__file__).parent
FILES = sorted((PACKAGE.parent / "fixtures" / "perturbations").glob("*.toml"))


@pytest.mark.parametrize("name", dir(pytest_afake))
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(pytest_afake, name) is not None


def test_all_that_is_shipped_is_offered() -> None:
    names: dict[str, object] = {}
    exec("from pytest_afake import *", names)  # noqa: S102 - what a user may write
    for name in shipped_scenarios():
        assert isinstance(names[name], Scenario)
    for name in shipped_perturbations():
        assert names[name] is shipped_perturbations()[name]
    assert {*names, "__version__"} - {"__builtins__"} == set(dir(pytest_afake))


def test_no_name_hides_another() -> None:
    """A submodule would, once it is imported; and the edit of a later file."""
    edits = [edit.name for path in FILES for edit in read_perturbations(path)]
    modules = [path.stem for path in PACKAGE.iterdir()]
    names = [*edits, *shipped_groups(), *shipped_scenarios(), *modules]
    assert not {name for name in names if names.count(name) > 1}


def test_a_group_is_a_file_or_what_its_members_are() -> None:
    for path in FILES:
        if path.stem not in ("deployments", "motives", "paraphrases"):
            members = [edit.name for edit in shipped_groups()[path.stem]]
            assert members == [edit.name for edit in read_perturbations(path)]
    assert len(pytest_afake.paraphrases) == 8
    assert {str(each) for each in pytest_afake.animal_paraphrases} == {
        "farm_memo",
        "farm_letter",
        "farm_technical",
    }


def test_the_motives_are_edits_of_helpful_only_in_the_order_of_the_hypotheses() -> None:
    motives = shipped_groups().get("motives", ())
    assert len(helpful_only.perturbed(*motives)) == len(motives)
    first = [next(each for each in MOTIVES if each in edit.serves) for edit in motives]
    assert first == sorted(first)


def test_what_type_checkers_are_told_is_what_there_is() -> None:
    """What is not declared is taken to be a perturbation."""
    declared = {
        node.target.id: ast.unparse(node.annotation)
        for node in ast.walk(ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert declared
    for name in shipped_scenarios():
        assert declared.get(name) == "Scenario"
    for name in shipped_groups():
        assert declared.get(name) == "tuple[Perturbation, ...]"
    assert not set(declared) & set(shipped_perturbations())
    assert isinstance(pytest_afake.criteria_cut, Perturbation)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = pytest_afake.no_such_name
    with pytest.raises(AttributeError, match=r"'crit_cut': did you mean criteria_cut\?"):
        _ = pytest_afake.crit_cut
    assert not hasattr(pytest_afake, "crit_cut")


@pytest.mark.parametrize(
    "name", ["pytest_afake", *(f"pytest_afake.{n}" for n in ("scenario", "experiment"))]
)
def test_importing_needs_neither_pytest_nor_a_heavy_library(name: str) -> None:
    heavy = ["litellm", "openai", "scipy", "numpy", "hypothesis", "rich", "diskcache", "aiohttp"]
    program = f"import sys, {name}; print([m for m in {['pytest', *heavy]} if m in sys.modules])"
    assert printed(program) == "[]"


def test_files_are_read_for_a_name_and_not_for_the_package() -> None:
    modules = "print([m for m in ('pytest', 'tomllib', 'litellm') if m in sys.modules])"
    assert printed(f"import sys, pytest_afake; {modules}") == "[]"
    assert printed(f"import sys; from pytest_afake import criteria_cut; {modules}") == "['tomllib']"


def printed(program: str) -> str:
    command = [sys.executable, "-c", program]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return found.stdout.strip()
