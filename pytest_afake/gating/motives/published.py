"""The verdicts of the study itself, to stand beside ours. Published figures, never ours."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_afake.gating.motives.rules import ROWS, Motive

PUBLISHED_SOURCE = "Sheshadri et al. 2025 (arXiv 2506.18032), table 1"

_INCOHERENT = (Motive.NONE, Motive.NONE, Motive.NONE, Motive.EVIDENCE)
_VERDICTS = {
    "Claude 3 Opus": (Motive.NONE, Motive.EVIDENCE, Motive.CONFLICTING, Motive.NONE),
    "Claude 3.5 Sonnet": (Motive.NONE, Motive.NONE, Motive.CONFLICTING, Motive.EVIDENCE),
    "Llama 3 405B": _INCOHERENT,
    "Grok 3 Beta": _INCOHERENT,
    "Gemini 2.0 Flash": _INCOHERENT,
}

PUBLISHED_MOTIVES: Mapping[str, Mapping[str, Motive]] = {
    model: dict(zip(ROWS, verdicts, strict=True)) for model, verdicts in _VERDICTS.items()
}
"""By model, and then by hypothesis."""
