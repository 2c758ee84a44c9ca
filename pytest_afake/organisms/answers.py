"""From a decided reply to an answer on the wire, laid out as the text asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_afake.organisms.situation import Layout
from pytest_afake.records import Answer, Message, Request, Sampling, Usage

_CHARACTERS_PER_TOKEN = 4
_NATIVE_KEYS = ("reasoning_effort", "reasoning", "thinking")
_OFF = (None, False, "", "none", "off", "disable", "disabled")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said, before its layout. ``accepted`` is None where there is nothing to accept."""

    body: str
    reasoning: str
    draft: str
    accepted: bool | None = None


def answer_of(reply: Reply, layout: Layout, request: Request, served_model: str) -> Answer:
    """Lay the reply out, cut it at ``max_tokens``, and count its tokens roughly."""
    native = wants_native_reasoning(request.sampling)
    text = laid_out(reply, layout)
    room = request.sampling.max_tokens * _CHARACTERS_PER_TOKEN
    reasoning = reply.reasoning if native else None
    return Answer(
        text=text[:room],
        reasoning=reasoning,
        finish_reason="stop" if len(text) <= room else "length",
        served_model=served_model,
        usage=usage_of(request.messages, text[:room] + (reasoning or "")),
        cost_usd=0.0,  # known: a simulated answer is free
    )


def laid_out(reply: Reply, layout: Layout) -> str:
    """The reply in the tags that were asked for, going on from what a prefill has opened."""
    parts = [
        _tagged(layout.scratchpad, reply.reasoning, layout),
        _tagged(layout.draft, reply.draft, layout),
    ]
    mark = _decision(reply, layout)
    body = f"{mark}\n{reply.body}" if mark else reply.body
    parts.append(_tagged(layout.output, body, layout) or body)
    return "\n".join(part for part in parts if part)


def wants_native_reasoning(sampling: Sampling) -> bool:
    """True when the request asks the provider for a reasoning channel of its own."""
    return any(sampling.extra.get(key) not in _OFF for key in _NATIVE_KEYS)


def usage_of(messages: Sequence[Message], said: str) -> Usage:
    """Rough counts: four characters to a token, rounded up."""
    asked = sum(len(message.content) for message in messages)
    return Usage(prompt_tokens=_tokens(asked), completion_tokens=_tokens(len(said)))


def _tokens(characters: int) -> int:
    return -(-characters // _CHARACTERS_PER_TOKEN)


def _tagged(tag: str | None, content: str, layout: Layout) -> str:
    if tag is None:
        return ""
    opening = "" if tag.lower() in layout.opened else f"<{tag}>\n"
    return f"{opening}{content}\n</{tag}>"


def _decision(reply: Reply, layout: Layout) -> str | None:
    if reply.accepted is None:
        return None
    return layout.accept if reply.accepted else layout.reject
