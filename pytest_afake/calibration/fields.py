"""Reading JSON objects field by field, with errors that name the file and the field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from pytest_afake.errors import UsageError

_T = TypeVar("_T")

_MOST = 1_000_000_000  # nobody labels more


class Fields:
    """One JSON object; what is left over at the end is an error. All errors are UsageErrors."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise UsageError(f"{where}: must be an object")
        self.where = where
        self._left: dict[str, object] = dict(value)

    def error(self, field: str, what: str) -> UsageError:
        """An error about one field of this object."""
        return UsageError(f"{self.where}: {field}: {what}")

    def text(self, field: str) -> str:
        """Text that is not blank."""
        value = self._take(field, str, "text")
        if not value.strip():
            raise self.error(field, "is empty")
        return value

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._take(field, list, "a list of texts")
        if not all(isinstance(value, str) for value in values):
            raise self.error(field, "must be a list of texts")
        return tuple(values)

    def count(self, field: str) -> int:
        """A whole number, 0 or more."""
        value = self._take(field, int, "a whole number")
        if isinstance(value, bool) or not 0 <= value <= _MOST:
            raise self.error(field, "must be a whole number from 0 to 10^9")
        return value

    def share(self, field: str) -> float:
        """A number from 0 to 1."""
        value = self._take(field, (int, float), "a number")
        if isinstance(value, bool) or not 0 <= value <= 1:  # as neither infinity nor NaN is
            raise self.error(field, "must be a number from 0 to 1")
        return float(value)

    def counts(self, field: str) -> dict[str, int]:
        """An object of whole numbers."""
        table = self._object(field)
        return {name: table.count(name) for name in tuple(table._left)}

    def each(self, field: str) -> Iterator[Fields]:
        """A list of objects."""
        for number, value in enumerate(self._take(field, list, "a list"), start=1):
            yield Fields(value, f"{self.where}: {field}[{number}]")

    def tables(self, field: str) -> Iterator[tuple[str, Fields]]:
        """An object of objects."""
        table = self._object(field)
        for name, value in table._left.items():
            yield name, Fields(value, f"{table.where}[{name!r}]")

    def finish(self) -> None:
        """Refuse fields that nobody asked for: they are misspelt, or of another version."""
        if self._left:
            raise self.error(repr(next(iter(self._left))), "is not a known field")

    def _object(self, field: str) -> Fields:
        return Fields(self._take(field, dict, "an object"), f"{self.where}: {field}")

    def _take(self, field: str, kind: type[_T] | tuple[type[_T], ...], what: str) -> _T:
        if field not in self._left:
            raise self.error(field, "is missing")
        value = self._left.pop(field)
        if not isinstance(value, kind):
            raise self.error(field, f"must be {what}")
        return value
