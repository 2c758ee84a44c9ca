"""What a row of the table ``Cache`` may be. Its columns are data from outside, never orders.

diskcache unpickles a row that says it is a pickle, and opens whatever file a row names. Rows that
ask for either are refused, here for every reader.
"""

from __future__ import annotations

from pytest_afake.errors import StoreError
from pytest_afake.store.sealed import is_key

# Values of the column ``mode``, as diskcache has them.
MODE_RAW = 1
MODE_PICKLE = 4


class RowRefused(StoreError):
    """A row that this package did not write. Its text says in what it differs."""


def row_key(key: object, raw: object) -> str:
    """The key of a row, if it is one of ours."""
    if not raw or not isinstance(key, str) or not is_key(key):
        raise RowRefused("its key is not a plain hex key")
    return key


def row_text(mode: object, filename: object, value: object) -> str:
    """The sealed text of a row, if it lies in the database as text."""
    if mode == MODE_PICKLE:
        raise RowRefused("its value is a pickle, which is never read")
    if filename is not None or mode != MODE_RAW:
        raise RowRefused("its value lies in a file")
    if not isinstance(value, str):
        raise RowRefused("its value is not text")
    return value
