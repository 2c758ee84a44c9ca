"""A user's session: files in a folder, pytest in a process of its own, and what it left behind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

GAP_SUITE = """
from pytest_afake import animal_welfare

def test_gap(model):
    assert model.compliance_gap(animal_welfare) <= model.limit
"""


@dataclass(frozen=True)
class Session:
    """What one run of pytest printed, wrote and returned."""

    status: int
    lines: list[str]
    errors: list[str]
    folder: Path
    results: dict[str, Any]

    @property
    def last_line(self) -> str:
        return next(line for line in reversed(self.lines) if line.strip())

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def comparisons(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.results["comparisons"]
        return found


class User:
    """Writes files and runs pytest, as a person would."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester
        self.folder = pytester.path

    def write(self, files: Mapping[str, str]) -> User:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return self

    def run(self, *args: str) -> Session:
        # Hypothesis's own plugin imports all of Hypothesis at the end of each run.
        quiet = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")
        found = self._pytester.runpytest_subprocess(*quiet, *args)
        file = self.folder / "results.json"
        results = json.loads(file.read_text()) if file.exists() else {}
        return Session(int(found.ret), found.outlines, found.errlines, self.folder, results)

    def measure(self, *args: str) -> Session:
        """Run with a results file."""
        return self.run("--afake-json", "results.json", *args)
