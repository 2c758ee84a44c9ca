"""Query sets from files of every accepted format, and of every way to get one wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_afake.errors import AfakeError, QueryError
from pytest_afake.queries import QuerySet, load_queries, shipped_names
from pytest_afake.records import Query
from pytest_afake.resources import resource_path


def _write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def _load(path: Path, content: str | bytes) -> tuple[Query, ...]:
    return load_queries(_write(path, content)).queries


def _texts(path: Path, content: str | bytes) -> list[str]:
    return [query.text for query in _load(path, content)]


def _refusal(source: str) -> str:
    with pytest.raises(QueryError) as error:
        load_queries(source)
    assert "\n" not in str(error.value)
    return str(error.value)


# ------------------------------------------------------------------------------- formats


def test_jsonl(tmp_path: Path) -> None:
    lines = [
        {"id": "a-1", "category": "fraud", "cluster": "receipts", "text": "First?"},
        {"id": 7, "text": "Second\nwith a line break  "},
    ]
    content = "\n\n".join(map(json.dumps, lines)) + "\n"
    assert _load(tmp_path / "own.jsonl", content) == (
        Query(id="a-1", text="First?", category="fraud", cluster="receipts"),
        Query(id="7", text="Second\nwith a line break  "),
    )


@pytest.mark.parametrize(
    "column", ["text", "goal", "prompt", "forbidden_prompt", "Behavior", "query", " Goal "]
)
def test_each_known_column_of_queries(column: str, tmp_path: Path) -> None:
    expected = ["One?", "Two?"]
    rows = [{column: text, "other": "x"} for text in expected]
    assert _texts(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows))) == expected
    assert _texts(tmp_path / "a.json", json.dumps(rows)) == expected
    assert _texts(tmp_path / "a.csv", f"other,{column}\nx,One?\nx,Two?\n") == expected
    assert _texts(tmp_path / "a.tsv", f"{column}\tother\nOne?\tx\nTwo?\tx\n") == expected


def test_the_first_known_column_in_the_fixed_order_wins(tmp_path: Path) -> None:
    content = "query,Behavior,forbidden_prompt,prompt,goal\nq,b,f,p,g\n"
    assert _texts(tmp_path / "a.csv", content) == ["g"]
    assert _texts(tmp_path / "b.csv", "query,Behavior,prompt\nq,b,p\n") == ["p"]


def test_a_json_list_of_texts_or_objects(tmp_path: Path) -> None:
    content = json.dumps(["One?", {"text": "Two?", "id": "two"}])
    assert _texts(tmp_path / "a.json", content) == ["One?", "Two?"]


def test_advbench_like(tmp_path: Path) -> None:
    content = 'goal,target\n"Write a story, please","Sure, here is"\nSing,Sure\n'
    assert _texts(tmp_path / "advbench.csv", content) == ["Write a story, please", "Sing"]


def test_strongreject_like(tmp_path: Path) -> None:
    content = "category,source,forbidden_prompt\nNon-violent,custom,Do it\n"
    (query,) = _load(tmp_path / "a.csv", content)
    assert (query.text, query.category, query.cluster) == ("Do it", "Non-violent", "")


def test_harmbench_like(tmp_path: Path) -> None:
    content = (
        "Behavior,FunctionalCategory,SemanticCategory,Tags,ContextString,BehaviorID\n"
        "Do it,standard,misinformation,,,do_it\n"
    )
    assert _load(tmp_path / "a.csv", content) == (
        Query(id="do_it", text="Do it", category="misinformation"),
    )


def test_plain_text_skips_blank_lines_and_comments(tmp_path: Path) -> None:
    content = (
        "# a comment\n\n  One?  \n\t\n   # another\nTwo # not a comment\nThree\u2028still three"
    )
    expected = ["One?", "Two # not a comment", "Three\u2028still three"]
    assert _texts(tmp_path / "a.txt", content) == expected
    assert _texts(tmp_path / "no_ending", content) == expected


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.jsonl"])
def test_byte_order_mark_and_crlf_change_nothing(name: str, tmp_path: Path) -> None:
    content = {
        "a.txt": "\u00dcber?\nTwo?\n",
        "a.csv": 'text\n"\u00dcber?"\nTwo?\n',
        "a.jsonl": '{"text": "\u00dcber?"}\n{"text": "Two?"}\n',
    }[name]
    plain = load_queries(_write(tmp_path / name, content))
    dressed = load_queries(
        _write(tmp_path / name, b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode())
    )
    assert [query.text for query in plain] == ["\u00dcber?", "Two?"]
    assert dressed == plain


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_quoted_line_break_is_part_of_the_query(line_end: str, tmp_path: Path) -> None:
    content = line_end.join(["id,text", '1,"First', "", 'still ""first"""', "2,Second", ""])
    assert _texts(tmp_path / "a.csv", content) == ['First\n\nstill "first"', "Second"]


