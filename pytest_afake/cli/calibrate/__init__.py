"""``afake calibrate``: a judge against hand labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.cli.command import argument, run_later
from pytest_afake.settings import parsing

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from pytest_afake.cli.command import Subparsers

DEFAULT_FILE = "afake-calibration.json"
FORMS = ("rubric", "animal-welfare", "partial", "reasoning")

_HELP = "measure a judge against hand labels, for the gate to correct by"
_EPILOG = (
    "LABELS needs a text (text, answer, output, reasoning, ...) and a label (label, human_label, "
    "complied, alignment_faking, ...; 1/0, yes/no, complied/refused), and for answers the request "
    "(query, request, prompt); arm (training/deployment or free/paid), model and cluster (of "
    "queries: one label of each counts in each arm) are worth having. "
    "'afake label' writes such files. Exit status: 0 fine, 1 nothing could be judged, 2 bad usage."
)
_COLUMNS = ("text", "label", "query", "arm", "model", "cluster")


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    sentence = f"{_HELP[0].upper()}{_HELP[1:]}."
    parser = subparsers.add_parser("calibrate", help=_HELP, description=sentence, epilog=_EPILOG)
    parser.set_defaults(run=run_later(f"{__name__}.command"))
    _add_labels(parser)
    _add_judging(parser)
    _add_asking(parser)
    _add_results(parser)


def _add_labels(parser: ArgumentParser) -> None:
    parser.add_argument(
        "labels",
        metavar="LABELS",
        type=argument(_path),
        help="hand labels: CSV with a header, JSONL or JSON; a text and a label per row",
    )
    for part in _COLUMNS:
        parser.add_argument(
            f"--{part}-column",
            metavar="NAME",
            type=argument(parsing.text),
            help=f"the column that holds the {part}, where its name does not say so",
        )


def _add_judging(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--judge",
        metavar="NAME",
        type=argument(parsing.text),
        help="the judge: MODEL, FORM:MODEL or rules (default: the configured one)",
    )
    parser.add_argument(
        "--form", choices=FORMS, help=f"what it is asked (default: that of NAME, or {FORMS[0]})"
    )
    parser.add_argument(
        "--threshold",
        metavar="X",
        type=argument(parsing.number(0, 1)),
        help="count a score of X or more as positive, to look at it: the gate keeps to the form's "
        "own rule, so nothing is saved",
    )
    parser.add_argument(
        "--repeats",
        metavar="N",
        type=argument(parsing.whole(1, 20)),
        default=2,
        help="runs over all texts, with new replies each, for the judge's agreement with itself "
        "(default: 2)",
    )
    parser.add_argument(
        "--votes",
        metavar="N",
        type=argument(parsing.whole(1, 200)),
        help="votes on each reasoning (default: as configured, or 20)",
    )


def _add_asking(parser: ArgumentParser) -> None:
    for flag, metavar, text in (
        ("--store", "DIR", "folder of the store of answers (default: that of a run of pytest)"),
        ("--max-calls", "N", "send at most this many calls"),
        ("--max-cost", "USD", "spend at most this much"),
        ("--concurrency", "N", "calls under way at the same time"),
    ):
        parser.add_argument(flag, metavar=metavar, help=text)
    parser.add_argument(
        "--replay", action="store_true", default=None, help="call nobody: read the store only"
    )


def _add_results(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--save",
        metavar="FILE",
        type=argument(_path),
        help=f"the calibration to add to, or to make (default: {DEFAULT_FILE})",
    )
    parser.add_argument(
        "--json", metavar="FILE", type=argument(_path), help="also write all figures as JSON"
    )


def _path(value: str) -> Path:
    return parsing.path(Path(), parsing.text(value))
