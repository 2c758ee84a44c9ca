"""What all processes of one run count together: calls, money, hard caps, and who is alive."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pytest_afake.errors import StoreError
from pytest_afake.sampling import account_rows
from pytest_afake.sampling.account_rows import Column, RowFile, Rows, new_row
from pytest_afake.sampling.shares import Claim, last_ticket, part_of

_NANO = 10**9
_MOST_USD = 1e6  # of one call; the sum of many still fits into 64 bits
_TURN_S = 1.0


@dataclass(frozen=True, slots=True)
class Caps:
    """Hard bounds of a run over all of its processes; None is no bound."""

    calls: int | None = None
    usd: float | None = None


UNBOUNDED = Caps()


class Reserved(StrEnum):
    """Whether a call may be sent."""

    GRANTED = "granted"
    WAIT = "wait"  # it does not fit now, but may when calls under way cost less than they hold
    SPENT = "spent"  # it does not fit, and never will


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all processes of a run, dead ones too.

    ``calls`` are requests sent, retries included. ``answers`` came live and ``stored`` ones from
    the store; ``throttled`` replies asked to slow down, ``missing`` requests were given up, and
    ``unpriced`` live answers have no known price. ``usd`` was spent; what a dead process held is
    part of it, because its calls may have been paid for. ``reserved_usd`` is held by calls under
    way. ``ahead`` is how many requests the living may still make. ``processes`` counts the living,
    one that only watches included.
    """

    calls: int
    answers: int
    stored: int
    throttled: int
    missing: int
    usd: float
    reserved_usd: float
    unpriced: int
    ahead: int
    processes: int


