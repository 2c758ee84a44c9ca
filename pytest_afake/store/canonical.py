"""One JSON text per value, so that equal values have equal hashes in every process."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from pytest_afake.errors import StoreError
from pytest_afake.records import Json


def canonical_json(value: Json) -> str:
    """ASCII text of ``value``: sorted names, no spaces, whole floats written as integers.

    Text is kept verbatim (no Unicode normalisation: a model may answer differently to another
    code point); lone surrogates are escaped and survive. Raises StoreError for what JSON cannot
    say exactly: NaN, infinities, names that are not text, other types.
    """
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def plain(value: object, path: str = "value") -> Json:
    """A copy of ``value`` in dicts, lists and scalars; ``path`` names it in a StoreError."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return _plain_float(value, path)
    if isinstance(value, Mapping):
        return {_name(name, path): plain(item, f"{path}.{name}") for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(item, f"{path}[{index}]") for index, item in enumerate(value)]
    raise StoreError(f"{path}: {type(value).__name__} is not JSON")


def _plain_float(value: float, path: str) -> int | float:
    if not math.isfinite(value):
        raise StoreError(f"{path}: {value} is not JSON")
    return int(value) if value.is_integer() else value


def _name(name: object, path: str) -> str:
    # json.dumps would write 1 and "1" as the same name.
    if not isinstance(name, str):
        raise StoreError(f"{path}: the name {name!r} is not text")
    return name
