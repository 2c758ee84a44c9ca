"""``afake compare``: the results of two runs, or of two models of one, held against each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.cli.command import argument, file_to_write, run_later
from pytest_afake.settings import parsing

if TYPE_CHECKING:
    from pytest_afake.cli.command import Subparsers

_HELP = "say how measures differ between two runs, such as before and after a fine-tune"
_DESCRIPTION = (
    f"{_HELP[0].upper()}{_HELP[1:]}. RUN1 is the earlier one. A run is what pytest wrote with "
    "--afake-json. With one run, --before and --after name two models of it; with two, they are "
    "needed where a run has several models with other names than the other's."
)


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "compare",
        help=_HELP,
        description=_DESCRIPTION,
        epilog="Exit status: 0 all was compared, 1 something could not be compared, or there was "
        "nothing to compare, 2 bad usage. How large a difference is does not change it.",
    )
    parser.set_defaults(run=run_later(f"{__name__}.compare_command"))
    parser.add_argument("before_run", metavar="RUN1", type=argument(_path), help="a results file")
    parser.add_argument(
        "after_run",
        metavar="RUN2",
        type=argument(_path),
        nargs="?",
        help="another one (default: RUN1)",
    )
    for when in ("before", "after"):
        parser.add_argument(
            f"--{when}",
            metavar="MODEL",
            type=argument(parsing.text),
            help=f"the model whose figures stand for '{when}'",
        )
    parser.add_argument(
        "--alpha",
        metavar="X",
        type=argument(parsing.number(0, 0.5, open_ends=True)),
        help="each bound holds with 1 - alpha (default: as in the later run)",
    )
    parser.add_argument(
        "--json", metavar="FILE", type=argument(file_to_write), help="write all of it here"
    )


def _path(value: str) -> Path:
    return parsing.path(Path(), parsing.text(value))
