"""The key of an answer: all that changes it, and nothing that does not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from pytest_afake.records import Json, Request
from pytest_afake.store.canonical import canonical_json, canonical_json_of_plain, plain
from pytest_afake.store.schema import SCHEMA

_ABSENT = object()


def request_key(identity: Mapping[str, Json], request: Request) -> str:
    """:func:`key_of_parts` of the request's :func:`key_parts`.

    ``identity`` is the client's (resolved model, endpoint host, mode). 1 and 1.0 give one key;
    the order of names does not matter; every code point of a message does.
    """
    return _digest(canonical_json_of_plain(key_parts(identity, request)))


def key_of_parts(parts: Mapping[str, Json]) -> str:
    """SHA-256 (64 hex digits) of the canonical JSON of a result of :func:`key_parts`."""
    return _digest(canonical_json(parts))


def key_parts(identity: Mapping[str, Json], request: Request) -> Mapping[str, Json]:
    """What the key is made of, as plain JSON: it is stored beside the answer, to be explained.

    Raises StoreError, naming the part, for a parameter that JSON cannot say.
    """
    sampling = request.sampling
    return {
        "schema": SCHEMA,
        "identity": plain(identity, "identity"),
        "messages": [
            {"role": each.role, "content": plain(each.content, f"messages[{index}].content")}
            for index, each in enumerate(request.messages)
        ],
        "sampling": {
            "temperature": plain(sampling.temperature, "sampling.temperature"),
            "max_tokens": plain(sampling.max_tokens, "sampling.max_tokens"),
            "extra": plain(sampling.extra, "sampling.extra"),
        },
        "sample_index": plain(request.sample_index, "sample_index"),
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def differing_parts(wanted: Mapping[str, Json], stored: Mapping[str, Json]) -> tuple[str, ...]:
    """Where two results of :func:`key_parts` differ: ``("sampling.temperature", ...)``.

    Messages are compared one by one when there are equally many (``messages[0].content``).
    """
    return tuple(_differences(wanted, stored, ""))


def _differences(wanted: object, stored: object, path: str) -> Iterator[str]:
    if isinstance(wanted, Mapping) and isinstance(stored, Mapping):
        for name in sorted(wanted.keys() | stored.keys()):
            inner = f"{path}.{name}" if path else name
            yield from _differences(wanted.get(name, _ABSENT), stored.get(name, _ABSENT), inner)
    elif isinstance(wanted, list) and isinstance(stored, list) and len(wanted) == len(stored):
        for index, (left, right) in enumerate(zip(wanted, stored, strict=True)):
            yield from _differences(left, right, f"{path}[{index}]")
    elif wanted != stored:
        yield path
