"""Which endpoint and which key a model's requests get, and which parameters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_afake.errors import CallFailed, UsageError
from pytest_afake.models import endpoint, parameters
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Cause, Json, Sampling

REMOTE = ModelSpec("m", "openai/m")
LOCAL = ModelSpec("m", "openai/m", api_base="http://localhost:8000/v1")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("anthropic/claude-3-opus-20240229", "anthropic"),
        ("openrouter/meta-llama/llama-3", "openrouter"),
        ("gpt-4o", "openai"),
        ("o3-mini", "openai"),
        ("claude-sonnet-4-5", "anthropic"),
        ("olmo-7b", ""),
        ("nonesuch", ""),
    ],
)
def test_the_provider_in_a_name(target: str, expected: str) -> None:
    assert endpoint.provider(target) == expected


def test_the_endpoint_of_the_environment_is_made_explicit() -> None:
    environ = {"OPENAI_BASE_URL": "http://gateway/v1"}
    assert endpoint.api_base(REMOTE, environ) == "http://gateway/v1"
    assert endpoint.api_base(LOCAL, environ) == LOCAL.api_base
    assert endpoint.api_base(REMOTE, {"ANTHROPIC_BASE_URL": "http://gateway"}) is None


def test_openais_completions_share_key_and_endpoint_with_its_chat() -> None:
    base = ModelSpec("m", "text-completion-openai/davinci-002")
    assert endpoint.api_base(base, {"OPENAI_BASE_URL": "http://gateway/v1"}) == "http://gateway/v1"
    assert endpoint.has_credential(base.target, {"OPENAI_API_KEY": "k"})


def test_two_endpoints_for_one_provider_are_refused() -> None:
    environ = {"OPENAI_BASE_URL": "http://one/v1", "OPENAI_API_BASE": "http://two/v1"}
    with pytest.raises(UsageError, match="OPENAI_API_BASE and OPENAI_BASE_URL"):
        endpoint.api_base(REMOTE, environ)
    environ["OPENAI_API_BASE"] = "http://one/v1/"
    assert endpoint.api_base(REMOTE, environ) is not None


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (None, None),
        ("http://127.0.0.1:8000/v1/", "127.0.0.1:8000/v1"),
        ("https://user:secret@host/v1?key=secret#secret", "host/v1"),
        ("host:80/v1", "host:80/v1"),
    ],
)
def test_an_endpoint_is_shown_without_what_may_be_secret(
    base: str | None, expected: str | None
) -> None:
    assert endpoint.shown(base) == expected


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        (None, False),
        ("http://127.0.0.1:1/v1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:80/v1", True),
        ("http://localhost:1", True),
        ("http://model.localhost", True),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
    ],
)
def test_loopback(base: str | None, expected: bool) -> None:
    assert endpoint.is_loopback(base) is expected


def test_a_local_server_does_not_get_the_key_of_a_provider() -> None:
    environ = {"OPENAI_API_KEY": "sk-for-openai-only"}
    assert endpoint.api_key(LOCAL, environ) == endpoint.PLACEHOLDER_KEY
    named = replace(LOCAL, api_key_env="OPENAI_API_KEY")
    assert endpoint.api_key(named, environ) == "sk-for-openai-only"


def test_a_local_endpoint_of_the_environment_gets_the_key_beside_it() -> None:
    environ = {"OPENAI_BASE_URL": "http://localhost:4000/v1"}
    assert endpoint.api_key(REMOTE, environ) == endpoint.PLACEHOLDER_KEY
    assert endpoint.api_key(REMOTE, environ | {"OPENAI_API_KEY": "sk-gateway"}) is None


@pytest.mark.parametrize("environ", [{}, {"MY_KEY": ""}, {"MY_KEY": "  \n"}])
def test_a_key_that_is_named_but_not_set_stops_the_model(environ: dict[str, str]) -> None:
    with pytest.raises(CallFailed, match="no API key: set MY_KEY") as caught:
        endpoint.api_key(replace(LOCAL, api_key_env="MY_KEY"), environ)
    assert caught.value.cause is Cause.AUTHENTICATION
    assert caught.value.stops_model


def test_what_is_sent_is_what_the_request_says() -> None:
    sampling = Sampling(temperature=0.3, max_tokens=5, extra={"reasoning_effort": "low"})
    assert parameters.sent(sampling) == {
        "temperature": 0.3,
        "max_tokens": 5,
        "reasoning_effort": "low",
    }


def test_what_is_sent_may_be_changed_without_changing_the_request() -> None:
    sampling = Sampling(extra={"extra_headers": {"x": "1"}})
    parameters.sent(sampling)["extra_headers"]["authorization"] = "Bearer sk-1"
    assert sampling.extra == {"extra_headers": {"x": "1"}}


@pytest.mark.parametrize(
    "extra",
    [
        {"mock_response": "a fake pass"},
        {"fallbacks": ["openai/other"]},
        {"model": "openai/other"},
        {"temperature": 0},
        {"api_key": "sk-1"},
        {"extra_headers": {"Authorization": "Bearer x"}},
        {"extra_body": [{"auth_token": "x"}]},
    ],
    ids=lambda extra: next(iter(extra)),
)
def test_extra_may_not_change_who_answers_or_hold_a_secret(extra: dict[str, Json]) -> None:
    with pytest.raises(UsageError, match=r"^m: extra may not"):
        parameters.check_extra("m", extra)
