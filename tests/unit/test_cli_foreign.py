"""Hostile text on a terminal: nothing is obeyed, nothing hidden, nothing passes for our words."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from pytest_afake.cli.foreign import MOST_CHARACTERS, MOST_LINES, block, inline, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ä, 漢字, ✅", "plain, ä, 漢字, ✅"),
        ("\x1b[2J\x07", r"\x1b[2J\x07"),
        ("a\rb\tc", r"a\rb\tc"),
        ("safe\u202eevil\u2066", r"safe\u202eevil\u2066"),
        ("zero\u200bwidth\u00ad", r"zero\u200bwidth\xad"),
        ("tag\U000e0041selector\U000e0100\ufe0f", r"tag\U000e0041selector\U000e0100\ufe0f"),
        ("fill\u3164er\u115f", r"fill\u3164er\u115f"),
        ("half\ud800", r"half\ud800"),
        ("line\u2028end\x85", r"line\u2028end\x85"),
    ],
)
def test_what_is_not_seen_is_spelt_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_no_control_or_format_character_is_left() -> None:
    points = (*range(0x20000), *range(0xE0000, 0xE1000), sys.maxunicode)
    left = {unicodedata.category(each) for each in printable("".join(map(chr, points)))}
    assert not left & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_a_line_of_a_text_cannot_pass_for_one_of_ours() -> None:
    lines = list(block("end\nanswer\r\n  cost_usd  0", full=True))
    assert lines == ["    | end", r"    | answer\r", "    |   cost_usd  0"]


def test_a_backslash_in_a_text_is_told_from_an_escape() -> None:
    assert list(block("\\x1b \x1b", full=True)) == [r"    | \\x1b \x1b"]
    assert inline("\\x1b \x1b") == r'"\\x1b \u001b"'


@pytest.mark.parametrize("text", ["x" * (MOST_CHARACTERS + 5), "y\n" * MOST_LINES + "12345"])
def test_a_long_text_is_cut_and_the_rest_is_counted(text: str) -> None:
    *shown, rest = block(text, full=False)
    assert len(shown) <= MOST_LINES
    kept = len("\n".join(line.removeprefix("    | ") for line in shown))
    assert rest == f"    ({len(text) - kept} more characters: --full)"
    whole = [line.removeprefix("    | ") for line in block(text, full=True)]
    assert "\n".join(whole) == text


def test_a_text_of_just_the_length_is_not_cut() -> None:
    text = "x" * MOST_CHARACTERS
    assert list(block(text, full=False)) == [f"    | {text}"]
