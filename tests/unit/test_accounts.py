"""The accounts of a run, with several members in one process; see also the tests of faults."""

from __future__ import annotations

import math
import random
import stat
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_afake.errors import StoreError
from pytest_afake.sampling.accounts import UNBOUNDED, Accounts, Caps, Reserved

Join = Callable[..., Accounts]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "run" / "accounts"


@pytest.fixture
def join(folder: Path, request: pytest.FixtureRequest) -> Join:
    """Join the run of this test; all leave at its end."""

    def joined(caps: Caps = UNBOUNDED, **options: bool) -> Accounts:
        accounts = Accounts(folder, caps, **options)
        request.addfinalizer(accounts.close)
        return accounts

    return joined


def granted(accounts: Accounts, usd: float | None, tries: int) -> int:
    return sum(accounts.reserve(usd) is Reserved.GRANTED for _ in range(tries))


# what is counted


def test_the_folder_is_made_and_private(join: Join, folder: Path) -> None:
    join()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()] == [0o600]


def test_each_member_reads_the_sums_of_all(join: Join) -> None:
    first, second, watching = join(), join(), join(samples=False)
    first.count(answers=1, stored=2, throttled=3, missing=4, unpriced=5)
    second.count(answers=10, stored=20, throttled=30, missing=40, unpriced=50)
    second.count(answers=100)
    first.set_ahead(7)
    second.set_ahead(60)
    second.set_ahead(50)
    first.reserve(0.5)
    second.reserve(0.25)
    second.settle(0.25, 0.125)
    assert asdict(watching.totals()) == {
        "calls": 2,
        "answers": 111,
        "stored": 22,
        "throttled": 33,
        "missing": 44,
        "usd": 0.125,
        "reserved_usd": 0.5,
        "unpriced": 55,
        "ahead": 57,
        "processes": 3,
    }
    assert first.totals() == second.totals() == watching.totals()


def test_who_leaves_stays_in_the_sums_but_has_nothing_ahead(join: Join) -> None:
    first, second = join(), join()
    first.count(answers=3)
    first.set_ahead(9)
    assert first.reserve(0.5) is Reserved.GRANTED
    first.close()
    totals = second.totals()
    assert (totals.answers, totals.calls, totals.ahead, totals.processes) == (3, 1, 0, 1)
    # The call was under way, so it may have been paid for.
    assert (totals.usd, totals.reserved_usd) == (0.5, 0.0)


def test_a_run_that_all_have_left_can_be_joined_again(join: Join) -> None:
    first = join()
    first.count(answers=3)
    first.close()
    first.close()
    assert join().totals().answers == 3


def test_nothing_is_counted_after_leaving(join: Join) -> None:
    accounts = join()
    accounts.close()
    for use in (
        lambda: accounts.reserve(None),
        lambda: accounts.settle(None, None),
        lambda: accounts.count(answers=1),
        lambda: accounts.share(1),
        accounts.totals,
    ):
        with pytest.raises(StoreError, match="the accounts of this run are closed"):
            use()


def test_two_runs_have_nothing_in_common(tmp_path: Path) -> None:
    first, second = (Accounts(tmp_path / name, Caps(calls=1)) for name in ("a", "b"))
    assert first.reserve(None) is Reserved.GRANTED
    assert second.reserve(None) is Reserved.GRANTED
    assert first.totals().processes == 1


# calls


def test_the_cap_on_calls_is_one_for_all_and_never_given_back(join: Join) -> None:
    first, second = join(Caps(calls=3)), join(Caps(calls=3))
    assert first.reserve(None) is Reserved.GRANTED
    assert granted(second, 0.5, 2) == 2
    second.settle(0.5, 0.0)
    assert first.reserve(None) is Reserved.SPENT
    assert second.reserve(0.0) is Reserved.SPENT
    assert first.totals().calls == 3


def test_a_cap_of_zero_grants_nothing(join: Join) -> None:
    assert join(Caps(calls=0)).reserve(None) is Reserved.SPENT
    assert join(Caps(usd=0.0)).reserve(1e-9) is Reserved.SPENT


def test_without_caps_all_is_granted_and_still_counted(join: Join) -> None:
    accounts = join()
    assert granted(accounts, 1000.0, 50) == 50
    assert accounts.totals().calls == 50
    assert accounts.totals().reserved_usd == 50_000.0


# money


def test_what_calls_under_way_hold_may_come_back_and_is_waited_for(join: Join) -> None:
    first, second = join(Caps(usd=1.0)), join(Caps(usd=1.0))
    assert first.reserve(0.6) is Reserved.GRANTED
    assert second.reserve(0.6) is Reserved.WAIT
    assert second.reserve(0.4) is Reserved.GRANTED  # a smaller one fits
    second.settle(0.4, 0.0)
    first.settle(0.6, 0.1)
    assert second.reserve(0.6) is Reserved.GRANTED


