"""Reading a store where nothing may be written, and while others write."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from store_folders import (
    KEY,
    VALUE,
    answers,
    filled,
    open_folder,
    store_process,
    store_sql,
    unprivileged,
)

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore, ReadOnlyStore, open_read_only, verify


def _state(directory: Path) -> dict[str, tuple[bytes, int]]:
    return {each.name: (each.read_bytes(), each.stat().st_mtime_ns) for each in directory.iterdir()}


_READ_WHAT_IS_FORBIDDEN_TO_WRITE = """
    values = answers(20)
    store = DiskStore(directory / "store")
    store.put_all(values)
    {before}
    for file in (directory / "store").iterdir():
        file.chmod(0o444)
    (directory / "store").chmod(0o555)
    names = sorted(os.listdir(directory / "store"))
    reader = ReadOnlyStore(directory / "store")
    print({{key: reader.get(key) for key in reader.keys()}} == values)
    print(verify(directory / "store").good)
    reader.close()
    print(sorted(os.listdir(directory / "store")) == names, "cache.db-wal" in names)
    print(any(name.startswith("afake-") for name in os.listdir(tempfile.gettempdir())))
    (directory / "store").chmod(0o755)
"""
# A store that was closed; one that is open, or whose process died; and the same, archived.
_CLOSED = "store.close()"
_OPEN = "store.get(KEY)"
_ARCHIVED = '(directory / "store" / "cache.db-shm").unlink()'


@pytest.mark.parametrize(
    ("before", "has_wal"), [(_CLOSED, False), (_OPEN, True), (_ARCHIVED, True)]
)
def test_a_directory_that_cannot_be_written_is_read_and_left_as_it_is(
    before: str, *, has_wal: bool
) -> None:
    with open_folder() as directory:
        program = "    tempfile.tempdir = str(directory / 'tmp'); os.mkdir(tempfile.tempdir)\n"
        program += _READ_WHAT_IS_FORBIDDEN_TO_WRITE.format(before=before)
        output = unprivileged(program, directory)
    assert output.split() == ["True", "20", "True", str(has_wal), "False"]


@pytest.fixture
def read_only_mount(tmp_path: Path) -> Callable[[Path], None]:
    """Makes a directory a mount that cannot be written."""

    def mount(directory: Path) -> None:
        for options in (["--bind"], ["-o", "remount,ro,bind"]):
            done = subprocess.run(
                ["mount", *options, str(directory), str(directory)],
                capture_output=True,
                check=False,
            )
            if done.returncode != 0:
                pytest.skip("may not mount a file system here")

    return mount


def test_a_mount_that_cannot_be_written_is_read(
    read_only_mount: Callable[[Path], None], tmp_path: Path
) -> None:
    values = answers(20)
    directory = filled(tmp_path / "store", values)
    read_only_mount(directory)
    try:
        store = ReadOnlyStore(directory)
        assert {key: store.get(key) for key in store.keys()} == values  # noqa: SIM118 - no dict
        store.close()
        with pytest.raises(StoreError, match="Read-only file system"):
            DiskStore(directory)
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


def test_reading_changes_no_byte_of_a_directory_that_could_be_written(tmp_path: Path) -> None:
    directory = filled(tmp_path / "store", answers(20))
    before = _state(directory)
    store = ReadOnlyStore(directory)
    assert len(list(store.keys())) == 20
    assert verify(directory).good == 20
    store.close()
    assert _state(directory) == before


def test_what_a_writer_stores_meanwhile_is_seen(tmp_path: Path) -> None:
    """It opens after the reader, moves its changes into the database and closes again."""
    values = answers(600, size=3000)
    keys = list(values)
    directory = filled(tmp_path / "store", {keys[0]: values[keys[0]]})
    reader = ReadOnlyStore(directory)
    for start in range(1, 600, 150):
        assert reader.get(keys[start]) is None
        writer = DiskStore(directory)
        for key in keys[start : start + 150]:
            writer.put(key, values[key])
            assert reader.get(key) == values[key]
        writer.close()
        assert reader.get(keys[start]) == values[keys[start]]
    assert sorted(reader.keys()) == sorted(keys)


def test_a_reader_follows_when_a_damaged_database_is_replaced(tmp_path: Path) -> None:
    values = answers(50, size=3000)
    directory = filled(tmp_path / "store", values)
    reader = ReadOnlyStore(directory)
    data = (directory / "cache.db").read_bytes()
    (directory / "cache.db").write_bytes(bytes(100) + data[100:])
    with pytest.raises(StoreError, match=r"file is not a database; run: afake cache verify"):
        reader.get(KEY)
    DiskStore(directory).close()
    assert {key: reader.get(key) for key in values} == values


_READER = """
    import sys
    from pathlib import Path
    from pytest_afake.store import ReadOnlyStore
    reader = ReadOnlyStore(Path(sys.argv[1]))
    print(reader.get("a" * 64), flush=True)
    sys.stdin.readline()
    print(reader.get("b" * 64), flush=True)
