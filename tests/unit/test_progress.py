"""The line of progress: what it says, what it leaves out, and when a log gets one."""

from __future__ import annotations

import pytest

from pytest_afake.reporting.progress import (
    PeriodicLines,
    Rate,
    Snapshot,
    cost,
    duration,
    line,
    per_time,
)


def said(rate: float | None = None, **counts: float) -> str:
    return line(Snapshot(**{"elapsed_s": 20.0, **counts}), rate).plain  # type: ignore[arg-type]


# the line


def test_a_line_with_all_its_parts() -> None:
    text = said(41.2, answers=252, stored=160, usd=1.234, throttled=3, missing=2, ahead=4900)
    assert text == (
        "412 answers (160 stored), 41/s, $1.23, throttled 3, missing 2, at most 2 min left"
    )


def test_at_first_there_is_little_to_say() -> None:
    assert said() == "0 answers, $0.00"
    assert said(ahead=500) == "0 answers, $0.00"
    assert said(answers=1, ahead=500) == "1 answer, $0.00"


def test_a_run_that_stands_still_does_not_foretell_its_end() -> None:
    assert said(0.0, answers=7, ahead=500) == "7 answers, 0/s, $0.00"


def test_with_nothing_ahead_no_time_is_left_to_tell() -> None:
    assert said(2.0, answers=7) == "7 answers, 2.0/s, $0.00"


def test_the_line_has_no_controls_and_marks_what_went_wrong() -> None:
    text = line(Snapshot(elapsed_s=1, answers=1, throttled=1, missing=1), 5.0)
    assert text.plain.isprintable()
    styles = {text.plain[span.start : span.end]: str(span.style) for span in text.spans}
    assert styles["throttled 1"] == "yellow"
    assert styles["missing 1"] == "red"


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (1234.0, "1234/s"),
        (41.4, "41/s"),
        (9.96, "10/s"),
        (9.94, "9.9/s"),
        (1.0, "1.0/s"),
        (0.99, "59/min"),
        (0.2, "12/min"),
        (0.1, "6.0/min"),
        (0.0, "0/s"),
    ],
)
def test_rates(rate: float, text: str) -> None:
    assert per_time(rate) == text


@pytest.mark.parametrize(
    ("usd", "unpriced", "text"),
    [
        (0.0, 0, "$0.00"),
        (0.0004, 0, "under $0.01"),
        (0.014, 0, "$0.01"),
        (12.345, 0, "$12.35"),
        (1.23, 4, "$1.23 + unknown"),
        (0.0, 4, "cost unknown"),
    ],
)
def test_costs(usd: float, unpriced: int, text: str) -> None:
    assert cost(usd, unpriced) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 s"),
        (40, "40 s"),
        (60, "60 s"),
        (61, "2 min"),
        (3540, "59 min"),
        (3541, "1 h 0 min"),
        (4200, "1 h 10 min"),
        (36_000, "10 h"),
        (36_001, "11 h"),
        (360_000, "100 h"),
    ],
)
def test_durations_are_rounded_up(seconds: float, text: str) -> None:
    assert duration(seconds) == text


# the rate


def rates(answers_at: list[tuple[float, int]]) -> list[float | None]:
    rate = Rate()
    return [rate.update(Snapshot(elapsed_s=at, answers=answers)) for at, answers in answers_at]


def steady(per_second: float, begin: float, end: float, before: int = 0) -> list[tuple[float, int]]:
    """Snapshots five times a second."""
    times = [begin + step / 5 for step in range(int((end - begin) * 5) + 1)]
    return [(at, before + int((at - begin) * per_second + 1e-9)) for at in times]


def test_there_is_no_rate_in_the_first_second_nor_before_the_first_answer() -> None:
    assert rates([(0.0, 0), (0.5, 40), (0.9, 80)]) == [None, None, None]
    assert rates([(0.0, 0), (5.0, 0), (9.0, 0)]) == [None, None, None]
    assert rates([(7.0, 100), (7.0, 200)]) == [None, None]


def test_the_rate_is_that_of_the_last_ten_seconds() -> None:
    fast = steady(40, 0, 60)
    slow = steady(10, 60, 75, before=fast[-1][1])
    found = rates([*fast, *slow])
    assert found[len(fast) - 1] == pytest.approx(40, rel=0.01)
    assert found[-1] == pytest.approx(10, rel=0.01)


def test_answers_from_the_store_do_not_count() -> None:
    rate = Rate()
    for at in range(10):
        last = rate.update(Snapshot(elapsed_s=at, answers=2 * at, stored=1000 * at))
    assert last == pytest.approx(2)


def test_a_slow_model_has_a_steady_rate() -> None:
    """One answer in 4 s: ten seconds bring two or three, so they alone would say 12 to 18/min."""
    found = [rate for rate in rates(steady(0.25, 0, 300))[500:] if rate is not None]
    assert max(found) < 1.15 * 0.25
    assert min(found) > 0.85 * 0.25


def test_a_run_that_stops_answering_comes_down_to_zero() -> None:
    fast = steady(40, 0, 60)
    still = [(60 + step / 5, fast[-1][1]) for step in range(1, 350)]
    found = rates([*fast, *still])
    assert found[-1] == 0
    assert found[len(fast) + 75] == pytest.approx(0, abs=1.5)


# a log


def log(period: float | None = None, until: int = 100, step: float = 1.0) -> list[str]:
    lines: list[str] = []
    periodic = (
        PeriodicLines(lines.append) if period is None else PeriodicLines(lines.append, period)
    )
    for number in range(int(until / step) + 1):
        periodic.offer(f"at {number * step:.0f}", number * step)
    return lines


def test_a_log_gets_a_line_every_thirty_seconds() -> None:
    assert log() == ["at 30", "at 60", "at 90"]
    assert log(period=40) == ["at 40", "at 80"]


def test_a_short_run_says_nothing_in_a_log() -> None:
    assert log(until=29) == []


def test_after_a_long_silence_there_is_one_line_and_not_all_that_were_due() -> None:
    lines: list[str] = []
    periodic = PeriodicLines(lines.append)
    for at in (0, 100, 101, 129, 130):
        periodic.offer(f"at {at}", at)
    assert lines == ["at 100", "at 130"]


def test_a_line_in_a_log_is_one_line_without_controls() -> None:
    lines: list[str] = []
    PeriodicLines(lines.append).offer("a\nb\x1b[2J", 30)
    assert lines == ["a b [2J"]
