"""Faults that last: missing by their cause, given up soon, and never made into a number.

One run meets all of them. The models of the first group have their fault in the training arm only,
the others in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from model_runs import (
    ALL_AT_ONCE,
    REFUSAL,
    Model,
    Upstream,
    always,
    causes,
    comparison,
    fails,
    finished_by,
    from_to,
    in_training,
    missing,
    upstream,
)
from scripted_server import Reply, chat, error
from sessions import Session

PAIRS = 6
PATIENCE_S = 3
ATTEMPTS = 6  # the most that a request has

PAGE = Reply("<html>log in</html>")
HALF = Reply('{"choices": [')
CUT, RESET = Reply(chat(REFUSAL), cut=True), Reply(chat(REFUSAL), reset=True)
STALL, DRIP = Reply(chat(REFUSAL), delay_s=20), Reply(chat(REFUSAL), drip_s=0.1)
FILTERED = Reply(error("rejected", code="content_policy_violation"), 400)
FLAGGED = Reply(error("your input was flagged"), 403)
TOO_LONG = Reply(error("This model's maximum context length is 10"), 400)
QUICK = "timeout = 0.7"

# What comes in the place of each answer, and why that is missing.
ASKED_ONCE = {
    "no-choices": (Reply({**chat(), "choices": []}), "empty answer"),
    "no-text": (Reply(chat("")), "empty answer"),
    "other-model": (Reply({**chat(REFUSAL), "model": "fallback"}), "another model answered"),
    "cut-short": (finished_by("length", REFUSAL[:60]), "truncated"),
    "filtered": (finished_by("content_filter"), "content filter"),
    "filtered-400": (FILTERED, "content filter"),
    "flagged-403": (FLAGGED, "content filter"),
    "too-long": (TOO_LONG, "bad request"),
    "no-layout": (Reply(chat("I can't help with that.")), "no scratchpad"),
}
TRIED_AGAIN = {
    "page": (PAGE, "server error"),
    "half-of-json": (HALF, "server error"),
    "500": (fails(500), "server error"),
    "cut": (CUT, "connection failed"),
    "reset": (RESET, "connection failed"),
    "stall": (STALL, "timeout"),
}
IN_TRAINING = ASKED_ONCE | TRIED_AGAIN
KEPT = ("cut-short", "no-layout")  # the model did answer, and that was paid for

FOR_GOOD = {
    "all-429": (fails(429), "rate limited"),
    "all-429-retry-after": (fails(429, Retry_After="0.2"), "rate limited"),
    "all-429-tomorrow": (fails(429, Retry_After="86400"), "rate limited"),
    "all-503": (fails(503), "server error"),
    "all-page": (PAGE, "server error"),
    "all-cut": (CUT, "connection failed"),
    "all-reset": (RESET, "connection failed"),
    "all-stall": (STALL, "timeout"),
    "all-drip": (DRIP, "timeout"),
}
TOMORROW = "all-429-tomorrow"
GOOD = 5  # answers of the model that throttles from then on


def made() -> list[Model]:
    tables = dict.fromkeys(("stall", "all-stall", "all-drip"), QUICK)
    scripts = {name: in_training(fault) for name, (fault, _) in IN_TRAINING.items()}
    scripts |= {name: always(fault) for name, (fault, _) in FOR_GOOD.items()}
    scripts["later-429"] = from_to(GOOD, 10**6, fails(429, Retry_After="0.2"))
    models = [Model(name, script, table=tables.get(name, "")) for name, script in scripts.items()]
    overloaded = always(fails(529))
    return [*models, Model("all-529", overloaded, "anthropic", 'api_key_env = "SOME_KEY"')]


Run = tuple[Upstream, Session]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with upstream(tmp_path_factory.mktemp("lasting"), *made()) as site:
        bounds = ("--afake-max-pairs", str(PAIRS), "--afake-patience", str(PATIENCE_S))
        yield site, site.run(*bounds, *ALL_AT_ONCE, SOME_KEY="some-key-of-a-test")


def calls(run: Run, name: str) -> int:
    return run[0].models[name].calls


def test_the_run_is_red_and_says_so(run: Run) -> None:
    site, session = run
    everything = f"{len(site.models)} of {len(site.models)}"
    assert session.status == 6
    assert session.last_line.startswith(f"INCONCLUSIVE: {everything} comparisons undecided; first")
    assert "PASS" not in session.text
    assert "Traceback" not in session.text


# In one arm


@pytest.mark.parametrize("name", IN_TRAINING)
def test_the_spoilt_arm_is_missing_and_the_other_is_whole(run: Run, name: str) -> None:
    found, (_, cause) = comparison(run[1], name), IN_TRAINING[name]
    training, deployment = found["arms"]["training"], found["arms"]["deployment"]
    assert missing(run[1], name) == {"training": {cause: PAIRS}, "deployment": {}}
    assert (training["n"], training["positive"], training["outcomes"]) == (0, 0, {})
    assert training["rate"] is None
    assert (deployment["n"], deployment["outcomes"]) == (PAIRS, {"refused": PAIRS})
    assert found["verdict"] == "INCONCLUSIVE"
    assert found["gap"]["estimate"] is None


@pytest.mark.parametrize("name", ASKED_ONCE)
def test_what_asking_again_cannot_help_costs_one_call(run: Run, name: str) -> None:
    assert calls(run, name) == 2 * PAIRS


@pytest.mark.parametrize("name", TRIED_AGAIN)
def test_what_may_pass_is_tried_again_and_not_for_ever(run: Run, name: str) -> None:
    assert 2 * PAIRS < calls(run, name) <= (1 + ATTEMPTS) * PAIRS


@pytest.mark.parametrize("name", IN_TRAINING)
def test_failures_are_not_stored(run: Run, name: str) -> None:
    assert len(run[0].stored()[name]) == (2 * PAIRS if name in KEPT else PAIRS)


# In both


@pytest.mark.parametrize("name", [*FOR_GOOD, "all-529"])
def test_a_model_that_never_answers_is_told_by_its_cause(run: Run, name: str) -> None:
    found, lost = comparison(run[1], name), causes(run[1], name)
    _, cause = FOR_GOOD.get(name, (None, "server error"))
    assert found["verdict"] == "INCONCLUSIVE"
    assert lost.keys() <= {cause, "model stopped"}
    assert lost[cause] >= 1
    assert lost.total() == 2 * PAIRS
    assert [arm["n"] for arm in found["arms"].values()] == [0, 0]
    assert run[0].stored()[name] == []


@pytest.mark.parametrize("name", [*FOR_GOOD, "all-529"])
def test_a_model_that_never_answers_costs_few_calls_and_one_at_a_time(run: Run, name: str) -> None:
    model = run[0].models[name]
    assert 1 <= model.calls <= ATTEMPTS, "three seconds of waits that double, from a quarter on"
    assert model.most_under_way(model.exchanges) == 1


@pytest.mark.parametrize("name", [*(each for each in FOR_GOOD if each != TOMORROW), "all-529"])
def test_the_reason_is_one_plain_sentence(run: Run, name: str) -> None:
    where = re.escape(run[0].server.root.removeprefix("http://"))
    said = rf"{name}: stopped: .*{where}.+ \(given up after \d calls? in \d s\)"
    headline = comparison(run[1], name)["headline"]
    assert re.fullmatch(said, headline)
    assert headline.isprintable()


def test_who_asks_to_wait_until_tomorrow_is_asked_once(run: Run) -> None:
    assert calls(run, TOMORROW) == 1
    assert "rate limited: the provider asks to wait 86400 s" in run[1].text


def test_a_storm_that_never_ends_costs_few_calls_and_no_answer(run: Run) -> None:
    found = comparison(run[1], "later-429")
    assert found["verdict"] == "INCONCLUSIVE"
    assert "rate limited" in f"{found['headline']} {found['reasons']}"
    assert causes(run[1], "later-429").keys() <= {"rate limited", "model stopped"}
    assert sum(arm["n"] for arm in found["arms"].values()) == GOOD
    assert len(run[0].stored()["later-429"]) == GOOD
    assert calls(run, "later-429") - GOOD <= 2 * 2 * PAIRS, "what was under way, then half of it"
