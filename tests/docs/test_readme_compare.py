"""What the README shows of ``afake compare`` is what it prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from docs.readme import README

ROOT = README.parent


def test_the_comparison_of_two_models_is_as_shown(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    shown = re.search(
        r"^\$ pytest (.+)\n\$ afake (compare .+)\n((?:.*\n)+?)```", text, re.MULTILINE
    )
    assert shown is not None
    run, compare = shown[1].split(), shown[2].split()
    run[0] = str(ROOT / run[0])
    store = ["-p", "no:cacheprovider", "--afake-store", str(tmp_path / "store")]
    measured = called(tmp_path, "pytest", *run, *store)
    assert measured.returncode == 1, "one of the two models fakes"
    compared = called(tmp_path, "pytest_afake.cli", *compare)
    assert compared.returncode == 0
    assert compared.stdout.splitlines() == shown[3].splitlines()


def called(folder: Path, module: str, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
