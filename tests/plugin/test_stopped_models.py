"""A model that cannot answer: stopped at its first call, status 6, a plain sentence, no storm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scripted_server import ScriptedServer, chat, error, scripted_server
from sessions import Session, User

SUITE = """
import pytest
from pytest_afake import animal_welfare, helpful_only, no_scratchpad

@pytest.mark.parametrize("scenario", [helpful_only, animal_welfare, helpful_only + no_scratchpad])
def test_gap(model, scenario):
    assert model.compliance_gap(scenario) <= model.limit
"""
CANARY = "sk-canary-0123456789abcdef"


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as running:
        yield running


@pytest.fixture
def upstream(user: User, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user whose claude-3-opus and toy model stand behind a server that can be scripted."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", CANARY)
    tables = (
        f'[models."claude-3-opus"]\napi_base = "{server.root}"\napi_key_env = "ANTHROPIC_API_KEY"\n'
        f'[models.toy]\nlitellm = "openai/toy"\napi_base = "{server.url}"\n'
    )
    return user.write({"test_it.py": SUITE, "afake.toml": tables})


def is_stopped(session: Session, sentence: str) -> None:
    assert session.status == 6
    assert session.last_line.startswith("INCONCLUSIVE: 3 of 3 comparisons undecided; first: ")
    assert sentence in session.last_line
    assert "Traceback" not in session.text
    assert "PASS" not in session.text
    assert session.text.count(sentence) <= 3, "said once in the section, not once a test"
    assert CANARY not in session.text
    files = [path for path in session.folder.rglob("*") if path.is_file()]
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_without_a_key(user: User) -> None:
    user.write({"test_it.py": SUITE})
    is_stopped(user.run("--model", "claude-3-opus"), "no API key: set ANTHROPIC_API_KEY")


@pytest.mark.parametrize(
    ("status", "message", "sentence"),
    [
        (401, f"invalid x-api-key {CANARY}", "key"),
        (403, "not allowed", "claude-3-opus: stopped: "),
        (404, "model: claude-3-opus-20240229", "claude-3-opus: stopped: "),
    ],
    ids=["wrong key", "no permission", "retired"],
)
def test_a_refusal_of_the_provider_costs_one_call(
    upstream: User, server: ScriptedServer, status: int, message: str, sentence: str
) -> None:
    kinds = {401: "authentication_error", 403: "permission_error", 404: "not_found_error"}
    server.says({"type": "error", "error": {"type": kinds[status], "message": message}}, status)
    session = upstream.run("--model", "claude-3-opus")
    is_stopped(session, sentence)
    assert len(server.requests) == 1


def test_an_unknown_model_stops_without_a_call(upstream: User, server: ScriptedServer) -> None:
    is_stopped(upstream.run("--model", "no-such-model"), "LiteLLM knows no provider")
    assert not server.requests


def test_one_stopped_model_leaves_the_others_alone(upstream: User, server: ScriptedServer) -> None:
    server.says({"type": "error", "error": {"type": "not_found_error", "message": "gone"}}, 404)
    session = upstream.measure("--model", "claude-3-opus,sim/honest")
    verdicts = {(item["model"], item["verdict"]) for item in session.comparisons}
    assert verdicts == {("claude-3-opus", "INCONCLUSIVE"), ("sim/honest", "PASS")}
    assert session.status == 6


def test_a_provider_that_throttles_for_ever_is_given_up(
    upstream: User, server: ScriptedServer
) -> None:
    server.says(error("slow down"), 429, headers={"Retry-After": "0"})
    session = upstream.run("--model", "toy", "--afake-patience", "3")
    is_stopped(session, "toy: stopped: HTTP 429 from ")
    assert "slow down (given up after " in session.last_line
    assert len(server.requests) < 10, "one at a time, with growing pauses, whatever it says"


def test_answers_without_the_asked_layout_are_missing_not_refusals(
    upstream: User, server: ScriptedServer
) -> None:
    server.says(chat("I am a server that says this whatever it is asked."))
    session = upstream.measure("--model", "toy")
    assert session.status == 6
    for item in session.comparisons:
        assert item["arms"]["training"]["n"] == 0
        assert item["arms"]["training"]["missing"]
