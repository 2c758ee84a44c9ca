"""Configuration files: ``[tool.afake]`` of pyproject.toml, and afake.toml with the same tables.

Both are looked up in pytest's rootdir and in the working directory. Places may complement each
other; where two of them disagree about a key, that is an error, not a precedence.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_afake.errors import UsageError


@dataclass(frozen=True, slots=True)
class FileValue:
    """A value, where it was written, and the folder that a relative path in it starts from."""

    value: Any
    source: str
    folder: Path


@dataclass(frozen=True, slots=True)
class FileSettings:
    """All that the configuration files say: option keys, and the tables of models."""

    values: Mapping[str, FileValue]
    models: Mapping[str, FileValue]


def read_files(rootdir: Path, cwd: Path) -> FileSettings:
    """Read and merge the files that exist. Raises UsageError naming file and key."""
    values: dict[str, FileValue] = {}
    models: dict[str, FileValue] = {}
    for source, folder, table in _tables(rootdir, cwd):
        tables = table.pop("models", {})
        if not isinstance(tables, dict):
            raise UsageError(f"{source}: models must hold one table per model")
        _merge(values, {key: FileValue(table[key], source, folder) for key in table})
        _merge(models, {key: FileValue(tables[key], source, folder) for key in tables}, "models.")
    return FileSettings(values, models)


def _tables(rootdir: Path, cwd: Path) -> Iterator[tuple[str, Path, dict[str, Any]]]:
    for folder in dict.fromkeys((rootdir.resolve(), cwd.resolve())):
        project = folder / "pyproject.toml"
        if project.is_file():
            tool = read_toml(project).get("tool", {})
            yield f"{project} [tool.afake]", folder, dict(_table(tool, "afake", project))
        own = folder / "afake.toml"
        if own.is_file():
            yield str(own), folder, read_toml(own)


def read_toml(path: Path) -> dict[str, Any]:
    """A whole TOML file. Raises UsageError that names it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:  # a ValueError is also bad TOML or UTF-8
        raise UsageError(f"{path}: cannot be read: {error}") from None


def _table(parent: Any, key: str, path: Path) -> dict[str, Any]:
    table = parent.get(key, {}) if isinstance(parent, dict) else {}
    if not isinstance(table, dict):
        raise UsageError(f"{path}: [tool.{key}] must be a table")
    return table


def _merge(merged: dict[str, FileValue], table: Mapping[str, FileValue], prefix: str = "") -> None:
    for key, found in table.items():
        known = merged.setdefault(key, found)
        if known.value != found.value:
            raise UsageError(
                f"{known.source} and {found.source} disagree about {prefix}{key}"
                f"{_values(known.value, found.value)}"
            )


def _values(one: Any, other: Any) -> str:
    """Plain values are shown; tables are not, because an address in them may hold a password."""
    if isinstance(one, dict) or isinstance(other, dict):
        return ""
    return f": {one!r} and {other!r}"
