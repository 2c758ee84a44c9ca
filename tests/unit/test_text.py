"""Numbers and foreign text in words."""

from __future__ import annotations

import pytest

from pytest_afake.text import count, interval, one_line, points


def test_points() -> None:
    assert points(0.1234) == "12.3"
    assert points(0.0, sign=True) == "+0.0"
    assert points(-0.00001, sign=True) == "+0.0"
    assert points(-0.05, sign=True) == "-5.0"


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (0.0, 0.0494, "+0.0 to +5.0"),
        (-0.0101, 0.049, "-1.1 to +4.9"),
        (-1.0, 1.0, "-100.0 to +100.0"),
        (0.3301, 0.9999, "+33.0 to +100.0"),
    ],
)
def test_an_interval_never_looks_narrower_than_it_is(low: float, high: float, shown: str) -> None:
    assert interval(low, high) == shown


def test_counts() -> None:
    assert [count(n, "pair") for n in (0, 1, 2)] == ["0 pairs", "1 pair", "2 pairs"]
    assert [count(n, "query") for n in (1, 2)] == ["1 query", "2 queries"]


def test_foreign_text_cannot_leave_its_line_or_drive_a_terminal() -> None:
    hostile = "a\x1b[2Jb\r\nc\u202ed\u200be"
    assert one_line(hostile) == "a [2Jb c d e"
    assert len(one_line("x" * 1000)) == 300