def test_what_was_spent_does_not_come_back(join: Join) -> None:
    accounts = join(Caps(usd=1.0))
    accounts.reserve(0.6)
    accounts.settle(0.6, 0.6)
    assert accounts.reserve(0.6) is Reserved.SPENT
    accounts.reserve(0.3)
    assert accounts.reserve(0.6) is Reserved.SPENT  # not even if the 0.3 came back
    assert accounts.reserve(0.4) is Reserved.WAIT


def test_a_call_that_could_never_fit_is_not_waited_for(join: Join) -> None:
    accounts = join(Caps(usd=1.0))
    accounts.reserve(0.9)
    assert accounts.reserve(1.1) is Reserved.SPENT


def test_a_cost_that_was_not_told_is_all_that_was_held(join: Join) -> None:
    accounts = join()
    accounts.reserve(0.6)
    accounts.settle(0.6, None)
    assert (accounts.totals().usd, accounts.totals().reserved_usd) == (0.6, 0.0)


def test_a_failed_call_costs_nothing_but_was_a_call(join: Join) -> None:
    accounts = join(Caps(usd=0.6))
    for _ in range(5):
        assert accounts.reserve(0.6) is Reserved.GRANTED
        accounts.settle(0.6, 0.0)
    assert (accounts.totals().usd, accounts.totals().calls) == (0.0, 5)


def test_a_call_without_a_bound_is_sent_only_while_there_is_money_left(join: Join) -> None:
    accounts = join(Caps(calls=9, usd=0.5))
    assert accounts.reserve(None) is Reserved.GRANTED
    accounts.settle(None, 0.3)
    assert accounts.reserve(None) is Reserved.GRANTED
    accounts.settle(None, 0.4)  # nobody knew that it would cost so much
    assert accounts.reserve(None) is Reserved.SPENT
    assert accounts.totals().usd == pytest.approx(0.7)


def test_prices_that_are_no_binary_fractions_fill_the_cap(join: Join) -> None:
    assert granted(join(Caps(usd=0.7)), 0.07, 20) == 10


@settings(max_examples=50, deadline=None)
@given(
    cap=st.floats(0, 2),
    prices=st.lists(st.floats(0, 0.5), min_size=1, max_size=30),
    seed=st.integers(0, 2**32),
)
def test_what_is_spent_and_held_never_exceeds_the_cap(
    tmp_path_factory: pytest.TempPathFactory, cap: float, prices: list[float], seed: int
) -> None:
    choice = random.Random(seed)  # noqa: S311 - a repeatable choice, and no secret
    accounts = Accounts(tmp_path_factory.mktemp("run"), Caps(usd=cap))
    under_way: list[float] = []
    for price in prices:
        if accounts.reserve(price) is Reserved.GRANTED:
            under_way.append(price)
        if under_way and choice.random() < 0.5:
            held = under_way.pop(choice.randrange(len(under_way)))
            accounts.settle(held, choice.choice([None, 0.0, held * choice.random()]))
        totals = accounts.totals()
        assert totals.usd + totals.reserved_usd <= cap + 1e-12
        assert math.isclose(totals.reserved_usd, sum(under_way), abs_tol=1e-7)
    accounts.close()


@pytest.mark.parametrize("price", [-0.01, math.nan, -math.inf])
def test_what_is_no_price_is_refused_and_books_nothing(join: Join, price: float) -> None:
    accounts = join(Caps(usd=1.0))
    with pytest.raises(ValueError, match="not the price of a call"):
        accounts.reserve(price)
    accounts.reserve(0.5)
    with pytest.raises(ValueError, match="not the price of a call"):
        accounts.settle(0.5, price)
    assert (accounts.totals().calls, accounts.totals().reserved_usd) == (1, 0.5)


@pytest.mark.parametrize("price", [1e9, math.inf])
def test_a_price_that_no_call_has_is_booked_as_the_largest(join: Join, price: float) -> None:
    accounts = join()
    accounts.reserve(0.5)
    accounts.settle(0.5, price)
    assert accounts.totals().usd == 1e6


def test_more_than_was_held_cannot_be_given_back(join: Join) -> None:
    first, second = join(), join()
    first.reserve(0.5)
    with pytest.raises(ValueError, match=r"0\.5 USD were not reserved"):
        second.settle(0.5, 0.0)
    assert first.totals().reserved_usd == 0.5


def test_threads_of_one_process_do_not_lose_each_others_counts(join: Join) -> None:
    members = [join(Caps(calls=700)), join(Caps(calls=700))]

    def work(number: int) -> int:
        member = members[number % 2]
        won = 0
        for _ in range(100):
            if member.reserve(0.001) is Reserved.GRANTED:
                won += 1
                member.settle(0.001, 0.0005)
                member.count(answers=1)
        return won

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 700
    totals = members[0].totals()
    assert (totals.calls, totals.answers, totals.usd) == (700, 700, 0.35)
    assert totals.reserved_usd == 0.0


