"""Where a store may lie, who may read it, and what is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from store_folders import (
    KEY,
    VALUE,
    mode_of,
    open_folder,
    store_refusal,
    unprivileged,
)

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("mine", encoding="utf-8")
    assert store_refusal(tmp_path / "store") == "not a directory, so it cannot hold a store"


def test_a_file_in_the_place_of_a_parent_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="not a directory, so it cannot hold a store"):
        DiskStore(tmp_path / "file" / "store")


def test_a_directory_with_other_content_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    tmp_path.chmod(0o755)
    assert "not empty and not a store of pytest-afake" in store_refusal(tmp_path)
    assert mode_of(tmp_path) == 0o755
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_without_create_a_missing_or_empty_directory_stays_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file or directory"):
        DiskStore(tmp_path / "typo", create=False)
    assert not (tmp_path / "typo").exists()
    with pytest.raises(StoreError, match="holds no store of pytest-afake"):
        DiskStore(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_diskcache_would_expand_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFAKE_ELSEWHERE", "elsewhere")
    with pytest.raises(StoreError, match=r"would replace the \$NAME"):
        DiskStore(tmp_path / "$AFAKE_ELSEWHERE")
    assert not (tmp_path / "elsewhere").exists()


def test_a_new_store_is_private_even_under_a_generous_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = DiskStore(tmp_path / "store")
        store.put(KEY, VALUE)
        modes = {each.name: mode_of(each) for each in (tmp_path / "store").iterdir()}
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "store") == 0o700
    ours = ["afake-store.json", "afake-store.lock", "afake-claims.lock"]
    assert modes == dict.fromkeys([*ours, "cache.db", "cache.db-wal", "cache.db-shm"], 0o600)


def test_a_store_that_others_could_read_is_made_private_again(directory: Path) -> None:
    directory.chmod(0o777)
    for file in directory.iterdir():
        file.chmod(0o666)
    store = DiskStore(directory)
    assert store.get(KEY) == VALUE
    assert mode_of(directory) == 0o700
    assert {mode_of(file) for file in directory.iterdir()} == {0o600}


_OPEN_WHAT_IS_FORBIDDEN = """
    store = filled(directory / "store", {{KEY: VALUE}})
    for file in store.iterdir():
        file.chmod(0o400)
    store.chmod({mode})
    try:
        DiskStore(store)
    except StoreError as error:
        print(error)
    store.chmod(0o700)
"""


@pytest.mark.parametrize("mode", ["0o500", "0o000"])
def test_a_store_that_cannot_be_written_is_one_clear_line(mode: str) -> None:
    with open_folder() as directory:
        output = unprivileged(_OPEN_WHAT_IS_FORBIDDEN.format(mode=mode), directory)
    (line,) = output.splitlines()
    assert line.startswith(f"{directory / 'store'}: cannot be used as a store: Permission denied")


_OPEN_IN_A_FORBIDDEN_PARENT = """
    (directory / "parent").mkdir(mode=0o500)
    try:
        DiskStore(directory / "parent" / "store")
    except StoreError as error:
        print(error)
"""


def test_a_parent_that_cannot_be_written_is_one_clear_line() -> None:
    with open_folder() as directory:
        output = unprivileged(_OPEN_IN_A_FORBIDDEN_PARENT, directory)
    assert "cannot be used as a store: Permission denied" in output
