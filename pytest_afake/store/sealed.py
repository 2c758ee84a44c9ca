"""Values as they lie in a store: canonical JSON text that carries the checksum of its content.

    {"sha256":"<64 hex digits>","value":<canonical JSON>}

The digest is that of the ASCII bytes of the value's own text, so that checking needs no second
serialisation, and the row as a whole is JSON that any tool can read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.canonical import canonical_json

# At the end of what is said of a row that cannot be read.
ADVICE = "run: afake cache verify"

_KEY = re.compile(r"[0-9a-f]{64}")
_HEAD, _MIDDLE, _TAIL = '{"sha256":"', '","value":', "}"
_DIGEST_AT = len(_HEAD)
_MIDDLE_AT = _DIGEST_AT + 64
_BODY_AT = _MIDDLE_AT + len(_MIDDLE)


def is_key(key: object) -> bool:
    """Whether ``key`` is 64 lower-case hex digits, as ``request_key`` makes them."""
    return isinstance(key, str) and _KEY.fullmatch(key) is not None


def check_key(key: str) -> str:
    """``key``, if it is one. Raises StoreError if it is not."""
    if not is_key(key):
        raise StoreError(f"{key!r:.100} is not a key: expected 64 lower-case hex digits")
    return key


def seal(value: Mapping[str, Json]) -> str:
    """The text to store. Raises StoreError for what JSON cannot say exactly."""
    if not isinstance(value, Mapping):
        raise StoreError(f"expected an object to store, found {type(value).__name__}")
    body = canonical_json(value)
    return f"{_HEAD}{_digest(body)}{_MIDDLE}{body}{_TAIL}"


def unseal(text: str) -> Mapping[str, Json]:
    """The value of a sealed text. Raises StoreError with the reason if it is damaged.

    A value that does not match its checksum is an error and never a miss: a miss would buy the
    answer again, and hide that the store is being damaged.
    """
    body = text[_BODY_AT:-1]
    if not _has_seal(text) or not body.startswith("{"):
        raise StoreError("the value is not a sealed JSON object")
    if _digest(body) != text[_DIGEST_AT:_MIDDLE_AT]:
        raise StoreError("the value does not match its checksum")
    return _parse(body)


def _has_seal(text: str) -> bool:
    return text.startswith(_HEAD) and text.startswith(_MIDDLE, _MIDDLE_AT) and text.endswith(_TAIL)


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()


def _parse(body: str) -> Mapping[str, Json]:
    # A checksum keeps out accidents, not intent: a hostile row may nest a million brackets.
    try:
        value: dict[str, Json] = _DECODER.decode(body)
    except (ValueError, RecursionError) as error:
        raise StoreError(f"the value is not JSON: {error}") from None
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
