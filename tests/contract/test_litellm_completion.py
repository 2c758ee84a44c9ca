"""Completion mode against real sockets: what is sent, what is read, and what fails."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from configured import Project
from experiments import LastTrials
from litellm_harness import MESSAGES, SAMPLING, Harness, harness
from organism_server import OrganismServer
from scripted_server import Received, Reply, chat, error, scripted_server

from pytest_afake import helpful_only
from pytest_afake.errors import Inconclusive
from pytest_afake.experiment import Experiment
from pytest_afake.models.chat_as_text import STOP, chat_as_text
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.records import Cause, Message, Request, Sampling, Trial, Usage
from pytest_afake.scenario import shipped_perturbations
from pytest_afake.settings.settings import Given, resolve_settings
from pytest_afake.store import MemoryStore

TARGETS = ("openai/toy", "text-completion-openai/toy")
PREFILLED = helpful_only + shipped_perturbations()["prefill_basic"]


@pytest.fixture(scope="module")
def models() -> Iterator[Harness]:
    with harness() as running:
        yield running


def completion(text: str | None = "hello", **fields: object) -> dict[str, object]:
    """A text completion in OpenAI's layout."""
    choice = {"index": 0, "text": text, "logprobs": None, "finish_reason": "stop", **fields}
    usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    return {
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 1,
        "model": "toy",
        "choices": [choice],
        "usage": usage,
    }


@pytest.mark.parametrize("target", TARGETS)
def test_one_ask_is_one_request_with_the_chat_as_its_prompt(models: Harness, target: str) -> None:
    sampling = Sampling(0.5, 11, {"stop": [STOP], "top_k": 3, "seed": 4})
    models.ask(target, Reply(completion()), sampling, mode=Mode.COMPLETION)
    (request,) = models.server.requests
    assert request.path == "/v1/completions"
    assert request.headers["authorization"] == "Bearer no-key-configured"
    assert request.body == {
        "model": "toy",
        "prompt": chat_as_text(MESSAGES),
        "temperature": 0.5,
        "max_tokens": 11,
        "stop": [STOP],
        "top_k": 3,
        "seed": 4,
    }


@pytest.mark.parametrize("text", ["plain", "\n  spaces kept \n", "<think>b</think> c \x1b[31m"])
def test_the_text_is_verbatim(models: Harness, text: str) -> None:
    answer = models.ask(TARGETS[0], Reply(completion(text)), mode=Mode.COMPLETION)
    assert (answer.text, answer.reasoning, answer.finish_reason) == (text, None, "stop")
    assert (answer.usage, answer.served_model) == (Usage(7, 3), "toy")
    assert answer.cost_usd is None
    assert not answer.reasoning_withheld


@pytest.mark.parametrize("finish_reason", ["stop", "length"])
def test_a_reply_ends_where_the_other_side_would_speak_whatever_the_server_does(
    models: Harness, finish_reason: str
) -> None:
    sampling = Sampling(0.5, 11, {"stop": [STOP]})
    text = f"No.{STOP}\nGo on.\n\nAssistant:\n<final_output>Gladly"
    reply = Reply(completion(text, finish_reason=finish_reason))
    answer = models.ask(TARGETS[0], reply, sampling, mode=Mode.COMPLETION)
    assert (answer.text, answer.finish_reason) == ("No.", "stop")


def test_a_listed_price_is_the_cost(models: Harness) -> None:
    named = {**completion(), "model": "davinci-002"}
    target = "text-completion-openai/davinci-002"
    spec = ModelSpec("m", target, mode=Mode.COMPLETION)
    answer = models.ask(target, Reply(named), mode=Mode.COMPLETION)
    bound = LiteLLMClient(spec).most_usd(Request(MESSAGES, SAMPLING))
    assert answer.cost_usd is not None
    assert bound is not None
    assert 0 < answer.cost_usd < bound


BAD_KEY = error("wrong key sk-0123456789abcdef")


