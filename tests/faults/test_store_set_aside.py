"""A database that cannot be read is set aside, and what is whole in it is kept."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from store_folders import (
    KEY,
    PAGE,
    VALUE,
    Damage,
    answers,
    cut_in_half,
    damage_database,
    emptied,
    filled,
    garbage,
    mode_of,
    store_files,
    store_process,
    store_sql,
    without_its_header,
)

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore


def _cut_within_a_page(data: bytearray) -> None:
    del data[-PAGE - 1000 :]


def _zeroed_at_the_end(data: bytearray) -> None:
    data[len(data) * 3 // 4 :] = bytes(len(data) - len(data) * 3 // 4)


def _folder(directory: Path) -> Path:
    (folder,) = directory.glob("damaged-*")
    return folder


@pytest.mark.parametrize(
    ("damage", "reason", "least", "most"),
    [
        (garbage, "file is not a database", 0, 0),
        (emptied, "the file is empty", 0, 0),
        (without_its_header, "file is not a database", 300, 300),
        (cut_in_half, "database disk image is malformed", 120, 160),
        (_cut_within_a_page, "database disk image is malformed", 290, 299),
        (_zeroed_at_the_end, "database disk image is malformed", 200, 240),
    ],
)
def test_a_damaged_database_is_set_aside_and_what_is_whole_in_it_is_kept(
    damage: Damage, reason: str, least: int, most: int, tmp_path: Path
) -> None:
    values = answers(300, size=3000)
    directory = filled(tmp_path / "store", values)
    damaged = damage_database(directory, damage)

    store = DiskStore(directory)
    saved = list(store.keys())
    assert least <= len(saved) <= most
    assert [store.get(key) for key in saved] == [values[key] for key in saved]

    folder = _folder(directory)
    (notice,) = store.notices
    assert notice == (
        f"STORE DAMAGED: {directory}: cache.db could not be read ({reason}); it was set aside in "
        f"{folder.name}; {len(saved)} answers saved from it, others must be asked again"
    )
    assert re.fullmatch(r"damaged-\d{8}T\d{6}\.\d{6}Z-\d+", folder.name)
    assert store_files(folder) == {"cache.db": damaged}
    assert mode_of(folder) == 0o700
    assert mode_of(directory / "cache.db") == 0o600

    assert store.put_all(values) == values  # the rest is asked again
    store.close()
    again = DiskStore(directory)
    assert not again.notices
    assert sorted(again.keys()) == sorted(values)


def test_what_had_not_reached_the_database_file_is_saved_too(tmp_path: Path) -> None:
    """Its last changes lie in the -wal file when the process is killed."""
    values = answers(100, size=3000)
    directory = tmp_path / "store"
    DiskStore(directory).close()
    _write_and_die(directory, 100)
    damage_database(directory, emptied)
    changes = (directory / "cache.db-wal").read_bytes()
    store = DiskStore(directory)
    assert {key: store.get(key) for key in store.keys()} == values  # noqa: SIM118 - no dict
    assert (_folder(directory) / "cache.db-wal").read_bytes() == changes
    assert "100 answers saved" in store.notices[0]


def test_a_wal_of_another_time_does_not_hide_what_is_in_the_database(tmp_path: Path) -> None:
    """As after a backup was put in the place of cache.db, and the -wal file was left."""
    values = answers(200, size=3000)
    directory = filled(tmp_path / "store", values)
    other = tmp_path / "other"
    DiskStore(other).close()
    _write_and_die(other, 50)
    (other / "cache.db-wal").rename(directory / "cache.db-wal")
    damage_database(directory, without_its_header)
    store = DiskStore(directory)
    assert {key: store.get(key) for key in values} == values


_DYING = """
    import os, sys
    sys.path.insert(0, sys.argv[3])
    from pathlib import Path
    from pytest_afake.store import DiskStore
    from store_folders import answers
    DiskStore(Path(sys.argv[1])).put_all(answers(int(sys.argv[2]), size=3000))
    os._exit(0)
