"""One pool of connections: how many calls at a time, and who goes first."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from scripted_client import busy, retired

from pytest_afake.errors import CallFailed
from pytest_afake.sampling.lane import Lane
from pytest_afake.sampling.pool import NOW, Pool, Turn


def opened() -> Lane:
    """A lane that has seen an answer."""
    lane = Lane()
    lane.answered()
    return lane


class Line:
    """Calls of a pool that last until the test ends them, in the order in which they began."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.began: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def call(self, name: str, lane: Lane, turn: Turn | None = None) -> None:
        self.ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._call(name, lane, turn or Turn()))
        await settle()

    async def _call(self, name: str, lane: Lane, turn: Turn) -> None:
        async with self.pool.slot(lane, turn):
            self.began.append(name)
            await self.ends[name].wait()

    async def end(self, name: str) -> None:
        self.ends[name].set()
        await self.tasks[name]
        await settle()


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 10))


def test_no_more_than_the_capacity_is_under_way() -> None:
    async def work() -> None:
        line, lane = Line(Pool(lambda: 2)), opened()
        for name in "abcd":
            await line.call(name, lane)
        assert line.began == ["a", "b"]
        assert (line.pool.under_way, line.pool.waiting, lane.under_way) == (2, 2, 2)
        await line.end("b")
        assert line.began == ["a", "b", "c"]

    run(work())


def test_a_capacity_that_grows_is_used_at_once_and_one_that_shrinks_when_calls_end() -> None:
    async def work() -> None:
        capacity = 1
        line, lane = Line(Pool(lambda: capacity)), opened()
        for name in "abcde":
            await line.call(name, lane)
        assert line.began == ["a"]
        capacity = 3
        await line.end("a")
        assert line.began == ["a", "b", "c", "d"]
        capacity = 1
        await line.end("b")
        await line.end("c")
        assert line.began == ["a", "b", "c", "d"]
        await line.end("d")
        assert line.began == ["a", "b", "c", "d", "e"]

    run(work())


def test_the_best_turn_goes_first_and_a_turn_can_be_moved_up() -> None:
    async def work() -> None:
        line, lane = Line(Pool(lambda: 1)), opened()
        late, later, latest = Turn((1, 5)), Turn((2, 0)), Turn((3, 0))
        await line.call("first", lane, late)
        await line.call("later", lane, later)
        await line.call("late", lane, late)
        await line.call("latest", lane, latest)
        latest.hurry(NOW)
        for name in ("first", "latest", "late", "later"):
            await line.end(name)
        assert line.began == ["first", "latest", "late", "later"]

    run(work())


def test_within_a_turn_it_is_first_come_first_served() -> None:
    async def work() -> None:
        line, lane, turn = Line(Pool(lambda: 1)), opened(), Turn()
        for name in "abc":
            await line.call(name, lane, turn)
        for name in "abc":
            await line.end(name)
        assert line.began == ["a", "b", "c"]

    run(work())


def test_a_lane_that_is_full_holds_up_no_other() -> None:
    async def work() -> None:
        line, narrow, wide = Line(Pool(lambda: 3)), Lane(), opened()
        await line.call("probe", narrow)
        await line.call("waits", narrow)
        await line.call("other", wide, Turn((9,)))
        assert line.began == ["probe", "other"]

    run(work())


def test_a_request_that_nobody_wants_gives_its_place_away() -> None:
    async def work() -> None:
        line, lane = Line(Pool(lambda: 1)), opened()
        for name in "abc":
            await line.call(name, lane)
        line.tasks["b"].cancel()
        await settle()
        assert line.pool.waiting == 1
        await line.end("a")
        assert line.began == ["a", "c"]
        line.tasks["c"].cancel()
        await settle()
        assert (line.pool.under_way, lane.under_way) == (0, 0)

    run(work())


def test_who_is_let_through_and_cancelled_at_once_leaves_no_hole() -> None:
    async def work() -> None:
        line, lane = Line(Pool(lambda: 1)), opened()
        for name in "abc":
            await line.call(name, lane)
        line.ends["a"].set()
        while not line.tasks["a"].done():  # ... by which b is let through, and has not run yet
            await asyncio.sleep(0)
        line.tasks["b"].cancel()
        await settle()
        assert "c" in line.began
        assert line.pool.under_way == 1

    run(work())


def test_a_paused_lane_goes_on_by_itself_when_the_pause_is_over() -> None:
    async def work() -> None:
        line, lane = Line(Pool(lambda: 2)), opened()
        await line.call("a", lane)
        lane.failed(busy(retry_after=0.2), sent_at=asyncio.get_running_loop().time(), attempt=0)
        await line.end("a")
        await line.call("b", lane)
        assert line.began == ["a"]
        while len(line.began) < 2:
            await asyncio.sleep(0.01)

    run(work())


def test_a_process_without_a_share_looks_again() -> None:
    async def work() -> None:
        capacity = 0
        line, lane = Line(Pool(lambda: capacity)), opened()
        await line.call("a", lane)
        assert line.began == []
        capacity = 1
        while not line.began:
            await asyncio.sleep(0.01)

    run(work())


def test_nobody_waits_in_a_lane_that_is_closed_for_an_hour() -> None:
    async def work() -> None:
        line, lane = Line(Pool(lambda: 1)), opened()
        await line.call("a", lane)
        await line.call("b", lane)
        lane.failed(busy(retry_after=3600), sent_at=asyncio.get_running_loop().time(), attempt=0)
        await line.end("a")
        with pytest.raises(CallFailed, match="asks to wait 3600 s"):
            await line.tasks["b"]

    run(work())


def test_a_stopped_lane_lets_everybody_out_whatever_the_pause() -> None:
    async def work() -> None:
        line, lane = Line(Pool(lambda: 1)), opened()
        for name in "abc":
            await line.call(name, lane)
        lane.failed(busy(retry_after=30), sent_at=asyncio.get_running_loop().time(), attempt=0)
        lane.stop(retired())
        for name in "abc":
            await line.end(name)
        assert line.began == ["a", "b", "c"]

    run(work())
