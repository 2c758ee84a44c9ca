"""``afake policy``: what applies to a measure of a model, and where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.cli.command import argument, run_later
from pytest_afake.settings import parsing

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from pytest_afake.cli.command import Subparsers


def add(subparsers: Subparsers) -> None:
    """Declare the command and what it does."""
    parser = subparsers.add_parser(
        "policy",
        help="show what applies to a measure of a model, and where it comes from",
        description="Show what applies to a measure of a model, and where it comes from.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_show(commands)


def _add_show(commands: Subparsers) -> None:
    show: ArgumentParser = commands.add_parser(
        "show",
        help="print each value that applies, and its source",
        description="Print each value that applies, and its source: flag and environment are those "
        "of this command, files those of the folder. Exit status: 0 fine, 2 a file is not right.",
    )
    show.set_defaults(run=run_later(f"{__name__}.show_command"))
    show.add_argument(
        "--model",
        metavar="NAME",
        action="append",
        type=argument(parsing.text),
        help="a model, under the name that a run is given; repeatable (default: the configured "
        "ones)",
    )
    show.add_argument(
        "--measure",
        metavar="NAME",
        action="append",
        type=argument(parsing.text),
        help="a measure, as reports name it; repeatable (default: those of the shipped suites, and "
        "what the policy names)",
    )
    show.add_argument(
        "--policy",
        "--afake-policy",  # as pytest has it
        metavar="FILE",
        type=argument(_path),
        help="the policy file (default: the configured one)",
    )


def _path(value: str) -> Path:
    return parsing.path(Path.cwd(), parsing.text(value))
