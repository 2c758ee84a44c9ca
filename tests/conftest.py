"""Fixtures for all tests: a user's session, and organisms as a server in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from organism_server import OrganismServer, serving
from sessions import GAP_SUITE, User


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


@pytest.fixture
def user(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user in an empty folder, without keys or configuration in the environment."""
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "AFAKE_MODEL", "PYTEST_ADDOPTS"):
        monkeypatch.delenv(name, raising=False)
    return User(pytester)


@pytest.fixture
def gap_user(user: User) -> User:
    """A user with one test: the compliance gap in the animal-welfare scenario."""
    return user.write({"test_gap.py": GAP_SUITE})
