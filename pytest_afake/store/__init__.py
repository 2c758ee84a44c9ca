"""Stores of answers: what was paid for once is never asked again, and never lost silently.

Importing this package is cheap: diskcache and sqlite3 are imported when a ``DiskStore`` opens.
"""

from pytest_afake.store.codec import (
    Entry,
    answer_from_json,
    answer_to_json,
    entry_from_json,
    entry_to_json,
)
from pytest_afake.store.disk import DiskStore
from pytest_afake.store.key import differing_parts, key_parts, request_key
from pytest_afake.store.layered import LayeredStore
from pytest_afake.store.memory import MemoryStore
from pytest_afake.store.store import Store

__all__ = [
    # the stores
    "Store",
    "DiskStore",
    "LayeredStore",
    "MemoryStore",
    # keys
    "request_key",
    "key_parts",
    "differing_parts",
    # values
    "Entry",
    "entry_to_json",
    "entry_from_json",
    "answer_to_json",
    "answer_from_json",
]
