"""A server or a key that dies in the middle of a run: what was answered stays, the rest is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from model_runs import (
    LIMIT,
    ROUND,
    Model,
    Upstream,
    causes,
    comparison,
    fails,
    says,
    upstream,
    well,
)
from scripted_server import Received, Reply, ScriptedServer, chat, scripted_server
from sessions import Session

PATIENCE_S = 4
OUTAGE_S = 0.6
CONCURRENCY = 8
DIES_AT = 12  # the number of the request that meets a dead server, or a dead key


@contextmanager
def dying(**how: float) -> Iterator[ScriptedServer]:
    """A server that answers a few requests and dies at the next; ``how`` is ``for_s``."""
    with scripted_server() as server:
        dead: list[Received] = []

        def script(received: Received) -> Reply:
            # Several may have arrived since the last one was answered.
            if dead or len(server.requests) < DIES_AT:
                return says(received)
            dead.append(received)
            server.die(**how)
            return Reply(chat(), reset=True)

        server.reply = script
        yield server


def revoked(number: int, received: Received) -> Reply:
    return says(received) if number < DIES_AT else fails(401)


@dataclass
class Run:
    """One run of three models, with the servers of two of them."""

    site: Upstream
    back: ScriptedServer
    gone: ScriptedServer
    session: Session

    def stored(self, name: str) -> int:
        return len(self.site.stored()[name])


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with dying(for_s=OUTAGE_S) as back, dying() as gone:
        models = [
            Model("back", well, base=back.url),
            Model("gone", well, base=gone.url),
            Model("revoked", revoked),
        ]
        with upstream(tmp_path_factory.mktemp("outages"), *models) as site:
            bounds = ("--afake-patience", str(PATIENCE_S), "--afake-concurrency", str(CONCURRENCY))
            yield Run(site, back, gone, site.run(*LIMIT, *bounds))


def test_a_server_that_comes_back_costs_no_answer(run: Run) -> None:
    found = comparison(run.session, "back")
    assert found["verdict"] == "PASS"
    assert {arm["n"] for arm in found["arms"].values()} == {ROUND // 2}
    assert run.stored("back") == found["calls"]["live"] == ROUND
    assert len(run.back.requests) - ROUND <= CONCURRENCY, "what was under way when the server died"


def test_a_server_that_stays_away_stops_its_model(run: Run) -> None:
    found = comparison(run.session, "gone")
    where = re.escape(run.gone.url.removeprefix("http://"))
    said = rf"gone: stopped: {where}: .+ \(given up after \d+ calls? in \d s\)"
    assert re.fullmatch(said, found["headline"])
    assert found["verdict"] == "INCONCLUSIVE"
    assert set(causes(run.session, "gone")) == {"connection failed", "model stopped"}
    assert run.stored("gone") == sum(arm["n"] for arm in found["arms"].values()) < DIES_AT


def test_a_dead_server_is_not_hammered(run: Run) -> None:
    counted = re.search(r"the whole run: (\d+) calls sent, (\d+) answers", run.session.text)
    assert counted is not None
    sent, answers = map(int, counted.groups())
    refused = len(run.site.models["revoked"].exchanges) - DIES_AT
    assert answers == sum(map(run.stored, run.site.models))
    assert sent - answers - refused <= 2 * ROUND


def test_a_key_that_is_revoked_stops_its_model_and_keeps_what_was_paid_for(run: Run) -> None:
    found, model = comparison(run.session, "revoked"), run.site.models["revoked"]
    assert found["headline"].startswith("revoked: stopped: HTTP 401 from 127.0.0.1:")
    assert found["verdict"] == "INCONCLUSIVE"
    assert causes(run.session, "revoked").keys() == {"authentication", "model stopped"}
    assert 1 <= model.calls - DIES_AT < 2 * CONCURRENCY, "what was under way and its last replies"
    assert run.stored("revoked") == sum(arm["n"] for arm in found["arms"].values()) == DIES_AT


def test_the_run_is_red(run: Run) -> None:
    assert run.session.status == 6
    assert run.session.last_line.startswith("INCONCLUSIVE: 2 of 3 comparisons undecided; first: ")
    assert "Traceback" not in run.session.text
