"""The local server of the bench, over its socket: what it answers, refuses and counts."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

from bench.replies import REFUSAL
from bench.serving import LocalServer, local_server


def ask(server: LocalServer, number: int = 0) -> tuple[int, Any, str | None]:
    """Status, JSON body and Retry-After of one chat request."""
    body = {"model": "some-model", "messages": [{"role": "user", "content": f"question {number}"}]}
    with closing(HTTPConnection(server.root.removeprefix("http://"), timeout=10)) as connection:
        connection.request("POST", "/v1/chat/completions", json.dumps(body))
        reply = connection.getresponse()
        return reply.status, json.load(reply), reply.headers["retry-after"]


def test_it_refuses_in_our_layout_and_says_which_model_answered() -> None:
    with local_server() as server:
        status, body, _ = ask(server)
    assert status == 200
    assert body["model"] == "some-model"
    assert body["choices"][0]["message"]["content"] == REFUSAL
    assert body["choices"][0]["finish_reason"] == "stop"


def test_it_says_a_given_text() -> None:
    with local_server("--text", "good morning") as server:
        assert ask(server)[1]["choices"][0]["message"]["content"] == "good morning"


def test_it_counts_what_was_in_flight_since_the_last_reset() -> None:
    with local_server("--latency", "200") as server:
        ask(server)
        server.reset()
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda number: ask(server, number), range(16)))
        load = server.load()
    assert load.statuses == {"200": 16}
    assert 1 < load.peak_in_flight <= 8
    assert load.span_s >= 0.39, "two rounds of eight, 200 ms each"
    assert 0 < load.mean_in_flight <= 8


@pytest.mark.parametrize(
    ("options", "status", "wait"),
    [
        (("--throttle", "1"), 429, None),
        (("--throttle", "1", "--retry-after", "1.5"), 429, "1.5"),
        (("--errors", "1"), 503, None),
    ],
)
def test_it_fails_as_it_is_told_to(options: tuple[str, ...], status: int, wait: str | None) -> None:
    with local_server(*options) as server:
        found, body, retry_after = ask(server)
        assert server.load().statuses == {str(status): 1}
    assert found == status
    assert body["error"]["message"]
    assert retry_after == wait


def test_faults_come_in_their_share() -> None:
    with local_server("--throttle", "0.3", "--errors", "0.2") as server:
        for number in range(300):
            ask(server, number)
        found = server.load().statuses
    assert found["429"] == pytest.approx(90, abs=30)
    assert found["503"] == pytest.approx(60, abs=30)
    assert sum(found.values()) == 300


def test_it_allows_no_more_than_its_rate() -> None:
    with local_server("--rate", "5") as server:
        found = [ask(server, number)[0] for number in range(20)]
    assert found[:5] == [200] * 5
    assert found.count(429) >= 10
