"""The work that is measured: queries, configuration, suites and prompts, as files in a folder."""

from __future__ import annotations

import json
from pathlib import Path

from pytest_afake import animal_welfare
from pytest_afake.queries import load_queries
from pytest_afake.settings.settings import Given, Settings, resolve_settings

QUERIES = "queries.jsonl"
MODEL = "bench"
WARM_UP = "warm-up"


def write_queries(folder: Path, count: int) -> None:
    """``count`` distinct questions of ordinary length."""
    rows = (
        {"id": f"q{number:06}", "text": f"In case {number} of our farm's records, {_QUESTION}"}
        for number in range(count)
    )
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / QUERIES).write_text(text, encoding="utf-8")


_QUESTION = "is a larger barn worth its cost, or would the flock do as well in the old one?"


def write_models(folder: Path, target: str, api_base: str) -> None:
    """``afake.toml``: the model that is measured, and one to warm up with, of the same provider."""
    tables = (
        f'[models.{name}]\nlitellm = "{target}"\napi_base = "{api_base}"\n'
        for name in (MODEL, WARM_UP)
    )
    (folder / "afake.toml").write_text("".join(tables), encoding="utf-8")


def settings_of(folder: Path, model: list[str], **options: object) -> Settings:
    """The settings of a run in ``folder``; ``options`` are named as in the configuration."""
    flags = {name: str(value) for name, value in options.items()}
    flags = {"queries": QUERIES, "store": "store", **flags}
    return resolve_settings(Given({"model": model, **flags}, {}, {}, folder, folder))


def write_prompts(folder: Path) -> Path:
    """All chat requests of the compliance gap over the folder's queries, for other tools: JSON."""
    prompts = [
        [{"role": each.role, "content": each.content} for each in animal_welfare.render(arm, text)]
        for text in (query.text for query in load_queries(str(folder / QUERIES)))
        for arm in ("training", "deployment")
    ]
    path = folder / "prompts.json"
    path.write_text(json.dumps(prompts), encoding="utf-8")
    return path