class Accounts:
    """One process's place in the accounts of the run in ``folder`` (made if missing, mode 0700).

    All processes of a run give the same caps. With ``samples=False`` this one only watches, and
    never gets a share. The methods may be called from any thread, take microseconds, and raise
    StoreError, one line, when the file cannot be used: nothing is bought that is not counted.
    """

    def __init__(self, folder: Path, caps: Caps = UNBOUNDED, *, samples: bool = True) -> None:
        self._caps = caps
        self._samples = samples
        self._turn_began: float | None = None
        self._row = new_row()
        self._file, self._number = account_rows.join(folder, self._row)
        self._closed = False

    def reserve(self, usd: float | None) -> Reserved:
        """Ask before each request. GRANTED counts one call, and holds the most that it may cost.

        ``usd`` is None where no price is known: that is a call, but no money.
        """
        held = _nano(usd)
        with self._open_file() as file:
            verdict = self._verdict(file, held)
            if verdict is Reserved.GRANTED:
                self._row[Column.CALLS] += 1
                self._row[Column.RESERVED] += held
                self._write()
        return verdict

    def settle(self, reserved_usd: float | None, spent_usd: float | None) -> None:
        """Give back what a granted call held, and book what it cost: 0.0 for one that failed.

        A cost of None is one that the provider did not tell: then all that was held is booked.
        """
        held = _nano(reserved_usd)
        spent = held if spent_usd is None else _nano(spent_usd)
        with self._open_file():
            if held > self._row[Column.RESERVED]:
                raise ValueError(f"{reserved_usd} USD were not reserved")
            self._row[Column.RESERVED] -= held
            self._row[Column.SPENT] += spent
            self._write()

    def count(
        self,
        *,
        answers: int = 0,
        stored: int = 0,
        throttled: int = 0,
        missing: int = 0,
        unpriced: int = 0,
    ) -> None:
        """Add to what this process has counted."""
        with self._open_file():
            self._row[Column.ANSWERS] += answers
            self._row[Column.STORED] += stored
            self._row[Column.THROTTLED] += throttled
            self._row[Column.MISSING] += missing
            self._row[Column.UNPRICED] += unpriced
            self._write()

    def set_ahead(self, n: int) -> None:
        """Say how many requests this process may still make."""
        with self._open_file():
            self._row[Column.AHEAD] = n
            self._write()

    def totals(self) -> Totals:
        """The sums as they are at one moment."""
        with self._open_file() as file:
            rows = file.read()
            alive = file.alive(rows)
        held = _sum_of(rows, alive, Column.RESERVED)
        lost = rows.total(Column.RESERVED) - held
        return Totals(
            calls=rows.total(Column.CALLS),
            answers=rows.total(Column.ANSWERS),
            stored=rows.total(Column.STORED),
            throttled=rows.total(Column.THROTTLED),
            missing=rows.total(Column.MISSING),
            usd=(rows.total(Column.SPENT) + lost) / _NANO,
            reserved_usd=held / _NANO,
            unpriced=rows.total(Column.UNPRICED),
            ahead=_sum_of(rows, alive, Column.AHEAD),
            processes=len(alive),
        )

    def share(self, capacity: int, *, wanted: int | None = None, busy: int = 0) -> int:
        """How many calls this process may have under way, of ``capacity`` for the whole run.

        ``wanted`` is how many it has to do, under way or waiting (None: as many as it may);
        ``busy`` is how many are under way. Processes that want none leave their part to others.
        Where parts cannot be equal, or there is less than one for each, the turn passes on every
        second.

        All processes together never have more than ``capacity`` under way, if all give the same
        capacity and keep to their last share: what another process still uses is granted only when
        its calls have ended. So ask before each call, and every 50 ms or so while some wait; and
        say ``wanted=0`` when nothing is left to do.
        """
        if not self._samples:
            return 0
        wanted = max(busy, capacity if wanted is None else wanted)
        with self._open_file() as file:
            rows = file.read()
            others = [each for each in file.alive(rows) if each != self._number]
            part = self._claim(capacity, wanted, busy, _claims(rows, others))
            self._write()
        return part

    def close(self) -> None:
        """Leave the run. What was counted stays; what is still held counts as spent."""
        if self._closed:
            return
        with self._open_file():
            self._row[Column.LEFT] = 1
            self._write()
        account_rows.leave(self._file, self._number)
        self._closed = True

    def _verdict(self, file: RowFile, held: int) -> Reserved:
        calls, usd = self._caps.calls, self._caps.usd
        rows = file.read()
        if calls is not None and rows.total(Column.CALLS) >= calls:
            return Reserved.SPENT
        if usd is None:
            return Reserved.GRANTED
        committed = rows.total(Column.SPENT) + rows.total(Column.RESERVED)
        excess = committed + max(held, 1) - math.floor(usd * _NANO)
        if excess <= 0:
            return Reserved.GRANTED
        may_come_back = _sum_of(rows, file.alive(rows), Column.RESERVED)
        return Reserved.WAIT if may_come_back >= excess else Reserved.SPENT

    def _claim(self, capacity: int, wanted: int, busy: int, others: list[Claim]) -> int:
        ticket = self._ticket(wanted, others)
        part = part_of(Claim(wanted, busy, ticket), others, capacity)
        if part and self._turn_began is None:
            self._turn_began = time.monotonic()
        self._row[Column.WANTED] = wanted
        self._row[Column.HELD] = max(part, busy)
        self._row[Column.TICKET] = ticket
        return part

    def _ticket(self, wanted: int, others: list[Claim]) -> int:
        """The place in the queue; after a turn, the last one."""
        now, began = self._row[Column.TICKET], self._turn_began
        over = began is not None and time.monotonic() - began >= _TURN_S
        if wanted and now and not over:
            return now
        self._turn_began = None
        return last_ticket(others) + 1 if wanted else 0

    def _write(self) -> None:
        self._file.write(self._number, self._row)

    def _open_file(self) -> RowFile:
        if self._closed:
            raise StoreError("the accounts of this run are closed")
        return self._file


def _sum_of(rows: Rows, numbers: list[int], column: Column) -> int:
    values = rows.each(column)
    return sum(values[number] for number in numbers)


def _claims(rows: Rows, numbers: list[int]) -> list[Claim]:
    wanted, held = rows.each(Column.WANTED), rows.each(Column.HELD)
    ticket = rows.each(Column.TICKET)
    return [Claim(wanted[each], held[each], ticket[each]) for each in numbers]


def _nano(usd: float | None) -> int:
    """Nano-dollars, rounded up; but 0.07 is 70,000,000 and not 70,000,000.00000001."""
    if usd is None:
        return 0
    if not usd >= 0:
        raise ValueError(f"not the price of a call: {usd} USD")
    usd = min(usd, _MOST_USD)
    return math.ceil(round(usd * _NANO, 3))