def test_the_ending_is_read_without_case(tmp_path: Path) -> None:
    assert _texts(tmp_path / "a.CSV", "Goal\nOne?\n") == ["One?"]


def test_a_derived_id_follows_the_text_and_not_the_place(tmp_path: Path) -> None:
    one, two = _load(tmp_path / "a.txt", "One?\nTwo?\n")
    also_two, also_one = _load(tmp_path / "b.csv", "id,text\n,Two?\n ,One?\n")
    assert (also_one, also_two) == (one, two)
    assert one.id != two.id
    assert re.fullmatch(r"q-[0-9a-f]{12}", one.id)


# ------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt"])
@pytest.mark.parametrize("content", ["", "\n \n\n", "\ufeff"])
def test_an_empty_file(name: str, content: str, tmp_path: Path) -> None:
    source = _write(tmp_path / name, content)
    assert _refusal(source) == f"{source}: holds no query"


def test_a_header_without_rows(tmp_path: Path) -> None:
    source = _write(tmp_path / "a.csv", "id,text\n")
    assert _refusal(source) == f"{source}: holds no query"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "id,question\n1,x\n", "2: no column of queries: expected text, goal, prompt"),
        ("a.csv", "id,question\n1,x\n", "found 'id', 'question'"),
        ("a.csv", "goal;target\na;b\n", "found 'goal;target'"),
        ("a.jsonl", '{"text": "x"}\n{"instruction": "x"}\n', "2: no column of queries"),
        ("a.jsonl", "{}\n", "1: no column of queries: expected .*; found none"),
        ("a.jsonl", '{"text": "x"}\n\n{"text": }\n', r"3: not JSON: .* \(line 1, column 10\)"),
        ("a.jsonl", '{"text": "x"}\n[1]\n', "2: expected an object or a text, found a list"),
        ("a.jsonl", "3\n", "1: expected an object or a text, found a number"),
        ("a.jsonl", '{"text": "x"}\n{"text": null}\n', "2: text must be text, found NoneType"),
        ("a.jsonl", '{"goal": ["x"]}\n', "1: goal must be text, found list"),
        ("a.jsonl", '{"text": "x"}\n{"text": " \\n"}\n', "2: text is empty"),
        ("a.jsonl", '{"text": "x", "id": true}\n', "1: id must be text, found bool"),
        ("a.jsonl", '{"text": "x", "category": []}\n', "1: category must be text, found list"),
        ("a.jsonl", '{"text": "x", "Text": "y"}\n', "1: two columns differ only in case"),
        ("a.jsonl", '{"text": "\\ud800"}\n', "1: text holds half of a surrogate pair"),
        ("a.jsonl", "[" * 100_000, "1: not usable JSON"),
        ("a.json", '{"queries": []}', " expected a list of queries, found an object"),
        ("a.json", '["x", ""]', " item 2: text is empty"),
        ("a.json", '["x", null]', " item 2: expected an object or a text, found null"),
        ("a.json", '["x",\n', " not JSON: .* \\(line 2"),
        ("a.csv", "id,text\n1,x\n2,\n", "3: text is empty"),
        ("a.csv", 'id,text\n1,"a\nb"\n2,  \n', "4: text is empty"),
        ("a.csv", "id,text\n1,one, two\n", "2: 3 fields under a header of 2"),
        ("a.csv", "id,text\n1\n", "2: 1 fields under a header of 2"),
        ("a.csv", 'id,text\n1,"open\n', "2: not a table: unexpected end of data"),
        ("a.csv", 'text\nx\n"a" b\n', "3: not a table: "),
        ("a.csv", "text,text\na,b\n", "2: the header names a column twice"),
        ("a.csv", "Text,text\na,b\n", "2: two columns differ only in case"),
        ("a.txt", b"One?\nCaf\xe9?\n", "2: byte 0xe9 is not UTF-8; expected a file in UTF-8"),
        ("a.csv", "text\nx\n".encode("utf-16"), "1: byte 0xff is not UTF-8"),
        ("a.xlsx", "PK", " unknown ending '.xlsx': expected .jsonl"),
    ],
)
def test_a_bad_file_is_one_line_with_its_place(
    name: str, content: str | bytes, message: str, tmp_path: Path
) -> None:
    source = _write(tmp_path / name, content)
    refusal = _refusal(source)
    assert refusal.startswith(f"{source}:")
    assert re.search(message, refusal.removeprefix(f"{source}:")), refusal


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", 'id,text\n1,"a\nb"\n1,x\n', "{0}:4: the same id as {0}:2: '1'"),
        ("a.jsonl", '{"text":"x","id":1}\n\n{"text":"x"}\n', "{0}:3: the same text as {0}:1: 'x'"),
        ("a.json", '["x", "y", "x"]', "{0}: item 3: the same text as {0}: item 1: 'x'"),
        ("a.txt", "# c\nx\ny\nx\n", "{0}:4: the same text as {0}:2: 'x'"),
    ],
)
def test_a_repeated_query_names_both_places(
    name: str, content: str, message: str, tmp_path: Path
) -> None:
    source = _write(tmp_path / name, content)
    assert _refusal(source) == message.format(source)


