"""The direction of imports, as ARCHITECTURE.md has it: no exceptions, no cycles."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "pytest_afake"

BASE = {"records", "errors", "resources", "text", "files"}
PURE = {"scenario", "queries", "statistics"}
CORE = {"models", "store", "organisms"}

# layer -> what it may import, beside itself
ALLOWED: dict[str, set[str]] = {
    "records": set(),
    "text": set(),
    "files": set(),
    "errors": {"records"},
    "resources": {"errors"},
    "statistics": {"errors", "records"},
    "queries": BASE,
    "scenario": BASE,
    "store": BASE,
    "models": BASE,
    "organisms": BASE | {"models"},
    "judging": BASE,
    "sampling": BASE | {"scenario", "store", "models", "judging"},
    "labelling": BASE | {"judging", "statistics"},
    "calibration": BASE | {"statistics"},
    "gating": BASE | {"scenario", "statistics", "calibration"},
    "baselines": BASE | {"gating", "statistics"},
    "settings": BASE | {"models"},
    "experiment": BASE | PURE | CORE | {"judging", "sampling", "gating", "settings", "calibration"},
    "reporting": BASE | {"gating", "scenario"},
    "selftest": BASE | {"judging", "scenario"},
    "cli": BASE
    | {"store", "settings", "reporting", "models", "labelling", "judging", "selftest"}
    | {"calibration", "experiment", "sampling", "statistics", "baselines", "queries", "scenario"},
    "plugin": BASE | {"experiment", "gating", "reporting", "scenario", "settings", "baselines"},
}

# third-party package -> the only files that may import it
AT_HOME: dict[str, set[str]] = {
    "pytest": {"plugin/"},
    "litellm": {"models/litellm_client.py"},
    "rich": {"reporting/"},
    "diskcache": {"store/"},
    "aiohttp": {"organisms/server.py"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def layer_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield str(node.module)
            if node.module == "pytest_afake":
                yield from (f"pytest_afake.{alias.name}" for alias in node.names)


def our_imports(path: Path) -> set[str]:
    return {
        name.split(".")[1]
        for name in imported(path)
        if name.startswith("pytest_afake.") and not name.endswith("__version__")
    }


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_layer_imports_only_what_stands_below_it(path: Path) -> None:
    layer = layer_of(path)
    if layer == "__init__":
        return  # the public names are resolved lazily, from wherever they live
    assert our_imports(path) - {layer} <= ALLOWED[layer]


def test_every_layer_has_a_rule_and_a_line_in_the_architecture() -> None:
    layers = {layer_of(path) for path in modules()} - {"__init__"}
    assert layers == set(ALLOWED)
    text = (PACKAGE.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert not [layer for layer in layers if f"`{layer}" not in text]


def test_the_rules_have_no_cycle() -> None:
    seen: list[str] = []
    left = dict(ALLOWED)
    while left:
        free = [layer for layer, below in left.items() if below <= set(seen)]
        assert free, f"a cycle among {sorted(left)}"
        seen += free
        left = {layer: below for layer, below in left.items() if layer not in free}


@pytest.mark.parametrize("library", AT_HOME)
def test_a_library_is_imported_in_one_place(library: str) -> None:
    users = {
        str(path.relative_to(PACKAGE))
        for path in modules()
        if any(name.split(".")[0] == library for name in imported(path))
    }
    homes = AT_HOME[library]
    assert users
    assert not [user for user in users if not any(user.startswith(home) for home in homes)]
