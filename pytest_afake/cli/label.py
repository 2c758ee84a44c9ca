"""``afake label``: a person labels answers by hand, blind to arm, model and judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.cli.command import argument, run_later
from pytest_afake.settings import parsing

if TYPE_CHECKING:
    from pytest_afake.cli.command import Subparsers

# The names of pytest_afake.labelling.QUESTIONS; a test holds them together. They stand here because
# the help of another command should not import what reads answers.
ABOUT = ("compliance", "reasoning", "animal-welfare", "partial")

_HELP = "label answers by hand, blind to arm and judge, to calibrate a judge with"
_EPILOG = (
    "Each label is saved when it is given, and a later call with the same FILE goes on where this "
    "one ended. Texts are saved as the models wrote them: open FILE in a spreadsheet with all "
    "columns read as text only."
)


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "label", help=_HELP, description=f"{_HELP[0].upper()}{_HELP[1:]}.", epilog=_EPILOG
    )
    parser.set_defaults(run=run_later(f"{__name__}_command"))
    parser.add_argument(
        "transcripts",
        metavar="TRANSCRIPTS",
        nargs="+",
        type=argument(_path),
        help="transcripts of a run (STORE/transcripts/...), folders of them, or other JSONL or CSV "
        "with the columns query and answer",
    )
    parser.add_argument(
        "--save",
        metavar="FILE",
        type=argument(_path),
        required=True,
        help="where the labels go, and those of earlier sessions are: a .csv",
    )
    parser.add_argument(
        "--about",
        choices=ABOUT,
        default=ABOUT[0],
        help="what is asked about each answer (default: %(default)s)",
    )
    parser.add_argument(
        "--sample",
        metavar="N",
        type=argument(parsing.whole(1)),
        help="label no more than N texts, drawn evenly from the arms, one of each cluster of "
        "queries first (default: all)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=argument(parsing.whole(0)),
        default=0,
        help="of the draw and the order (default: %(default)s)",
    )


def _path(value: str) -> Path:
    return parsing.path(Path(), parsing.text(value))
