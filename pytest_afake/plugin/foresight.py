"""Which measures the collected tests will ask for, and what that can cost."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pytest_afake.errors import StoreError
from pytest_afake.experiment import Expected, Forecast, ModelForecast
from pytest_afake.plugin import prospects
from pytest_afake.plugin.parametrize import FIXTURE, asks_for_model
from pytest_afake.plugin.run import Run
from pytest_afake.scenario import Panel, Scenario
from pytest_afake.settings.settings import Settings
from pytest_afake.text import count, one_line

# Tests that pytest may not run, or whose end may stop the run: nothing is bought for them ahead.
_UNSURE = ("skip", "skipif", "xfail")

# With these options of pytest's, not all tests are run.
_STOPS_EARLY = ("maxfail", "stepwise", "setuponly", "setupplan")

# Above so many answers, looking for all of them in the store takes longer than a run should wait.
MOST_COUNTED = 100_000
_LONGEST_COUNT_S = 30.0

SAID = "forecast.json"
"""In this file of the run's folder the first worker leaves what the controller is to print."""


def check_store(run: Run, config: pytest.Config) -> None:
    """Find rows that no store of ours has, where the forecast does not.

    Workers cannot end the session by what they find, and a quiet run makes no forecast.
    """
    has_workers = config.getoption("dist", "no") != "no"
    is_due = has_workers or not _is_counted(run, config)
    if run.names and is_due and not config.option.collectonly:
        try:
            run.experiment.check_store()
        except StoreError as error:
            raise pytest.UsageError(one_line(str(error), 2000)) from None


def foresee(run: Run, session: pytest.Session) -> None:
    """Count what the collected tests can cost at most, before the first call."""
    config, items = session.config, session.items
    if not _is_counted(run, config) or worker_of(config)[0] != 0:
        return
    most = None if run.settings.plan else MOST_COUNTED
    run.forecast = _counted(run, items, most)
    if hasattr(config, "workerinput"):
        draft = run.folder / f"{SAID}.new"
        draft.write_text(json.dumps(run.forecast), encoding="utf-8")
        draft.replace(run.folder / SAID)


def _is_counted(run: Run, config: pytest.Config) -> bool:
    verbose = getattr(config.option, "verbose", 0)  # which is an option of pytest's terminal
    is_quiet = verbose < 0 and not run.settings.plan
    return bool(run.names) and not config.option.collectonly and not is_quiet


def _counted(run: Run, items: Sequence[pytest.Item], most: int | None) -> list[str]:
    """The forecast. It lists the store, so that it finds rows that no store of ours has."""
    try:
        found = run.experiment.forecast(expected(items, run), most)
    except StoreError as error:
        raise pytest.UsageError(one_line(str(error), 2000)) from None
    return [*lines(found, run.settings, uncounted(items, run)), *_prospects(run, items)]


def _prospects(run: Run, items: Sequence[pytest.Item]) -> Iterator[str]:
    """Only a plan has the time to simulate."""
    if run.settings.plan:
        yield from prospects.lines(run.experiment.prospects(expected(items, run)), run.settings)


def said(run: Run) -> list[str]:
    """The lines below the number of collected tests."""
    return run.forecast


def say_once(run: Run, config: pytest.Config) -> None:
    """On the controller, print what the first worker has found."""
    file = run.folder / SAID
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if file.exists() and terminal and not run.forecast:
        run.forecast = json.loads(file.read_text(encoding="utf-8"))
        for line in run.forecast:
            terminal.write_line(line)


def draw_ahead(run: Run, session: pytest.Session) -> None:
    """Begin to draw what the tests of this process will need, when all is counted."""
    config = session.config
    controls_workers = config.getoption("dist", "no") != "no"
    if not run.names or controls_workers or config.option.collectonly:
        return
    if hasattr(config, "workerinput") and _is_counted(run, config):
        _wait_for(run.folder / SAID)
    run.experiment.expect(to_draw(session.items, run, config))


