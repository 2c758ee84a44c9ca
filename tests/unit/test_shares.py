"""Dividing a capacity: fair, complete, and never more than there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_afake.sampling.shares import Claim, fair_parts, last_ticket, part_of

WANTED = st.lists(st.integers(0, 40), min_size=1, max_size=8)
CAPACITY = st.integers(0, 100)


@pytest.mark.parametrize(
    ("capacity", "wanted", "parts"),
    [
        (10, [10], [10]),
        (10, [10, 10], [5, 5]),
        (10, [10, 10, 10], [4, 3, 3]),
        (10, [2, 10, 10], [2, 4, 4]),
        (10, [10, 0, 10], [5, 0, 5]),
        (10, [1, 2, 3], [1, 2, 3]),
        (2, [9, 9, 9], [1, 1, 0]),
        (1, [0, 9, 9], [0, 1, 0]),
        (0, [9, 9], [0, 0]),
        (10, [1, 5, 9, 9], [1, 3, 3, 3]),
    ],
)
def test_parts_are_fair_and_the_rest_goes_to_the_first(
    capacity: int, wanted: list[int], parts: list[int]
) -> None:
    assert fair_parts(capacity, wanted) == parts


@given(CAPACITY, WANTED)
def test_all_that_is_wanted_and_there_is_given_out(capacity: int, wanted: list[int]) -> None:
    parts = fair_parts(capacity, wanted)
    assert sum(parts) == min(capacity, sum(wanted))
    assert all(0 <= part <= want for part, want in zip(parts, wanted, strict=True))


@given(CAPACITY, WANTED)
def test_who_wants_more_than_he_got_has_at_most_one_less_than_anybody(
    capacity: int, wanted: list[int]
) -> None:
    parts = fair_parts(capacity, wanted)
    for part, want in zip(parts, wanted, strict=True):
        assert part == want or part >= max(parts) - 1


def test_the_lowest_ticket_stands_first_whatever_the_order_of_the_rows() -> None:
    first, second = Claim(5, 0, ticket=3), Claim(5, 0, ticket=8)
    assert part_of(first, [second], 1) == 1
    assert part_of(second, [first], 1) == 0
    assert last_ticket([first, second]) == 8
    assert last_ticket([]) == 0


def test_what_others_still_hold_is_not_granted_twice() -> None:
    other = Claim(wanted=10, held=8, ticket=1)
    assert part_of(Claim(10, 0, ticket=2), [other], 10) == 2  # fair would be 5
    assert part_of(Claim(10, 0, ticket=2), [Claim(10, 5, ticket=1)], 10) == 5
    assert part_of(Claim(10, 0, ticket=2), [Claim(10, 12, ticket=1)], 10) == 0
