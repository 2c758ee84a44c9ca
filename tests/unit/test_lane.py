"""How many calls a model lets through: what a lane learns from answers and failures."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pytest
from scripted_client import broken, busy

from pytest_afake.errors import CallFailed
from pytest_afake.records import Cause
from pytest_afake.sampling.lane import Lane
from pytest_afake.sampling.retrying import RetryPolicy

POLICY = RetryPolicy(first_wait=1.0, longest_wait=60.0)


@dataclass
class Line:
    """A lane under a clock that the test moves, with calls under way as a pool would count them."""

    now: float = 100.0
    lane: Lane = field(init=False)

    def __post_init__(self) -> None:
        self.lane = Lane(POLICY, clock=lambda: self.now)

    def send(self, calls: int = 1) -> None:
        assert self.lane.free
        self.lane.under_way += calls

    def answer(self, calls: int = 1) -> None:
        for _ in range(calls):
            self.lane.answered()
            self.lane.under_way -= 1

    def fail(self, failed: CallFailed, sent_at: float | None = None, attempt: int = 0) -> float:
        wait = self.lane.failed(failed, self.now if sent_at is None else sent_at, attempt)
        self.lane.under_way -= 1
        return wait


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def wide(line: Line) -> Line:
    """A lane that has seen an answer and no limit."""
    line.send()
    line.answer()
    return line


def test_one_call_goes_first_and_its_answer_opens_the_lane(line: Line) -> None:
    line.send()
    assert not line.lane.free
    line.answer()
    assert line.lane.width == math.inf


def test_a_reply_that_asks_to_slow_down_halves_what_is_under_way(wide: Line) -> None:
    wide.send(40)
    wide.fail(busy(retry_after=5.0))
    assert wide.lane.width == 0
    wide.now += 5.0
    assert wide.lane.width == 20


def test_replies_to_calls_that_were_sent_before_say_nothing_new(wide: Line) -> None:
    wide.send(40)
    sent_at = wide.now
    wide.now += 0.1
    for _ in range(10):
        wide.fail(busy(retry_after=1.0), sent_at)
    wide.now += 1.0
    assert wide.lane.width == 20


def test_the_longest_wait_that_was_asked_for_is_kept(wide: Line) -> None:
    wide.send(3)
    sent_at = wide.now
    for seconds in (2.0, 7.0, 1.0):
        wide.fail(busy(retry_after=seconds), sent_at)
    assert wide.lane.pause == pytest.approx(7.0)


def test_each_answer_widens_a_full_lane_a_little(wide: Line) -> None:
    wide.send(20)
    wide.fail(busy(retry_after=0.0))
    wide.answer(9)
    assert wide.lane.width == 10, "answers to calls that were sent before say nothing new"
    wide.answer(10)
    for _ in range(10):
        wide.now += 0.001
        wide.send(math.floor(wide.lane.width) - wide.lane.under_way)
        wide.answer()
    assert wide.lane.width == pytest.approx(11.0, abs=0.2), "one more for each ten answers"


def test_pauses_without_a_header_grow_until_an_answer_comes(wide: Line) -> None:
    pauses = []
    for _ in range(9):
        wide.send()
        wide.fail(busy())
        pauses.append(wide.lane.pause)
        wide.now += wide.lane.pause
    full = [min(60.0, 2.0**number) for number in range(9)]
    assert all(0.5 * most <= pause <= most for pause, most in zip(pauses, full, strict=True))
    wide.send()
    wide.answer()
    wide.send()
    wide.fail(busy())
    assert wide.lane.pause <= 1.0


def test_a_server_that_says_zero_seconds_for_ever_is_not_hammered(wide: Line) -> None:
    for _ in range(8):
        wide.now += 0.001  # a call takes its time
        wide.send()
        wide.fail(busy(retry_after=0.0))
        wide.now += wide.lane.pause
    assert wide.now >= 100 + sum(0.5 * 2**number for number in range(1, 6))


def test_a_fault_of_one_call_holds_up_nobody_else(wide: Line) -> None:
    wide.send(5)
    wait = wide.fail(broken(), attempt=2)
    assert 2.0 <= wait <= 4.0
    assert wide.lane.width == math.inf


def test_a_server_in_trouble_is_probed_by_one_call_at_a_time(wide: Line) -> None:
    wide.send(20)
    sent_at = wide.now
    for _ in range(10):
        wide.fail(broken(), sent_at)
    assert wide.lane.width == 0
    wide.now += wide.lane.pause
    assert wide.lane.width == 1


def test_after_an_outage_the_lane_is_wide_again_soon(wide: Line) -> None:
    wide.send(64)
    sent_at = wide.now
    for _ in range(64):
        wide.fail(broken(), sent_at)
    wide.now += wide.lane.pause
    for _ in range(30):
        wide.send(math.floor(wide.lane.width) - wide.lane.under_way)
        wide.answer()
    assert wide.lane.width > 25, "one more for each answer, up to half of what it carried before"


def test_an_overlong_pause_closes_the_lane(wide: Line) -> None:
    wide.send()
    wide.fail(busy(retry_after=3600.0))
    assert wide.lane.overlong_pause
    assert wide.lane.closed().cause is Cause.RATE_LIMITED
    assert "3600 s" in wide.lane.closed().detail
    wide.now += 3545
    assert not wide.lane.overlong_pause


def test_a_model_that_never_answered_is_stopped_by_the_first_request_that_is_given_up(
    line: Line,
) -> None:
    assert line.lane.gave_up(broken(), first_sent_at=line.now)


def test_a_model_that_never_answered_is_hopeless_after_as_many_calls_as_one_request_may_take(
    line: Line,
) -> None:
    for calls in range(POLICY.attempts):
        assert not line.lane.is_hopeless, calls
        line.now += line.lane.pause
        line.send()
        line.fail(broken())
    assert line.lane.is_hopeless
    assert line.now - 100 <= 31, "seconds, with pauses of up to 1, 2, 4, 8 and 16"


def test_a_model_that_only_throttles_is_not_hopeless(line: Line) -> None:
    for _ in range(POLICY.attempts + 1):
        line.now += line.lane.pause
        line.send()
        line.fail(busy())
    assert not line.lane.is_hopeless


def test_a_model_that_answers_others_is_not_stopped(wide: Line) -> None:
    sent_at = wide.now
    wide.now += 1.0
    wide.send()
    wide.answer()
    assert not any(wide.lane.gave_up(broken(), sent_at) for _ in range(5))
    assert not wide.lane.gave_up(busy(), sent_at)


def test_a_model_that_answers_nobody_any_more_is_stopped_after_three_requests(wide: Line) -> None:
    wide.now += 1.0
    assert [wide.lane.gave_up(broken(), wide.now) for _ in range(3)] == [False, False, True]


def test_a_model_that_throttles_everybody_is_stopped(wide: Line) -> None:
    wide.now += 1.0
    assert wide.lane.gave_up(busy(), wide.now)


def test_a_stopped_lane_lets_everybody_out(wide: Line) -> None:
    wide.send()
    wide.fail(busy(retry_after=30.0))
    wide.lane.stop(broken())
    assert wide.lane.free
    assert wide.lane.stopped is not None
