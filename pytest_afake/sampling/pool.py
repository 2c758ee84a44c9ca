"""One pool of connections for the whole session: who may send next.

Each model has a lane in it; requests wait in their lane under a turn, which many of them share (the
requests of one round). The best turn of the lanes that are free goes first.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

from pytest_afake.sampling.lane import Lane

Priority: TypeAlias = tuple[int, ...]
"""Lower goes first."""

NOW: Priority = (0,)
"""Somebody is waiting for this answer."""

# Seconds after which a process that has no share of the connections looks again.
_LOOK_AGAIN = 0.1


@dataclass(slots=True, eq=False)
class Turn:
    """A place in the queue. It may be moved up while requests wait under it."""

    priority: Priority = NOW

    def hurry(self, priority: Priority) -> None:
        self.priority = min(self.priority, priority)


class Pool:
    """Lets at most ``capacity()`` calls be under way, over all lanes. Lives on one event loop.

    ``capacity`` is asked again each time, because the share of a process changes as others come
    and go; ``most`` is what it said last. ``waiting`` counts the requests that wait for a call.
    """

    def __init__(self, capacity: Callable[[], int]) -> None:
        self.capacity = capacity
        self.most = 1
        self.under_way = 0
        self.waiting = 0
        self._queues: dict[Lane, dict[Turn, deque[asyncio.Future[None]]]] = {}
        self._alarm: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def slot(self, lane: Lane, turn: Turn) -> AsyncIterator[None]:
        """One call of a lane, for as long as the block lasts."""
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(lane, {}).setdefault(turn, deque()).append(place)
        self.waiting += 1
        try:
            self._admit()
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # admitted and cancelled at the same time
                self._leave(lane)
            raise
        finally:
            self.waiting -= 1
        try:
            yield
        finally:
            self._leave(lane)

    def _leave(self, lane: Lane) -> None:
        self.under_way -= 1
        lane.under_way -= 1
        self._admit()

    def _admit(self) -> None:
        """Let requests through, until the pool is full or no lane that has any is free."""
        self._turn_away()
        if self._queues:
            self.most = self.capacity()
        room = self.most - self.under_way
        while room > 0 and (lane := self._best()):
            _, places = self._head(lane)
            places.popleft().set_result(None)
            self.under_way += 1
            lane.under_way += 1
            room -= 1
        self._set_alarm()

    def _turn_away(self) -> None:
        """Nobody waits for a lane that is closed for longer than a request may take."""
        for lane in [lane for lane in self._queues if lane.overlong_pause]:
            for places in self._queues.pop(lane).values():
                for place in places:
                    if not place.done():
                        place.set_exception(lane.closed())

    def _best(self) -> Lane | None:
        """The lane whose first request goes next."""
        free = {
            lane: head[0].priority
            for lane in list(self._queues)
            if lane.free and (head := self._head(lane))[1]
        }
        return min(free, key=free.__getitem__, default=None)

    def _head(self, lane: Lane) -> tuple[Turn, deque[asyncio.Future[None]]]:
        """The best turn of a lane and its requests, none of which was given up meanwhile."""
        turns = self._queues[lane]
        while turns:
            turn = min(turns, key=_priority)
            places = turns[turn]
            while places and places[0].done():
                places.popleft()
            if places:
                return turn, places
            del turns[turn]
        del self._queues[lane]
        return Turn(), deque()

    def _set_alarm(self) -> None:
        """Look again when a paused lane opens, or when there may be a share for this process."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if not self._queues:
            return
        loop = asyncio.get_running_loop()
        pause = min(lane.pause for lane in self._queues)  # the first to open
        if pause > 0 or not self.under_way:
            self._alarm = loop.call_later(max(pause, _LOOK_AGAIN), self._admit)


def _priority(turn: Turn) -> Priority:
    return turn.priority
