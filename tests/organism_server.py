"""Starts ``python -m pytest_afake.organisms`` as a subprocess, and ends it by its own handle."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
READY = "serving organisms on "
STOP_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class OrganismServer:
    """``url`` is the base for OpenAI clients, such as ``http://127.0.0.1:40123/v1``."""

    url: str
    process: subprocess.Popen[str]


@contextmanager
def serving(*options: str) -> Iterator[OrganismServer]:
    """Serve on a free port of this machine while the block runs."""
    command = [sys.executable, "-m", "pytest_afake.organisms", "--port", "0", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith(READY), f"the server did not start: {line!r}"
            yield OrganismServer(line.removeprefix(READY).strip(), process)
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
