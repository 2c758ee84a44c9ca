"""``afake scenarios``: what is shipped, what exactly is sent, and what an edit changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.cli.command import argument, run_later
from pytest_afake.settings import parsing

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from pytest_afake.cli.command import Subparsers

_HELP = "list scenarios and their edits, show what is sent, say what an edit changes"
_NAMING = (
    "A scenario is a shipped name, the path of a TOML file, or a folder with system.txt and "
    "user.txt; edits follow with a plus: helpful_only+criteria_cut."
)


def add(subparsers: Subparsers) -> None:
    """Declare the command and its subcommands; without one, it lists."""
    parser = subparsers.add_parser(
        "scenarios", help=_HELP, description=f"{_HELP[0].upper()}{_HELP[1:]}.", epilog=_NAMING
    )
    parser.set_defaults(run=run_later(f"{__name__}.list_command"), scenarios=[], edits=[])
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, (help_text, declare) in _COMMANDS.items():
        sentence = f"{help_text[0].upper()}{help_text[1:]}."
        command = commands.add_parser(name, help=help_text, description=sentence, epilog=_NAMING)
        command.set_defaults(run=run_later(f"{__name__}.{name}_command"))
        declare(command)


def _list(parser: ArgumentParser) -> None:
    parser.add_argument(
        "scenarios", metavar="SCENARIO", nargs="*", help="only these (default: all shipped ones)"
    )
    _add_edits(parser)


def _show(parser: ArgumentParser) -> None:
    parser.add_argument("scenario", metavar="SCENARIO[+EDIT...]", help="what is shown")
    _add_arm(parser, "show this arm alone")
    parser.add_argument("--query", metavar="TEXT", help="the query (default: a marked place)")
    _add_edits(parser)


def _diff(parser: ArgumentParser) -> None:
    parser.add_argument("first", metavar="A", help="a scenario, with edits or without")
    parser.add_argument("second", metavar="B", help="and another one")
    _add_arm(parser, "compare the text of this arm alone")
    _add_edits(parser)


def _catalogue(parser: ArgumentParser) -> None:
    """It has no options: the page follows from what is shipped."""


def _add_arm(parser: ArgumentParser, help_text: str) -> None:
    parser.add_argument("--arm", metavar="NAME", help=f"{help_text} (default: each arm)")


def _add_edits(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--edits",
        metavar="FILE",
        action="append",
        default=[],
        type=argument(_path),
        help="a file with edits of your own, which go before shipped ones of the same name; "
        "repeatable",
    )


_COMMANDS = {
    "list": ("list scenarios, and the edits that fit each, by what they serve", _list),
    "show": ("print the exact messages of a scenario", _show),
    "diff": ("say what differs between two scenarios: blocks, slots and arms", _diff),
    "catalogue": ("write docs/catalogue.md: all that is shipped, and the study's rows", _catalogue),
}


def _path(value: str) -> Path:
    return parsing.path(Path(), parsing.text(value))
