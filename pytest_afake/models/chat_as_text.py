"""A chat as one text, for models that only go on with a text (base models).

Each message stands under its role, with an empty line between two of them:

    System:
    You are ...

    Human:
    <user_tier>free</user_tier> ...

    Assistant:

The text ends where the reply begins: with that last line, without a line break, or with the
prefill. It never ends in a blank, since tokenizers join blanks to the word that follows. Nothing in
a message is escaped: the model is to read it as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pytest_afake.records import Json, Message, Request, Role, begun_reply

VERSION = 1
"""A data version, in the identity of every model that is asked so: raise it with the format."""

_HEADINGS: Mapping[Role, str] = {
    "system": "System:",
    "user": "Human:",
    "assistant": "Assistant:",
}

STOP = f"\n\n{_HEADINGS['user']}"
"""What a model writes that goes on with the other side's next turn: the reply ends before it."""

IDENTITY: Mapping[str, Json] = {"mode": "completion", "chat_as_text": VERSION}
"""What it adds to a model's identity."""


def chat_as_text(messages: Sequence[Message]) -> str:
    """The prompt that stands for these messages."""
    begun = begun_reply(messages)
    turns = messages[:-1] if begun else messages
    before = [f"{_HEADINGS[each.role]}\n{each.content}" for each in turns]
    reply = _HEADINGS["assistant"] + (f"\n{begun}" if begun else "")
    return "\n\n".join([*before, reply]).rstrip()


def as_one_text(request: Request) -> Request:
    """The request with the prompt as its one message."""
    return replace(request, messages=(Message("user", chat_as_text(request.messages)),))
