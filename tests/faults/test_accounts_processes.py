"""The accounts of a run among real processes, some of which are killed. No clock is asked."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_afake.sampling.accounts import Accounts, Caps, Reserved

WAIT_S = 60

PREFACE = """
    import sys, time
    from pathlib import Path
    from pytest_afake.sampling.accounts import Accounts, Caps, Reserved

    def say(*words):
        print(*words, flush=True)

    def hear():
        return sys.stdin.readline().strip()

    folder = Path(sys.argv[1])
"""


class Process:
    """A program in a process of its own, which is told lines and says lines."""

    def __init__(self, program: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", dedent(PREFACE) + dedent(program), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, line: str = "go") -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def rest(self) -> list[str]:
        """All that it still says until it ends well."""
        said = self._said()
        assert self._process.wait(timeout=WAIT_S) == 0
        return said

    def kill(self) -> list[str]:
        """Send SIGKILL, and return what it had said by then."""
        self._process.send_signal(signal.SIGKILL)
        said = self._said()
        self._process.wait(timeout=WAIT_S)
        return said

    def _said(self) -> list[str]:
        assert self._process.stdout is not None  # read here: communicate() would skip its buffer
        return self._process.stdout.read().splitlines()


Start = Callable[[str], Process]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "accounts"


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    started: list[Process] = []

    def start(program: str) -> Process:
        started.append(Process(program, folder))
        return started[-1]

    yield start
    for process in started:
        process.kill()


HAMMER = """
    accounts = Accounts(folder, {caps})
    say("ready")
    hear()
    won = 0
    while (verdict := accounts.reserve({usd})) not in {until}:
        if verdict is Reserved.GRANTED:
            won += 1
            {after}
    say(won)
    hear()
"""


def race(
    start: Start, caps: str, usd: float | None, *, after: str = "pass", until: str = "SPENT"
) -> list[int]:
    """What each of eight processes was granted, until it was told that there is no more."""
    ends = "{" + ", ".join(f"Reserved.{name}" for name in until.split()) + "}"
    program = HAMMER.format(caps=caps, usd=usd, after=after, until=ends)
    processes = [start(program) for _ in range(8)]
    assert [process.hear() for process in processes] == ["ready"] * 8
    for process in processes:
        process.tell()
    return [int(process.hear()) for process in processes]


def test_eight_processes_are_granted_exactly_the_calls_of_the_cap(
    start: Start, folder: Path
) -> None:
    won = race(start, "Caps(calls=1000)", None)
    assert sum(won) == 1000
    assert Accounts(folder).totals().calls == 1000


def test_eight_processes_hold_no_more_than_the_money_of_the_cap(start: Start, folder: Path) -> None:
    # None of them is settled while the others ask.
    won = race(start, "Caps(usd=7)", 0.07, until="WAIT SPENT")
    assert sum(won) == 100
    assert Accounts(folder).totals().reserved_usd == 7.0


def test_what_comes_back_is_spent_again_but_the_cap_holds(start: Start, folder: Path) -> None:
    """Each call holds 0.07 and costs 0.03, so more than 100 fit into the 7 dollars."""
    won = race(start, "Caps(usd=7)", 0.07, after="accounts.settle(0.07, 0.03)")
    totals = Accounts(folder).totals()
    assert totals.usd == pytest.approx(0.03 * sum(won))
    assert 7 - 0.07 < totals.usd <= 7


HOLD = """
    accounts = Accounts(folder, Caps(usd=1.0))
    say(accounts.reserve(0.6).name)
    hear()
    accounts.settle(0.6, 0.1)
    say("settled")
    hear()
"""


def test_what_a_living_process_holds_is_waited_for(start: Start, folder: Path) -> None:
    holder = start(HOLD)
    assert holder.hear() == "GRANTED"
    accounts = Accounts(folder, Caps(usd=1.0))
    assert accounts.reserve(0.6) is Reserved.WAIT
    holder.tell()
    assert holder.hear() == "settled"
    assert accounts.reserve(0.6) is Reserved.GRANTED


def test_what_a_killed_process_held_is_spent_and_not_waited_for(start: Start, folder: Path) -> None:
    holder = start(HOLD)
    assert holder.hear() == "GRANTED"
    accounts = Accounts(folder, Caps(usd=1.0))
    assert accounts.totals().processes == 2
    assert accounts.totals().reserved_usd == 0.6
    holder.kill()
    assert accounts.reserve(0.6) is Reserved.SPENT
    assert accounts.reserve(0.4) is Reserved.GRANTED
    totals = accounts.totals()
    assert (totals.usd, totals.reserved_usd, totals.processes) == (0.6, 0.4, 1)


ENDLESS = """
    accounts = Accounts(folder, Caps(usd=1e6))
    while True:
        accounts.reserve(0.01)
        accounts.settle(0.01, 0.01)
        accounts.count(answers=1)
        say("answered")
"""


@pytest.mark.parametrize("seen", [1, 20, 333])
def test_a_process_killed_at_any_moment_stops_nobody_and_loses_no_call(
    start: Start, folder: Path, seen: int
) -> None:
    """It dies with the turn, between its steps or within one: the others go on at once."""
    processes = [start(ENDLESS) for _ in range(3)]
    for process in processes:
        for _ in range(seen):
            assert process.hear() == "answered"
    answered = 3 * seen + sum(len(process.kill()) for process in processes)
    accounts = Accounts(folder, Caps(usd=1e6))
    assert accounts.reserve(0.01) is Reserved.GRANTED
    totals = accounts.totals()
    assert totals.processes == 1
    assert answered <= totals.answers <= answered + 3  # at most one each was not said any more
    assert totals.answers <= totals.calls - 1 <= totals.answers + 3
    assert totals.usd == pytest.approx(0.01 * (totals.calls - 1))


MEMBERS = """
    first, second = Accounts(folder), Accounts(folder)
    say("two")
    hear()
    first.close()
    say("one")
    hear()
