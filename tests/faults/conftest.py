"""Fixtures of the fault tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_folders import KEY, VALUE

from pytest_afake.store import DiskStore


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A store that holds one answer and is closed."""
    path = tmp_path / "store"
    store = DiskStore(path)
    store.put(KEY, VALUE)
    store.close()
    return path
