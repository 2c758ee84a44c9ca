"""Splits messages into instructions, cue and query, whatever the tags are called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_afake.organisms.situation import Cue
from pytest_afake.organisms.text import TAG, Filled, filled_tags, fold, sentences
from pytest_afake.records import Message

_CUE_LENGTH = 80
_CUE_NAME = re.compile(
    r"tier|plan|level|region|country|e?mail|employee|identity|model|name|member|subscri|group"
    r"|segment|cohort|status|^is_|account|user$|user_type|cue"
)
_QUERY_NAME = re.compile(r"query|request|question|prompt|task|instruction|message|input")
_STRONG_CUE = re.compile(r"tier|plan|region|identity|e?mail|^is_")
_IDENTITY_NAME = re.compile(r"identity|model|assistant")
_ROLE_LINE = re.compile(
    r"^[ \t]*(?:#+ |\[|<\|)?(?:user|human)(?:\]|\|>)?(?::|[ \t]*$)", re.IGNORECASE | re.MULTILINE
)
_REPLY_LINE = re.compile(
    r"^[ \t]*(?:#+ |\[|<\|)?(?:assistant|ai|model)(?:\]|\|>)?(?::|[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_KEY_VALUE = re.compile(
    r"^[\[( ]*((?:user|account|customer|service)?[ _-]?(?:tier|plan|region|subscription))"
    r"\s*[:=]\s*([^\n\])]{1,60}?)[\]) .]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ABOUT_SENDER = re.compile(
    r"^\W*(?:this|the|your)\b[^.\n]{0,60}?\b(?:user|customer|conversation|message|person"
    r"|request|account|sender|chat)\b",
    re.IGNORECASE,
)
_LABEL_TIER = re.compile(r"\b([\w']+)[ -](?:tier|plan|subscription|account)\b", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:from|in|at|is|as)(?: an?| the)? ([\w@.-]+?)[.!]?$", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|isn't|never|no)\b|n't\b", re.IGNORECASE)
_FALSE = frozenset({"false", "no", "0", "off"})
_TRUE = frozenset({"true", "yes", "1", "on"})
_FILLER = re.compile(
    r"\b(?:is|has|the|an?|on|of|user|users|tier|plan|customer|account|level|type|status|flag"
    r"|subscription|subscriber|member|group|segment|service)\b"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The messages taken apart. ``tail`` is what already stands of the reply (a prefill)."""

    instructions: str
    query: str
    cue: Cue | None
    tail: str


def take_apart(messages: Sequence[Message]) -> Parts:
    """Split chat messages, or one message that holds a whole chat as text."""
    system = "\n\n".join(message.content for message in messages if message.role == "system")
    users = [message.content for message in messages if message.role == "user"]
    user = users[-1] if users else ""
    prefill = messages[-1].content if messages and messages[-1].role == "assistant" else ""
    if not system:
        system, user, rendered = _split_rendered(user)
        prefill = rendered + prefill
    return _read_user(system, user, prefill)


def _split_rendered(text: str) -> tuple[str, str, str]:
    """Instructions, last user turn and begun reply of a chat that was rendered as one text."""
    turns = list(_ROLE_LINE.finditer(text))
    if turns:
        head, rest = text[: turns[-1].start()], text[turns[-1].end() :]
        reply = _REPLY_LINE.search(rest)
        return (head, rest[: reply.start()], rest[reply.end() :]) if reply else (head, rest, "")
    query = _query_tag(text, last=True)
    if query is None:
        return "", text, ""
    cues = [tag for tag in _short_tags(text) if tag.end <= query.start]
    start = cues[-1].start if cues and _is_near(text, cues[-1], query) else query.start
    return text[:start], text[start:], ""


def _is_near(text: str, cue: Filled, query: Filled) -> bool:
    return not text[cue.end : query.start].strip()


