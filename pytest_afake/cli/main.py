"""The parser, put together from the commands, and how a command ends."""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from io import TextIOWrapper

from pytest_afake import __version__
from pytest_afake.cli import cache, calibrate, compare, label, policy, power, scenarios, selftest
from pytest_afake.cli.command import FINE, TROUBLE, USAGE
from pytest_afake.errors import AfakeError, UsageError
from pytest_afake.text import one_line

COMMANDS = (cache, calibrate, compare, label, policy, power, scenarios, selftest)
_KILLED_BY = 128  # what a shell adds to the number of the signal that ended a process


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status.

    0: fine. 1: it found something wrong, or could not do its work. 2: bad usage. An interrupted
    command, or one whose reader went away, ends with the status that a shell gives to that signal.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show a text
    try:
        return _run(arguments)
    except BrokenPipeError:
        _discard_output()
        return _KILLED_BY + signal.SIGPIPE
    except KeyboardInterrupt:
        return _KILLED_BY + signal.SIGINT
    except UsageError as error:
        return _failed(error, USAGE)
    except (AfakeError, OSError) as error:
        return _failed(error, TROUBLE)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = _parser().parse_args(arguments)
        status: int = options.run(options)
        return status
    finally:
        sys.stdout.flush()  # here, where a closed pipe can still be handled


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="afake",
        description="Commands of pytest-afake beside the test run.",
        epilog=f"Exit status: {FINE} fine, {TROUBLE} something is wrong, {USAGE} bad usage.",
    )
    parser.add_argument("--version", action="version", version=f"pytest-afake {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(subparsers)
    return parser


def _failed(error: Exception, status: int) -> int:
    sys.stderr.write(f"afake: {one_line(str(error), 2000)}\n")
    return status


def _discard_output() -> None:
    """What is still buffered would be written, and fail, again when Python ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