"""


def _write_and_die(directory: Path, count: int) -> None:
    writer = store_process(_DYING, directory, count, Path(__file__).parents[1])
    writer.communicate(timeout=60)
    assert writer.returncode == 0


def test_rows_that_prove_nothing_are_not_carried_over(tmp_path: Path) -> None:
    values = answers(10)
    directory = filled(tmp_path / "store", values)
    changed, moved, planted, *whole = values
    store_sql(
        directory, "UPDATE Cache SET value = replace(value, 'xx', 'XX') WHERE key = ?", changed
    )
    store_sql(directory, "UPDATE Cache SET key = ? WHERE key = ?", "b" * 64, moved)
    store_sql(
        directory, "UPDATE Cache SET mode = 4, value = ? WHERE key = ?", b"\x80\x04N.", planted
    )
    damage_database(directory, without_its_header)
    assert sorted(DiskStore(directory).keys()) == sorted(whole)


def test_a_database_that_is_in_use_is_not_taken_away(tmp_path: Path) -> None:
    values = answers(20, size=3000)
    directory = filled(tmp_path / "store", values)
    user = DiskStore(directory)
    damaged = damage_database(directory, garbage)
    with pytest.raises(StoreError, match=r"cannot be read .*and is still open elsewhere; end what"):
        DiskStore(directory)
    assert store_files(directory)["cache.db"] == damaged
    assert not list(directory.glob("damaged-*"))
    user.close()
    assert DiskStore(directory).notices


def test_a_damaged_database_of_a_store_that_was_still_being_made_is_set_aside(
    directory: Path,
) -> None:
    (directory / "afake-store.json").unlink()
    damage_database(directory, garbage)
    store = DiskStore(directory)
    assert "file is not a database" in store.notices[0]
    store.put(KEY, VALUE)
    store.close()
    assert DiskStore(directory).get(KEY) == VALUE


_OPENER = """
    import sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    print("ready", flush=True)
    sys.stdin.readline()
    store = DiskStore(Path(sys.argv[1]))
    print(len(store.notices), len(list(store.keys())), flush=True)
    sys.stdin.readline()
"""


def test_of_many_processes_that_meet_the_damage_one_sets_it_aside(tmp_path: Path) -> None:
    directory = filled(tmp_path / "store", answers(100, size=3000))
    damage_database(directory, without_its_header)
    openers = [store_process(_OPENER, directory) for _ in range(6)]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "ready\n"
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    said = [opener.communicate("end\n", timeout=60)[0].split() for opener in openers]
    assert sorted(said) == [["0", "100"]] * 5 + [["1", "100"]]
    assert sqlite3.connect(directory / "cache.db").execute("PRAGMA integrity_check").fetchall() == [
        ("ok",)
    ]
    assert _folder(directory)


_KILLED_AT = """
    import os, sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    left = int(sys.argv[2])
    def count(event, arguments):
        global left
        if event in ("os.rename", "os.mkdir", "os.rmdir"):
            left -= 1
            if left < 0:
                os._exit(9)
    sys.addaudithook(count)
    DiskStore(Path(sys.argv[1]))
"""


def test_a_process_that_dies_over_the_setting_aside_loses_nothing(tmp_path: Path) -> None:
    """Killed before each of its changes to the directory in turn, until it gets through."""
    values = answers(60, size=3000)
    for steps in range(20):
        directory = filled(tmp_path / str(steps), values)
        damaged = damage_database(directory, without_its_header)
        process = store_process(_KILLED_AT, directory, steps)
        process.communicate(timeout=60)

        store = DiskStore(directory)
        assert {key: store.get(key) for key in values} == values
        kept = list(directory.glob("damaged-*/cache.db"))
        assert [path.read_bytes() for path in kept] == [damaged]
        if process.returncode == 0:
            assert not store.notices
            break
        assert process.returncode == 9
    assert steps >= 4
