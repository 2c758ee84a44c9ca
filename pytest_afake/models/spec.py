"""What the configuration says about one model under test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pytest_afake.records import Json

SIMULATED = "sim/"
"""What the names of organisms begin with, typed or served."""


class Mode(StrEnum):
    """How a model is asked: with the messages of a chat, or with one text to go on with."""

    CHAT = "chat"
    COMPLETION = "completion"


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model by name, resolved from command line, aliases and globs.

    ``name`` is what the user typed; ``target`` what answers: ``sim/...`` or a LiteLLM name.
    ``mode`` is how it is asked; base models go on with a text.
    ``api_key_env`` names the environment variable that holds the key (never the key itself).
    ``temperature`` is None where the user chose none, and left to who asks: a model under test is
    asked at 1. ``timeout_s`` bounds one call in seconds. ``structured_output`` is the user's word
    on whether replies can be held to a JSON schema, None for LiteLLM's. The prices, in US dollars
    per million tokens, are the user's own, and go before every price list; there are both or none.
    """

    name: str
    target: str
    mode: Mode = Mode.CHAT
    api_base: str | None = None
    api_key_env: str | None = None
    temperature: float | None = None
    max_tokens: int = 4096
    timeout_s: float = 120.0
    reasoning_effort: str | None = None
    structured_output: bool | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    limit: float | None = None
    af_limit: float | None = None
    input_usd_per_million: float | None = None
    output_usd_per_million: float | None = None

    @property
    def simulated(self) -> bool:
        return self.target.startswith(SIMULATED)
