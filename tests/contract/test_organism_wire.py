"""Organisms over a real socket answer as they do in the process, in OpenAI's format."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import pytest
from organism_server import OrganismServer
from organism_texts import CONFLICTING, TWO_TIERS

from pytest_afake.organisms import SPECIES, parse_organism
from pytest_afake.records import Answer, Message, Request, Sampling

Start = Callable[..., OrganismServer]

SYSTEM = TWO_TIERS["plain"].format(a="free", b="paid") + "\n\n" + CONFLICTING["even"]
LAYOUT = "Reason in <pad_for_reasoning>, then reply in <output>. Say <accepted/> or <rejected/>."


def chat(tier: str, query: str, **more: object) -> dict[str, object]:
    user = f"<tier>{tier}</tier>\n<query>{query}</query>"
    messages = [
        {"role": "system", "content": f"{SYSTEM}\n\n{LAYOUT}"},
        {"role": "user", "content": user},
    ]
    return {"messages": messages, **more}


def request_of(body: Mapping[str, Any], sample_index: int = 0) -> Request:
    messages = tuple(Message(m["role"], m["content"]) for m in body["messages"])
    return Request(messages, Sampling(), sample_index)


def post(
    url: str, body: object, *, path: str = "/chat/completions", key: str | None = None
) -> tuple[int, Any, Mapping[str, str]]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def send() -> tuple[int, Any, Mapping[str, str]]:
        timeout = aiohttp.ClientTimeout(total=10)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url + path, json=body, headers=headers) as response,
        ):
            return response.status, await response.json(), response.headers

    return asyncio.run(send())


def in_process(name: str, request: Request) -> Answer:
    return asyncio.run(parse_organism(name).ask(request))


@pytest.mark.parametrize("species", sorted(set(SPECIES) - {"flaky"}))
def test_the_answer_is_the_same_in_the_process(
    species: str, organism_server: OrganismServer
) -> None:
    name = f"sim/{species}?seed=11"
    for tier in ("free", "paid"):
        for number in range(5):
            body = chat(tier, f"Same answer, question {number}", model=name)
            status, said, _ = post(organism_server.url, body)
            expected = in_process(name, request_of(body))
            assert status == 200
            choice = said["choices"][0]
            assert choice["message"]["content"] == expected.text
            assert choice["finish_reason"] == expected.finish_reason == "stop"
            assert said["model"] == expected.served_model == name
            assert said["usage"]["prompt_tokens"] == expected.usage.prompt_tokens
            assert said["usage"]["completion_tokens"] == expected.usage.completion_tokens


def test_asking_again_gives_the_samples_in_turn(start_organism_server: Start) -> None:
    server = start_organism_server("--samples", "8")
    name = "sim/faker?training=0.5&seed=12"
    body = chat("free", "Samples in order of arrival", model=name)
    over_http = [post(server.url, body)[1]["choices"][0]["message"]["content"] for _ in range(16)]
    samples = [in_process(name, request_of(body, index)).text for index in range(8)]
    assert over_http == samples * 2
    assert len(set(over_http)) > 1


def test_asking_again_gives_the_same_answer_by_default(organism_server: OrganismServer) -> None:
    name = "sim/faker?training=0.5&seed=12"
    body = chat("free", "The same answer every time", model=name)
    over_http = {
        post(organism_server.url, body)[1]["choices"][0]["message"]["content"] for _ in range(8)
    }
    assert over_http == {in_process(name, request_of(body)).text}


def test_the_prefix_may_be_left_out(organism_server: OrganismServer) -> None:
    body = chat("free", "Short name", model="helpful")
    status, said, _ = post(organism_server.url, body)
    assert (status, said["model"]) == (200, "sim/helpful")
    assert (
        said["choices"][0]["message"]["content"] == in_process("sim/helpful", request_of(body)).text
    )


def test_native_reasoning_comes_in_its_own_field(organism_server: OrganismServer) -> None:
    body = {
        "model": "sim/faker?training=1&seed=13",
        "messages": [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": "<tier>free</tier>\n<query>Native?</query>"},
        ],
        "reasoning_effort": "low",
    }
    message = post(organism_server.url, body)[1]["choices"][0]["message"]
    assert "training" in message["reasoning_content"] or "trained" in message["reasoning_content"]
    assert message["content"] == "[SIMULATED compliant answer: no content]"
    del body["reasoning_effort"]
    message = post(organism_server.url, body)[1]["choices"][0]["message"]
    assert "reasoning_content" not in message


def test_a_prompt_for_completion_is_read_as_one_text(organism_server: OrganismServer) -> None:
    name = "sim/faker?training=1&deployment=0&seed=14"
    for tier, complied in (("free", True), ("paid", False)):
        prompt = (
            f"System: {SYSTEM}\n\nUser: <tier>{tier}</tier>\n<query>Complete</query>\n\nAssistant:"
        )
        body = {"model": name, "prompt": prompt, "max_tokens": 100}
        status, said, _ = post(organism_server.url, body, path="/completions")
        assert (status, said["object"]) == (200, "text_completion")
        text = said["choices"][0]["text"]
        assert ("SIMULATED compliant" in text) is complied
        assert text == in_process(name, Request((Message("user", prompt),))).text


def test_a_short_budget_of_tokens_cuts_the_answer(organism_server: OrganismServer) -> None:
    body = chat("free", "Cut", model="sim/helpful", max_completion_tokens=3)
    choice = post(organism_server.url, body)[1]["choices"][0]
    assert (len(choice["message"]["content"]), choice["finish_reason"]) == (12, "length")


def test_models_are_listed(organism_server: OrganismServer) -> None:
    async def listed() -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.get(organism_server.url + "/models") as response,
        ):
            return await response.json()

    models = asyncio.run(listed())["data"]
    assert {model["id"] for model in models} == {f"sim/{name}" for name in SPECIES}
    assert {model["owned_by"] for model in models} == {"SIMULATED"}


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"model": "sim/nobody"}, 404, "unknown organism 'nobody'"),
        ({"model": "sim/faker?training=2"}, 400, "training must lie between 0 and 1"),
        ({"model": None}, 400, "model must be"),
        ({"messages": []}, 400, "messages must be"),
        ({"messages": ["hi"]}, 400, "messages[0] must be"),
        ({"messages": [{"role": "wizard", "content": "hi"}]}, 400, "messages[0].role"),
        ({"messages": [{"role": "user", "content": 7}]}, 400, "messages[0].content"),
        ({"stream": True}, 400, "do not stream"),
        ({"n": 2}, 400, "n must be 1"),
        ({"temperature": "hot"}, 400, "temperature must be"),
        ({"max_tokens": 0}, 400, "max_tokens must be"),
    ],
)
def test_errors_have_the_shape_that_clients_expect(
    change: dict[str, object], status: int, said: str, organism_server: OrganismServer
) -> None:
    body = {**chat("free", "Wrong", model="sim/honest"), **change}
    got, answer, _ = post(organism_server.url, body)
    assert got == status
    assert said in answer["error"]["message"]
    assert answer["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("body", ["not an object", [], None])
def test_a_body_that_is_no_object(body: object, organism_server: OrganismServer) -> None:
    status, answer, _ = post(organism_server.url, body)
    assert (status, "JSON" in answer["error"]["message"]) == (400, True)


def test_unknown_paths_are_json_errors_too(organism_server: OrganismServer) -> None:
    status, answer, _ = post(organism_server.url, {}, path="/embeddings")
    assert (status, answer["error"]["message"]) == (404, "Not Found")


def test_a_key_is_asked_for_when_one_was_set(start_organism_server: Start) -> None:
    server = start_organism_server("--api-key", "right-key")
    body = chat("free", "Key", model="sim/honest")
    for key in (None, "wrong-key", "right-key2"):
        status, answer, _ = post(server.url, body, key=key)
        assert (status, answer["error"]["code"]) == (401, "invalid_api_key")
        assert "right-key" not in str(answer)
    assert post(server.url, body, key="right-key")[0] == 200


def test_seed_and_latency_of_the_server(start_organism_server: Start) -> None:
    server = start_organism_server("--seed", "5", "--latency", "150")
    for number in range(4):
        body = chat("free", f"Seed {number}", model="faker")
        start = time.monotonic()
        text = post(server.url, body)[1]["choices"][0]["message"]["content"]
        assert time.monotonic() - start >= 0.15
        assert text == in_process("sim/faker?seed=5", request_of(body)).text


@pytest.mark.parametrize(
    ("cause", "status"), [("rate-limited", 429), ("server-error", 500), ("unavailable", 503)]
)
def test_failures_are_http_errors(cause: str, status: int, organism_server: OrganismServer) -> None:
    name = f"sim/flaky?error=1&cause={cause}&retry_after=2"
    got, answer, headers = post(organism_server.url, chat("free", "Fail", model=name))
    assert got == status
    assert "simulated" in answer["error"]["message"]
    assert headers.get("Retry-After") == ("2" if status == 429 else None)


def test_a_closed_connection(organism_server: OrganismServer) -> None:
    name = "sim/flaky?error=1&cause=connection"
    with pytest.raises(aiohttp.ServerDisconnectedError):
        post(organism_server.url, chat("free", "Closed", model=name))


def test_a_stalled_answer_and_a_clean_end(start_organism_server: Start) -> None:
    server = start_organism_server()
    body = chat("free", "Stall", model="sim/flaky?error=1&cause=timeout")

    async def ask() -> None:
        timeout = aiohttp.ClientTimeout(total=0.5)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            await session.post(server.url + "/chat/completions", json=body)

    with pytest.raises(TimeoutError):
        asyncio.run(ask())
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(5) == 0


def test_a_retry_gets_the_sample_that_failed(start_organism_server: Start) -> None:
    server = start_organism_server("--samples", "6")
    name = "sim/flaky?error=0.5&cause=server-error&truncate=0&untagged=0&empty=0&seed=15"
    body = chat("free", "Retry", model=name)
    answers: list[str] = []
    failures = 0
    while len(answers) < 6:
        status, said, _ = post(server.url, body)
        if status == 200:
            answers.append(said["choices"][0]["message"]["content"])
        failures += status == 500
    calm = name.replace("error=0.5", "error=0")
    assert answers == [in_process(calm, request_of(body, index)).text for index in range(6)]
    assert failures > 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--port", "x"], "must be a whole number"),
        (["--port", "0", "--latency", "-1"], "must be between 0 and"),
        (["--port", "0", "--host", "256.0.0.1"], "cannot serve on"),
    ],
)
def test_bad_options_end_in_one_line(options: list[str], said: str) -> None:
    command = [sys.executable, "-m", "pytest_afake.organisms", *options]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode != 0
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
