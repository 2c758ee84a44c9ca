"""What the README shows of ``afake power`` is what it prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from afake_command import Afake
from docs.readme import README


def test_the_plan_is_as_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = re.search(
        r"^\$ afake (power .+)\n((?:.*\n)+?)```", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert shown is not None
    monkeypatch.chdir(tmp_path)
    ran = Afake(capsys)(*shown[1].split())
    assert (ran.status, ran.out) == (0, shown[2].splitlines())
