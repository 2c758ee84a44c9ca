"""One JSON text per value, so that equal values have equal hashes in every process."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from pytest_afake.errors import StoreError
from pytest_afake.records import Json

_SCALAR = (str, int, type(None))
_OBJECT = (dict, Mapping)  # an abstract class is slow to ask
# json.dumps would make a new one for each text.
_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
)


def canonical_json(value: Json) -> str:
    """Printable ASCII for ``value``: sorted names, no spaces, whole floats written as integers.

    Text is kept verbatim (no Unicode normalisation: a model may answer differently to another
    code point); lone surrogates are escaped and survive. Raises StoreError for what JSON cannot
    say exactly (NaN, infinities, names that are not text, other types), and for hundreds of levels.
    """
    try:
        return canonical_json_of_plain(plain(value))
    except RecursionError:
        raise StoreError("value: nested too deeply") from None


def canonical_json_of_plain(value: Json) -> str:
    """:func:`canonical_json` of a value that is known to be plain, as :func:`plain` makes them."""
    text = _ENCODER.encode(value)
    # The one control character that json leaves as it is; it can only stand inside a string.
    return text.replace("\x7f", "\\u007f")


def plain(value: object, path: str = "value") -> Json:
    """A copy of ``value`` in dicts, lists and scalars; ``path`` names it in a StoreError."""
    if isinstance(value, _SCALAR):
        return value
    if isinstance(value, float):
        return _plain_float(value, path)
    if isinstance(value, _OBJECT):
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
