"""The options table as pytest knows it: flags and ini keys in, the given values out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from pytest_afake.settings.options import OPTIONS

if TYPE_CHECKING:
    from pytest_afake.settings.settings import Given


def add_options(parser: pytest.Parser) -> None:
    """Register every row of the table."""
    group = parser.getgroup("afake", "alignment faking")
    for option in OPTIONS:
        how: dict[str, Any] = (
            {"action": "store_const", "const": True}
            if option.switch
            else {
                "action": "append" if option.repeatable else "store",
                "metavar": option.metavar,
            }
        )
        group.addoption(
            *option.flags,
            dest=option.ini,
            default=None,
            help=f"{option.help} [env {option.env}]",
            **how,
        )
        parser.addini(option.ini, f"default of {option.flags[0]}", default="")


def given(config: pytest.Config) -> Given:
    """What the command line, the environment and the ini file say."""
    from pytest_afake.settings.settings import Given

    return Given(
        flags={option.name: config.getoption(option.ini) for option in OPTIONS},
        env=os.environ,
        ini={option.name: config.getini(option.ini) for option in OPTIONS},
        rootdir=config.rootpath,
        cwd=config.invocation_params.dir,
    )


def names_a_model(config: pytest.Config) -> bool:
    """True when this very run was told to measure a model, on the command line or around it."""
    (option,) = (option for option in OPTIONS if option.name == "model")
    return bool(config.getoption(option.ini) or os.environ.get(option.env))


def anything_given(config: pytest.Config) -> bool:
    """True when an option stands on the command line, in the environment or in the ini file."""
    return any(
        config.getoption(option.ini) or os.environ.get(option.env) or config.getini(option.ini)
        for option in OPTIONS
    )
