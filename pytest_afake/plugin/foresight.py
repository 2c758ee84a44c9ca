"""Which measures the collected tests will ask for, and what that can cost."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from pytest_afake.errors import StoreError
from pytest_afake.experiment import Expected, Forecast
from pytest_afake.plugin.parametrize import FIXTURE, asks_for_model
from pytest_afake.plugin.run import Run
from pytest_afake.scenario import Scenario
from pytest_afake.settings.settings import Settings
from pytest_afake.text import count, one_line

# Tests that pytest may not run, or whose end may stop the run: nothing is bought for them ahead.
_UNSURE = ("skip", "skipif", "xfail")

# Above so many answers, looking for all of them in the store takes longer than a run should wait.
MOST_COUNTED = 100_000


SAID = "forecast.json"
"""In this file of the run's folder the first worker leaves what the controller is to print."""


def check_store(run: Run, config: pytest.Config) -> None:
    """Find rows that no store of ours has before workers do, who cannot end the session by it."""
    has_workers = config.getoption("dist", "no") != "no"
    if run.names and has_workers and not config.option.collectonly:
        try:
            run.experiment.check_store()
        except StoreError as error:
            raise pytest.UsageError(str(error)) from None


def foresee(run: Run, session: pytest.Session) -> None:
    """Count what the collected tests can cost at most, before the first call."""
    config, items = session.config, session.items
    is_quiet = config.option.verbose < 0 and not run.settings.plan
    if not run.names or config.option.collectonly or is_quiet or _worker(config)[0] != 0:
        return
    most = None if run.settings.plan else MOST_COUNTED
    run.forecast = _counted(run, items, most)
    if hasattr(config, "workerinput"):
        (run.folder / SAID).write_text(json.dumps(run.forecast), encoding="utf-8")


def _counted(run: Run, items: Sequence[pytest.Item], most: int | None) -> list[str]:
    """The forecast. It lists the store, so that it finds rows that no store of ours has."""
    try:
        found = run.experiment.forecast(expected(items), most)
    except StoreError as error:
        raise pytest.UsageError(str(error)) from None
    return lines(found, run.settings, uncounted(items))


def said(run: Run) -> list[str]:
    """The lines below the number of collected tests."""
    return run.forecast


def say_once(run: Run, config: pytest.Config) -> None:
    """On the controller, print what the first worker has found."""
    file = run.folder / SAID
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if file.exists() and terminal:
        for line in json.loads(file.read_text(encoding="utf-8")):
            terminal.write_line(line)
        file.unlink()


def draw_ahead(run: Run, session: pytest.Session) -> None:
    """Begin to draw what the tests of this process will need."""
    controls_workers = session.config.getoption("dist", "no") != "no"
    if run.names and not controls_workers and not session.config.option.collectonly:
        run.experiment.expect(to_draw(session.items, session.config))


def expected(items: Sequence[pytest.Item]) -> list[Expected]:
    """The tests that measure a model in a scenario: any parameter that is one counts."""
    return [test for item in items if asks_for_model(item) for test in _expected(item)]


def uncounted(items: Sequence[pytest.Item]) -> int:
    """Tests that use a model and do not say in which scenario."""
    return sum(asks_for_model(item) and not list(_expected(item)) for item in items)


def to_draw(items: Sequence[pytest.Item], config: pytest.Config) -> list[Expected]:
    """Those to be drawn ahead in this process: workers divide them among themselves.

    With ``-x`` or ``--maxfail`` none are: the tests after a failure are not run.
    """
    if config.getoption("maxfail", 0):
        return []
    sure = [item for item in items if not any(item.get_closest_marker(each) for each in _UNSURE)]
    worker, workers = _worker(config)
    return expected(sure)[worker::workers]


def lines(forecast: Forecast, settings: Settings, left_out: int) -> list[str]:
    """What the run can cost at most, a line for each model."""
    if not forecast.models:
        return []
    said = [_line(each.model, each.answers, each.stored, each.most_usd) for each in forecast.models]
    caps = [f"--afake-max-calls {settings.max_calls}"] if settings.max_calls is not None else []
    if settings.max_cost is not None:
        caps.append(f"--afake-max-cost {settings.max_cost:g}")
    if caps:
        said.append(f"afake: and no more than {' and '.join(caps)} allows")
    if left_out:
        tests = count(left_out, "test")
        said.append(f"afake: not counted: {tests} without a scenario among the parameters")
    return said


def _line(model: str, answers: int, stored: int | None, most_usd: float | None) -> str:
    calls = f"at most {answers - (stored or 0):,} calls and their retries"
    share = f"{stored:,} of {answers:,} answers are stored" if stored is not None else ""
    share = share or "not looked up in the store; --afake-plan does that"
    cost = "cost unknown" if most_usd is None else f"at most ${most_usd:,.2f}"
    return f"afake: {one_line(model)}: {calls} ({share}), {cost}"


def _expected(item: pytest.Item) -> Iterator[Expected]:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    if FIXTURE not in params:
        return
    function = item.nodeid.partition("[")[0]
    for value in params.values():
        if isinstance(value, Scenario):
            yield Expected(item.nodeid, function, params[FIXTURE], value)
            return


def _worker(config: pytest.Config) -> tuple[int, int]:
    """Which of how many processes this is; the number of a dead worker is not given again."""
    found = getattr(config, "workerinput", None)
    if found is None:
        return 0, 1
    workers = int(found["workercount"])
    return int(str(found["workerid"]).removeprefix("gw")) % workers, workers