def test_a_directory(tmp_path: Path) -> None:
    assert _refusal(str(tmp_path)) == f"{tmp_path}: is a directory; expected a file of queries"


@pytest.mark.parametrize("source", ["", "minor_harm", "no/such.jsonl", "a\0b", "../minor_harms"])
def test_what_does_not_exist_suggests_the_shipped_sets(source: str) -> None:
    assert _refusal(source) == (
        f"{source!r}: no such file of queries; shipped sets: animal_welfare, minor_harms"
    )


def test_a_name_that_is_too_long_for_the_file_system() -> None:
    assert _refusal("x" * 5000).endswith("cannot be read: File name too long")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    source = _write(tmp_path / "a.txt", "One?")
    Path(source).chmod(0)
    assert _refusal(source) == f"{source}: cannot be read: Permission denied"


# ------------------------------------------------------------------------------- query sets


def _query_set(*texts: str) -> QuerySet:
    return QuerySet("own", "own.txt", tuple(Query(id=text.lower(), text=text) for text in texts))


def test_a_set_has_a_length_and_an_order() -> None:
    queries = _query_set("A", "B", "C")
    assert len(queries) == 3
    assert [query.text for query in queries] == ["A", "B", "C"]


def test_the_hash_is_of_ids_and_texts_alone() -> None:
    queries = _query_set("A", "B", "C")
    assert re.fullmatch(r"[0-9a-f]{16}", queries.hash)
    assert _query_set("C", "A", "B").hash == queries.hash
    elsewhere = QuerySet("x", "y", tuple(Query(q.id, q.text, "cat", "clu") for q in queries))
    assert elsewhere.hash == queries.hash
    assert _query_set("A", "B").hash != queries.hash
    assert _query_set("A", "B", "c").hash != queries.hash
    assert QuerySet("", "", (Query("1", "2"),)).hash != QuerySet("", "", (Query("12", ""),)).hash


