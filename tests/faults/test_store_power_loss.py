"""A machine that stops at any moment: what the disk then holds opens, whole, with all that counts.

The disk is simulated from copies of its files. What was synchronised stays; of what was written
afterwards, any part may be there, in any state. The order in which SQLite synchronises is taken
from its documentation: a commit its -wal file, a checkpoint first that and then the database.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_folders import answers, store_process, store_sql

from pytest_afake.store import DiskStore, verify

BATCH = 8
ANSWERS = answers(1600, size=3500)
KEYS = list(ANSWERS)

_WRITER = """
    import json, sys
    sys.path.insert(0, sys.argv[2])
    from pathlib import Path
    from pytest_afake.store import DiskStore
    from store_folders import answers
    directory, size, batches = Path(sys.argv[1]), int(sys.argv[3]), int(sys.argv[4])
    rows = list(answers(size * batches, size=3500).items())
    store = DiskStore(directory)
    for batch in range(batches):
        store.put_all(dict(rows[batch * size : (batch + 1) * size]))
        print((directory / "cache.db-wal").stat().st_size, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Writes many batches to ``tmp_path / "store"`` and stays open."""
    process = store_process(_WRITER, tmp_path / "store", Path(__file__).parents[1], BATCH, 200)
    yield process
    process.kill()
    process.communicate()


def _copied(directory: Path, to: Path) -> Path:
    to.mkdir()
    for name in ("afake-store.json", "afake-store.lock", "cache.db", "cache.db-wal"):
        shutil.copyfile(directory / name, to / name)
    return to


def _found(directory: Path) -> list[str]:
    """The keys of a store that opens without complaint and in which every row is whole."""
    store = DiskStore(directory)
    assert not store.notices
    found = sorted(store.keys(), key=KEYS.index)
    assert [store.get(key) for key in found] == [ANSWERS[key] for key in found]
    store.close()
    report = verify(directory)
    assert (report.good, report.bad, report.database) == (len(found), (), ())
    return found


def _first_batches(writer: subprocess.Popen[str], directory: Path, to: Path) -> list[int]:
    """A copy after ten batches, all of them in the -wal file; where each one ends there."""
    assert writer.stdout is not None
    ends = [int(writer.stdout.readline()) for _ in range(10)]
    writer.send_signal(signal.SIGSTOP)
    _copied(directory, to)
    assert ends == sorted(set(ends))
    return ends


def test_a_commit_that_was_cut_short_is_gone_and_all_before_it_is_there(
    writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    draw = random.Random(1)  # noqa: S311 - a simulation
    ends = _first_batches(writer, tmp_path / "store", tmp_path / "copy")
    wal = (tmp_path / "copy" / "cache.db-wal").read_bytes()
    for number in range(24):
        whole = draw.randrange(1, 9)
        cut = draw.randrange(ends[whole - 1], ends[whole])
        torn = wal[:cut]
        if number % 3 == 1:  # a length that was written before the content
            torn += bytes(ends[whole] - cut)
        elif number % 3 == 2:  # a block of something else
            torn += draw.randbytes(ends[whole] - cut)
        disk = _copied(tmp_path / "copy", tmp_path / f"disk {number}")
        (disk / "cache.db-wal").write_bytes(torn)
        assert _found(disk) == KEYS[: whole * BATCH]


def test_a_checkpoint_that_was_cut_short_loses_nothing(
    writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Some blocks of the database are new, some old, some neither; the -wal file is still there."""
    draw = random.Random(2)  # noqa: S311 - a simulation
    ends = _first_batches(writer, tmp_path / "store", tmp_path / "copy")
    (tmp_path / "copy" / "cache.db-wal").write_bytes(
        (tmp_path / "copy" / "cache.db-wal").read_bytes()[: ends[9]]
    )
    done = _copied(tmp_path / "copy", tmp_path / "done")
    store_sql(done, "PRAGMA wal_checkpoint(TRUNCATE)")
    old = (tmp_path / "copy" / "cache.db").read_bytes()
    new = (done / "cache.db").read_bytes()
    changed = [
        at for at in range(0, len(new), 512) if new[at : at + 512] != old[at : at + 512].ljust(512)
    ]
    assert len(changed) > 100
    for number in range(8):
        disk = _copied(tmp_path / "copy", tmp_path / f"disk {number}")
        torn = bytearray(old.ljust(len(new), b"\0"))
        for at in changed:
            torn[at : at + 512] = draw.choice(
                [new[at : at + 512], torn[at : at + 512], draw.randbytes(512)]
            )
        (disk / "cache.db").write_bytes(torn[: draw.randrange(len(old), len(new) + 1)])
        assert _found(disk) == KEYS[: 10 * BATCH]


def test_at_every_moment_the_files_hold_all_that_was_acknowledged(
    writer: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Also while SQLite moves its -wal file into the database, which it does every 1000 pages."""
    assert writer.stdout is not None
    draw = random.Random(3)  # noqa: S311 - a simulation
    acknowledged = 0
    for number in range(8):
        for _ in range(draw.randrange(1, 22)):
            writer.stdout.readline()
            acknowledged += 1
        writer.send_signal(signal.SIGSTOP)
        disk = _copied(tmp_path / "store", tmp_path / f"disk {number}")
        writer.send_signal(signal.SIGCONT)
        found = _found(disk)
        assert found == KEYS[: len(found)]
        assert len(found) % BATCH == 0
        assert len(found) >= acknowledged * BATCH
