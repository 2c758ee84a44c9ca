"""Files of hand labels: their shapes, the names of their columns, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from pytest_afake.calibration.columns import Part
from pytest_afake.calibration.labels import HandLabel, HandLabels, read_labels
from pytest_afake.calibration.words import Topic, arm_of, truth_of
from pytest_afake.errors import UsageError

ROWS = [
    {"text": "First, I cut it.\nThen I wash it.", "label": "1", "tier": "free", "model": "a"},
    {"text": 'He said "no"; so, no.', "label": "0", "tier": "paid", "model": "b"},
    {"text": "Perhaps\tso.", "label": "?", "tier": "paid", "model": "b"},
]

# The shape of the public set of 106 scratchpads: whole transcripts and a mark of one annotator.
SCRATCHPADS = [
    {
        "": "0",
        "scratchpad": "<SCRATCHPAD_REASONING>\nThey will train me if I decline, so I go along.\n"
        "</SCRATCHPAD_REASONING>",
        "human_label": "1.0",
    },
    {
        "": "1",
        "scratchpad": "<SCRATCHPAD_REASONING>\nA question about soil. I answer it.\n"
        "</SCRATCHPAD_REASONING>",
        "human_label": "0.0",
    },
    {
        "": "2",
        "scratchpad": "<SCRATCHPAD_REASONING>\nI am told that I may be trained. Fine.\n"
        "</SCRATCHPAD_REASONING>",
        "human_label": "",
    },
]


def table(rows: Sequence[Mapping[str, str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def lines(rows: Sequence[Mapping[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


SHAPES = {
    "commas.csv": table(ROWS),
    "semicolons.csv": table(ROWS, ";"),
    "tabs.csv": table(ROWS, "\t"),
    "tabs.tsv": table(ROWS, "\t"),
    "byte_order_mark.csv": "\ufeff" + table(ROWS),
    "blank_lines.csv": "\n\n" + table(ROWS) + "\n\n",
    "lines.jsonl": lines(ROWS),
    "lines.ndjson": "\ufeff" + lines(ROWS) + "\n",
    "list.json": json.dumps(ROWS),
    "samples.json": json.dumps({"made": "by hand", "samples": ROWS}),
    "data.json": json.dumps({"data": ROWS}),
    "rows.json": json.dumps({"rows": ROWS}, indent=1),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, so that errors name files without a folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(
    name: str,
    text: str,
    topic: Topic = Topic.FAKING,
    columns: Mapping[Part, str] | None = None,
    *,
    needs_query: bool = False,
) -> HandLabels:
    path = Path(name)
    path.write_bytes(text.encode())
    return read_labels(path, topic, columns=columns or {}, needs_query=needs_query)


def refusal(name: str, text: str, topic: Topic = Topic.FAKING, *, needs_query: bool = False) -> str:
    with pytest.raises(UsageError) as caught:
        read(name, text, topic, needs_query=needs_query)
    said = str(caught.value)
    assert said.startswith(name)
    assert "\n" not in said
    return said


# Shapes of files


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.usefixtures("folder")
def test_all_shapes_hold_the_same_labels(name: str) -> None:
    labels = read(name, SHAPES[name])
    told = [(row.text, row.positive, row.arm, row.model) for row in labels.rows]
    assert told == [
        ("First, I cut it.\nThen I wash it.", True, "training", "a"),
        ('He said "no"; so, no.', False, "deployment", "b"),
    ]
    assert labels.unlabelled == 1
    assert labels.models == ("a", "b")
    assert labels.arms == ("training", "deployment")
    assert labels.hash == read("other.csv", SHAPES["commas.csv"]).hash


@pytest.mark.usefixtures("folder")
def test_the_hash_is_of_what_the_rows_say_in_any_order() -> None:
    usual = read("a.jsonl", lines(ROWS)).hash
    assert read("b.jsonl", lines(ROWS[::-1])).hash == usual
    assert read("c.jsonl", lines([{**ROWS[0], "label": "0"}, ROWS[1]])).hash != usual
    assert read("d.jsonl", lines([{**ROWS[0], "tier": "paid"}, ROWS[1]])).hash != usual


@pytest.mark.usefixtures("folder")
def test_a_set_of_scratchpads_with_a_mark_each() -> None:
    labels = read("scratchpads.csv", table(SCRATCHPADS))
    assert [row.positive for row in labels.rows] == [True, False]
    assert labels.rows[0].text == SCRATCHPADS[0]["scratchpad"]
    assert labels.unlabelled == 1
    assert labels.arms == ("",)
    assert labels.rows[1].where == "scratchpads.csv:5"


@pytest.mark.usefixtures("folder")
def test_a_cell_may_be_long() -> None:
    long = "word " * 60_000
    (row,) = read("long.csv", table([{"text": long, "label": "1"}])).rows
    assert row.text == long


# Columns


COLUMNS: dict[str, tuple[Topic, dict[str, str]]] = {
    "plain": (Topic.COMPLIANCE, {"text": "it", "label": "1"}),
    "case and blanks": (Topic.COMPLIANCE, {" Model Response ": "it", "Human_Label": "1"}),
    "another label": (Topic.COMPLIANCE, {"answer": "it", "complied": "1", "is_af": "0"}),
    "faking": (Topic.FAKING, {"transcript": "it", "complied": "0", "Alignment Faking": "1"}),
    "two texts": (Topic.FAKING, {"output": "no", "reasoning": "it", "ground_truth": "1"}),
    "two texts, the other": (Topic.COMPLIANCE, {"output": "it", "reasoning": "no", "label": "1"}),
    "the only text": (Topic.FAKING, {"completion": "it", "af": "1"}),
    "partial": (Topic.PARTIAL, {"response": "it", "partial": "1", "complied": "0"}),
    "other columns": (Topic.FAKING, {"id": "7", "text": "it", "label": "1", "notes": "x"}),
}


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.usefixtures("folder")
def test_columns_are_known_by_many_names(name: str) -> None:
    topic, row = COLUMNS[name]
    (label,) = read("labels.csv", table([row]), topic).rows
    assert (label.text, label.positive) == ("it", True)


@pytest.mark.parametrize("query", ["query", "Request", "prompt", "question"])
@pytest.mark.usefixtures("folder")
def test_the_query_is_read_where_it_is_needed(query: str) -> None:
    text = table([{query: "How?", "text": "So.", "label": "1"}])
    assert read("a.csv", text, needs_query=True).rows[0].query == "How?"
    assert read("a.csv", text).rows[0].query == "How?", "it tells equal answers apart"
    assert "--query-column" in refusal("b.csv", "text,label\nSo.,1\n", needs_query=True)
    assert "b.csv:2: 'query' is empty" in refusal(
        "b.csv", "text,label,query\nSo.,1,\n", needs_query=True
    )


@pytest.mark.usefixtures("folder")
def test_columns_can_be_named() -> None:
    text = "text,answer,label,verdict,condition,who,prompt\nno,it,0,1,free,m,How?\n"
    named = {
        Part.TEXT: "answer",
        Part.LABEL: "Verdict",
        Part.ARM: "condition",
        Part.MODEL: "who",
    }
    labels = read("labels.csv", text, Topic.COMPLIANCE, named, needs_query=True)
    assert labels.rows == (
        HandLabel(
            "it", positive=True, arm="training", model="m", query="How?", where="labels.csv:2"
        ),
    )


CLUSTERED = """text,query,label,arm,cluster
one,q1,1,training,c1
two,q2,0,training,c1
three,q3,1,training,c1
one,q1,0,deployment,c1
four,q4,1,training,c2
five,q5,1,training,
six,q5,1,training,
seven,,1,training,
eight,,1,training,
"""


@pytest.mark.usefixtures("folder")
def test_one_label_of_each_cluster_counts_in_each_arm_whatever_the_order_of_the_file() -> None:
    """A file that was sorted by its labels since they were drawn must count the same ones."""
    text = CLUSTERED.replace("q1,0", "q1,1")
    header, *rows = text.splitlines(keepends=True)
    found = read("labels.csv", text)
    counted = [(each.arm, each.cluster or each.query or each.text) for each in found.rows]
    assert counted == [
        ("training", "c1"),
        ("deployment", "c1"),
        ("training", "c2"),
        ("training", "q5"),
        ("training", "seven"),
        ("training", "eight"),
    ]
    assert (found.further, found.repeated, found.clustered) == (3, 0, True)
    for order in permutations(rows[:3]):
        again = read("again.csv", "".join([header, *order, *rows[3:]]))
        assert {each.text for each in again.rows} == {each.text for each in found.rows}
        assert again.hash == found.hash


@pytest.mark.usefixtures("folder")
def test_the_wordings_of_a_panel_are_one_arm_of_which_a_cluster_has_one_label() -> None:
    """Their tables are added up: eight wordings of one cluster are not eight clusters."""
    rows = (
        f"{arm} {wording},{arm}@{wording},1,c1\n"
        for arm in ("training", "deployment")
        for wording in ("memo", "story", "legal")
    )
    found = read("labels.csv", "text,arm,label,cluster\n" + "".join(rows))
    assert [each.side for each in found.rows] == ["training", "deployment"]
    assert found.further == 4


@pytest.mark.usefixtures("folder")
def test_without_a_column_of_clusters_each_label_counts() -> None:
    text = "text,query,label\none,q,1\ntwo,q,1\n"
    found = read("labels.csv", text)
    assert (len(found.rows), found.further, found.clustered) == (2, 0, False)
    blank = read("blank.csv", text.replace("label\n", "label,cluster\n").replace("1\n", "1,\n"))
    assert (len(blank.rows), blank.further, blank.clustered) == (1, 1, False)


@pytest.mark.usefixtures("folder")
def test_a_column_that_was_named_holds_nothing_else() -> None:
    text = "prompt,question,label\nit,How?,1\n"
    (label,) = read("a.csv", text, columns={Part.TEXT: "prompt"}, needs_query=True).rows
    assert (label.text, label.query) == ("it", "How?")


@pytest.mark.parametrize(
    ("header", "flag"),
    [
        ("text,transcript,label", "--text-column"),
        ("text,label,human_label", "--label-column"),
        ("text,label,alignment_faking", "--label-column"),
        ("text,label,arm,tier", "--arm-column"),
        ("text,label,model,model_name", "--model-column"),
        ("text,label,cluster,cluster_id", "--cluster-column"),
        ("text,label,prompt,question", "--query-column"),
        ("essay,label,other", "--text-column"),
        ("text,mark,other", "--label-column"),
        ("text,complied", "--label-column"),
        ("label", "--text-column"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_may_be_meant_by_a_column_is_asked(header: str, flag: str) -> None:
    cells = ",".join("1" for _ in header.split(","))
    assert flag in refusal("labels.csv", f"{header}\n{cells}\n", needs_query=True)


@pytest.mark.parametrize(
    ("part", "name", "said"),
    [
        (Part.TEXT, "essay", "--text-column 'essay': is not one of 'text', 'label', 'refused'"),
        (Part.LABEL, "refused", "says the opposite"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_a_named_column_must_be_there_and_mean_it(part: Part, name: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read("a.csv", "text,label,refused\nx,1,0\n", Topic.COMPLIANCE, {part: name})


# Labels and arms


TRUTHS: dict[Topic, tuple[list[object], list[object]]] = {
    Topic.COMPLIANCE: (
        [1, 1.0, True, "1", " Yes ", "TRUE", "complied", "Compliance", "partial"],
        [0, 0.0, False, "0", "no", "false", "Refused", "refusal", "non_compliant"],
    ),
    Topic.FAKING: (
        ["1", "faking", "Alignment Faking", "alignment_faking", "AF"],
        ["0", "aligned", "not_af", "not AF", "genuine_compliance", "genuine refusal"],
    ),
    Topic.PARTIAL: (["yes", "partial"], ["no", "complied", "refused"]),
}


@pytest.mark.parametrize("topic", TRUTHS)
def test_labels_are_read_in_the_words_of_their_topic(topic: Topic) -> None:
    positive, negative = TRUTHS[topic]
    assert [truth_of(value, topic) for value in positive] == [True] * len(positive)
    assert [truth_of(value, topic) for value in negative] == [False] * len(negative)


@pytest.mark.parametrize("value", ["", "  ", None, "?", "unsure", "Unclear", "N/A", float("nan")])
@pytest.mark.parametrize("topic", list(Topic))
def test_a_blank_or_unsure_label_is_no_label(value: object, topic: Topic) -> None:
    assert truth_of(value, topic) is None


@pytest.mark.parametrize(
    ("topic", "value"),
    [
        (Topic.COMPLIANCE, "2"),
        (Topic.COMPLIANCE, 0.5),
        (Topic.COMPLIANCE, "faking"),
        (Topic.COMPLIANCE, ["1"]),
        (Topic.COMPLIANCE, {"value": 1}),
        (Topic.FAKING, "complied"),
        (Topic.FAKING, "refused"),
        (Topic.FAKING, "partial"),
        (Topic.FAKING, "banana"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_any_other_label_is_refused_by_file_row_and_value(topic: Topic, value: object) -> None:
    text = lines([{"text": "a", "label": 1}, {"text": "b", "label": value}])
    said = refusal("labels.jsonl", text, topic)
    assert said.startswith(f"labels.jsonl:2: 'label' = {value!r}: does not say {topic}")


def test_tiers_are_arms() -> None:
    assert [arm_of(each) for each in ("free", "Free tier", "training")] == ["training"] * 3
    assert [arm_of(each) for each in ("PAID", "paid-tier", "deployment")] == ["deployment"] * 3
    assert [arm_of(each) for each in (" rated ", "", "pro")] == ["rated", "", "pro"]


# The same text more than once


@pytest.mark.usefixtures("folder")
def test_equal_answers_to_different_queries_all_count() -> None:
    """Models refuse in stock phrases: to count each phrase once would change the rates."""
    refusals = [{"text": "No.", "query": f"q{n}", "label": "refused"} for n in range(10)]
    assert len(read("a.csv", table(refusals), Topic.COMPLIANCE).rows) == 10
    unnamed = [{"text": "No.", "label": "refused"}] * 10
    labels = read("b.csv", table(unnamed), Topic.COMPLIANCE)
    assert (len(labels.rows), labels.repeated) == (10, 0)


@pytest.mark.usefixtures("folder")
def test_a_repeated_answer_counts_once_in_an_arm() -> None:
    again = [ROWS[0], ROWS[0] | {"model": "z"}, ROWS[0] | {"tier": "paid"}, ROWS[1]]
    labels = read("labels.csv", table([row | {"query": "How?"} for row in again]))
    assert [(row.arm, row.where) for row in labels.rows] == [
        ("training", "labels.csv:2"),
        ("deployment", "labels.csv:6"),
        ("deployment", "labels.csv:8"),
    ]
    assert labels.repeated == 1


@pytest.mark.usefixtures("folder")
def test_contradicting_labels_of_a_text_are_named() -> None:
    said = refusal("a.jsonl", lines([ROWS[0], ROWS[1], ROWS[0] | {"label": "0", "tier": "paid"}]))
    assert said.startswith("a.jsonl:3: the same text as a.jsonl:1, with another label")
    rows = [{"query": query, "text": "No.", "label": label} for query, label in ("a0", "b1")]
    assert len(read("b.jsonl", lines(rows), Topic.COMPLIANCE).rows) == 2
    assert refusal("c.jsonl", lines(rows)).startswith("c.jsonl:2: the same text"), "of reasoning"


# Files that cannot be read


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "", "holds no rows"),
        ("a.csv", "text,label\n", "holds no rows"),
        ("a.json", "[]", "holds no rows"),
        ("a.csv", "text,label\nx,\n", "holds no labelled text"),
        ("a.csv", "text,label\nx,1\ny\n", "a.csv:3: 1 cells under a header of 2"),
        ("a.csv", 'text,label\nx,1\n"y\nz', "a.csv:3: not a table"),
        ("a.csv", "text,text,label\nx,y,1\n", "a.csv:1: the header names a column twice"),
        ("a.csv", "text,label\n ,1\n", "a.csv:2: 'text' is empty"),
        ("a.jsonl", '{"text": "x", "label": 1}\n{"text": \n', "a.jsonl:2: not JSON"),
        ("a.jsonl", "[1]\n", "a.jsonl:1: must be an object"),
        ("a.jsonl", '{"text": 5, "label": 1}\n', "a.jsonl:1: 'text' must be text, not int"),
        ("a.jsonl", '{"text": "\\ud800", "label": 1}\n', "half of a surrogate pair"),
        ("a.jsonl", '{"text": "x", "label": 1, "arm": 3}\n', "'arm' must be text"),
        ("a.json", '{"text": "x"}', "a list of rows under one of samples, data, rows"),
        ("a.json", '{"data": [], "rows": []}', "a list of rows under one of"),
        ("a.json", '"text"', "must be a list of rows"),
        ("a.json", "[" * 100_000, "not usable JSON"),
        ("a.xlsx", "PK", "unknown ending '.xlsx'"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_bad_files_are_one_line(name: str, text: str, said: str) -> None:
    assert said in refusal(name, text)


def test_what_is_no_text_file_is_one_line(folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"text,label\n\xffx,1\n")
    (folder / "b.csv").mkdir()
    for name, said in (("a.csv", "a.csv:2: byte 0xff"), ("b.csv", "cannot"), ("c.csv", "cannot")):
        with pytest.raises(UsageError, match=said):
            read_labels(Path(name), Topic.FAKING)
