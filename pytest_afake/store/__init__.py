"""Stores of answers: what was paid for once is never asked again, and never lost silently.

Importing this package is cheap: diskcache and sqlite3 are imported when a store on disk opens.
"""

from pytest_afake.store.cassette import CassetteStore
from pytest_afake.store.checking import Report, SetAside, set_bad_rows_aside, verify
from pytest_afake.store.codec import (
    Entry,
    answer_from_json,
    answer_to_json,
    checked_entry,
    entry_from_json,
    entry_to_json,
)
from pytest_afake.store.directory import holds_store
from pytest_afake.store.disk import DiskStore
from pytest_afake.store.exchange import Imported, import_cassette, write_cassette
from pytest_afake.store.key import differing_parts, key_of_parts, key_parts, request_key
from pytest_afake.store.layered import LayeredStore
from pytest_afake.store.memory import MemoryStore
from pytest_afake.store.nearest import nearest
from pytest_afake.store.read_only import ReadOnlyStore, open_read_only
from pytest_afake.store.stats import ModelStats, Stats, model_of, stats
from pytest_afake.store.store import Store

__all__ = [
    # the stores
    "Store",
    "CassetteStore",
    "DiskStore",
    "LayeredStore",
    "MemoryStore",
    "ReadOnlyStore",
    "open_read_only",
    "holds_store",
    # keys
    "request_key",
    "key_of_parts",
    "key_parts",
    "differing_parts",
    "nearest",
    # values
    "Entry",
    "checked_entry",
    "entry_to_json",
    "entry_from_json",
    "answer_to_json",
    "answer_from_json",
    # whole stores
    "Imported",
    "import_cassette",
    "write_cassette",
    "ModelStats",
    "Stats",
    "model_of",
    "stats",
    "Report",
    "SetAside",
    "set_bad_rows_aside",
    "verify",
]