def _wait_for(file: Path) -> None:
    """The first worker counts before anybody asks; one that has died is not waited for long."""
    give_up = time.monotonic() + _LONGEST_COUNT_S
    while not file.exists() and time.monotonic() < give_up:
        time.sleep(0.02)


def expected(items: Sequence[pytest.Item], run: Run) -> list[Expected]:
    """What tests measure: a model in each scenario that is among their parameters.

    A scenario that is not sound is left out: its test says what is wrong when it runs.
    """
    found = [test for item in items if asks_for_model(item) for test in _expected(item)]
    return [test for test in found if run.experiment.is_measurable(test.scenario)]


def uncounted(items: Sequence[pytest.Item], run: Run) -> int:
    """Tests that use a model and do not say in which scenario."""
    return sum(asks_for_model(item) and not expected([item], run) for item in items)


def to_draw(items: Sequence[pytest.Item], run: Run, config: pytest.Config) -> list[Expected]:
    """Those to be drawn ahead in this process: workers divide them among themselves.

    With ``-x`` and its like none are: the tests after a failure are not run.
    """
    if any(config.getoption(name, None) for name in _STOPS_EARLY):
        return []
    sure = [item for item in items if not any(item.get_closest_marker(each) for each in _UNSURE)]
    worker, workers = worker_of(config)
    first = {test.nodeid: test for test in reversed(expected(sure, run))}
    return list(reversed(first.values()))[worker::workers]


def lines(forecast: Forecast, settings: Settings, left_out: int) -> list[str]:
    """What the run can cost at most, a line for each model."""
    tests = count(left_out, "test")
    not_counted = f"afake: not counted: {tests} with no scenario among the parameters"
    if not forecast.models:
        return [not_counted] if left_out else []
    if settings.replay:
        return [_replayed(each) for each in forecast.models]
    said = [_line(each) for each in forecast.models]
    if forecast.judge_calls:
        said.append(
            f"afake: judge {one_line(settings.judge)}: at most {forecast.judge_calls:,} calls and "
            "their retries, cost unknown before there are answers"
        )
    caps = [f"--afake-max-calls {settings.max_calls}"] if settings.max_calls is not None else []
    if settings.max_cost is not None:
        caps.append(f"--afake-max-cost {settings.max_cost:g}")
    if caps:
        said.append(f"afake: and no more than {' and '.join(caps)} allows")
    if left_out:
        said.append(not_counted)
    return said


def _line(found: ModelForecast) -> str:
    calls = f"at most {found.calls:,} calls and their retries"
    cost = "cost unknown" if found.most_usd is None else f"at most ${found.most_usd:,.2f}"
    return f"afake: {one_line(found.model)}: {calls} ({_share(found)}), {cost}"


def _replayed(found: ModelForecast) -> str:
    return f"afake: {one_line(found.model)}: a replay calls nobody ({_share(found)})"


def _share(found: ModelForecast) -> str:
    if found.stored is None:
        return "not looked up in the store; --afake-plan does that"
    return f"{found.stored:,} of {found.answers:,} answers are stored"


def _expected(item: pytest.Item) -> Iterator[Expected]:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    if FIXTURE not in params:
        return
    function = item.nodeid.partition("[")[0]
    for value in params.values():
        if isinstance(value, Scenario | Panel):
            named = (each for each in params.values() if isinstance(each, str))
            contrasts = tuple(each for each in named if each in value.contrasts)
            yield Expected(item.nodeid, function, params[FIXTURE], value, contrasts)


def worker_of(config: pytest.Config) -> tuple[int, int]:
    """Which of how many processes this is; the number of a dead worker is not given again."""
    found = getattr(config, "workerinput", None)
    if found is None:
        return 0, 1
    workers = int(found["workercount"])
    return int(str(found["workerid"]).removeprefix("gw")) % workers, workers
