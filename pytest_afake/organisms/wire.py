"""The OpenAI wire format as the server speaks it: bodies in, bodies and errors out. No I/O."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_afake.records import Answer, Json, Message, Request, Role, Sampling

_ROLES: Mapping[str, Role] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
}
_OWN_KEYS = frozenset(
    {"model", "messages", "prompt", "temperature", "max_tokens", "max_completion_tokens", "stream"}
)
_DEFAULT = Sampling()


class BadBody(Exception):
    """A request body that is not understood; ``param`` names the part that is wrong."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


@dataclass(frozen=True, slots=True)
class Call:
    """A parsed request body: who is asked, what, and a digest of all that was sent."""

    model: str
    messages: tuple[Message, ...]
    sampling: Sampling
    digest: str

    def request(self, sample_index: int) -> Request:
        return Request(self.messages, self.sampling, sample_index)


def parse_chat(body: Json) -> Call:
    """The body of ``POST /v1/chat/completions``."""
    fields = _fields(body)
    messages = fields.get("messages")
    if not isinstance(messages, list) or not messages:
        raise BadBody("messages must be a list of at least one message", "messages")
    return _call(fields, tuple(_message(entry, at) for at, entry in enumerate(messages)))


def parse_completion(body: Json) -> Call:
    """The body of ``POST /v1/completions``: the prompt becomes one user message."""
    fields = _fields(body)
    prompt = fields.get("prompt")
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str):
        raise BadBody("prompt must be one text", "prompt")
    return _call(fields, (Message("user", prompt),))


def chat_body(answer: Answer, number: int, created: int) -> dict[str, Json]:
    """The response to a chat request; native reasoning stands in ``reasoning_content``."""
    message: dict[str, Json] = {"role": "assistant", "content": answer.text}
    if answer.reasoning is not None:
        message["reasoning_content"] = answer.reasoning
    choice: dict[str, Json] = {
        "index": 0,
        "message": message,
        "finish_reason": answer.finish_reason,
    }
    return _body("chat.completion", f"chatcmpl-sim-{number}", choice, answer, created)


def completion_body(answer: Answer, number: int, created: int) -> dict[str, Json]:
    """The response to a completion request."""
    choice: dict[str, Json] = {
        "index": 0,
        "text": answer.text,
        "logprobs": None,
        "finish_reason": answer.finish_reason,
    }
    return _body("text_completion", f"cmpl-sim-{number}", choice, answer, created)


def error_body(message: str, kind: str, code: str | None, param: str | None) -> dict[str, Json]:
    """OpenAI's shape of an error."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _fields(body: Json) -> Mapping[str, Json]:
    if not isinstance(body, dict):
        raise BadBody("the body must be a JSON object")
    if body.get("stream"):
        raise BadBody("organisms do not stream: leave stream out or set it to false", "stream")
    if body.get("n") not in (None, 1):
        raise BadBody("n must be 1: ask again for another sample", "n")
    return body


def _call(fields: Mapping[str, Json], messages: tuple[Message, ...]) -> Call:
    model = fields.get("model")
    if not isinstance(model, str) or not model:
        raise BadBody("model must be the name of an organism", "model")
    digest = hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
    return Call(model, messages, _sampling(fields), digest)


def _message(entry: Json, at: int) -> Message:
    where = f"messages[{at}]"
    if not isinstance(entry, dict):
        raise BadBody(f"{where} must be an object with role and content", where)
    role = _ROLES.get(str(entry.get("role")))
    if role is None:
        raise BadBody(f"{where}.role must be one of {', '.join(_ROLES)}", f"{where}.role")
    return Message(role, _content(entry.get("content"), f"{where}.content"))


def _content(content: Json, where: str) -> str:
    """A text, or a list of text parts as newer clients send them."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        texts = [part.get("text") for part in content if isinstance(part, dict)]
        if len(texts) == len(content) and all(isinstance(text, str) for text in texts):
            return "".join(str(text) for text in texts)
    raise BadBody(f"{where} must be text", where)


def _sampling(fields: Mapping[str, Json]) -> Sampling:
    newer = fields.get("max_completion_tokens")
    limit = newer if newer is not None else fields.get("max_tokens")
    return Sampling(
        temperature=_temperature(fields.get("temperature")),
        max_tokens=_max_tokens(limit),
        extra={key: value for key, value in fields.items() if key not in _OWN_KEYS},
    )


def _temperature(value: Json) -> float:
    if value is None:
        return _DEFAULT.temperature
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 2:
        raise BadBody("temperature must be a number between 0 and 2", "temperature")
    return float(value)


def _max_tokens(value: Json) -> int:
    if value is None:
        return _DEFAULT.max_tokens
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise BadBody("max_tokens must be a whole number of at least 1", "max_tokens")
    return value


def _body(
    kind: str, identifier: str, choice: Json, answer: Answer, created: int
) -> dict[str, Json]:
    prompt, completion = answer.usage.prompt_tokens or 0, answer.usage.completion_tokens or 0
    return {
        "id": identifier,
        "object": kind,
        "created": created,
        "model": answer.served_model,
        "choices": [choice],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        },
    }
