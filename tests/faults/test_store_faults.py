"""A store on disk that is damaged, poisoned, shared, or killed while it writes."""

from __future__ import annotations

import hashlib
import os
import pickle
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import diskcache
import pytest

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore

KEY = "a" * 64
VALUE = {"text": "an answer that was paid for"}

as_root_nothing_is_forbidden = pytest.mark.skipif(
    os.geteuid() == 0, reason="root may read and write everything, whatever its mode"
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A store that holds one answer and is closed."""
    path = tmp_path / "store"
    store = DiskStore(path)
    store.put(KEY, VALUE)
    store.close()
    return path


def _sql(directory: Path, statement: str, *values: object) -> None:
    database = sqlite3.connect(directory / "cache.db")
    with database:
        database.execute(statement, values)
    database.close()


def _refusal(directory: Path) -> str:
    """What opening says: one line that begins with the directory, and no file is changed."""
    before = _files(directory)
    with pytest.raises(StoreError) as error:
        DiskStore(directory)
    message = str(error.value)
    assert message.startswith(f"{directory}: ")
    assert "\n" not in message
    assert _files(directory) == before
    return message.removeprefix(f"{directory}: ")


def _files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    ignored = {"afake-store.lock", "cache.db-shm", "cache.db-wal"}  # SQLite's and ours, transient
    return {
        each.name: each.read_bytes()
        for each in path.iterdir()
        if each.is_file() and each.name not in ignored
    }


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ----------------------------------------------------------------------------- hostile rows


class _Payload:
    """Creates a file when it is unpickled, as a planted row could do anything else."""

    def __init__(self, target: Path) -> None:
        self._target = target

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return os.mkdir, (str(self._target),)


def _plant_pickled_value(directory: Path, target: Path) -> None:
    _sql(
        directory,
        "UPDATE Cache SET mode = 4, value = ? WHERE key = ?",
        pickle.dumps(_Payload(target)),
        KEY,
    )


def _plant_pickled_file(directory: Path, target: Path) -> None:
    (directory / "planted.val").write_bytes(pickle.dumps(_Payload(target)))
    _sql(directory, "UPDATE Cache SET mode = 4, value = NULL, filename = 'planted.val'")


def _plant_pickled_key(directory: Path, target: Path) -> None:
    _sql(directory, "UPDATE Cache SET raw = 0, key = ?", pickle.dumps(_Payload(target)))


def _read_with_plain_diskcache(directory: Path) -> None:
    with diskcache.Cache(str(directory)) as cache:
        list(cache)
        cache.get(KEY)


@pytest.mark.parametrize("plant", [_plant_pickled_value, _plant_pickled_file, _plant_pickled_key])
def test_a_planted_pickle_is_refused_and_does_not_run(
    plant: Callable[[Path, Path], None], directory: Path, tmp_path: Path
) -> None:
    proof = tmp_path / "proof"
    plant(directory, proof)

    store = DiskStore(directory)
    with pytest.raises(StoreError, match=r"row .*(its value is a pickle|its key is not a plain)"):
        [store.get(key) for key in store.keys()]  # noqa: SIM118 - a store is not a dict
    store.close()
    assert not proof.exists()

    _read_with_plain_diskcache(directory)  # the payload is a real one
    assert proof.exists()


@pytest.mark.parametrize("mode", [2, 3])
def test_a_row_that_points_to_a_file_is_refused_and_the_file_stays(
    mode: int, directory: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not for reading", encoding="utf-8")
    _sql(directory, "UPDATE Cache SET mode = ?, filename = ?, value = NULL", mode, str(outside))

    store = DiskStore(directory)
    with pytest.raises(StoreError, match=f"row {KEY}: its value lies in a file"):
        store.get(KEY)
    store.put(KEY, VALUE)  # diskcache removes the file that the old row names
    assert outside.read_text(encoding="utf-8") == "not for reading"
    assert store.get(KEY) == VALUE


@pytest.mark.parametrize(
    ("key", "raw"), [("short", 1), (b"\x80\x04", 1), (7, 1), ("b" * 64, 0), ("B" * 64, 1)]
)
def test_a_row_under_a_foreign_key_stops_the_listing(
    key: object, raw: int, directory: Path
) -> None:
    _sql(directory, "INSERT INTO Cache (key, raw, mode, value) VALUES (?, ?, 1, 'x')", key, raw)
    store = DiskStore(directory)
    with pytest.raises(StoreError, match="row number 2: its key is not a plain hex key"):
        list(store.keys())
    assert store.get(KEY) == VALUE


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b'{"text":"x"}', "its value is not text"),
        (3, "its value is not text"),
        (None, "its value is not text"),
        ("", "not a sealed JSON object"),
        ('{"text":"x"}', "not a sealed JSON object"),
        ('{"sha256":"%s","value":{"text":"x"}}' % ("0" * 64), "does not match its checksum"),
    ],
)
def test_a_foreign_value_is_an_error_and_not_a_miss(
    value: object, message: str, directory: Path
) -> None:
    _sql(directory, "UPDATE Cache SET value = ?", value)
    with pytest.raises(StoreError, match=f"row {KEY}: .*{message}"):
        DiskStore(directory).get(KEY)


def test_one_changed_letter_is_noticed(directory: Path) -> None:
    _sql(directory, "UPDATE Cache SET value = replace(value, 'paid', 'Paid')")
    with pytest.raises(StoreError, match=f"row {KEY}: the value does not match its checksum"):
        DiskStore(directory).get(KEY)


@pytest.mark.parametrize(
    "body", ['{"x":NaN}', '{"x":' + "[" * 100_000 + "]" * 100_000 + "}", '{"x":}']
)
def test_a_well_sealed_value_that_is_no_json_is_refused(body: str, directory: Path) -> None:
    digest = hashlib.sha256(body.encode()).hexdigest()
    _sql(directory, "UPDATE Cache SET value = ?", f'{{"sha256":"{digest}","value":{body}}}')
    with pytest.raises(StoreError, match="the value is not JSON"):
        DiskStore(directory).get(KEY)


def test_hostile_settings_are_refused(directory: Path) -> None:
    _sql(directory, "INSERT INTO Settings VALUES ('_disk', 'x')")
    assert "settings that no store has" in _refusal(directory)


def test_sql_in_a_setting_is_not_executed(directory: Path) -> None:
    smuggled = "1; DELETE FROM Cache"
    _sql(directory, "UPDATE Settings SET value = ? WHERE key = 'sqlite_cache_size'", smuggled)
    with pytest.raises(StoreError, match=r"cache\.db: .*one statement"):
        DiskStore(directory)
    database = sqlite3.connect(directory / "cache.db")
    assert database.execute("SELECT count(*) FROM Cache").fetchone() == (1,)
    database.close()


def test_another_programs_settings_do_not_evict_answers(directory: Path) -> None:
    with diskcache.Cache(
        str(directory), size_limit=1, cull_limit=10, eviction_policy="least-recently-used"
    ):
        pass
    store = DiskStore(directory)
    for index in range(30):
        store.put(f"{index:064x}", VALUE)
    assert len(list(store.keys())) == 31


# ----------------------------------------------------------------------------- damaged files


def _garbage(database: Path) -> None:
    database.write_bytes(b"not a database" * 1000)


def _cut_short(database: Path) -> None:
    database.write_bytes(database.read_bytes()[:5000])


def _emptied(database: Path) -> None:
    database.write_bytes(b"")


def _removed(database: Path) -> None:
    database.unlink()


def _replaced(database: Path) -> None:
    database.unlink()
    _sql(database.parent, "CREATE TABLE Other (x)")


def _linked(database: Path) -> None:
    moved = database.with_name("moved.db")
    database.rename(moved)
    database.symlink_to(moved)


def _a_directory(database: Path) -> None:
    database.unlink()
    database.mkdir()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_garbage, "file is not a database"),
        (_cut_short, "malformed"),
        (_emptied, "cache.db is empty, but this was a store"),
        (_removed, "cache.db is missing, but this was a store"),
        (_replaced, "cache.db is not the database of a store"),
        (_linked, "cache.db is not a regular file"),
        (_a_directory, "cache.db is not a regular file"),
    ],
)
def test_a_damaged_database_is_one_clear_line_and_nothing_is_deleted(
    damage: Callable[[Path], None], message: str, directory: Path
) -> None:
    damage(directory / "cache.db")
    assert message in _refusal(directory)


def test_a_page_that_was_zeroed_is_an_error_when_it_is_read(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "store")
    keys = [f"{index:064x}" for index in range(200)]
    for key in keys:
        store.put(key, {"text": "x" * 4000})
    store.close()
    database = tmp_path / "store" / "cache.db"
    data = bytearray(database.read_bytes())
    data[len(data) // 2 :] = bytes(len(data) - len(data) // 2)
    database.write_bytes(data)

    read, refused = 0, 0
    store = DiskStore(tmp_path / "store")
    for key in keys:
        try:
            assert store.get(key) == {"text": "x" * 4000}  # never a miss, never another text
            read += 1
        except StoreError as error:
            assert str(error).startswith(f"{tmp_path / 'store'}: row {key}")  # noqa: PT017 - either outcome is right
            refused += 1
    assert refused > 0
    assert read + refused == 200


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("", "afake-store.json is damaged"),
        ("{", "afake-store.json is damaged"),
        ("[]", "afake-store.json is damaged"),
        ("{}", "afake-store.json is damaged"),
        ('{"schema": 2}', "holds a store of schema 2, and this version of pytest-afake reads"),
        ('{"schema": "1"}', "holds a store of schema '1'"),
    ],
)
def test_another_schema_is_refused(marker: str, message: str, directory: Path) -> None:
    (directory / "afake-store.json").write_text(marker, encoding="utf-8")
    assert message in _refusal(directory)


def test_a_lost_marker_is_refused_unless_a_lock_shows_an_interrupted_creation(
    directory: Path,
) -> None:
    (directory / "afake-store.json").unlink()
    store = DiskStore(directory)  # the answers are whole, so the store is finished
    assert store.get(KEY) == VALUE
    store.close()

    (directory / "afake-store.json").unlink()
    (directory / "afake-store.lock").unlink()
    assert "not empty and not a store of pytest-afake" in _refusal(directory)


def test_a_creation_that_was_killed_is_finished_at_the_next_opening(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    for name in ("afake-store.lock", "cache.db", "afake-store.json.new"):
        (tmp_path / "store" / name).touch()
    store = DiskStore(tmp_path / "store")
    store.put(KEY, VALUE)
    assert store.get(KEY) == VALUE


# ----------------------------------------------------------------------------- directories


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("mine", encoding="utf-8")
    assert _refusal(tmp_path / "store") == "not a directory, so it cannot hold a store"


def test_a_file_in_the_place_of_a_parent_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="not a directory, so it cannot hold a store"):
        DiskStore(tmp_path / "file" / "store")


def test_a_directory_with_other_content_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    tmp_path.chmod(0o755)
    assert "not empty and not a store of pytest-afake" in _refusal(tmp_path)
    assert _mode(tmp_path) == 0o755
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
        modes = {each.name: _mode(each) for each in (tmp_path / "store").iterdir()}
    finally:
        os.umask(before)
    assert _mode(tmp_path / "store") == 0o700
    assert modes == dict.fromkeys(
        ["afake-store.json", "afake-store.lock", "cache.db", "cache.db-wal", "cache.db-shm"], 0o600
    )


def test_a_store_that_others_could_read_is_made_private_again(directory: Path) -> None:
    directory.chmod(0o777)
    for file in directory.iterdir():
        file.chmod(0o666)
    store = DiskStore(directory)
    assert store.get(KEY) == VALUE
    assert _mode(directory) == 0o700
    assert {_mode(file) for file in directory.iterdir()} == {0o600}


@as_root_nothing_is_forbidden
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_store_that_cannot_be_written_is_one_clear_line(mode: int, directory: Path) -> None:
    for file in directory.iterdir():
        file.chmod(0o400)
    directory.chmod(mode)
    with pytest.raises(StoreError) as error:
        DiskStore(directory)
    directory.chmod(0o700)
    assert str(error.value).startswith(f"{directory}: cannot be used as a store: Permission denied")


@as_root_nothing_is_forbidden
def test_a_parent_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be used as a store: Permission denied"):
        DiskStore(tmp_path / "store")
    tmp_path.chmod(0o700)


# ----------------------------------------------------------------------------- many processes


def _start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", dedent(program), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


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


@pytest.mark.parametrize("acknowledged", [1, 57, 400])
def test_a_killed_writer_loses_nothing_that_it_acknowledged(
    acknowledged: int, tmp_path: Path
) -> None:
    writer = _start(_WRITER, tmp_path / "store", 1, 1_000_000)
    assert writer.stdout is not None
    last = -1
    for line in writer.stdout:
        last = int(line)
        if last + 1 == acknowledged:
            writer.send_signal(signal.SIGKILL)
            break
    rest = writer.stdout.read().split()  # what it had acknowledged by the time it died
    last = int(rest[-1]) if rest else last
    assert writer.wait(timeout=60) == -signal.SIGKILL

    store = DiskStore(tmp_path / "store")
    for index in range(last + 1):
        assert store.get(f"{1:032x}{index:032x}") is not None
    assert last + 1 <= len(list(store.keys())) <= last + 2  # and at most the one in flight


_WRITE_AFTER = """
    import sys
    from pathlib import Path
    from pytest_afake.errors import StoreError
    from pytest_afake.store import DiskStore
    directory = Path(sys.argv[1])
    store = DiskStore(directory)
    database = directory / "cache.db"
    {fault}
    try:
        store.put("a" * 64, {{}})
    except StoreError as error:
        print(error)
"""
# The write version in SQLite's header: of a newer one than it knows, it only reads.
_NEWER_HEADER = 'file = database.open("r+b"); file.seek(18); file.write(b"\\3"); file.close()'
_NO_PERMISSION = "database.chmod(0o400)"


@pytest.mark.parametrize(
    "fault", [_NEWER_HEADER, pytest.param(_NO_PERMISSION, marks=as_root_nothing_is_forbidden)]
)
def test_a_database_that_refuses_writes_fails_at_once_and_says_why(
    fault: str, tmp_path: Path
) -> None:
    output, _ = _start(_WRITE_AFTER.format(fault=fault), tmp_path / "store").communicate(timeout=60)
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
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    try:
        store.put("b" * 64, {"text": "x" * 1_000_000})
    except StoreError as error:
        print(error)
    print(store.get("a" * 64), store.get("b" * 64))
"""


def test_a_full_disk_is_an_error_and_what_was_stored_stays(tmp_path: Path) -> None:
    output, _ = _start(_WRITE_TO_FULL_DISK, tmp_path / "store").communicate(timeout=60)
    error, found = output.splitlines()
    assert error.startswith(f"{tmp_path / 'store'}: row {'b' * 64} was not written: ")
    assert found == "{'text': 'fits'} None"
