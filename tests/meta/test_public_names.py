"""What ``pytest_afake`` offers: every public name resolves, and nothing heavy comes with it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import pytest_afake


@pytest.mark.parametrize("name", pytest_afake.__all__)
def test_every_public_name_resolves(name: str) -> None:
    assert getattr(pytest_afake, name) is not None
    assert name in dir(pytest_afake)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = pytest_afake.no_such_name


@pytest.mark.parametrize(
    "name", ["pytest_afake", *(f"pytest_afake.{n}" for n in ("scenario", "experiment"))]
)
def test_importing_needs_neither_pytest_nor_a_heavy_library(name: str) -> None:
    heavy = ["litellm", "openai", "scipy", "numpy", "hypothesis", "rich", "diskcache", "aiohttp"]
    program = f"import sys, {name}; print([m for m in {['pytest', *heavy]} if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
