"""The pytest plugin. Hooks translate; the run, the ledger and the gate decide.

Nothing but the table of options is imported until the user names an option or a configuration: an
unrelated test suite must not notice that this plugin is installed. The hooks of a run live in
:mod:`pytest_afake.plugin.hooks` and are registered only when there is one.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_afake.plugin.options import add_options
from pytest_afake.plugin.start import (
    RUN,
    finish_refused,
    note_refusal,
    parametrize,
    refuse_without_model,
    start_if_configured,
)

if TYPE_CHECKING:
    from pytest_afake.experiment import Model

NOT_AN_ARGUMENT = (
    "`model` must be an argument of the test, or of a fixture that is an argument of it: "
    'request.getfixturevalue("model") comes too late to know its models'
)

MARKS = (
    "quick: the shortest look at a model that the shipped suites have",
    "gate: what a release is held to by the shipped suites",
)


@pytest.fixture(scope="session")
def model(request: pytest.FixtureRequest) -> Model:
    """The model under test, once for each ``--model``. Everything a test needs hangs on it."""
    if not hasattr(request, "param"):  # what is asked for while a test runs is not parametrised
        from pytest_afake.errors import NotAnArgument

        raise NotAnArgument(NOT_AN_ARGUMENT)
    return request.config.stash[RUN].experiment.model(request.param)


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    if any(arg.startswith("suites") for arg in args):
        from pytest_afake.plugin.shipped_suites import redirect

        redirect(early_config, args)


def pytest_configure(config: pytest.Config) -> None:
    for mark in MARKS:
        config.addinivalue_line("markers", mark)
    start_if_configured(config)


@pytest.hookimpl(tryfirst=True)  # so that the model stands first in a test's id
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    parametrize(metafunc)


@pytest.hookimpl(trylast=True)  # deselected tests need no model
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    refuse_without_model(config, items)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    note_refusal(node)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # after pytest's own last line
def pytest_sessionfinish(session: pytest.Session) -> Generator[None]:
    yield
    finish_refused(session)
