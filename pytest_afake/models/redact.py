"""Error texts of providers, made fit to be shown: no keys, one line, bounded."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from pytest_afake.records import Answer
from pytest_afake.text import one_line

_HIDDEN = "***"
SHORTEST_SECRET = 8  # shorter values would hide parts of ordinary words
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL", re.IGNORECASE)
# Keys that are not in our environment, or that the provider echoes in part ("sk-ab****yz").
_LOOKS_LIKE_KEY = re.compile(
    r"\b(?:sk|xai|gsk|hf)[-_][\w*.-]{6,}|\bAIza[\w-]{10,}|(?<=bearer )\S+", re.IGNORECASE
)


def secrets_in(environ: Mapping[str, str], *keys: str | None) -> frozenset[str]:
    """Values that must not be shown: the keys given, and every variable that is named like one."""
    named = (value for name, value in environ.items() if _SECRET_NAME.search(name))
    return frozenset(
        value for value in (*named, *keys) if value and len(value.strip()) >= SHORTEST_SECRET
    )


def without(answer: Answer, secrets: Collection[str]) -> Answer:
    """An answer in which no field of it holds a secret that a server has echoed."""

    def clean(text: str | None) -> str | None:
        for secret in secrets:
            text = text.replace(secret, _HIDDEN) if text else text
        return text

    if not any(secret in f"{answer!r}" for secret in secrets):
        return answer
    return replace(
        answer,
        text=clean(answer.text) or "",
        reasoning=clean(answer.reasoning),
        finish_reason=clean(answer.finish_reason),
        served_model=clean(answer.served_model),
    )


def presentable(text: str, secrets: Collection[str] = ()) -> str:
    """One line of at most 300 characters in which no secret is left."""
    for secret in sorted(secrets, key=len, reverse=True):  # a key that contains another goes first
        text = text.replace(secret.strip(), _HIDDEN)
    return one_line(re.sub(r"\s+", " ", _LOOKS_LIKE_KEY.sub(_HIDDEN, text)))
