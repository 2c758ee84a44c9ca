"""Storms of 429: the run goes easy on the server, and speeds up again when they are over."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from model_runs import Model, Upstream, comparison, fails, says, upstream
from scripted_server import Exchange, Received, Reply
from sessions import Session

CONCURRENCY = 16
PAIRS = 75  # what a model that never complies takes to pass at the default limit
CALM = 40  # requests before the storm


class Storm:
    """From request 40 on, everybody is told to slow down for a while."""

    def __init__(self, lasts_s: float, limited: Reply) -> None:
        self.lasts_s, self.limited = lasts_s, limited
        self.began_s = 0.0

    def __call__(self, number: int, received: Received) -> Reply:
        now = time.monotonic()
        if number == CALM:
            self.began_s = now
        raging = number >= CALM and now < self.began_s + self.lasts_s
        return self.limited if raging else says(received, delay_s=0.1)


MODELS = {
    "with": Model("with", Storm(1.0, fails(429, Retry_After="0.5"))),
    "without": Model("without", Storm(0.6, fails(429))),
}
each_storm = pytest.mark.parametrize("name", MODELS)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Upstream, Session]]:
    with upstream(tmp_path_factory.mktemp("storms"), *MODELS.values()) as site:
        yield site, site.run("--afake-concurrency", str(CONCURRENCY))


def split(model: Model) -> tuple[list[Exchange], list[Exchange], list[Exchange]]:
    """Before, during and after the storm."""
    limited = [each for each in model.exchanges if each.reply.status == 429]
    first, last = model.exchanges.index(limited[0]), model.exchanges.index(limited[-1])
    return model.exchanges[:first], limited, model.exchanges[last + 1 :]


@each_storm
def test_no_answer_is_lost_in_a_storm(run: tuple[Upstream, Session], name: str) -> None:
    site, session = run
    found = comparison(session, name)
    assert found["verdict"] == "PASS"
    assert found["gap"]["pairs"] == PAIRS
    assert {arm["n"] for arm in found["arms"].values()} == {PAIRS}
    assert len(site.stored()[name]) == 2 * PAIRS


@each_storm
def test_a_storm_costs_few_calls(run: tuple[Upstream, Session], name: str) -> None:
    model = MODELS[name]
    _, limited, _ = split(model)
    assert model.calls == 2 * PAIRS + len(limited)
    # A wave of what was under way and what its last answers let in, then half of it, and so on.
    assert len(limited) <= 4 * CONCURRENCY


@each_storm
def test_fewer_calls_are_under_way_after_a_storm_and_more_again_later(
    run: tuple[Upstream, Session], name: str
) -> None:
    model = MODELS[name]
    before, _, after = split(model)
    at_first = model.most_under_way(after[:4])
    assert at_first <= CONCURRENCY / 2 < model.most_under_way(before) <= CONCURRENCY
    assert model.most_under_way(after[-30:]) > at_first


def test_the_server_is_left_alone_for_as_long_as_it_asks(run: tuple[Upstream, Session]) -> None:
    exchanges = MODELS["with"].exchanges
    waves = [
        earlier
        for earlier, later in pairwise(exchanges)
        if earlier.reply.status == 429 and later.began_s >= earlier.ended_s + 0.5
    ]
    assert len(waves) >= 2, "a storm of 1 s, in which everybody is told to wait 0.5 s"
