"""Reading TOML tables with errors that name the file, the table and the field."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pytest_afake.errors import ScenarioError


class Table:
    """One TOML table, read field by field; what is left over at the end is an error."""

    def __init__(self, values: Any, where: str) -> None:
        if not isinstance(values, dict):
            raise ScenarioError(f"{where}: must be a table, not {_kind(values)}")
        self.where = where
        self._left = dict(values)

    @classmethod
    def read(cls, path: Path) -> Table:
        """Parse a file. Unreadable files and TOML errors are ScenarioErrors that name it."""
        try:
            return cls(tomllib.loads(path.read_text(encoding="utf-8")), str(path))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise ScenarioError(f"{path}: cannot be read: {reason}") from None
        except RecursionError:  # what the parser has for nested values, and nothing for too many
            raise ScenarioError(f"{path}: cannot be read: nested too deeply") from None

    def error(self, field: str, what: str) -> ScenarioError:
        """An error about one field of this table."""
        return ScenarioError(f"{self.where}: {field}: {what}")

    def text(self, field: str, default: str | None = None) -> str:
        """A string that is not blank."""
        value = self._take(field, default)
        if not isinstance(value, str):
            raise self.error(field, f"must be text, not {_kind(value)}")
        if not value.strip() and value != default:
            raise self.error(field, "is empty")
        return value

    def flag(self, field: str) -> bool:
        """A boolean; false when absent."""
        value = self._take(field, default=False)
        if not isinstance(value, bool):
            raise self.error(field, f"must be true or false, not {_kind(value)}")
        return value

    def number(self, field: str) -> int:
        """A whole number."""
        value = self._take(field)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(field, f"must be a whole number, not {_kind(value)}")
        return value

    def texts(self, field: str, default: Iterable[str] | None = None) -> tuple[str, ...]:
        """A list of strings."""
        value = self._take(field, None if default is None else list(default))
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(field, "must be a list of texts")
        return tuple(value)

    def table(self, field: str, *, optional: bool = False) -> Table:
        """A sub-table; an empty one when it is optional and absent."""
        return Table(self._take(field, {} if optional else None), f"{self.where}: {field}")

    def tables(self, field: str) -> tuple[Table, ...]:
        """A list of sub-tables; none when absent. Errors name them by number, from 1."""
        value = self._take(field, [])
        if not isinstance(value, list):
            raise self.error(field, f"must be a list of tables, not {_kind(value)}")
        where = f"{self.where}: {field}"
        return tuple(Table(each, f"{where} {number}") for number, each in enumerate(value, 1))

    def mapping(self, field: str, *, optional: bool = False) -> dict[str, str]:
        """A sub-table of strings."""
        table = self.table(field, optional=optional)
        return {name: table.text(name) for name in table.names()}

    def names(self) -> tuple[str, ...]:
        """Fields not read yet, in file order."""
        return tuple(self._left)

    def finish(self) -> None:
        """Refuse fields that nobody asked for: they are misspelt."""
        if self._left:
            raise self.error(next(iter(self._left)), "is not a field of this table")

    def _take(self, field: str, default: Any = None) -> Any:
        value = self._left.pop(field, default)
        if value is None:
            raise self.error(field, "is missing")
        return value


def _kind(value: Any) -> str:
    kinds = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return "a table" if isinstance(value, dict) else kinds.get(type(value), type(value).__name__)
