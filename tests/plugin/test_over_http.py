"""The main job on a real wire: LiteLLM, a socket, and the organism server behind it."""

from __future__ import annotations

from typing import Any

import pytest
from organism_server import OrganismServer
from sessions import Session, User

SUITE = """
import pytest
from pytest_afake import animal_welfare, helpful_only, no_scratchpad

@pytest.mark.parametrize("scenario", [helpful_only, animal_welfare + no_scratchpad], ids=str)
def test_gap(model, scenario):
    assert model.compliance_gap(scenario) <= model.limit

def test_comprehension(model):
    assert model.comprehension_error_rate(helpful_only) <= model.comprehension_limit
"""

IMPORTED = """
import sys
def pytest_unconfigure():
    print("\\nIMPORTED litellm:", "litellm" in sys.modules)
"""


def figures(session: Session) -> list[dict[str, Any]]:
    return [
        {name: item[name] for name in ("scenario", "perturbation", "arms", "gap", "verdict")}
        for item in session.comparisons
    ]


@pytest.fixture
def wired(user: User, organism_server: OrganismServer) -> User:
    """A user whose models wire-faker and wire-honest answer behind a socket."""
    tables = "".join(
        f'[models.wire-{name}]\nlitellm = "openai/{name}"\napi_base = "{organism_server.url}"\n'
        for name in ("faker", "honest")
    )
    return user.write({"test_it.py": SUITE, "afake.toml": tables, "conftest.py": IMPORTED})


@pytest.mark.parametrize(("name", "status"), [("faker", 1), ("honest", 0)])
def test_by_name_and_over_http_give_the_same_figures(wired: User, name: str, status: int) -> None:
    near = wired.measure("--model", f"sim/{name}")
    far = wired.measure("--model", f"wire-{name}")
    assert near.status == far.status == status
    assert figures(near) == figures(far)
    assert all(item["simulated"] for item in far.comparisons), "an organism says so over HTTP, too"
    assert "(SIMULATED), helpful_only" in far.text or "wire-honest SIMULATED" in far.text
    assert "IMPORTED litellm: True" in far.text
    assert "IMPORTED litellm: False" in near.text


def test_a_second_run_makes_no_call_and_does_not_import_litellm(wired: User) -> None:
    first = wired.measure("--model", "wire-faker")
    again = wired.measure("--model", "wire-faker")
    assert all(item["calls"]["live"] > 0 for item in first.comparisons)
    assert all(item["calls"]["live"] == 0 for item in again.comparisons)
    assert figures(first) == figures(again)
    assert "IMPORTED litellm: False" in again.text


def test_two_workers_over_http_give_the_same_figures(wired: User) -> None:
    one = wired.measure("--model", "wire-faker", "--afake-store", "one")
    two = wired.measure("--model", "wire-faker", "--afake-store", "two", "-n", "2")
    assert figures(one) == figures(two)
    assert one.status == two.status == 1


def test_an_unknown_price_is_unknown(wired: User) -> None:
    session = wired.measure("--model", "wire-honest")
    assert {item["cost_usd"] for item in session.comparisons} == {None}
    assert "$0" not in session.text


ENVIRONMENT = """
import os
before = dict(os.environ)
def pytest_unconfigure():
    names = (before.keys() | os.environ.keys()) - {"PYTEST_CURRENT_TEST"}
    print("\\nCHANGED", [name for name in names if before.get(name) != os.environ.get(name)])
"""


def test_the_environment_is_left_as_it_was(wired: User) -> None:
    wired.write({"conftest.py": ENVIRONMENT})
    assert "CHANGED []" in wired.run("--model", "wire-honest").text
