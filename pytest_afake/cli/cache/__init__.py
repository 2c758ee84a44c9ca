"""``afake cache``: what is in a store of answers, whether it is whole, and its exchange."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.cli.command import argument, run_later
from pytest_afake.settings import parsing

if TYPE_CHECKING:
    from pytest_afake.cli.command import Subparsers

_KEY = re.compile(r"[0-9a-f]{6,64}")


def add(subparsers: Subparsers) -> None:
    """Declare the command and its subcommands."""
    parser = _command(subparsers, "cache", "look into a store of answers, check it, exchange it")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (help_text, declare) in _COMMANDS.items():
        command = _command(commands, name, help_text)
        command.set_defaults(run=run_later(f"{__name__}.{name}_command"))
        declare(command)


def _command(commands: Subparsers, name: str, help_text: str) -> ArgumentParser:
    sentence = f"{help_text[0].upper()}{help_text[1:]}."
    return commands.add_parser(name, help=help_text, description=sentence)


def _stats(parser: ArgumentParser) -> None:
    _add_store(parser, "a store's folder, or a cassette")


def _explain(parser: ArgumentParser) -> None:
    key = argument(_key)
    parser.add_argument("key", metavar="KEY", type=key, help="a key, or its first 6 or more digits")
    parser.add_argument(
        "--against", metavar="KEY", type=key, help="say in which parts the two requests differ"
    )
    parser.add_argument("--full", action="store_true", help="do not cut long texts")
    _add_store(parser, "a store's folder, or a cassette")


def _export(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=argument(_file), help="the cassette to write")
    parser.add_argument(
        "--model",
        metavar="GLOB",
        action="append",
        default=[],
        help="only answers of these resolved models, as 'stats' names them; repeatable",
    )
    parser.add_argument("--force", action="store_true", help="replace a file that exists")
    _add_store(parser, "a store's folder, or a cassette")


def _import(parser: ArgumentParser) -> None:
    parser.add_argument(
        "source", metavar="FILE", type=argument(_path), help="a cassette, or a store's folder"
    )
    _add_store(parser, "the store to add to")


def _verify(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--set-aside",
        action="store_true",
        help="move bad rows out of the way, so that their answers can be asked again",
    )
    _add_store(parser, "a store's folder, or a cassette")


def _add_store(parser: ArgumentParser, help_text: str) -> None:
    default = "default: where pytest keeps it, by AFAKE_STORE, [tool.afake] or .afake/store"
    parser.add_argument(
        "--store", metavar="PATH", type=argument(_path), help=f"{help_text} ({default})"
    )


_COMMANDS = {
    "stats": ("count answers and cost, model by model", _stats),
    "explain": ("show one answer, and all that its key is made of", _explain),
    "export": ("write answers into a cassette, a text file to commit", _export),
    "import": ("take answers from a cassette or another store", _import),
    "verify": ("check every row", _verify),
}


def _path(value: str) -> Path:
    return parsing.path(Path.cwd(), parsing.text(value))


def _file(value: str) -> Path:
    if value == "-":
        raise ValueError("standard output is not supported; name a file")
    return _path(value)


def _key(value: str) -> str:
    key = value.strip().lower()
    if not _KEY.fullmatch(key):
        raise ValueError("must be 6 to 64 hex digits")
    return key
