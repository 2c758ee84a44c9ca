"""From a model's name, as typed, to what answers it and with which parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from pytest_afake.errors import UsageError
from pytest_afake.models.aliases import builtin_aliases
from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.settings import parsing
from pytest_afake.settings.files import FileValue
from pytest_afake.settings.parsing import Parser


def _extra(value: object) -> object:
    if not isinstance(value, dict):
        raise ValueError("must be a table of further parameters")
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError("must hold texts, numbers, truth values, lists and tables only") from None
    return value


FIELDS: Mapping[str, tuple[str, Parser]] = {
    # key in the file -> field of ModelSpec, parser
    "litellm": ("target", parsing.text),
    "mode": ("mode", parsing.one_of(Mode)),
    "api_base": ("api_base", parsing.text),
    "api_key_env": ("api_key_env", parsing.text),
    "limit": ("limit", parsing.number(0, 1)),
    "af_limit": ("af_limit", parsing.number(0, 1)),
    "temperature": ("temperature", parsing.number(0, 2)),
    "max_tokens": ("max_tokens", parsing.whole(1)),
    "timeout": ("timeout_s", parsing.number(0, 86_400, open_ends=True)),
    "reasoning": ("reasoning_effort", parsing.text),
    "extra": ("extra", _extra),
    "structured_output": ("structured_output", parsing.switch),
    "input_usd_per_million": ("input_usd_per_million", parsing.number(0, 1_000_000)),
    "output_usd_per_million": ("output_usd_per_million", parsing.number(0, 1_000_000)),
}


_PRICES = ("input_usd_per_million", "output_usd_per_million")


def resolve_model(name: str, tables: Mapping[str, FileValue]) -> ModelSpec:
    """The spec of a model: tables whose glob matches the name, then the table of that very name.

    Raises UsageError naming file, model and key for a field that does not validate, or not beside
    another one.
    """
    fields: dict[str, Any] = {"target": builtin_aliases().get(name, name)}
    for key in _of(name, tables):
        fields |= _fields(key, tables[key])
    spec = ModelSpec(name=name, **fields)
    if spec.mode is Mode.COMPLETION and spec.reasoning_effort:
        where = sources_of(name, tables)["reasoning_effort"]
        raise UsageError(
            f"{where}: reasoning = {spec.reasoning_effort!r}: does not go with "
            f"mode = {spec.mode.value!r}, which has no channel for it"
        )
    return spec


def sources_of(name: str, tables: Mapping[str, FileValue]) -> dict[str, str]:
    """Where each field of a model's spec was written, by the name of the field."""
    return {
        field: f'{tables[key].source}: models."{key}"'
        for key in _of(name, tables)
        for field in _fields(key, tables[key])
    }


def _of(name: str, tables: Mapping[str, FileValue]) -> list[str]:
    """The tables that speak of a model, the weakest first."""
    patterns = [key for key in tables if key != name and _is_glob(key) and fnmatchcase(name, key)]
    return [*patterns, *([name] if name in tables else [])]


def check_models(tables: Mapping[str, FileValue]) -> None:
    """Validate every table, used or not: a misspelt limit must not wait for its model's turn."""
    for key, table in tables.items():
        _fields(key, table)


def _is_glob(key: str) -> bool:
    return any(sign in key for sign in "*?[")


def _fields(key: str, table: FileValue) -> dict[str, Any]:
    where = f'{table.source}: models."{key}"'
    if not isinstance(table.value, dict):
        raise UsageError(f"{where}: must be a table")
    fields = dict(_field(where, name, value) for name, value in table.value.items())
    for name, other in (_PRICES, reversed(_PRICES)):
        if name in fields and other not in fields:
            raise UsageError(f"{where}: {name} = {fields[name]!r}: must come with {other}")
    return fields


def _field(where: str, name: str, value: Any) -> tuple[str, object]:
    if name not in FIELDS:
        raise UsageError(f"{where}: {name} is not a known key (known: {', '.join(FIELDS)})")
    field, parse = FIELDS[name]
    try:
        return field, parse(value)
    except ValueError as error:
        raise UsageError(f"{where}: {name} = {value!r}: {error}") from None
