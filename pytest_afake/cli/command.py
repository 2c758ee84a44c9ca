"""What commands have in common: their statuses, how they are found, how they print."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pytest_afake.settings import parsing

if TYPE_CHECKING:
    from argparse import ArgumentParser, _SubParsersAction

    Subparsers: TypeAlias = _SubParsersAction[ArgumentParser]

FINE, TROUBLE, USAGE = 0, 1, 2
"""Exit statuses. USAGE is argparse's own."""

_T = TypeVar("_T")


def run_later(module: str) -> Callable[[Namespace], int]:
    """The function ``run`` of a module that is imported when it is called.

    It takes the parsed arguments, and returns the exit status.
    """

    def run(options: Namespace) -> int:
        status: int = import_module(module).run(options)
        return status

    return run


def argument(parse: Callable[[str], _T]) -> Callable[[str], _T]:
    """A type for argparse: a refusal names the value, and the rule in ``parse``'s ValueError."""

    def typed(value: str) -> _T:
        try:
            return parse(value)
        except ValueError as error:
            raise ArgumentTypeError(f"{value!r}: {error}") from None

    return typed


def file_to_write(value: str) -> Path:
    """The path of a file that can be written; raises ValueError for what is none."""
    path = parsing.path(Path.cwd(), parsing.text(value))
    if not path.parent.is_dir() or path.is_dir():
        raise ValueError("is no file in an existing folder")
    return path


def say(lines: Iterable[str]) -> None:
    """Write lines to standard output."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