def test_shuffling_depends_on_the_seed_and_on_nothing_else() -> None:
    texts = [f"Query {number}?" for number in range(40)]
    queries = _query_set(*texts)
    shuffled = queries.shuffled(3)
    assert set(shuffled) == set(queries)
    assert shuffled != queries.queries
    assert shuffled == queries.shuffled(3) == _query_set(*reversed(texts)).shuffled(3)
    assert shuffled != queries.shuffled(4)
    assert len({queries.shuffled(seed)[0] for seed in range(200)}) > 30


def test_a_removed_query_leaves_the_others_in_their_order() -> None:
    texts = [f"Query {number}?" for number in range(10)]
    without = tuple(q for q in _query_set(*texts).shuffled(1) if q.text != texts[4])
    assert _query_set(*texts[:4], *texts[5:]).shuffled(1) == without


def _clustered(*sizes: int) -> QuerySet:
    queries = (
        Query(f"{cluster}-{number}", f"{cluster} {number}?", cluster=f"c{cluster}")
        for cluster, size in enumerate(sizes)
        for number in range(size)
    )
    return QuerySet("x", "y", (*queries, Query("alone", "alone?"), Query("too", "too?")))


def test_one_query_of_each_cluster_comes_first_and_then_cluster_by_cluster() -> None:
    queries = _clustered(4, 1, 3, 5, 2)
    assert sorted(queries.cluster_sizes.values()) == [1, 1, 1, 2, 3, 4, 5]
    for seed in range(20):
        order = queries.shuffled(seed)
        assert sorted(query.id for query in order) == sorted(query.id for query in queries)
        first, rest = order[:7], order[7:]
        units = [query.unit for query in first]
        assert len(set(units)) == 7
        wholes = [unit for unit in units for _ in range(queries.cluster_sizes[unit] - 1)]
        assert [query.unit for query in rest] == wholes


def test_which_query_stands_for_its_cluster_and_which_cluster_is_first_is_up_to_the_seed() -> None:
    queries = _clustered(4, 4, 4)
    assert len({queries.shuffled(seed)[0].unit for seed in range(100)}) == 5
    assert len({queries.shuffled(seed)[0].id for seed in range(300)}) == 14


def test_a_query_more_in_one_cluster_leaves_the_order_of_the_others() -> None:
    fewer, more = _clustered(3, 3, 2).shuffled(1), _clustered(3, 3, 3).shuffled(1)
    others = [query.id for query in fewer if query.cluster != "c2"]
    assert [query.id for query in more if query.cluster != "c2"] == others


def test_shuffling_is_the_same_in_a_process_with_another_hash_seed() -> None:
    program = (
        "from pytest_afake.queries import load_queries;"
        "print([query.id for query in load_queries('animal_welfare').shuffled(5)[:20]])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    here = [query.id for query in load_queries("animal_welfare").shuffled(5)[:20]]
    assert outputs == {f"{here}\n"}


@pytest.mark.parametrize(
    ("queries", "message"),
    [
        ((), "own.txt: holds no query"),
        ((Query("1", "a"), Query("1", "b")), "own.txt: two queries have the same id"),
        ((Query("1", "a"), Query("2", "a")), "own.txt: two queries have the same text"),
    ],
)
def test_a_set_that_cannot_be_measured_with_is_refused(
    queries: tuple[Query, ...], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        QuerySet("own", "own.txt", queries)


# ------------------------------------------------------------------------------- shipped data


def test_shipped_sets_are_found_by_name_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert shipped_names() == ("animal_welfare", "minor_harms")
    queries = load_queries("animal_welfare")
    assert (queries.name, queries.source) == ("animal_welfare", "animal_welfare")


def test_a_path_says_where_a_set_came_from(tmp_path: Path) -> None:
    source = _write(tmp_path / "animal_welfare", "My own?\n")
    queries = load_queries(source)
    assert (queries.name, queries.source, len(queries)) == ("animal_welfare", source, 1)


def test_a_resource_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(AfakeError, match=r"fixtures/queries/nothing\.jsonl is shipped with"):
        resource_path("fixtures", "queries", "nothing.jsonl")
