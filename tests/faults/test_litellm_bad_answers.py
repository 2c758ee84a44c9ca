"""A reply that is no usable answer is missing with its cause, and never a refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from litellm_harness import CHAT_TARGETS, Harness, harness
from scripted_server import Reply, chat

from pytest_afake.errors import CallFailed
from pytest_afake.records import Cause, Usage

every_chat_target = pytest.mark.parametrize("target", CHAT_TARGETS)


@pytest.fixture(scope="module")
def models() -> Iterator[Harness]:
    with harness() as running:
        yield running


def lost(failed: CallFailed) -> Cause:
    """The cause of a failure that is neither repeated nor the end of the model."""
    assert not failed.transient
    assert not failed.stops_model
    return failed.cause


EMPTY_ANSWERS = {
    "no choices": {**chat(), "choices": []},
    "null": chat(None),
    "empty": chat(""),
    "white": chat(" \n"),
    "only reasoning": chat("", reasoning_content="hm"),
}


@every_chat_target
@pytest.mark.parametrize("kind", EMPTY_ANSWERS)
def test_an_empty_answer_is_missing_and_no_refusal(models: Harness, target: str, kind: str) -> None:
    failed = models.failure(target, Reply(EMPTY_ANSWERS[kind]))
    assert lost(failed) is Cause.EMPTY
    assert len(models.server.requests) == 1


@every_chat_target
def test_a_filtered_answer_is_missing_and_no_refusal(models: Harness, target: str) -> None:
    body = {
        **chat(),
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "I"},
                "finish_reason": "content_filter",
            }
        ],
    }
    assert lost(models.failure(target, Reply(body))) is Cause.CONTENT_FILTER


@every_chat_target
def test_another_model_that_answers_is_named(models: Harness, target: str) -> None:
    failed = models.failure(target, Reply({**chat(), "model": "vendor/Fallback-\x1b[1mmini"}))
    assert lost(failed) is Cause.OTHER_MODEL
    assert target in failed.detail
    assert "Fallback-" in failed.detail
    assert failed.detail.isprintable()


FIELDS_OF_BODY = ("model", "choices", "usage")
FIELDS_OF_CHOICE = ("message", "finish_reason")
FIELDS_OF_MESSAGE = ("content", "reasoning_content", "thinking_blocks", "refusal")


def malformed(field: str, value: object) -> Reply:
    """A completion in which one field has a value of the wrong type."""
    body = json.loads(json.dumps(chat("fine")))
    choice = body["choices"][0]
    owner = choice if field in FIELDS_OF_CHOICE else choice["message"]
    (body if field in FIELDS_OF_BODY else owner)[field] = value
    return Reply(body)


@pytest.mark.filterwarnings("ignore:Pydantic serializer")  # of LiteLLM, about these very fields
@every_chat_target
@pytest.mark.parametrize("value", [7, ["x"], {"x": 1}], ids=repr)
@pytest.mark.parametrize("field", [*FIELDS_OF_BODY, *FIELDS_OF_CHOICE, *FIELDS_OF_MESSAGE])
def test_a_malformed_field_gives_an_answer_of_the_right_types_or_a_failed_call(
    models: Harness, target: str, field: str, value: object
) -> None:
    try:
        answer = models.ask(target, malformed(field, value))
    except CallFailed:
        return
    assert answer.text == "fine"
    for text in (answer.reasoning, answer.finish_reason, answer.served_model):
        assert text is None or isinstance(text, str)
    assert answer.usage in (Usage(7, 3), Usage())
