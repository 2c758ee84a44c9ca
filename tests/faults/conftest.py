"""Fixtures of the fault tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from counting_server import counting_server
from runs import Project
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


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A user's folder whose models answer behind a server that counts."""
    with counting_server() as server:
        made = Project(tmp_path, server)
        made.configure()
        yield made
        made.close()
