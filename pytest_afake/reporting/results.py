"""The results document, version 1: the one thing that every report reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pytest_afake.files import write_whole
from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.family import Family
from pytest_afake.gating.motives.published import PUBLISHED_MOTIVES, PUBLISHED_SOURCE
from pytest_afake.gating.motives.table import MotiveTable

SCHEMA_VERSION = 1
EVIDENCE = "by_query"
SCHEMA_FILE = Path(__file__).with_name("results.schema.json")


def results(
    run: Mapping[str, Any],
    comparisons: Sequence[Comparison],
    family: Family,
    motives: Sequence[MotiveTable] = (),
) -> dict[str, Any]:
    """The document as plain JSON values. ``run`` says with what and how the run was made."""
    published = [{"model": model, **rows} for model, rows in PUBLISHED_MOTIVES.items()]
    return {
        "schema_version": SCHEMA_VERSION,
        "run": {**run, "complete": family.complete, "lost": list(family.lost)},
        "family": {"verdict": family.verdict, "reasons": list(family.reasons)},
        "comparisons": [item.to_json() for item in comparisons],
        "motives": [table.to_json() for table in motives],
        "published_motives": {"source": PUBLISHED_SOURCE, "models": published},
    }


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write atomically: a reader sees the old file or the new one, never half of one.

    What is no file, such as /dev/stdout, is written to and not replaced.
    """
    text = _text(document, "") + "\n"
    if path.exists() and not path.is_file():
        path.write_text(text, encoding="utf-8")
        return
    write_whole(path, text)


def _text(value: Any, margin: str, *, is_evidence: bool = False) -> str:
    """Indented JSON, but one line for each query of the evidence, of which there are hundreds."""
    deeper = f"{margin}  "
    if isinstance(value, Mapping) and value:
        parts = [
            f"{json.dumps(str(name))}: {_text(item, deeper, is_evidence=name == EVIDENCE)}"
            for name, item in value.items()
        ]
    elif isinstance(value, list | tuple) and value:
        write = (
            partial(json.dumps, allow_nan=False) if is_evidence else partial(_text, margin=deeper)
        )
        parts = [write(item) for item in value]
    else:
        return json.dumps(value, allow_nan=False)
    first, last = "{}" if isinstance(value, Mapping) else "[]"
    lines = f",\n{deeper}".join(parts)
    return f"{first}\n{deeper}{lines}\n{margin}{last}"
