"""Several processes on one store, killed ones, full disks, and locks that nobody gives back."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import diskcache
import pytest
from store_folders import (
    KEY,
    answers,
    open_folder,
    unprivileged,
)
from store_folders import store_process as _start

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore, ReadOnlyStore

_WRITER = """
    import sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    name, count = int(sys.argv[2]), int(sys.argv[3])
    store = DiskStore(Path(sys.argv[1]))
    for index in range(count):
        store.put(f"{name:032x}{index:032x}", {"name": name, "index": index, "text": "x" * 2000})
        print(index, flush=True)
"""


def test_two_processes_create_and_write_one_store_at_once(tmp_path: Path) -> None:
    writers = [_start(_WRITER, tmp_path / "store", name, 300) for name in (1, 2)]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    store = DiskStore(tmp_path / "store")
    assert len(list(store.keys())) == 600
    for name in (1, 2):
        for index in range(300):
            found = store.get(f"{name:032x}{index:032x}")
            assert found == {"name": name, "index": index, "text": "x" * 2000}


_OPENER = """
    import sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    name = int(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    for round in range(10):
        store = DiskStore(Path(sys.argv[1]) / str(round))
        store.put(f"{name:064x}", {"name": name})
        store.close()
"""


def test_many_processes_that_create_the_same_store_take_turns(tmp_path: Path) -> None:
    openers = [_start(_OPENER, tmp_path, name) for name in range(4)]
    for opener in openers:
        assert opener.stdout is not None
        opener.stdout.readline()
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    assert [opener.wait(timeout=60) for opener in openers] == [0, 0, 0, 0]
    for number in range(10):
        assert len(list(DiskStore(tmp_path / str(number), create=False).keys())) == 4


def test_a_store_is_open_to_readers_while_another_process_writes(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "store")
    writer = _start(_WRITER, tmp_path / "store", 1, 100)
    assert writer.stdout is not None
    for line in writer.stdout:  # each write is seen as soon as it is acknowledged
        assert store.get(f"{1:032x}{int(line):032x}") is not None
    assert writer.wait(timeout=60) == 0


_BATCH_WRITER = """
    import sys
    from hashlib import sha256
    from pathlib import Path
    from pytest_afake.store import DiskStore
    name, size = int(sys.argv[2]), int(sys.argv[3])
    store = DiskStore(Path(sys.argv[1]))
    print("open", flush=True)
    sys.stdin.readline()
    for batch in range(10**9):
        indices = range(batch * size, (batch + 1) * size)
        keys = [sha256(f"{name} {index}".encode()).hexdigest() for index in indices]
        for key in keys:
            store.claim(key)
        store.put_all({key: {"name": name, "text": key * 40} for key in keys})
        print(batch, flush=True)
"""


def _acknowledged(writer: subprocess.Popen[str], known: int) -> int:
    """How many batches a killed writer had acknowledged; ``known`` of them were read before."""
    assert writer.stdout is not None
    rest = writer.stdout.read().split()
    assert writer.wait(timeout=60) == -signal.SIGKILL
    return int(rest[-1]) + 1 if rest else known


def _batch_keys(name: int, size: int, batch: int) -> list[str]:
    indices = range(batch * size, (batch + 1) * size)
    return [sha256(f"{name} {index}".encode()).hexdigest() for index in indices]


@pytest.mark.parametrize(
    ("size", "acknowledged"), [(1, 1), (1, 60), (16, 3), (16, 12), (64, 1), (64, 4)]
)
def test_killed_writers_lose_nothing_that_they_acknowledged(
    size: int, acknowledged: int, tmp_path: Path
) -> None:
    """Two at a time, killed at the same moment; whole batches are there, or not at all."""
    directory = tmp_path / "store"
    writers = [_start(_BATCH_WRITER, directory, name, size) for name in (1, 2)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdin is not None
        writer.stdout.readline()
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert writers[0].stdout is not None
    while int(writers[0].stdout.readline()) + 1 < acknowledged:
        pass
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    counts = [_acknowledged(writers[0], acknowledged), _acknowledged(writers[1], 0)]

    store = DiskStore(directory)
    assert not store.notices
    for name, count in zip((1, 2), counts, strict=True):
        for batch in range(count):
            assert _whole(store, name, _batch_keys(name, size, batch)) == size
        # The one in flight: all of it, or nothing.
        assert _whole(store, name, _batch_keys(name, size, count)) in (0, size)
        assert _whole(store, name, _batch_keys(name, size, count + 1)) == 0
        # What the dead had claimed is free at once.
        assert all(store.claim(key) for key in _batch_keys(name, size, max(count - 1, 0)))


def _whole(store: DiskStore, name: int, keys: Iterable[str]) -> int:
    """How many of the keys have their answer; none has another."""
    found = {key: store.get(key) for key in keys}
    stored = {key: value for key, value in found.items() if value is not None}
    assert stored == {key: {"name": name, "text": key * 40} for key in stored}
    return len(stored)


_RACER = """
    import json, sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    name, step = int(sys.argv[2]), int(sys.argv[3])
    store = DiskStore(Path(sys.argv[1]))
    print("open", flush=True)
    sys.stdin.readline()
    kept = {}
    for start in range(0, 200, step):
        keys = [f"{index:064x}" for index in range(start, start + step)]
        kept |= store.put_all({key: {"name": name} for key in keys})
    print(json.dumps(kept))
"""


@pytest.mark.parametrize(("racers", "step"), [(2, 1), (2, 50), (8, 10)])
def test_processes_that_race_for_the_same_keys_all_get_the_same_answers(
    racers: int, step: int, tmp_path: Path
) -> None:
    directory = tmp_path / "store"
    running = [_start(_RACER, directory, name, step) for name in range(racers)]
    for racer in running:
        assert racer.stdout is not None
        racer.stdout.readline()
    for racer in running:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    kept = [json.loads(racer.communicate(timeout=60)[0]) for racer in running]
    store = DiskStore(directory)
    stored = {key: store.get(key) for key in store.keys()}  # noqa: SIM118 - a store is not a dict
    assert len(stored) == 200
    assert kept == [stored] * racers


_WRITE_AFTER = """
    store = DiskStore(directory / "store")
    database = directory / "store" / "cache.db"
    {fault}
    try:
        store.put(KEY, {{}})
    except StoreError as error:
        print(error)
"""
# The write version in SQLite's header: of a newer one than it knows, it only reads.
_NEWER_HEADER = 'file = database.open("r+b"); file.seek(18); file.write(b"\\3"); file.close()'
_NO_PERMISSION = "database.chmod(0o400); store.detach()"


@pytest.mark.parametrize("fault", [_NEWER_HEADER, _NO_PERMISSION])
def test_a_database_that_refuses_writes_fails_at_once_and_says_why(fault: str) -> None:
    with open_folder() as directory:
        output = unprivileged(_WRITE_AFTER.format(fault=fault), directory)
    assert f"row {KEY} was not written: attempt to write a readonly database" in output


_WRITE_WHILE_LOCKED = """
    import sqlite3, sys
    from pathlib import Path
    from pytest_afake.errors import StoreError
    from pytest_afake.store import DiskStore
    directory = Path(sys.argv[1])
    store = DiskStore(directory, wait_s=0.2)
    store.put("a" * 64, {"text": "stored before"})
    stuck = sqlite3.connect(directory / "cache.db", isolation_level=None)
    stuck.execute("BEGIN IMMEDIATE")
    try:
        store.put("b" * 64, {})
    except StoreError as error:
        print(error)
    print(store.get("a" * 64), flush=True)
"""


def test_a_writer_that_never_lets_go_is_waited_for_and_then_reported(tmp_path: Path) -> None:
    """In a process that can be ended: with ``retry=True`` diskcache would wait for ever."""
    writer = _start(_WRITE_WHILE_LOCKED, tmp_path / "store")
    try:
        output, _ = writer.communicate(timeout=20)
    finally:
        writer.kill()
    error, found = output.splitlines()
    assert error.endswith(f"store: row {'b' * 64} was not written: database is locked")
    assert found == "{'text': 'stored before'}"  # reading does not wait


_WRITE_TO_FULL_DISK = """
    import resource, sys
    from pathlib import Path
    from pytest_afake.errors import StoreError
    from pytest_afake.store import DiskStore
    store = DiskStore(Path(sys.argv[1]))
    store.put("a" * 64, {"text": "fits"})
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, most))
    batch = {"b" * 64: {"text": "small"}, "c" * 64: {"text": "x" * 1_000_000}}
    try:
        store.put_all(batch)
    except StoreError as error:
        print(error)
    print(store.get("a" * 64), store.get("b" * 64), store.get("c" * 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    print(store.put_all(batch) == batch, list(store.keys()) == [each * 64 for each in "abc"])
"""


def test_a_full_disk_is_an_error_that_stores_nothing_of_the_batch_and_passes(
    tmp_path: Path,
) -> None:
    output, _ = _start(_WRITE_TO_FULL_DISK, tmp_path / "store").communicate(timeout=60)
    error, found, afterwards = output.splitlines()
    assert error.startswith(
        f"{tmp_path / 'store'}: row {'b' * 64} and 1 more were not written: d"  # disk is full
    )
    assert "rollback" not in error
    assert found == "{'text': 'fits'} None None"
    assert afterwards == "True True"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    where = tmp_path / "disk"
    where.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(where)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip("may not mount a file system here")
    yield where
    subprocess.run(["umount", "--lazy", str(where)], check=True)


def test_a_disk_that_fills_up_keeps_what_was_stored(small_disk: Path) -> None:
    store = DiskStore(small_disk / "store")
    values = answers(1000, size=4000)
    kept: dict[str, object] = {}

    def fill() -> None:
        for key, value in values.items():
            kept[key] = store.put(key, value)

    with pytest.raises(StoreError, match="not written: database or disk is full"):
        fill()
    assert len(kept) > 20
    assert {key: store.get(key) for key in kept} == kept
    assert sorted(store.keys()) == sorted(kept)
    store.close()

    read_only = ReadOnlyStore(small_disk / "store")
    assert {key: read_only.get(key) for key in kept} == kept
    read_only.close()
    with pytest.raises(StoreError, match=r"database or disk is full|No space left on device"):
        DiskStore(small_disk / "another")


def test_when_all_threads_have_detached_everything_is_in_one_file(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "store")

    def write() -> None:
        store.put(KEY, {"text": "kept"})
        store.detach()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    store.detach()
    assert not list((tmp_path / "store").glob("cache.db-*"))
    assert store.get(KEY) == {"text": "kept"}


def test_every_commit_waits_for_the_disk(tmp_path: Path) -> None:
    """Setting of diskcache: each connection takes it from there. 2 is FULL."""
    DiskStore(tmp_path / "store").close()
    with diskcache.Cache(str(tmp_path / "store")) as cache:
        assert cache.sqlite_synchronous == 2