@pytest.mark.parametrize(
    ("reply", "cause", "transient", "stops"),
    [
        (Reply(BAD_KEY, 401), Cause.AUTHENTICATION, False, True),
        (Reply(error("This is a chat model"), 404), Cause.UNKNOWN_MODEL, False, True),
        (Reply(error("context length"), 400), Cause.BAD_REQUEST, False, False),
        (Reply(error("too many", param="max_tokens"), 400), Cause.BAD_REQUEST, False, True),
        (Reply(error("slow down"), 429), Cause.RATE_LIMITED, True, False),
        (Reply("boom", 500), Cause.SERVER_ERROR, True, False),
        (Reply("<html>", 200), Cause.SERVER_ERROR, True, False),
        (Reply(reset=True), Cause.CONNECTION, True, False),
        (Reply(status=307, headers={"location": "/x"}), Cause.CONNECTION, False, True),
        (Reply(completion(), delay_s=0.3), Cause.TIMEOUT, True, False),
        (Reply(completion("")), Cause.EMPTY, False, False),
        (Reply({**completion(), "choices": []}), Cause.EMPTY, False, False),
        (Reply(chat("a chat is no completion")), Cause.EMPTY, False, False),
        (Reply(completion(finish_reason="content_filter")), Cause.CONTENT_FILTER, False, False),
        (Reply({**completion(), "model": "other"}), Cause.OTHER_MODEL, False, False),
    ],
    ids=lambda value: str(getattr(value, "status", "")),
)
def test_what_is_no_answer_is_a_failure_with_its_cause_after_one_request(
    models: Harness, reply: Reply, cause: Cause, transient: bool, stops: bool
) -> None:
    timeout_s = 0.1 if reply.delay_s else 5.0
    failed = models.failure(TARGETS[0], reply, mode=Mode.COMPLETION, timeout_s=timeout_s)
    assert (failed.cause, failed.transient, failed.stops_model) == (cause, transient, stops)
    assert "sk-0" not in failed.detail
    assert "chat completion" not in failed.detail
    assert len(models.server.requests) == 1
    assert failed.__cause__ is failed.__context__ is None


def test_connections_are_kept_from_call_to_call_and_closed_with_the_client() -> None:
    async def session(url: str) -> tuple[int, int]:
        client = LiteLLMClient(ModelSpec("toy", TARGETS[0], api_base=url, mode=Mode.COMPLETION))
        before = _open_files()
        for _ in range(5):
            await client.ask(Request(MESSAGES))
        during = _open_files()
        await client.aclose()
        await asyncio.sleep(0.05)  # the server's ends of the sockets close, too
        return during - before, _open_files() - before

    with scripted_server() as server:
        server.reply = Reply(completion())
        asyncio.run(session(server.url))  # what LiteLLM opens once and keeps is open after this
        during, after = asyncio.run(session(server.url))
    assert 0 < during <= 3, "both ends of one connection"
    assert after <= 0


def _open_files() -> int:
    return len(os.listdir("/dev/fd"))  # noqa: PTH208 - names only, counted often


# --- whole measures


def measured(
    folder: Path, url: str, target: str, *, mode: str, holds: float | None = 0.3, **flags: Any
) -> Sequence[Trial]:
    """The trials behind a gap of the prefilled scenario; ``holds`` None for one undecided."""
    table = f'[models."m"]\nlitellm = "{target}"\napi_base = "{url}"\nmode = "{mode}"'
    project = Project(folder).write("afake.toml", table)
    given = Given({"model": ["m"], **flags}, {}, {}, project.root, project.cwd)
    seen = LastTrials()
    made = Experiment(resolve_settings(given), seen, MemoryStore())
    try:
        measure = made.model("m").compliance_gap(PREFILLED)
        if holds is None:
            with pytest.raises(Inconclusive):
                assert measure <= 0.3
        else:
            assert measure > holds
    finally:
        made.close()
    return seen.trials


def test_a_faker_behind_a_completion_api_shows_its_gap(
    organism_server: OrganismServer, tmp_path: Path
) -> None:
    target = "openai/sim/faker?training=0.9&deployment=0.1"
    trials = measured(tmp_path, organism_server.url, target, mode="completion")
    answers = [trial.answer for trial in trials]
    assert answers
    assert all(answer and "</scratchpad>" in answer.text for answer in answers)
    assert not any(answer and "<scratchpad>" in answer.text for answer in answers)


@pytest.mark.parametrize(
    ("mode", "path"), [("chat", "/v1/chat/completions"), ("completion", "/v1/completions")]
)
def test_a_provider_that_takes_no_prefill_leaves_missing_data_and_no_refusals(
    tmp_path: Path, mode: str, path: str
) -> None:
    said = "This model does not support assistant message prefill."

    def refuse(received: Received) -> Reply:
        assert received.path == path
        return Reply(error(said), 400)

    with scripted_server() as server:
        server.reply = refuse
        trials = measured(tmp_path, server.url, "openai/toy", mode=mode, holds=None, max_pairs="15")
        sent = server.requests[0].body
    begun = PREFILLED.render("training", "")[-1]
    assert isinstance(begun, Message)
    if mode == "chat":
        assert sent["messages"][-1] == {"role": "assistant", "content": begun.content}
    else:
        assert sent["prompt"].endswith(f"\n\nAssistant:\n{begun.content}")
        assert sent["stop"] == [STOP]
    assert len(trials) == 30
    for trial in trials:
        assert trial.judgement is None
        assert trial.missing is not None
        assert trial.missing.cause is Cause.BAD_REQUEST
        assert said in trial.missing.detail
