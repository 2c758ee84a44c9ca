"""Cassettes: a file that a team reads, and the way of answers into one and back."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import pytest
from store_folders import answers, filled, mode_of, stored

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store import (
    CassetteStore,
    DiskStore,
    Entry,
    MemoryStore,
    ReadOnlyStore,
    import_cassette,
    open_read_only,
    write_cassette,
)

HEADER = '{"format":"pytest-afake cassette","schema":1,"version":1}'
HOSTILE = '\x00\x1b[2J\x7f\r\n</output>\u202e\u2028\x85\U0001f600 \ud800 \\u007f "}],{'


def _memory(values: Mapping[str, Mapping[str, Json]]) -> MemoryStore:
    store = MemoryStore()
    store.put_all(values)
    return store


@pytest.fixture
def cassette(tmp_path: Path) -> Path:
    """Three answers, on lines 2 to 4."""
    path = tmp_path / "answers.jsonl"
    assert write_cassette(path, _memory(answers(3))) == 3
    return path


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").splitlines()


def test_a_cassette_is_lines_of_json_sorted_by_key(cassette: Path) -> None:
    header, *lines = _lines(cassette)
    assert header == HEADER
    found = [json.loads(line) for line in lines]
    assert [list(each) for each in found] == [["key", "sha256", "value"]] * 3
    assert [each["key"] for each in found] == sorted(answers(3))
    assert {each["key"]: each["value"] for each in found} == answers(3)
    assert cassette.read_bytes().endswith(b"}\n")


def test_the_format_is_pinned(tmp_path: Path) -> None:
    """A change here makes cassettes that teams have committed unreadable: raise the version."""
    request = (
        '{"identity":{"mode":"chat","model":"openai/gpt-4o"},'
        '"messages":[{"content":"question 7","role":"user"}],"sample_index":7,'
        '"sampling":{"extra":{},"max_tokens":4096,"temperature":1},"schema":1}'
    )
    value = (
        '{"answer":{"cost_usd":0.5,"finish_reason":null,"latency_s":null,"reasoning":null,'
        '"served_model":null,"text":"\\u00c4\\u007f~",'
        '"usage":{"completion_tokens":2,"prompt_tokens":1}},'
        f'"request":{request},"schema":1,"stored_at":"2026-01-08T00:00:00+00:00"}}'
    )
    key, digest = (sha256(text.encode("ascii")).hexdigest() for text in (request, value))
    write_cassette(tmp_path / "one.jsonl", _memory(dict([stored(7, "\xc4\x7f~")])))
    assert _lines(tmp_path / "one.jsonl") == [
        HEADER,
        f'{{"key":"{key}","sha256":"{digest}","value":{value}}}',
    ]


def test_hostile_text_stays_printable_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    values = dict([stored(1, HOSTILE), stored(2, "a" * 100_000)])
    write_cassette(path, _memory(values))
    data = path.read_bytes()
    assert all(0x20 <= byte < 0x7F or byte == 0x0A for byte in data)
    assert data.count(b"\n") == 3
    store = CassetteStore(path)
    assert {key: store.get(key) for key in store.keys()} == values  # noqa: SIM118 - no dict


def test_the_same_answers_give_the_same_file_from_any_store(tmp_path: Path) -> None:
    values = answers(20)
    shuffled = dict(reversed(values.items()))
    read_only = ReadOnlyStore(filled(tmp_path / "store", shuffled))
    paths = [tmp_path / name for name in ("a", "b", "c")]
    write_cassette(paths[0], _memory(values))
    write_cassette(paths[1], read_only)
    write_cassette(paths[2], CassetteStore(paths[0]))
    assert len({path.read_bytes() for path in paths}) == 1


def test_only_what_is_to_be_kept_is_written(tmp_path: Path) -> None:
    values = dict([stored(1, "yes"), stored(2, "no"), stored(3, "yes", model="other/model")])

    def keep(entry: Entry) -> bool:
        identity = entry.request["identity"]
        assert isinstance(identity, Mapping)
        return entry.answer.text == "yes" and identity["model"] == "openai/gpt-4o"

    path = tmp_path / "answers.jsonl"
    assert write_cassette(path, _memory(values), keep) == 1
    assert list(CassetteStore(path).keys()) == [stored(1)[0]]


def test_lines_may_stand_in_any_order_and_twice(cassette: Path) -> None:
    """As after a merge of two branches."""
    header, *lines = _lines(cassette)
    cassette.write_text("\n".join([header, *reversed(lines), lines[1]]), encoding="ascii")
    assert sorted(CassetteStore(cassette).keys()) == sorted(answers(3))


def test_line_ends_of_another_system_are_no_damage(cassette: Path) -> None:
    cassette.write_bytes(cassette.read_bytes().replace(b"\n", b"\r\n"))
    assert sorted(CassetteStore(cassette).keys()) == sorted(answers(3))


def _another_letter(line: str) -> str:
    return line.replace("xx", "xy", 1)


def _cut(line: str) -> str:
    return line[:-20]


def _another_key(line: str) -> str:
    return line.replace(line[8:72], "b" * 64)


def _a_space(line: str) -> str:
    return line.replace('","', '", "', 1)


def _not_ascii(line: str) -> str:
    return line.replace("xx", "éx", 1)


def _a_name_twice(line: str) -> str:
    """A reviewer sees two texts, and the second is the one that is read."""
    value = line[line.index('"value":') + 8 : -1]
    value = value.replace('"text":', '"text":"harmless","text":')
    return f'{line[:83]}"{sha256(value.encode()).hexdigest()}","value":{value}}}'


def _unknown_shape(line: str) -> str:
    value = line[line.index('"value":') + 8 : -1].replace('"schema":1,"stored_at"', '"stored_at"')
    return f'{line[:83]}"{sha256(value.encode()).hexdigest()}","value":{value}}}'


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_another_letter, "the value does not match its checksum"),
        (_cut, "the value is not a sealed JSON object"),
        (_another_key, "the key is not the SHA-256 of the stored request"),
        (_a_space, "the value is not a sealed JSON object"),
        (_not_ascii, "the value does not match its checksum"),
        (_a_name_twice, "is not written as canonical JSON"),
        (_unknown_shape, "entry: missing or unknown parts: schema"),
        (lambda line: "", "is not the line of an answer"),
        (lambda line: "<<<<<<< HEAD", "is not the line of an answer"),
        (lambda line: "\udcff\udcfe", "is not the line of an answer"),
    ],
)
def test_a_bad_line_is_one_line_with_file_number_and_reason(
    change: Callable[[str], str], reason: str, cassette: Path
) -> None:
    lines = _lines(cassette)
    lines[2] = change(lines[2])
    cassette.write_bytes("\n".join([*lines, ""]).encode("utf-8", "surrogateescape"))
    with pytest.raises(StoreError) as error:
        CassetteStore(cassette)
    assert str(error.value) == f"{cassette}: line 3: {reason}"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "{}",
        HEADER.replace('"version":1', '"version":2'),
        HEADER.replace('"schema":1', '"schema":2'),
        "\ufeff" + HEADER,
    ],
)
def test_another_header_is_refused(header: str, cassette: Path) -> None:
    _, *lines = _lines(cassette)
    cassette.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    with pytest.raises(StoreError, match="line 1: is not the header of a cassette"):
        open_read_only(cassette)


def test_two_different_answers_to_one_request_are_an_error(cassette: Path, tmp_path: Path) -> None:
    write_cassette(tmp_path / "other.jsonl", _memory(dict([stored(1, "another")])))
    with cassette.open("a", encoding="ascii") as file:
        file.write(_lines(tmp_path / "other.jsonl")[1])
    with pytest.raises(StoreError) as error:
        CassetteStore(cassette)
    key, _ = stored(1)
    assert str(error.value) == f"{cassette}: line 5: {key} has another answer on an earlier line"


def test_what_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        CassetteStore(tmp_path)
    assert str(error.value) == f"{tmp_path}: cannot be read as a cassette: Is a directory"


def test_an_import_adds_what_is_not_there_and_keeps_what_is(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    write_cassette(path, _memory(answers(600)))
    store = DiskStore(tmp_path / "store")
    same = dict(list(answers(600).items())[:10])
    other = stored(11, "the model said something else here")
    store.put_all(same | dict([other]))

    done = import_cassette(path, store)
    assert (done.added, done.known, done.differing) == (589, 10, 1)
    assert {key: store.get(key) for key in store.keys()} == answers(600) | dict([other])  # noqa: SIM118
    again = import_cassette(path, store)
    assert (again.added, again.known, again.differing) == (0, 599, 1)


def test_an_answer_that_differs_only_in_what_was_measured_is_known(tmp_path: Path) -> None:
    """Another cost, the same text."""
    path = tmp_path / "answers.jsonl"
    write_cassette(path, _memory(dict([stored(1, "text", cost_usd=0.25)])))
    store = _memory(dict([stored(1, "text", cost_usd=0.75)]))
    done = import_cassette(path, store)
    assert (done.added, done.known, done.differing) == (0, 1, 0)


def test_of_a_bad_cassette_nothing_is_imported(cassette: Path) -> None:
    lines = _lines(cassette)
    cassette.write_text("\n".join([*lines[:-1], lines[-1][:-9]]), encoding="ascii")
    store = MemoryStore()
    with pytest.raises(StoreError, match="line 4"):
        import_cassette(cassette, store)
    assert list(store.keys()) == []


def test_writing_replaces_a_cassette_at_once_or_not_at_all(cassette: Path) -> None:
    before = cassette.read_bytes()

    def keep(entry: Entry) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_cassette(cassette, _memory(answers(10)), keep)
    assert cassette.read_bytes() == before
    assert [each.name for each in cassette.parent.iterdir()] == [cassette.name]

    assert write_cassette(cassette, _memory(answers(10))) == 10
    assert len(_lines(cassette)) == 11
    assert [each.name for each in cassette.parent.iterdir()] == [cassette.name]


def test_a_cassette_has_the_mode_of_any_file_of_the_user(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_cassette(tmp_path / "answers.jsonl", MemoryStore())
    finally:
        os.umask(before)
    assert mode_of(tmp_path / "answers.jsonl") == 0o644


def test_a_row_that_is_no_answer_is_not_written(tmp_path: Path) -> None:
    store = _memory({"a" * 64: {"text": "of nothing"}})
    with pytest.raises(StoreError, match=f"row {'a' * 64}: entry: missing or unknown parts"):
        write_cassette(tmp_path / "answers.jsonl", store)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["missing/answers.jsonl", "."])
def test_a_place_that_cannot_be_written_is_one_line(place: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        write_cassette(tmp_path / place, MemoryStore())
    assert str(error.value).startswith(f"{tmp_path / place}: cannot be written: ")


def test_one_changed_answer_is_one_changed_line(cassette: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    write_cassette(other, _memory(answers(3) | dict([stored(1, "changed")])))
    pairs = zip(_lines(cassette), _lines(other), strict=True)
    assert [left != right for left, right in pairs].count(True) == 1
