"""A terminal to write on: an emulator shows what a person would see, and what scrolled away."""

from __future__ import annotations

import io

import pytest

pyte = pytest.importorskip("pyte", reason="pyte, the terminal emulator, is not installed")


class _Wire(io.BytesIO):
    """Feeds what is written to the emulator, and keeps it."""

    def __init__(self, screen: object) -> None:
        super().__init__()
        self._stream = pyte.ByteStream(screen)

    def write(self, data: bytes) -> int:  # type: ignore[override]  # of any buffer; here it is bytes
        self._stream.feed(bytes(data))
        return super().write(data)


class TerminalScreen:
    """``file`` is what programs write to; a new line begins at the left, as drivers see to it."""

    def __init__(self, width: int = 40, height: int = 6, encoding: str = "utf-8") -> None:
        self._screen = pyte.HistoryScreen(width, height, history=1000)
        self._wire = _Wire(self._screen)
        self.file = io.TextIOWrapper(self._wire, encoding, newline="\r\n", write_through=True)

    @property
    def width(self) -> int:
        return int(self._screen.columns)

    def resize(self, width: int) -> None:
        self._screen.resize(columns=width)

    def rows(self) -> list[str]:
        """What is on the screen, from top to bottom."""
        return [row.rstrip() for row in self._screen.display]

    def transcript(self) -> list[str]:
        """All that was ever written and is not erased, without empty rows at the end."""
        gone = [
            "".join(row[column].data for column in range(self.width)).rstrip()
            for row in self._screen.history.top
        ]
        return "\n".join([*gone, *self.rows()]).rstrip("\n").split("\n")

    def column(self) -> int:
        """Where the next character goes."""
        return int(self._screen.cursor.x)

    def bold(self, text: str) -> bool:
        """Whether the row that begins with ``text`` begins bold."""
        row = next(number for number, row in enumerate(self.rows()) if row.startswith(text))
        return bool(self._screen.buffer[row][0].bold)

    def raw(self) -> str:
        """All bytes that went over the wire."""
        return self._wire.getvalue().decode(self.file.encoding)
