"""The live line on an emulated terminal, below dots that others write: seen, and then no trace."""

from __future__ import annotations

import io
import os
import random
from dataclasses import dataclass, field

import pytest
from rich.text import Text
from terminal_screen import TerminalScreen

from pytest_afake.reporting.live_line import LiveLine

TEXT = Text("12 answers, 4/s")


@dataclass
class Session:
    """Somebody who writes like pytest, and a live line below, on one terminal."""

    screen: TerminalScreen = field(default_factory=TerminalScreen)
    shows: bool = True
    colour: bool = False
    column: int = 0

    def __post_init__(self) -> None:
        screen = self.screen
        self.live = LiveLine(screen.file, lambda: screen.width, colour=self.colour)

    def write(self, text: str) -> None:
        self.live.clear()
        self.screen.file.write(text)
        last = text.rpartition("\n")[2]
        self.column = len(last) if "\n" in text else self.column + len(last)

    def draw(self, text: Text = TEXT) -> None:
        if self.shows:
            self.live.draw(text, self.column)


def test_the_line_stands_below_and_the_cursor_where_it_was() -> None:
    session = Session()
    session.write("first\ntests/test_a.py ...")
    session.draw()
    assert session.screen.rows()[:4] == ["first", "tests/test_a.py ...", "12 answers, 4/s", ""]
    assert session.screen.column() == len("tests/test_a.py ...")


def test_dots_go_on_where_they_were_and_nothing_is_left_below() -> None:
    session = Session()
    session.write("tests/test_a.py ...")
    session.draw()
    session.write("..")
    assert session.screen.rows()[:2] == ["tests/test_a.py .....", ""]


def test_a_shorter_line_replaces_a_longer_one() -> None:
    session = Session()
    session.write("...")
    session.draw(Text("x" * 30))
    session.draw(Text("short"))
    assert session.screen.rows()[:3] == ["...", "short", ""]


def test_at_the_bottom_of_the_screen_it_scrolls_and_loses_nothing() -> None:
    session = Session()
    session.write("\n".join(f"row {number}" for number in range(6)))
    session.draw()
    assert session.screen.rows() == ["row 1", "row 2", "row 3", "row 4", "row 5", "12 answers, 4/s"]
    session.draw()
    session.write(" goes on\nrow 6")
    assert session.screen.transcript() == [
        *(f"row {number}" for number in range(5)),
        "row 5 goes on",
        "row 6",
    ]


def test_a_long_line_is_cropped_and_never_wraps() -> None:
    session = Session()
    session.write("...")
    session.draw(Text("x" * 100))
    assert session.screen.rows()[1:3] == ["x" * 39, ""]


def test_wide_characters_are_cropped_by_the_room_they_take() -> None:
    session = Session(TerminalScreen(width=10))
    session.draw(Text("日本語日本語日本語"))
    assert session.screen.rows()[1:3] == ["日本語日", ""]


def test_the_width_is_that_of_the_moment() -> None:
    session = Session()
    session.write("...")
    session.draw(Text("x" * 100))
    session.screen.resize(20)
    session.draw(Text("y" * 100))
    assert session.screen.rows()[:3] == ["...", "y" * 19, ""]
    session.write(".")
    session.screen.resize(60)
    session.draw(Text("z" * 100))
    assert session.screen.rows()[:3] == ["....", "z" * 59, ""]


def test_after_the_last_column_nothing_is_drawn_and_the_next_dot_is_not_lost() -> None:
    session = Session()
    session.write("." * 40)
    session.draw()
    session.write("F")
    assert session.screen.transcript() == ["." * 40, "F"]
    session.draw()  # on the second row of a line that was wrapped
    session.write(".")
    assert session.screen.transcript() == ["." * 40, "F."]


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_written_stands_there_as_if_nothing_had_been_drawn(seed: int) -> None:
    choice = random.Random(seed)  # noqa: S311 - a repeatable history, and no secret
    with_line, without = Session(), Session(shows=False)
    for _ in range(120):
        text = choice.choice([".", "F", "tests/test_b.py ", "\n", "a line\n", "." * 17, "\n\n"])
        drawn = Text("x" * choice.randrange(60))
        for session in (with_line, without):
            session.write(text)
        for _ in range(choice.randrange(3)):
            with_line.draw(drawn)
    with_line.live.clear()
    assert with_line.screen.transcript() == without.screen.transcript()
    assert with_line.screen.column() == without.screen.column()


def test_clearing_without_a_drawing_writes_nothing() -> None:
    session = Session()
    session.live.clear()
    assert session.screen.raw() == ""
    session.draw()
    session.live.clear()
    once = session.screen.raw()
    session.live.clear()
    assert session.screen.raw() == once


def test_styles_are_shown_where_there_is_colour_and_end_with_the_line() -> None:
    session = Session(colour=True)
    session.write("...")
    session.draw(Text("bold", "bold"))
    assert session.screen.bold("bold")
    session.write(".")
    assert not session.screen.bold("....")


def test_without_colour_there_are_no_styles() -> None:
    session = Session(colour=False)
    session.draw(Text("bold", "bold red"))
    assert not session.screen.bold("bold")
    assert "m" not in session.screen.raw()


@pytest.mark.parametrize(
    "hostile",
    [
        "a\nb",
        "a\x1b[2Jb",
        "a\x1b]0;title\x07b",
        "a\tb",
        "a\x9b2Jb",
        "a\u202eb",
        "a\x00b",
    ],
)
@pytest.mark.parametrize("colour", [True, False])
def test_text_with_controls_in_it_is_one_plain_line(hostile: str, colour: bool) -> None:
    session = Session(colour=colour)
    session.write("...")
    session.draw(Text(hostile, "bold"))
    rows = session.screen.rows()
    assert rows[0] == "..."
    assert (rows[1][0], rows[1][-1]) == ("a", "b")
    assert not session.screen.bold("a")
    assert rows[2:] == [""] * 4


def test_text_that_the_terminal_cannot_show_is_spelt_out() -> None:
    session = Session(TerminalScreen(encoding="ascii"))
    session.draw(Text("5 € spent"))
    assert session.screen.rows()[1] == r"5 \u20ac spent"


def test_the_text_of_the_caller_is_left_as_it_was() -> None:
    session = Session()
    text = Text("x" * 100, "bold")
    session.draw(text)
    assert text.plain == "x" * 100


def test_a_terminal_that_is_gone_is_no_error() -> None:
    file = io.StringIO()
    live = LiveLine(file, lambda: 40, colour=False)
    live.draw(TEXT, 0)
    file.close()
    live.draw(TEXT, 0)
    live.clear()


def test_a_terminal_that_hung_up_is_no_error() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with io.FileIO(writer, "w") as device:
        file = io.TextIOWrapper(device, write_through=True)
        live = LiveLine(file, lambda: 40, colour=False)
        live.draw(TEXT, 0)
        live.clear()
        with pytest.raises(BrokenPipeError):
            file.write("as it was")
        file.detach()
