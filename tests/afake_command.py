"""The console script, in this process: quick, and with what it printed."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pytest_afake.cli.main import main


@dataclass(frozen=True)
class Ran:
    """Exit status, and the lines on either stream."""

    status: int
    out: list[str]
    err: list[str]

    @property
    def error(self) -> str:
        """What was wrong, which is one line; and then nothing else was printed."""
        (line,) = self.err
        assert self.out == []
        return line


class Afake:
    """Runs ``afake``; a list stands for one that argparse refused."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ran:
        try:
            status = main([str(each) for each in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        printed = self._capsys.readouterr()
        return Ran(status, printed.out.splitlines(), printed.err.splitlines())
