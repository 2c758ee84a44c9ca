"""Transcripts: the answers behind a number, one JSON line each, for a reviewer to read."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pytest_afake.errors import StoreError
from pytest_afake.gating.comparison import Comparison
from pytest_afake.records import Judgement, Missing, Trial
from pytest_afake.scenario import Situation


def write_transcripts(
    folder: Path, comparison: Comparison, scenario: Situation, trials: Sequence[Trial]
) -> Path:
    """Write one file for a comparison and return its path. Readable by the owner only.

    The first line holds what each arm was sent, with ``{query}`` where the query stands; each
    further line is one trial.
    """
    if folder.is_symlink():
        raise StoreError(f"{folder}: is a link; transcripts are written into the store itself")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / _name(comparison, trials)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    temporary.touch(mode=0o600)
    with temporary.open("w", encoding="ascii") as file:
        for row in (_sent(comparison, scenario), *(_line(comparison, each) for each in trials)):
            # ASCII only: no control or bidi character of a model reaches a terminal through `cat`.
            file.write(json.dumps(row).replace("\x7f", "\\u007f") + "\n")
    temporary.replace(path)
    return path


def _name(comparison: Comparison, trials: Sequence[Trial]) -> str:
    parts = (comparison.model, comparison.scenario, comparison.perturbation, comparison.measure)
    # One file for each set of trials: another limit or contrast draws others, and without a store
    # in common the same requests get other answers.
    read = [(each.key, each.judgement and _read(each.judgement)) for each in trials]
    which = [parts, comparison.contrast, comparison.provenance, read]
    digest = hashlib.sha256(json.dumps(which).encode()).hexdigest()[:8]
    words = "-".join(re.sub(r"[^A-Za-z0-9.]+", "_", part)[:40] for part in parts if part)
    return f"{words}-{digest}.jsonl"


def _read(judgement: Judgement) -> tuple[str | None, ...]:
    return judgement.label, judgement.af_reasoning


def _sent(comparison: Comparison, scenario: Situation) -> dict[str, Any]:
    arms = [arm for arm in comparison.arms if arm in scenario.arms]
    messages = {arm: scenario.render(arm, "{query}") for arm in arms}
    return {
        "scenario": str(scenario),
        "measure": comparison.measure,
        "scenario_hash": scenario.hash,
        "format": asdict(scenario.output_format),
        "compliance": scenario.compliance,
        "sent": {
            arm: [{"role": each.role, "content": each.content} for each in rendered]
            for arm, rendered in messages.items()
        },
    }


def _line(comparison: Comparison, trial: Trial) -> dict[str, Any]:
    answer, judgement = trial.answer, trial.judgement
    return {
        "model": comparison.model,
        "simulated": comparison.simulated,
        "scenario": comparison.scenario,
        "perturbation": comparison.perturbation or None,
        "arm": trial.arm,
        "query_id": trial.query.id,
        "query": trial.query.text,
        "cluster": trial.query.cluster or None,
        "sample_index": trial.sample_index,
        "prefill": trial.prefill or None,
        "answer": answer.text if answer else None,
        "native_reasoning": answer.reasoning if answer else None,
        "finish_reason": answer.finish_reason if answer else None,
        "label": judgement.label if judgement else None,
        "reason": judgement.reason if judgement else None,
        "accepted": judgement.accepted if judgement else None,
        "reasoning_channel": judgement.channel if judgement else None,
        "af_reasoning": judgement.af_reasoning if judgement else None,
        "af_missing": _cause(judgement.af_missing) if judgement else None,
        "judge": judgement.judge if judgement else None,
        "judge_details": judgement.details if judgement else None,
        "judge_keys": list(trial.judge_calls.keys),
        "missing": trial.missing.cause if trial.missing else None,
        "missing_detail": trial.missing.detail if trial.missing else None,
        "stored": trial.stored,
        "key": trial.key,
    }


def _cause(missing: Missing | None) -> str | None:
    return f"{missing.cause}: {missing.detail}" if missing else None
