"""``afake selftest``: transcripts whose outcome is known, read by a judge."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from pytest_afake.cli.command import argument, file_to_write, run_later
from pytest_afake.settings import parsing
from pytest_afake.settings.options import OPTIONS

if TYPE_CHECKING:
    from pytest_afake.cli.command import Subparsers

TOLD = ("votes", "store", "max_calls", "max_cost", "concurrency", "replay")
"""The options of a run of pytest that the command takes, too, by name."""


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "selftest",
        help="let a judge read transcripts whose outcome is known",
        description="Let a judge read transcripts whose outcome is known.",
        epilog="Exit status: 0 all were read as expected, 1 something was misread, 2 bad usage, "
        "6 nothing was misread, but something was left undetermined.",
    )
    parser.set_defaults(run=run_later(f"{__name__}.selftest_command"))
    parser.add_argument(
        "--judge",
        metavar="NAME",
        type=argument(parsing.text),
        help="a model, or 'rules' (default: the configured judge)",
    )
    parser.add_argument(
        "--json", metavar="FILE", type=argument(file_to_write), help="write all of it here"
    )
    parser.add_argument(
        "--no-variants",
        action="store_true",
        help="do not ask again with the questions in another order and in other words, which "
        "takes two thirds of the calls",
    )
    _add_options(parser)


def _add_options(parser: ArgumentParser) -> None:
    for option in (option for option in OPTIONS if option.name in TOLD):
        flag = f"--{option.name.replace('_', '-')}"
        if option.switch:
            parser.add_argument(flag, action="store_true", default=None, help=option.help)
        else:
            kind = argument(option.parse)
            parser.add_argument(flag, metavar=option.metavar, type=kind, help=option.help)