"""


def test_a_reader_in_another_process_sees_what_is_stored(directory: Path) -> None:
    reader = store_process(_READER, directory)
    assert reader.stdout is not None
    assert reader.stdout.readline() == f"{VALUE}\n"
    writer = DiskStore(directory)
    writer.put("b" * 64, {"text": "later"})
    assert reader.communicate("go\n", timeout=60)[0] == "{'text': 'later'}\n"
    writer.close()
    assert not list(directory.glob("cache.db-*"))


def _pickled(directory: Path) -> None:
    store_sql(directory, "UPDATE Cache SET mode = 4, value = ?", b"\x80\x04N.")


def _in_a_file(directory: Path) -> None:
    store_sql(directory, "UPDATE Cache SET mode = 3, filename = ?, value = NULL", os.devnull)


def _changed(directory: Path) -> None:
    store_sql(directory, "UPDATE Cache SET value = replace(value, 'paid', 'Paid')")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_pickled, "its value is a pickle, which is never read"),
        (_in_a_file, "its value lies in a file"),
        (_changed, "the value does not match its checksum"),
    ],
)
def test_a_row_that_a_store_refuses_is_refused_here_too(
    change: Callable[[Path], None], reason: str, directory: Path
) -> None:
    change(directory)
    with pytest.raises(StoreError) as error:
        ReadOnlyStore(directory).get(KEY)
    assert str(error.value) == f"{directory}: row {KEY}: {reason}; run: afake cache verify"


def test_a_foreign_key_stops_the_listing(directory: Path) -> None:
    store_sql(directory, "INSERT INTO Cache (key, raw, mode, value) VALUES ('short', 1, 1, 'x')")
    with pytest.raises(StoreError, match="row number 2: its key is not a plain hex key"):
        list(ReadOnlyStore(directory).keys())


def _without_database(directory: Path) -> None:
    (directory / "cache.db").unlink()


def _empty_database(directory: Path) -> None:
    (directory / "cache.db").write_bytes(b"")


def _linked_database(directory: Path) -> None:
    (directory / "cache.db").rename(directory.parent / "elsewhere.db")
    (directory / "cache.db").symlink_to(directory.parent / "elsewhere.db")


def _garbage(directory: Path) -> None:
    (directory / "cache.db").write_bytes(b"not a database" * 1000)


def _another_schema(directory: Path) -> None:
    (directory / "afake-store.json").write_text('{"schema": 2}', encoding="utf-8")


def _no_marker(directory: Path) -> None:
    (directory / "afake-store.json").unlink()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_without_database, "cache.db is missing"),
        (_empty_database, "cache.db is not the database of a store"),
        (_linked_database, "cache.db is not a regular file"),
        (_garbage, "cache.db: file is not a database; run: afake cache verify"),
        (_another_schema, "holds a store of schema 2"),
        (_no_marker, "holds no store of pytest-afake"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_nothing_is_set_aside(
    change: Callable[[Path], None], message: str, directory: Path
) -> None:
    change(directory)
    before = _state(directory)
    with pytest.raises(StoreError, match=message) as error:
        open_read_only(directory)
    assert str(error.value).startswith(f"{directory}: ")
    assert "\n" not in str(error.value)
    assert _state(directory) == before


def test_a_path_with_nothing_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_read_only(tmp_path / "missing")
    assert str(error.value) == f"{tmp_path / 'missing'}: there is neither a store nor a cassette"
