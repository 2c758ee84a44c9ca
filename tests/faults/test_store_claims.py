"""Claims between processes and within one: who has one, and when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from store_folders import KEY, mode_of, store_process

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore

OTHER_KEY = "b" * 64
# The same in all digits that choose the byte that is locked.
NEIGHBOUR = "a" * 63 + "b"

_CLAIMER = """
    import sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    store = DiskStore(Path(sys.argv[1]))
    print(*[store.claim(key) for key in sys.argv[2:]], flush=True)
    for command in sys.stdin:
        if command == "release\\n":
            store.release(sys.argv[2])
        elif command == "close\\n":
            store.close()
        print("done", flush=True)
"""


def _said(process: subprocess.Popen[str], command: str = "") -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    if command:
        process.stdin.write(f"{command}\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "store")


def test_another_processes_claim_is_respected_and_no_other(store: DiskStore) -> None:
    with store_process(_CLAIMER, store.path, KEY) as other:
        assert _said(other) == "True"
        assert not store.claim(KEY)
        assert not store.claim(KEY)  # not taking it is no error the second time either
        assert store.claim(OTHER_KEY)
        store.release(KEY)  # and does not take it from its holder
        assert not store.claim(KEY)
        assert other.stdin is not None
        other.stdin.close()


@pytest.mark.parametrize("ending", ["release", "close", "kill", "exit"])
def test_a_claim_ends_with_each_of_these(ending: str, store: DiskStore) -> None:
    with store_process(_CLAIMER, store.path, KEY) as other:
        assert _said(other) == "True"
        assert not store.claim(KEY)
        if ending == "kill":
            other.send_signal(signal.SIGKILL)
            other.wait()
        elif ending == "exit":
            other.communicate()
        else:
            assert _said(other, ending) == "done"
        assert store.claim(KEY)


def test_a_claim_of_ours_holds_against_a_new_process_while_others_come_and_go(
    store: DiskStore,
) -> None:
    assert store.claim(KEY)
    # The trap: closing any descriptor of the file would drop all locks of this process.
    for _ in range(3):
        DiskStore(store.path).close()
    (store.path / "afake-claims.lock").stat()
    with store_process(_CLAIMER, store.path, KEY, OTHER_KEY) as other:
        assert _said(other) == "False True"
        assert other.stdin is not None
        other.stdin.close()


def test_two_stores_in_one_process_exclude_each_other(store: DiskStore) -> None:
    second = DiskStore(store.path)
    assert store.claim(KEY)
    assert not second.claim(KEY)
    second.release(KEY)
    assert not second.claim(KEY)
    store.close()
    assert second.claim(KEY)


def test_the_same_directory_under_another_name_is_the_same(
    store: DiskStore, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(store.path)
    assert store.claim(KEY)
    assert not DiskStore(tmp_path / "link").claim(KEY)


def test_two_keys_of_one_byte_do_not_share_a_claim(store: DiskStore) -> None:
    assert store.claim(KEY)
    assert not store.claim(NEIGHBOUR)
    store.release(NEIGHBOUR)
    assert not DiskStore(store.path).claim(KEY)


def test_of_many_threads_one_gets_each_claim(store: DiskStore) -> None:
    stores = [DiskStore(store.path) for _ in range(8)]
    keys = [f"{index:064d}" for index in range(1, 100)]
    keys = [key[::-1] for key in keys]
    taken: list[str] = []

    def take(one: DiskStore) -> None:
        taken.extend(key for key in keys if one.claim(key))

    threads = [threading.Thread(target=take, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(keys)


_FORKER = """
    import os, sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    store = DiskStore(Path(sys.argv[1]))
    assert store.claim("a" * 64)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        said = [store.claim("a" * 64), store.claim("b" * 64)]
        store.release("a" * 64)  # the parent's, which a child cannot give away
        store.put("c" * 64, {"from": "child"})
        store.close()
        os.write(writer, repr(said).encode())
        os._exit(0)
    os.waitpid(child, 0)
    said = os.read(reader, 100).decode()
    other = DiskStore(Path(sys.argv[1]))
    print(said, other.claim("a" * 64), other.claim("b" * 64), store.get("c" * 64))
"""


def test_a_forked_child_has_none_of_its_parents_claims(store: DiskStore) -> None:
    output, _ = store_process(_FORKER, store.path).communicate(timeout=60)
    assert output == "[False, True] False True {'from': 'child'}\n"


def test_the_lock_file_is_private_and_stays_empty(store: DiskStore) -> None:
    assert store.claim(KEY)
    lock = store.path / "afake-claims.lock"
    assert mode_of(lock) == 0o600
    assert lock.stat().st_size == 0
    lock.chmod(0o644)
    DiskStore(store.path)
    assert mode_of(lock) == 0o600


def test_a_link_in_the_place_of_the_lock_file_is_refused(tmp_path: Path) -> None:
    DiskStore(tmp_path / "store").close()
    (tmp_path / "store" / "afake-claims.lock").unlink()
    (tmp_path / "store" / "afake-claims.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"afake-claims\.lock is not a regular file"):
        DiskStore(tmp_path / "store")
    assert not (tmp_path / "elsewhere").exists()


def test_no_descriptor_outlives_its_store(store: DiskStore) -> None:
    lock = (store.path / "afake-claims.lock").stat()
    for _ in range(20):
        other = DiskStore(store.path)
        assert other.claim(KEY)
        other.close()
    assert _descriptors_of(lock) == 1
    store.close()
    assert _descriptors_of(lock) == 0


def _descriptors_of(file: os.stat_result) -> int:
    found = 0
    for descriptor in range(1024):
        with suppress(OSError):
            found += os.path.samestat(os.fstat(descriptor), file)
    return found