# shares


def test_one_alone_has_all(join: Join) -> None:
    assert join().share(64) == 64


def test_a_capacity_is_divided_among_those_who_want_it(join: Join) -> None:
    first, second, third = join(), join(), join()
    first.share(10, wanted=10)
    second.share(10, wanted=10)
    assert third.share(10, wanted=0) == 0
    assert [first.share(10, wanted=10), second.share(10, wanted=10)] == [5, 5]
    assert first.share(10, wanted=2) == 2
    assert second.share(10, wanted=10) == 8


def test_who_only_watches_gets_no_share_and_takes_none(join: Join) -> None:
    watching, sampling = join(samples=False), join()
    assert watching.share(10) == 0
    assert sampling.share(10) == 10


def test_what_is_in_use_is_granted_when_it_is_free(join: Join) -> None:
    first, second = join(), join()
    assert first.share(10, wanted=20) == 10
    assert second.share(10, wanted=20) == 0
    assert first.share(10, wanted=20, busy=10) == 5  # starts none until it has fewer than 5
    assert second.share(10, wanted=20) == 0
    assert first.share(10, wanted=17, busy=7) == 5
    assert second.share(10, wanted=20) == 3
    first.close()
    assert second.share(10, wanted=20, busy=3) == 10


def test_with_less_than_one_for_each_the_turn_passes_on(join: Join) -> None:
    members = [join(), join()]
    turns: list[int] = []
    began = time.monotonic()
    while time.monotonic() - began < 2.5:
        shares = [member.share(1) for member in members]
        assert sum(shares) <= 1
        if 1 in shares and shares.index(1) not in turns[-1:]:
            turns.append(shares.index(1))
        time.sleep(0.01)
    assert turns == [0, 1, 0]


def test_shares_never_exceed_the_capacity_whatever_happens(join: Join) -> None:
    """A random history: calls start within the share, end at any time, and members leave."""
    choice = random.Random(5)  # noqa: S311 - a repeatable history, and no secret
    members = [join() for _ in range(5)]
    busy = [0] * 5
    for step in range(3000):
        who = choice.randrange(len(members))
        busy[who] -= choice.randint(0, busy[who])
        part = members[who].share(7, wanted=choice.randint(0, 12), busy=busy[who])
        busy[who] = max(busy[who], choice.randint(0, part))
        assert sum(busy) <= 7
        if step in (1000, 2000):
            members.pop().close()
            busy.pop()
    assert sum(member.share(7, busy=held) for member, held in zip(members, busy, strict=True)) <= 7


def test_waiting_members_all_come_to_work(join: Join) -> None:
    members = [join() for _ in range(4)]
    for member in members:
        member.share(8)
    shares = [member.share(8) for _ in range(2) for member in members]
    assert shares[4:] == [2, 2, 2, 2]


# a damaged file


def refusal(folder: Path) -> str:
    with pytest.raises(StoreError) as error:
        Accounts(folder)
    message = str(error.value)
    assert message.startswith(f"{folder}/")
    assert "\n" not in message
    return message


@pytest.mark.parametrize("content", [b"{}", b"x" * 256, bytes(256), bytes(100)])
def test_a_foreign_file_is_refused_and_left_alone(folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "afake-accounts.bin").write_bytes(content)
    assert "damaged, or no accounts of pytest-afake" in refusal(folder)
    assert (folder / "afake-accounts.bin").read_bytes() == content


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refusal(tmp_path / "file")
    (tmp_path / "run" / "afake-accounts.bin").mkdir(parents=True)
    refusal(tmp_path / "run")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "afake-accounts.bin").symlink_to(tmp_path / "file")
    refusal(tmp_path / "linked")
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.parametrize("size", [0, 128, 200, 256, 300])
def test_a_file_that_shrinks_under_a_run_grants_nothing_more(
    join: Join, folder: Path, size: int
) -> None:
    accounts = join(Caps(calls=10))
    join().count(answers=1)
    assert accounts.reserve(None) is Reserved.GRANTED
    with (folder / "afake-accounts.bin").open("r+b") as file:
        file.truncate(size)
    for use in (lambda: accounts.reserve(None), accounts.totals, lambda: accounts.share(1)):
        with pytest.raises(StoreError, match="damaged"):
            use()


def test_a_row_that_was_wiped_is_no_row_of_zeros(join: Join, folder: Path) -> None:
    accounts = join(Caps(calls=10))
    join().reserve(None)
    with (folder / "afake-accounts.bin").open("r+b") as file:
        file.seek(256)
        file.write(bytes(128))
    with pytest.raises(StoreError, match="damaged"):
        accounts.reserve(None)


def test_no_thread_is_started(join: Join) -> None:
    before = threading.active_count()
    join().share(3)
    assert threading.active_count() == before
