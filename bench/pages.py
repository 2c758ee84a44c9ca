"""Tables in a page of the docs, which a command replaces between two marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path


def replaced(page: str, name: str, lines: Sequence[str]) -> str:
    """The page with these lines between the two marks of that name. ValueError without marks."""
    start, end = f"<!-- table: {name} -->", f"<!-- end: {name} -->"
    found = re.compile(f"({re.escape(start)}\n).*?({re.escape(end)})", re.DOTALL)
    changed, times = found.subn(lambda marks: f"{marks[1]}{joined(lines)}{marks[2]}", page)
    if times != 1:
        raise ValueError(f"the page has {times} tables named {name}")
    return changed


def joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def replace_in(path: Path, name: str, lines: Sequence[str]) -> None:
    """Replace one table of a page in its file."""
    page = path.read_text(encoding="utf-8")
    path.write_text(replaced(page, name, lines), encoding="utf-8")
