"""``afake scenarios catalogue``: the page of all that is shipped, made from the fixtures."""

from __future__ import annotations

from argparse import Namespace

from pytest_afake.cli.command import FINE, say
from pytest_afake.cli.scenarios.catalogue import page


def run(options: Namespace) -> int:
    say(page())
    return FINE
