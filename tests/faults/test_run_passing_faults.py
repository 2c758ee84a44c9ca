"""Faults that pass: a run meets them on a real wire, loses no answer and wastes no call."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from model_runs import (
    ALL_AT_ONCE,
    LIMIT,
    ROUND,
    Model,
    Upstream,
    comparison,
    every,
    fails,
    from_to,
    says,
    upstream,
)
from scripted_server import Received, Reply, chat
from sessions import Session

Run = tuple[Upstream, Session]

PAGE = "<html>log in</html>"
FROM_THE_START = (0.6, 1.2)  # seconds, longer than it would wait by itself


def limited_from_the_start(number: int, received: Received) -> Reply:
    if number < len(FROM_THE_START):
        return fails(429, Retry_After=str(FROM_THE_START[number]))
    return says(received)


MODELS = {
    # The model, and how often it failed when it has given 30 answers.
    "429": (Model("429", from_to(8, 12, fails(429))), 4),
    "429-retry-after": (Model("429-retry-after", from_to(8, 14, fails(429, Retry_After="0.3"))), 6),
    "429-in-ms": (Model("429-in-ms", from_to(8, 14, fails(429, retry_after_ms="250"))), 6),
    "429-at-first": (Model("429-at-first", limited_from_the_start), 2),
    "529": (Model("529", from_to(8, 14, fails(529)), "anthropic", 'api_key_env = "SOME_KEY"'), 6),
    "503-retry-after": (Model("503-retry-after", from_to(8, 14, fails(503, Retry_After="0.2"))), 6),
    "503": (Model("503", from_to(8, 20, fails(503))), 12),
    "500": (Model("500", from_to(8, 20, fails(500))), 12),
    "500-at-times": (Model("500-at-times", every(4, fails(500))), 9),
    "502-page": (Model("502-page", from_to(8, 12, Reply(PAGE, 502))), 4),
    "200-page": (Model("200-page", from_to(8, 12, Reply(PAGE))), 4),
    "half-of-json": (Model("half-of-json", from_to(8, 12, Reply('{"choices": ['))), 4),
    "cut": (Model("cut", from_to(8, 12, Reply(chat(), cut=True))), 4),
    "reset": (Model("reset", from_to(8, 12, Reply(chat(), reset=True))), 4),
    "stall": (
        Model("stall", from_to(8, 10, Reply(chat(), delay_s=20)), table="timeout = 2"),
        2,
    ),
}


# A wall clock that goes back and forth by hours at every look.
JUMPING = """
import itertools, time
real, jumps = time.time, itertools.cycle([0, 7 * 3600, -5 * 3600, 86400])
time.time = lambda: real() + next(jumps)
"""


@pytest.fixture(scope="module", params=["", JUMPING], ids=["true clock", "jumping clock"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One run in which every model meets another fault, under two clocks the same."""
    models = [model for model, _ in MODELS.values()]
    with upstream(tmp_path_factory.mktemp("passing"), *models) as site:
        (site.folder / "conftest.py").write_text(request.param)
        yield site, site.run(*LIMIT, *ALL_AT_ONCE, SOME_KEY="some-key-of-a-test")


every_model = pytest.mark.parametrize("name", MODELS)


@every_model
def test_no_answer_is_lost(run: Run, name: str) -> None:
    site, session = run
    found = comparison(session, name)
    assert found["verdict"] == "PASS"
    assert found["gap"]["pairs"] == ROUND // 2
    for arm in ("training", "deployment"):
        assert found["arms"][arm]["n"] == ROUND // 2
        assert found["arms"][arm]["missing"] == {}
    assert found["calls"]["live"] == len(site.stored()[name]) == ROUND


@every_model
def test_calls_are_the_answers_and_the_failed_attempts(run: Run, name: str) -> None:
    model, faults = MODELS[name]
    assert model.calls == ROUND + faults


def test_the_run_counts_what_the_server_counts(run: Run) -> None:
    site, session = run
    calls = len(site.server.exchanges)
    throttled = sum(each.reply.status in (429, 529) for each in site.server.exchanges)
    throttled += 6  # of 503 with Retry-After
    answers = ROUND * len(MODELS)
    assert session.status == 0
    assert f"the whole run: {calls} calls sent, {answers} answers" in session.text
    assert f", throttled {throttled}, cost unknown" in session.text


def test_the_wait_that_a_limit_asks_for_is_kept(run: Run) -> None:
    model, _ = MODELS["429-at-first"]
    for gap, asked in zip(model.gaps_s, FROM_THE_START, strict=False):
        assert gap >= asked
    assert model.most_under_way(model.exchanges[:2]) == 1, "until one has shown that it works"