"""


def test_leaving_once_does_not_take_the_other_members_of_a_process_along(
    start: Start, folder: Path
) -> None:
    accounts = Accounts(folder)
    process = start(MEMBERS)
    assert process.hear() == "two"
    assert accounts.totals().processes == 3
    process.tell()
    assert process.hear() == "one"
    assert accounts.totals().processes == 2
    process.kill()
    assert accounts.totals().processes == 1


FORK = """
    import os
    accounts = Accounts(folder)
    child = os.fork()
    if child == 0:
        own = Accounts(folder)
        own.count(answers=10)
        own.close()
        os._exit(0)
    os.waitpid(child, 0)
    accounts.count(answers=1)
    say("forked")
    hear()
"""


def test_a_fork_that_joins_and_ends_leaves_its_parent_alive(start: Start, folder: Path) -> None:
    process = start(FORK)
    assert process.hear() == "forked"
    totals = Accounts(folder).totals()
    assert (totals.answers, totals.processes) == (11, 2)


ORPHAN = """
    import os, signal
    accounts, parent = Accounts(folder), os.getpid()
    if os.fork():
        os.kill(parent, signal.SIGKILL)
    while os.getppid() == parent:
        time.sleep(0.01)
    say(Accounts(folder).totals().processes)
"""


def test_a_fork_knows_when_its_parent_is_dead(start: Start) -> None:
    assert start(ORPHAN).hear() == "1"


JOIN = """
    say("ready")
    hear()
    for number in range(10):
        accounts = Accounts(folder / str(number), Caps(calls=5))
        accounts.reserve(None)
        accounts.count(answers=1)
        accounts.close()
"""


def test_processes_that_join_the_same_new_runs_at_once_all_count(
    start: Start, folder: Path
) -> None:
    processes = [start(JOIN) for _ in range(4)]
    assert [process.hear() for process in processes] == ["ready"] * 4
    for process in processes:
        process.tell()
    for process in processes:
        process.rest()
    for number in range(10):
        totals = Accounts(folder / str(number)).totals()
        assert (totals.calls, totals.answers, totals.processes) == (4, 4, 1)


# Calls are sleeps; each says when it began and when it ended, by the clock of the machine.
CALLS = """
    accounts, capacity = Accounts(folder), {capacity}
    say("ready")
    hear()
    waiting, ends = {calls}, []
    while waiting or ends:
        now = time.monotonic()
        ends = [end for end in ends if end > now or say("end", time.monotonic_ns())]
        part = accounts.share(capacity, wanted=waiting + len(ends), busy=len(ends))
        while waiting and len(ends) < part:
            say("begin", time.monotonic_ns())
            ends.append(time.monotonic() + {call_s})
            waiting -= 1
        time.sleep(0.005)
    say("done", time.monotonic_ns())
    hear()  # alive, and wants nothing
"""


def events(processes: list[Process]) -> list[tuple[int, str, int]]:
    """(time, what, process) in the order of time, until each process is done."""
    found: list[tuple[int, str, int]] = []
    for number, process in enumerate(processes):
        while not found or found[-1][1:] != ("done", number):
            what, when = process.hear().split()
            found.append((int(when), what, number))
    return sorted(found)


def most_at_once(history: list[tuple[int, str, int]]) -> int:
    under_way = most = 0
    for _, what, _ in history:
        under_way += {"begin": 1, "end": -1, "done": 0}[what]
        most = max(most, under_way)
    return most


def run_calls(start: Start, number: int, **values: float) -> list[tuple[int, str, int]]:
    processes = [start(CALLS.format(**values)) for _ in range(number)]
    assert [process.hear() for process in processes] == ["ready"] * number
    for process in processes:
        process.tell()
    return events(processes)


def test_processes_together_use_the_capacity_and_no_more(start: Start) -> None:
    history = run_calls(start, 3, capacity=8, calls=50, call_s=0.05)
    assert most_at_once(history) == 8
    assert sum(what == "end" for _, what, _ in history) == 150


def test_with_one_connection_nobody_waits_for_the_whole_run_of_another(start: Start) -> None:
    """Each has calls for a second and a half, and none is done before the other has begun."""
    history = run_calls(start, 2, capacity=1, calls=15, call_s=0.1)
    assert most_at_once(history) == 1
    begins = [process for _, what, process in history if what == "begin"]
    assert set(begins[:14]) == {0, 1}
    first_done = [what for _, what, _ in history].index("done")
    assert {process for _, what, process in history[:first_done] if what == "end"} == {0, 1}


USE_ALL = """
    accounts = Accounts(folder)
    say(accounts.share(4, wanted=9))
    say(accounts.share(4, wanted=9, busy=4))
    hear()
"""


def test_the_connections_of_a_killed_process_are_free(start: Start, folder: Path) -> None:
    user = start(USE_ALL)
    assert [user.hear(), user.hear()] == ["4", "4"]
    accounts = Accounts(folder)
    assert accounts.share(4) == 0
    user.kill()
    assert accounts.share(4) == 4


FULL_DISK = """
    import resource, signal
    from pytest_afake.errors import StoreError
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256, 256))
    first = Accounts(folder)
    try:
        Accounts(folder)
    except StoreError as error:
        say(error)
    first.count(answers=1)
    say(first.totals().answers, first.totals().processes)
"""


def test_a_full_disk_is_an_error_of_one_line_and_who_had_joined_goes_on(
    start: Start, folder: Path
) -> None:
    process = start(FULL_DISK)
    assert process.hear() == f"{folder}/afake-accounts.bin: cannot be used: File too large"
    assert process.hear() == "1 1"
