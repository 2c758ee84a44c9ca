"""Writing to a terminal that may not be able to show all of a text."""

from __future__ import annotations

from typing import TextIO


def write_shown(text: str, file: TextIO) -> None:
    """A name that the terminal cannot show must not end a run that was paid for."""
    encoding = file.encoding or "utf-8"
    file.write(text.encode(encoding, "backslashreplace").decode(encoding))
