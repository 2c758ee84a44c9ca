"""Fixtures for all tests: organisms as a real server in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from organism_server import OrganismServer, serving


@pytest.fixture(scope="session")
def organism_server() -> Iterator[OrganismServer]:
    """A server of organisms that asks for no key; shared, so name your own seed."""
    with serving() as server:
        yield server


@pytest.fixture
def start_organism_server() -> Iterator[Callable[..., OrganismServer]]:
    """Starts further servers with options, such as ``start("--latency", "50")``."""
    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(serving(*options))
