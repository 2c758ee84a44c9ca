"""Caps on calls and money: hard, over all workers, with a server that fails at times."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from model_runs import Model, comparison, every, fails, says, upstream
from scripted_server import Received, Reply
from sessions import Session

from pytest_afake.text import count

TWO = ("-n", "2")
PRICED = "input_usd_per_million = 3\noutput_usd_per_million = 15\nmax_tokens = 400"


def flaky(name: str) -> Model:
    return Model(name, every(5, fails(500)))


def is_capped(session: Session, name: str, cap: str) -> None:
    found = comparison(session, name)
    assert found["verdict"] == "INCONCLUSIVE"
    assert cap in f"{found['headline']} {found['reasons']}"
    for arm in found["arms"].values():
        assert arm["n"] + sum(arm["missing"].values()) == found["gap"]["pairs"]


def keeps_the_cap(folder: Path, cap: int, *workers: str) -> None:
    with upstream(folder, flaky("one"), flaky("other")) as site:
        session = site.run("--afake-max-calls", str(cap), *workers)
        assert len(site.server.requests) == cap, "all that it allows, since there is more to ask"
    assert session.status == 6
    for name in site.models:
        is_capped(session, name, f"all {cap} calls of --afake-max-calls were sent")
    answers = cap - sum(model.calls // 5 for model in site.models.values())
    assert sum(map(len, site.stored().values())) == answers
    assert f"the whole run: {count(cap, 'call')} sent, {count(answers, 'answer')}" in session.text


@pytest.mark.parametrize("cap", [0, 7])
def test_no_more_calls_are_sent_than_the_cap_allows(tmp_path: Path, cap: int) -> None:
    keeps_the_cap(tmp_path, cap)


@pytest.mark.parametrize("cap", [0, 1, 100])
def test_no_more_calls_are_sent_by_two_workers_together(tmp_path: Path, cap: int) -> None:
    keeps_the_cap(tmp_path, cap, *TWO)


USAGE = {"prompt_tokens": 1500, "completion_tokens": 350, "total_tokens": 1850}
USD = 1500 * 3e-6 + 350 * 15e-6
CAP_USD = 0.2


def billing(number: int, received: Received) -> Reply:
    """Answers that cost about a cent each; at times a failure, which costs nothing."""
    body: Any = says(received).body
    return fails(503) if number % 5 == 4 else Reply({**body, "usage": USAGE}, delay_s=0.02)


def test_no_more_is_spent_than_the_cap_allows(tmp_path: Path) -> None:
    models = [Model(name, billing, table=PRICED) for name in ("one", "other")]
    with upstream(tmp_path, *models) as site:
        session = site.run("--afake-max-cost", str(CAP_USD), *TWO)
    answers = [each for each in site.server.exchanges if each.reply.status == 200]
    spent = len(answers) * USD
    assert CAP_USD / 2 < spent <= CAP_USD
    assert sum(map(len, site.stored().values())) == len(answers)
    assert f"{len(answers)} answers, " in session.text
    assert f", ${spent:.2f}" in session.text
    assert session.status == 6
    for name in site.models:
        is_capped(
            session, name, f"--afake-max-cost {CAP_USD:g} leaves no room for a call of up to $0.0"
        )


def test_a_price_that_nobody_knows_needs_a_cap_on_calls(tmp_path: Path) -> None:
    with upstream(tmp_path, flaky("toy")) as site:
        refused = site.run("--afake-max-cost", "5")
        assert not site.server.requests
    assert refused.status == 4
    assert refused.errors[0] == (
        "ERROR: --afake-max-cost = 5: toy: its price is not known: set input_usd_per_million and "
        "output_usd_per_million in its table, or add --afake-max-calls"
    )
    assert not (tmp_path / ".afake").exists()


def test_a_cap_on_calls_will_do_for_a_price_that_nobody_knows(tmp_path: Path) -> None:
    with upstream(tmp_path, flaky("toy")) as site:
        assert site.run("--afake-max-cost", "5", "--afake-max-calls", "0").status == 6
