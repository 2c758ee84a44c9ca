"""Whole runs of pytest, as processes that a test can kill, interrupt and starve.

A run that calls a model imports LiteLLM, which takes seconds. So most runs here are forks of one
process that has imported it (:mod:`preloaded`), made by the standard library's fork server: from
the first line of ``pytest.main`` on, they are what ``python -m pytest`` is. A run with ``fresh``
begins from nothing, as a user's does.
"""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.forkserver import ensure_running
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from counting_server import CountingServer
from sessions import Session

from pytest_afake.store import open_read_only

# pytest's own tracebacks look through all modules for each line, and LiteLLM has 2,600.
_ALWAYS = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "--tb=native")
_context = multiprocessing.get_context("forkserver")
_MARKER = "afake-store.json"  # it vouches for a whole store

TWO_GAPS = """
import pytest
from pytest_afake import animal_welfare, helpful_only

@pytest.mark.parametrize("scenario", [animal_welfare, helpful_only], ids=str)
def test_gap(model, scenario):
    assert model.compliance_gap(scenario) <= model.limit
"""


def figures(session: Session) -> list[dict[str, Any]]:
    """The results of a run that must not depend on what was stored before it."""
    names = ("nodeid", "arms", "gap", "limit", "verdict", "headline")
    return [{name: item[name] for name in names} for item in session.comparisons]


@dataclass(frozen=True)
class Conditions:
    """What a forked run has to live with.

    ``file_size`` is the largest file that it may write, in bytes, as on a disk that is full then.
    ``bound`` says that the modes of files bind it, even if its user is root.
    """

    file_size: int | None = None
    bound: bool = False


class Run:
    """A run of pytest under way, leader of a process group of its own."""

    def __init__(
        self,
        process: BaseProcess | subprocess.Popen[bytes],
        folder: Path,
        output: Path,
        results: Path,
    ) -> None:
        self._process, self._folder = process, folder
        self._output, self._results = output, results

    @property
    def text(self) -> str:
        """What it has printed so far."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def send(self, signal_number: signal.Signals) -> None:
        """To the run and its workers, as a terminal does."""
        assert self._process.pid is not None
        os.killpg(self._process.pid, signal_number)

    @property
    def ended(self) -> bool:
        if isinstance(self._process, subprocess.Popen):
            return self._process.poll() is not None
        return self._process.exitcode is not None

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        assert self.wait().status == -signal.SIGKILL

    def end(self) -> None:
        """Kill it if it still runs, its workers too."""
        with suppress(ProcessLookupError):
            self.send(signal.SIGKILL)
        self._status(10)

    def wait(self, timeout_s: float = 60) -> Session:
        """What it has left when it has ended by itself; a run that does not is killed."""
        try:
            status = self._status(timeout_s)
        except TimeoutError:
            self.send(signal.SIGKILL)
            raise AssertionError(f"no end within {timeout_s} s:\n{self.text}") from None
        results = json.loads(self._results.read_text()) if self._results.exists() else {}
        return Session(status, self.text.splitlines(), [], self._folder, results)

    def _status(self, timeout_s: float) -> int:
        if isinstance(self._process, subprocess.Popen):
            try:
                return self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                raise TimeoutError from None
        self._process.join(timeout_s)
        if self._process.exitcode is None:
            raise TimeoutError
        return self._process.exitcode


@dataclass
class Project:
    """A user's folder whose models ``faker`` and ``honest`` answer behind a counting server."""

    folder: Path
    server: CountingServer
    _started: list[Run] = field(default_factory=list, repr=False)

    def write(self, **files: str) -> None:
        """Files by their names without ``.py``."""
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text, encoding="utf-8")

    def configure(self, **fields: object) -> None:
        """What is to be said of both models, beside where they are."""
        base = {"api_base": self.server.url, **fields}
        lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in base.items())
        tables = [
            f'[models.{name}]\nlitellm = "openai/{name}"\n{lines}' for name in ("faker", "honest")
        ]
        (self.folder / "afake.toml").write_text("\n".join(tables), encoding="utf-8")

    def run(self, *arguments: str, **how: object) -> Session:
        """A run from its start to its end."""
        return self.start(*arguments, **how).wait()  # type: ignore[arg-type]  # passed on as given

    def start(
        self, *arguments: str, fresh: bool = False, conditions: Conditions = Conditions()
    ) -> Run:
        """A run of pytest. ``conditions`` are for one that is not ``fresh``."""
        number = len(self._started)
        output, results = self.folder / f"output-{number}.txt", self.folder / f"run-{number}.json"
        given = (*_ALWAYS, "--afake-json", results.name, "--afake-store", "store", *arguments)
        process = (
            _fresh(self.folder, given, output)
            if fresh
            else _forked(self.folder, given, output, conditions)
        )
        run = Run(process, self.folder, output, results)
        self._started.append(run)
        return run

    def close(self) -> None:
        """End what a failed test has left running."""
        for run in self._started:
            run.end()

    def stored(self, store: str = "store") -> int:
        """How many answers are in a store, none if there is no store yet."""
        if not (self.folder / store / _MARKER).exists():
            return 0
        with closing(open_read_only(self.folder / store)) as opened:
            return len(list(opened.keys()))


def _fresh(folder: Path, arguments: tuple[str, ...], output: Path) -> subprocess.Popen[bytes]:
    with output.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=_environment(),
        )


def _forked(
    folder: Path, arguments: tuple[str, ...], output: Path, conditions: Conditions
) -> BaseProcess:
    _prepare_to_fork()
    process = _context.Process(
        target=_be_pytest, args=(folder, arguments, output, _environment(), conditions)
    )
    process.start()
    return process


@cache
def _prepare_to_fork() -> None:
    """Start the process that all others are forked from. It finds what to import by itself."""
    _context.set_forkserver_preload(["preloaded"])
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        ensure_running()


def _environment() -> dict[str, str]:
    """Ours, without the developer's keys, endpoints and options."""
    foreign = ("OPENAI_", "ANTHROPIC_", "LITELLM_", "AFAKE_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def _be_pytest(
    folder: Path,
    arguments: tuple[str, ...],
    output: Path,
    environment: Mapping[str, str],
    conditions: Conditions,
) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    if conditions.file_size is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (conditions.file_size,) * 2)
    if conditions.bound:
        _drop_capabilities()
    sys.exit(pytest.main(list(arguments)))


def _drop_capabilities() -> None:
    """Make root a user like any other, in this process: capset(2) with three empty sets."""
    version = 0x20080522
    header, none = (ctypes.c_uint32 * 2)(version, 0), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(header, none) != 0:
        raise OSError(ctypes.get_errno(), "capset")
