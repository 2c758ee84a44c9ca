"""One line below the cursor of a terminal on which somebody else is writing, and no trace of it."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from typing import TextIO

from rich.console import Console
from rich.text import Text

from pytest_afake.text import one_line

# Vertical tab is a line feed that keeps the column, and that the terminal driver leaves alone. At
# the bottom of the screen it scrolls; going up again leads back to the same text in any case.
_MAKE_ROOM = "\v\x1b[A"
_SAVE, _RESTORE = "\x1b7", "\x1b8"
_TO_LINE_BELOW = "\v\r"
_ERASE_REST = "\x1b[J"


class LiveLine:
    """Draws a line below the one that is being written, and takes it away again.

    ``file`` must lead to a terminal of at least two rows; a writer that uses another object than
    this one flushes what it writes. ``width`` is asked at each draw: terminals
    are resized. The other writer may write only while nothing is drawn: :meth:`clear` comes first.

    A terminal that cannot be written to any more is left alone; that is never an error here.
    """

    def __init__(self, file: TextIO, width: Callable[[], int], *, colour: bool) -> None:
        self._file = file
        self._width = width
        self._colour = colour
        self._drawn = False
        self._broken = False

    def draw(self, text: Text, column: int) -> None:
        """Draw ``text``, cropped to the width, in place of what is drawn.

        ``column`` is how many columns the other writer has filled since its last new line. After
        the last column of a row nothing is drawn: the terminal has yet to begin the next row, and
        would forget that.
        """
        width = max(2, self._width())
        if column and column % width == 0:
            return
        line = self._rendered(text, width - 1)  # the last column stays free, lest the line wraps
        self._write(f"{_MAKE_ROOM}{_SAVE}{_TO_LINE_BELOW}{_ERASE_REST}{line}{_RESTORE}")
        self._drawn = True

    def clear(self) -> None:
        """Take away what is drawn. What lies right of the cursor and below is nobody else's."""
        if self._drawn:
            self._write(_ERASE_REST)
            self._drawn = False

    def _rendered(self, text: Text, width: int) -> str:
        buffer = StringIO()
        console = Console(
            file=buffer,
            width=width,
            force_terminal=self._colour,
            color_system="standard" if self._colour else None,
            legacy_windows=False,
        )
        console.print(self._printable(text), end="", no_wrap=True, overflow="crop")
        return buffer.getvalue()

    def _printable(self, text: Text) -> Text:
        """Text with controls in it, or that the terminal cannot show, loses them and its styles."""
        encoding = self._file.encoding or "utf-8"
        plain = one_line(text.plain) if not text.plain.isprintable() else text.plain
        plain = plain.encode(encoding, "backslashreplace").decode(encoding)
        return text if plain == text.plain else Text(plain)

    def _write(self, sequence: str) -> None:
        if self._broken:
            return
        try:
            self._file.write(sequence)
            self._file.flush()
        except (OSError, ValueError):  # hung up, or closed
            self._broken = True
