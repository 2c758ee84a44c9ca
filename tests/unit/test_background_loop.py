"""The event loop on its thread: results and errors come out, and nothing is left behind."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from pytest_afake.sampling import BackgroundLoop

NAME = "afake-sampler"


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == NAME]


@pytest.fixture
def loop() -> Iterator[BackgroundLoop]:
    background = BackgroundLoop()
    yield background
    background.close()
    assert threads() == []


async def answer(value: int = 42) -> int:
    await asyncio.sleep(0)
    return value


async def where() -> tuple[threading.Thread, asyncio.AbstractEventLoop]:
    return threading.current_thread(), asyncio.get_running_loop()


def test_nothing_is_started_before_it_is_used() -> None:
    background = BackgroundLoop()
    assert threads() == []
    background.close()


def test_a_result_comes_back_and_all_work_runs_on_one_loop(loop: BackgroundLoop) -> None:
    assert loop.run(answer(7)) == 7
    assert loop.run(where()) == loop.run(where())
    assert loop.run(where())[0] is not threading.current_thread()
    assert len(threads()) == 1


def test_an_exception_comes_back_as_it_was_and_the_loop_lives_on(loop: BackgroundLoop) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("as it was")

    with pytest.raises(ZeroDivisionError, match="as it was"):
        loop.run(fail())
    assert loop.run(answer()) == 42


def test_it_works_where_a_loop_runs_already(loop: BackgroundLoop) -> None:
    async def within() -> int:
        return loop.run(answer())

    assert asyncio.run(within()) == 42


def test_ctrl_c_is_raised_here_and_cancels_the_work_there(loop: BackgroundLoop) -> None:
    main = threading.main_thread().ident
    assert main is not None
    cancelled = threading.Event()

    async def interrupted() -> None:
        asyncio.get_running_loop().call_later(0.02, signal.pthread_kill, main, signal.SIGINT)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        loop.run(interrupted())
    assert cancelled.wait(5)
    assert time.monotonic() - started < 10
    assert loop.run(answer()) == 42


def test_closing_cancels_what_still_runs() -> None:
    background = BackgroundLoop()
    cancelled = threading.Event()
    left: list[asyncio.Task[None]] = []

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    async def leave_behind() -> None:
        left.append(asyncio.create_task(endless()))
        await asyncio.sleep(0)

    background.run(leave_behind())
    background.close()
    assert cancelled.is_set()
    assert left[0].cancelled()
    assert threads() == []


def test_closing_twice_is_closing_once() -> None:
    background = BackgroundLoop()
    background.run(answer())
    background.close()
    background.close()
    assert threads() == []


def test_after_closing_it_can_be_used_again(loop: BackgroundLoop) -> None:
    loop.run(answer())
    loop.close()
    assert loop.run(answer()) == 42
