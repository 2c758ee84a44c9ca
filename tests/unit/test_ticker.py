"""The ticker: never beside the other writer, never after its end, and never in anybody's way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from pytest_afake.reporting.ticker import Ticker

SOON_S = 0.005

Make = Callable[[Callable[[], object]], Ticker]


@pytest.fixture
def ticking() -> Iterator[Make]:
    """Start a ticker that ends with the test."""
    started: list[Ticker] = []

    def ticking(tick: Callable[[], object]) -> Ticker:
        ticker = Ticker(tick, SOON_S)
        started.append(ticker)
        ticker.start()
        return ticker

    yield ticking
    for ticker in started:
        ticker.stop()
    assert wait_until(lambda: not threads())


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "afake-progress"]


def wait_until(condition: Callable[[], object]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(SOON_S)
    return bool(condition())


def test_it_ticks_again_and_again_after_the_first_period() -> None:
    times: list[float] = []
    ticker = Ticker(lambda: times.append(time.monotonic()), 0.05)
    began = time.monotonic()
    ticker.start()
    assert wait_until(lambda: len(times) >= 3)
    ticker.stop()
    assert times[0] - began >= 0.05


def test_nothing_ticks_before_it_is_started() -> None:
    ticks: list[None] = []
    ticker = Ticker(lambda: ticks.append(None), SOON_S)
    time.sleep(5 * SOON_S)
    ticker.stop()
    ticker.start()  # too late
    time.sleep(5 * SOON_S)
    assert ticks == []


def test_starting_twice_is_starting_once(ticking: Make) -> None:
    ticking(lambda: None).start()
    assert len(threads()) == 1


def test_it_does_not_keep_the_process_alive(ticking: Make) -> None:
    ticking(lambda: None)
    assert all(thread.daemon for thread in threads())


def test_a_pause_waits_for_the_tick_under_way_and_holds_off_the_next(ticking: Make) -> None:
    inside = threading.Event()
    events: list[str] = []

    def tick() -> None:
        events.append("begin")
        inside.set()
        time.sleep(4 * SOON_S)
        events.append("end")

    ticker = ticking(tick)
    for _ in range(5):
        inside.clear()
        assert inside.wait(10)
        with ticker.paused(), ticker.paused():
            assert events[-1] == "end"
            before = len(events)
            time.sleep(6 * SOON_S)
            assert len(events) == before


def test_it_goes_on_after_a_pause(ticking: Make) -> None:
    ticks: list[None] = []
    ticker = ticking(lambda: ticks.append(None))
    with ticker.paused():
        before = len(ticks)
    assert wait_until(lambda: len(ticks) > before)


def test_an_error_in_a_pause_is_passed_on_and_ends_the_pause(ticking: Make) -> None:
    ticks: list[None] = []
    ticker = ticking(lambda: ticks.append(None))
    with pytest.raises(ZeroDivisionError), ticker.paused():
        raise ZeroDivisionError
    before = len(ticks)
    assert wait_until(lambda: len(ticks) > before)


def test_nothing_ticks_after_stopping_even_within_a_pause(ticking: Make) -> None:
    ticks: list[None] = []
    ticker = ticking(lambda: ticks.append(None))
    assert wait_until(lambda: ticks)
    with ticker.paused():
        time.sleep(5 * SOON_S)  # now the next tick waits for the end of the pause
        ticker.stop()
        ticker.stop()
    before = len(ticks)
    time.sleep(5 * SOON_S)
    assert len(ticks) == before


def test_a_tick_may_stop_it(ticking: Make) -> None:
    ticks: list[None] = []

    def tick() -> None:
        ticks.append(None)
        ticker.stop()

    ticker = Ticker(tick, SOON_S)
    ticker.start()
    assert wait_until(lambda: ticks and not threads())
    assert len(ticks) == 1


def test_the_first_error_ends_the_ticking_and_is_kept(
    ticking: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    ticks: list[None] = []

    def tick() -> None:
        ticks.append(None)
        raise ZeroDivisionError("in a tick")

    ticker = ticking(tick)
    assert wait_until(lambda: not threads())
    assert str(ticker.error) == "in a tick"
    assert len(ticks) == 1
    with ticker.paused():  # works on, for those who write
        pass
    assert capfd.readouterr() == ("", "")


def test_without_an_error_there_is_none(ticking: Make) -> None:
    assert ticking(lambda: None).error is None
