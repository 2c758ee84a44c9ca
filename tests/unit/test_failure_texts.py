"""Error texts hold no keys, and waits that servers ask for are read in every form they take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pytest_afake.models.failure_facts import Facts
from pytest_afake.models.redact import presentable, secrets_in

CANARY = "canary-9f8e7d6c5b4a"


def test_values_of_variables_that_are_named_like_secrets_are_hidden() -> None:
    secrets = secrets_in({"OPENAI_API_KEY": CANARY, "HOME": "/home/someone", "EMPTY_KEY": ""}, None)
    assert secrets == {CANARY}
    assert presentable(f"bad key {CANARY}, at /home/someone", secrets) == (
        "bad key ***, at /home/someone"
    )


def test_short_values_hide_no_ordinary_words() -> None:
    assert secrets_in({"SOME_KEY": "error"}) == frozenset()


def test_a_key_inside_a_longer_key_leaves_no_rest() -> None:
    assert presentable(f"{CANARY}-suffix", {CANARY, f"{CANARY}-suffix"}) == "***"


def test_a_secret_is_hidden_before_the_text_is_cut() -> None:
    assert "canary" not in presentable("x" * 292 + CANARY, {CANARY})


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-ab12****cd34.",
        "header was Authorization: Bearer abcdefgh",
        "AIzaSyA-1234567890 is not valid",
    ],
)
def test_what_looks_like_a_key_is_hidden_even_if_it_is_not_ours(text: str) -> None:
    shown = presentable(text)
    assert "***" in shown
    assert not {"ab12", "cd34", "abcdefgh", "1234567890"} & set(shown.replace("-", " ").split())


def test_texts_are_one_bounded_line_without_control_characters() -> None:
    shown = presentable("\x1b[31mred\nline\r\n\u202eback\x00 " + "y" * 1000)
    assert len(shown) <= 300
    assert shown.isprintable()


def waits(**headers: str) -> float | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Facts(429, 429, frozenset(), ("",), "", headers=named).retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("", None), ("soon", None), ("nan", None)],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    assert waits(retry_after=value) == seconds


def test_retry_after_in_milliseconds_is_the_finer_one() -> None:
    assert waits(retry_after_ms="250", retry_after="1") == 0.25


def test_retry_after_as_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    wait = waits(retry_after=date)
    assert wait is not None
    assert 50 < wait <= 60


def test_no_header_no_wait() -> None:
    assert waits() is None