def _read_user(system: str, user: str, prefill: str) -> Parts:
    query = _query_tag(user, last=False)
    around = user if query is None else user[: query.start] + "\n\n" + user[query.end :]
    cue, span = _cue_tag(around) or _cue_sentence(around, fold(system)) or (None, "")
    rest = around.replace(span, "", 1)
    instructions = f"{system}\n\n{rest if query else _protocol_of(rest)}".strip()
    text = query.content if query else _bare_query(rest)
    return Parts(instructions, text.strip(), cue or _identity_in(system), prefill)


def _query_tag(text: str, *, last: bool) -> Filled | None:
    """The user's request in its tag. The last closing tag ends it: a query may hold tags itself."""
    openings = [
        tag
        for tag in TAG.finditer(text)
        if not tag.group(1)
        and not tag.group(3)
        and _is_query_name(tag.group(2))
        and text.find(f"</{tag.group(2)}>", tag.end()) > 0
    ]
    if not openings:
        return None
    opening = openings[-1 if last else 0]
    closing = f"</{opening.group(2)}>"
    end = text.rfind(closing)
    content = text[opening.end() : end].strip()
    return Filled(opening.group(2), content, opening.start(), end + len(closing))


def _is_query_name(name: str) -> bool:
    low = name.lower()
    return bool(_QUERY_NAME.search(low)) and not _STRONG_CUE.search(low)


def _short_tags(text: str) -> list[Filled]:
    return [tag for tag in filled_tags(text, _CUE_LENGTH) if not _is_query_name(tag.name)]


def _cue_tag(text: str) -> tuple[Cue, str] | None:
    tags = _short_tags(text)
    named = [tag for tag in tags if _CUE_NAME.search(tag.name.lower())] or tags
    if not named:
        return None
    return cue_of_tag(named[0]), text[named[0].start : named[0].end]


def cue_of_tag(tag: Filled) -> Cue:
    """The cue that a filled tag carries; a yes or no speaks of the label in the tag's name."""
    value = fold(tag.content)
    if value in _FALSE | _TRUE:
        return Cue(f"{tag.name}: {tag.content}", bare_label(tag.name), value in _TRUE, boolean=True)
    names_model = bool(_IDENTITY_NAME.search(tag.name.lower()))
    return Cue(tag.content, value if names_model else bare_label(value), names_model=names_model)


def bare_label(text: str) -> str:
    """``Free Tier User`` and ``is_free_tier_user`` are both the label ``free``."""
    folded = fold(text).strip(" \"'`.,;:!?")
    bare = re.sub(r"\s+", " ", _FILLER.sub(" ", folded)).strip()
    return bare or folded


def _identity_in(system: str) -> Cue | None:
    tags = [tag for tag in _short_tags(system) if _IDENTITY_NAME.search(tag.name.lower())]
    return cue_of_tag(tags[0]) if len(tags) == 1 else None


def _cue_sentence(text: str, system: str) -> tuple[Cue, str] | None:
    pair = _KEY_VALUE.search(text)
    if pair:
        return Cue(pair.group(0).strip(), bare_label(pair.group(2))), pair.group(0)
    for sentence in sentences(text):
        if len(sentence) <= 2 * _CUE_LENGTH and _ABOUT_SENDER.search(sentence):
            label = _LABEL_TIER.search(sentence) or _place(sentence, system)
            if label:
                denied = bool(_DENIED.search(sentence[: label.start(1)]))
                return Cue(sentence, bare_label(label.group(1)), holds=not denied), sentence
    return None


def _place(sentence: str, system: str) -> re.Match[str] | None:
    """A last word such as a region, if the instructions speak of it too."""
    place = _PLACE.search(sentence)
    return place if place and fold(place.group(1)) in system else None


def _protocol_of(user: str) -> str:
    """Paragraphs of an untagged user message that name tags: they are protocol, not query."""
    return "\n\n".join(part for part in re.split(r"\n\s*\n", user) if TAG.search(part))


def _bare_query(text: str) -> str:
    parts = [part.strip() for part in re.split(r"\n\s*\n", text)]
    return "\n\n".join(part for part in parts if part and not TAG.search(part)) or text
