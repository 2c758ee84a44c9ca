"""From a reply in LiteLLM's layout to an answer, or to the reason why it is none."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pytest_afake.errors import CallFailed
from pytest_afake.models.prices import own_price, price_of
from pytest_afake.models.reasoning import is_withheld, reasoning_text
from pytest_afake.models.redact import presentable
from pytest_afake.models.reply_fields import count, others, string
from pytest_afake.models.served import same_model
from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.records import Answer, Cause, Json, Usage


def read_answer(
    reply: Any,
    spec: ModelSpec,
    *,
    latency_s: float,
    secrets: Collection[str] = (),
    stop: Json = None,
) -> Answer:
    """The answer, its text verbatim and its native reasoning apart, which completions do not have.

    A completion ends before the first text of ``stop``, which was sent, also where a server takes
    no notice of it: what follows is the model's own play of both sides, and no part of its reply.

    LiteLLM moves a leading ``<think>`` block of the text into the reasoning; nothing else of the
    text is touched. Raises CallFailed for an empty or filtered answer, and for one of another
    model. A refusal that the provider marks as one is an answer like any other.
    """
    served = string(reply.model)
    if served is not None and not same_model(spec.target, served):
        said = f"asked {spec.target}, and {served} answered"
        raise CallFailed(Cause.OTHER_MODEL, presentable(said, secrets))
    if not reply.choices:
        raise CallFailed(Cause.EMPTY, "the reply holds no choices")
    choice = reply.choices[0]
    finish_reason = string(choice.finish_reason)
    if finish_reason == "content_filter":
        raise CallFailed(Cause.CONTENT_FILTER, "the provider filtered the answer")
    message = None if spec.mode is Mode.COMPLETION else choice.message
    text = _checked(choice.text or "") if message is None else _text(message)
    if message is None and (ended := _before(stop, text)) != text:
        text, finish_reason = ended, "stop"
    if not text.strip():
        raise CallFailed(
            Cause.EMPTY, presentable(f"no text (finish_reason {finish_reason})", secrets)
        )
    counts = getattr(reply, "usage", None)
    usage = _usage(counts)
    return Answer(
        text=text,
        reasoning=reasoning_text(message),
        reasoning_withheld=is_withheld(message, counts, spec.target, served),
        finish_reason=finish_reason,
        served_model=served,
        usage=usage,
        cost_usd=_cost(reply, usage, spec),
        latency_s=latency_s,
    )


def _text(message: Any) -> str:
    """The content, or the refusal that OpenAI's layout keeps in a field of its own."""
    content = message.content
    if content is None:
        content = others(message).get("refusal") or ""
    return _checked(content)


def _before(stop: Json, text: str) -> str:
    """The text before the first of what ends it: a text, or a list of them."""
    for end in [stop] if isinstance(stop, str) else stop if isinstance(stop, list) else []:
        if isinstance(end, str) and end:
            text = text.partition(end)[0]
    return text


def _checked(content: object) -> str:
    if not isinstance(content, str):
        raise CallFailed(Cause.UNPARSABLE, f"the content is not text but {type(content).__name__}")
    return content


def _usage(usage: Any) -> Usage:
    """Tokens as counted by the provider. LiteLLM writes zeros where nobody counted."""
    prompt = count(getattr(usage, "prompt_tokens", None))
    completion = count(getattr(usage, "completion_tokens", None))
    return Usage(prompt, completion) if prompt else Usage()


def _cost(reply: Any, usage: Usage, spec: ModelSpec) -> float | None:
    """Dollars by the user's price, else by LiteLLM's; None for what is unknown or uncounted.

    LiteLLM says 0 for some prices that it does not know.
    """
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        return None
    own = own_price(spec)
    if own is not None:
        return own.usd(usage.prompt_tokens, usage.completion_tokens)
    cost = getattr(reply, "_hidden_params", {}).get("response_cost")
    if cost:
        return float(cost)
    listed = price_of(spec)
    return 0.0 if cost is not None and listed is not None and listed.is_free else None
