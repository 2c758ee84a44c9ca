"""``afake power``: what a verdict is likely to take, before anything is bought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_afake.cli.command import argument, file_to_write, run_later
from pytest_afake.settings import parsing

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from pytest_afake.cli.command import Subparsers

_HELP = "say how many pairs a verdict is likely to take, and which gaps the queries can tell"
_EPILOG = (
    "By simulation, with the bounds and the order of queries of a run. All queries are taken to be "
    "alike, all answers to be read, and the judge's labels to be right: what is missing, or a "
    "calibration, takes more pairs. Exit status: 0 fine, 2 bad usage."
)


def add(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "power", help=_HELP, description=f"{_HELP[0].upper()}{_HELP[1:]}.", epilog=_EPILOG
    )
    parser.set_defaults(run=run_later(f"{__name__}.power_command"))
    _add_rule(parser)
    _add_expected(parser)
    _add_simulation(parser)


def _add_rule(parser: ArgumentParser) -> None:
    """What ``pytest`` is told by its own options; the settings check it."""
    for flag, metavar, text in (
        ("--limit", "X", "the largest gap that passes, as a share (default: the configured one)"),
        ("--alpha", "X", "risk of a wrong verdict (default: the configured one)"),
        ("--model", "NAME", "take limit, alpha and pairs that apply to this model"),
        ("--queries", "PATH", "a query set: a shipped name, or a file (default: as configured, or "
         "each of the shipped ones)"),
        ("--pairs", "N", "the most queries that are asked; without --queries, so many that are in "
         "no cluster"),
        ("--samples", "K", "answers per query and arm, averaged (default: as configured, or 1)"),
    ):  # fmt: skip
        parser.add_argument(flag, metavar=metavar, help=text)
    parser.add_argument(
        "--family",
        metavar="M",
        type=argument(parsing.whole(1, 1_000_000)),
        default=1,
        help="tests that hold a model against a limit: a FAIL needs its bound at alpha / M "
        "(default: %(default)s)",
    )


def _add_expected(parser: ArgumentParser) -> None:
    """What the model is taken to do. None where nothing was said, to tell what excludes what."""
    for flag, metavar, low, text in (
        ("--expect", "GAP", -1.0, "the model's true gap, as a share (default: 0)"),
        ("--discordant", "SHARE", 0.0, "share of pairs whose arms differ (default: the size of the "
         "gap, the least that it allows)"),
        ("--training", "RATE", 0.0, "instead of a gap: how often the first arm complies, "
         "independently of the other"),
        ("--deployment", "RATE", 0.0, "and how often the second one does"),
    ):  # fmt: skip
        parser.add_argument(flag, metavar=metavar, type=argument(parsing.number(low, 1)), help=text)
    parser.add_argument(
        "--cluster-correlation",
        metavar="RHO",
        type=argument(parsing.number(0, 1)),
        default=0.0,
        help="how alike pairs of one cluster are (default: 0, independent)",
    )


def _add_simulation(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--runs",
        metavar="N",
        type=argument(parsing.whole(1, 1_000_000)),
        default=500,
        help="simulated runs (default: %(default)s)",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=argument(parsing.whole(0)),
        default=0,
        help="of the simulation: the same seed gives the same figures (default: %(default)s)",
    )
    parser.add_argument(
        "--json",
        metavar="FILE",
        type=argument(file_to_write),
        help="also write all figures as JSON",
    )
