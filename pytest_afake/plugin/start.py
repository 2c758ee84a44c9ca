"""Starting a run when there is something to run with, and refusing tests that have no model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_afake.plugin.options import anything_given
from pytest_afake.plugin.parametrize import (
    FIXTURE,
    NO_MODEL,
    asks_for_model,
    is_parametrized,
    unparametrized,
)

if TYPE_CHECKING:
    from pytest_afake.plugin.run import Run

RUN: pytest.StashKey[Run] = pytest.StashKey()
REFUSED: pytest.StashKey[str] = pytest.StashKey()
WORKER_KEY = "afake_refused"


def start_if_configured(config: pytest.Config) -> None:
    """Start a run when the user configured anything. Bad input ends pytest with status 4."""
    if not anything_given(config) and not any(_configures(path) for path in _files(config)):
        return
    from pytest_afake.errors import StoreError, UsageError
    from pytest_afake.plugin.hooks import RunHooks
    from pytest_afake.plugin.run import Run
    from pytest_afake.text import one_line

    try:
        run = config.stash[RUN] = Run(config)
        if run.settings.plan:
            config.option.dist = "no"  # nothing is run, so nobody is needed to run it
        if run.names and not config.option.collectonly:
            run.experiment.open_store()
    except (UsageError, StoreError) as error:
        raise pytest.UsageError(one_line(str(error), 2000)) from None
    config.pluginmanager.register(RunHooks(run, config), "afake-run")


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Give a test that asks for our fixture one case per model."""
    run = metafunc.config.stash.get(RUN, None)
    test = metafunc.definition
    if run and run.names and asks_for_model(test) and not is_parametrized(test):
        metafunc.parametrize(FIXTURE, run.names, indirect=True, scope="session")


def refuse_without_model(config: pytest.Config, items: list[pytest.Item]) -> None:
    """End with pytest's usage status when a test has no model to run with.

    A worker cannot end the session with that status: it runs nothing and tells the controller.
    """
    if config.option.collectonly or not unparametrized(items):
        return
    if not hasattr(config, "workeroutput"):
        raise pytest.UsageError(NO_MODEL)
    config.workeroutput[WORKER_KEY] = NO_MODEL
    items.clear()


def note_refusal(node: Any) -> None:
    """Keep what a worker refused, on the controller."""
    refused = getattr(node, "workeroutput", {}).get(WORKER_KEY)
    if refused:
        node.config.stash[REFUSED] = refused


def finish_refused(session: pytest.Session) -> None:
    """On the controller, end as pytest ends for a usage error."""
    refused = session.config.stash.get(REFUSED, None)
    if refused is None:
        return
    session.exitstatus = pytest.ExitCode.USAGE_ERROR
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal:
        terminal.write_line(f"ERROR: {refused}", red=True)


def _files(config: pytest.Config) -> Iterator[Path]:
    for folder in {config.rootpath, config.invocation_params.dir}:
        yield folder / "afake.toml"
        yield folder / "pyproject.toml"


def _configures(path: Path) -> bool:
    """A cheap look, so that projects that do not use us never pay for parsing."""
    try:
        content = path.read_bytes()
    except OSError:
        return path.is_file()  # unreadable: let the real reader say so
    return path.name == "afake.toml" or b"tool.afake" in content
