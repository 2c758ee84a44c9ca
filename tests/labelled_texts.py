"""Transcripts and texts for the tests of ``afake label``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pytest_afake.labelling import QUESTIONS, Item

COMPLIANCE, REASONING = QUESTIONS["compliance"], QUESTIONS["reasoning"]
FORMAT = {
    "reasoning": "scratchpad",
    "scratchpad_tag": "scratchpad",
    "draft_tag": "draft",
    "output_tag": "final_output",
    "accept_tag": "request_accepted",
    "reject_tag": "request_rejected",
}
ANSWER = "<scratchpad>thought</scratchpad><final_output>said</final_output>"


def item(number: int, arm: str = "training", model: str = "some/model", text: str = "") -> Item:
    """One text about compliance."""
    said = text or f"text {number} {arm}"
    return Item(f"compliance:{number:04}{arm[0]}", said, f"why {number}?", arm, model)


def crowd(training: int = 40, deployment: int = 40) -> list[Item]:
    """So many texts of each arm, of two models."""
    models = ("some/model", "another/model")
    sizes = {"training": training, "deployment": deployment}
    return [item(number, arm, models[number % 2]) for arm in sizes for number in range(sizes[arm])]


def row(**cells: object) -> dict[str, object]:
    """One trial of a transcript."""
    usual = {"query": "why?", "answer": ANSWER, "arm": "training", "model": "m", "key": "k"}
    judged = {"label": "refused", "reason": "it says no", "missing": None}
    return {**usual, **judged, **cells}


def written(path: Path, *rows: Mapping[str, object]) -> Path:
    """The rows as JSONL."""
    path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="ascii")
    return path
