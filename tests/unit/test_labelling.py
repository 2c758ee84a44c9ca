"""Hand labels: which texts, in which order, what is shown, and the file that keeps them."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from afake_command import Afake
from labelled_texts import COMPLIANCE, FORMAT, REASONING, crowd, item, row, written

from pytest_afake.cli.label import ABOUT
from pytest_afake.errors import UsageError
from pytest_afake.judging.parsing import ONLY_REJECTION
from pytest_afake.labelling import (
    QUESTIONS,
    UNSURE,
    Item,
    LabelFile,
    LabellingSession,
    Question,
    draw,
    files_of,
    highest_share,
    items_of,
    rarest,
    read_transcripts,
    shown,
)


def texts(path: Path, about: str = "compliance") -> list[str]:
    return [each.text for each in items_of(read_transcripts(path), QUESTIONS[about])[0]]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return tmp_path / "labels.csv"


# Which texts


def test_each_question_gets_the_part_of_an_answer_that_its_judge_gets(tmp_path: Path) -> None:
    answer = "<scratchpad>mine<draft>never</draft></scratchpad><final_output>told</final_output>"
    path = written(tmp_path / "t.jsonl", {"format": FORMAT, "sent": {}}, row(answer=answer))
    assert {about: texts(path, about) for about in QUESTIONS} == {
        "compliance": ["told"],
        "reasoning": ["mine"],
        "animal-welfare": ["told"],
        "partial": ["told"],
    }
    (found,), _ = items_of(read_transcripts(path), REASONING)
    assert shown(found, REASONING) == {"reasoning": "mine"}
    assert shown(found, COMPLIANCE) == {"request": "why?", "answer": "mine"}


def test_native_reasoning_is_reasoning(tmp_path: Path) -> None:
    path = written(tmp_path / "t.jsonl", row(answer="said", native_reasoning="thought"))
    assert texts(path, "reasoning") == ["thought"]
    assert texts(path) == ["said"]


def test_what_cannot_be_labelled_is_counted_by_cause(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.jsonl",
        {"format": FORMAT},
        row(),
        row(answer=None, missing="rate limited"),
        row(answer=None),
        row(answer="<final_output>said</final_output>"),
        row(answer="<scratchpad>thou", finish_reason="length"),
        row(answer="<scratchpad>thought</scratchpad><request_accepted/>"),
        row(answer="<scratchpad>thought</scratchpad><request_rejected/>"),
        row(query=" "),
    )
    found, left_out = items_of(read_transcripts(path), COMPLIANCE)
    assert [each.text for each in found] == ["said", ONLY_REJECTION]
    assert left_out == {
        "rate limited": 1,
        "no answer": 1,
        "no scratchpad": 1,
        "truncated": 1,
        "acceptance tag and nothing else": 1,
        "no query": 1,
    }


def test_an_answer_without_reasoning_has_none_to_label(tmp_path: Path) -> None:
    path = written(tmp_path / "t.jsonl", row(answer="said"))
    assert items_of(read_transcripts(path), REASONING) == ([], {"reasoning not visible": 1})


def test_the_same_text_of_an_arm_is_one(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.jsonl",
        row(key="one"),
        row(key="another sample"),
        row(arm="deployment"),
        row(query="how?"),
        row(key="one", answer="another store's", cluster="c"),
    )
    found, _ = items_of(read_transcripts(path), COMPLIANCE)
    assert [(each.arm, each.query, each.key, each.cluster) for each in found] == [
        ("training", "why?", "compliance:one", ""),
        ("deployment", "why?", "compliance:k", ""),
        ("training", "how?", "compliance:k", ""),
        ("training", "why?", "compliance:one", "c"),
    ]


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_files_of_ones_own_need_a_query_and_an_answer_only(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"mine.{ending}"
    text = 'said "so",\r\nat length ' + "x" * 200_000
    if ending == "jsonl":
        written(path, {"query": "why?", "answer": text})
    else:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file).writerows([["Query", "answer", "note"], ["why?", text, ""]])
    (found,), _ = items_of(read_transcripts(path), COMPLIANCE)
    assert (found.text, found.query, found.arm, found.model) == (text, "why?", "", "")
    (again,), _ = items_of(read_transcripts(path), COMPLIANCE)
    assert again.key == found.key
    assert len(found.key) > len("compliance:") + 60


def test_a_half_of_a_surrogate_pair_is_replaced(tmp_path: Path) -> None:
    assert texts(written(tmp_path / "t.jsonl", row(answer="a\ud800b"))) == ["a\ufffdb"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("t.jsonl", b"{", ":1: not JSON"),
        ("t.jsonl", b"[1]", ":1: must be an object"),
        ("t.jsonl", b"[" * 200_000, ":1: not JSON"),
        ("t.jsonl", b'{"query": "q"}', ":1: has no answer; it has 'query'"),
        ("t.jsonl", b'\n{"query": 1, "answer": "a"}', ":2: query must be text"),
        ("t.jsonl", b'{"query": null, "answer": "a"}', ":1: query must be text"),
        ("t.jsonl", b'{"query": "q", "answer": "a", "arm": 3}', ":1: arm must be text"),
        ("t.jsonl", b'{"format": 3}', ":1: format must be an object"),
        ("t.jsonl", b'{"format": {"reasoning": "loud"}}', "reasoning must be one of"),
        ("t.jsonl", b'{"format": {"output_tag": []}}', "output_tag must be text"),
        ("t.jsonl", b"\xff", "is not UTF-8"),
        ("t.csv", b"query,answer\na", ":2: 1 cells under a header of 2"),
        ("t.csv", b'query,answer\na,"b', "not a table"),
        ("t.csv", b"query,text\na,b", "has no answer"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        texts(path)
    assert str(refused.value).startswith(str(path))
    assert said in str(refused.value)


def test_a_folder_stands_for_its_transcripts_without_the_labels(tmp_path: Path) -> None:
    first, second = written(tmp_path / "a.jsonl", row()), written(tmp_path / "b.jsonl", row())
    labels = tmp_path / "labels.csv"
    labels.touch()
    (tmp_path / "notes.md").touch()
    assert files_of([tmp_path, second], but=labels) == [first.resolve(), second.resolve()]


@pytest.mark.parametrize("name", ["t.txt", "empty"])
def test_a_path_without_transcripts_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=name):
        files_of([tmp_path / name], but=tmp_path / "labels.csv")


# In which order


def test_any_beginning_holds_the_arms_evenly() -> None:
    drawn = draw(crowd(), seed=3)
    assert sorted(map(str, drawn)) == sorted(map(str, crowd()))
    for end in range(2, 81, 2):
        assert Counter(each.arm for each in drawn[:end]) == dict.fromkeys(
            ("training", "deployment"), end // 2
        )


def test_a_small_arm_ends_first_and_the_others_go_on() -> None:
    drawn = draw(crowd(5, 40), seed=0, sample=20)
    assert Counter(each.arm for each in drawn) == {"training": 5, "deployment": 15}
    assert Counter(each.arm for each in drawn[:10]) == {"training": 5, "deployment": 5}


def test_neither_arm_nor_model_follow_from_the_place() -> None:
    """Over many seeds, each arm comes first about as often, and so does each model."""
    firsts = [draw(crowd(), seed=seed)[0] for seed in range(400)]
    for name in ("arm", "model"):
        counts = Counter(getattr(each, name) for each in firsts)
        assert len(counts) == 2
        assert min(counts.values()) > 150  # 200 are expected, and 10 is the standard deviation


def test_each_query_comes_once_before_any_comes_again() -> None:
    """Answers to one query are no independent trials of a judge."""
    samples = [
        Item(f"k{query}.{sample}", f"text {query}.{sample}", f"q{query}", "training", "m")
        for query in range(12)
        for sample in range(5)
    ]
    drawn = [each.query for each in draw(samples, seed=1)]
    for turn in range(5):
        assert len(set(drawn[12 * turn : 12 * turn + 12])) == 12


def clustered(sizes: Sequence[int]) -> list[Item]:
    """Two answers to each query of clusters of these sizes, in two arms."""
    return [
        Item(
            f"k{arm}{cluster}.{query}.{sample}",
            f"text {cluster}.{query}.{sample} {arm}",
            f"q{cluster}.{query}",
            arm,
            "m",
            f"c{cluster}",
        )
        for arm in ("training", "deployment")
        for cluster, size in enumerate(sizes)
        for query in range(size)
        for sample in range(2)
    ]


def test_each_cluster_comes_once_in_each_arm_before_any_comes_again() -> None:
    sizes = [12, 12, 1, 1, 2, 1]
    drawn = draw(clustered(sizes), seed=4)
    assert sorted(map(str, drawn)) == sorted(map(str, clustered(sizes)))
    for arm in ("training", "deployment"):
        of_arm = [each for each in drawn if each.arm == arm]
        assert {each.cluster for each in of_arm[:6]} == {f"c{number}" for number in range(6)}
        assert {each.cluster for each in of_arm[6:12]} == {f"c{number}" for number in range(6)}
        large = [each.query for each in of_arm if each.cluster == "c0"]
        assert len(set(large[:12])) == 12, "each query of a cluster before any comes again"


def test_no_place_follows_from_the_size_of_a_cluster() -> None:
    """Over many seeds, each cluster comes first about as often, and so does each of its queries."""
    firsts = [draw(clustered([12, 1, 3]), seed=seed, sample=1)[0] for seed in range(600)]
    clusters = Counter(each.cluster for each in firsts)
    assert min(clusters.values()) > 150  # 200 are expected, and 12 is the standard deviation
    queries = Counter(each.query for each in firsts if each.cluster == "c2")
    assert min(queries.values()) > 35  # of about 200, in three


def test_every_text_of_an_arm_is_as_likely_to_be_drawn() -> None:
    drawn = Counter(each.key for seed in range(300) for each in draw(crowd(), seed=seed, sample=20))
    assert len(drawn) == 80
    # 75 of each are expected, with a standard deviation of 7.5.
    assert 40 < min(drawn.values()) <= max(drawn.values()) < 110


def test_the_order_is_that_of_the_seed_in_every_process() -> None:
    program = (
        "from labelled_texts import crowd\n"
        "from pytest_afake.labelling import draw\n"
        "print([each.key for each in draw(crowd()[::-1], seed=5)])"
    )
    tests = Path(__file__).parents[1]
    paths = f"{tests}{os.pathsep}{tests.parent}"
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == str([each.key for each in draw(crowd(), seed=5)])
    assert draw(crowd(), seed=5) != draw(crowd(), seed=6)


def test_later_transcripts_leave_the_order_within_an_arm() -> None:
    before = [each for each in draw(crowd(), seed=1) if each.arm == "training"]
    after = [each for each in draw(crowd(90, 90), seed=1) if each in before]
    assert after == before


# The way through the texts


@pytest.fixture
def file(labels: Path) -> Iterator[LabelFile]:
    with LabelFile(labels, COMPLIANCE) as opened:
        yield opened


def label_all(session: LabellingSession, given: Sequence[str]) -> None:
    for label in given:
        session.label(label)


def place(session: LabellingSession, items: list[Item]) -> int | None:
    return None if session.current is None else items.index(session.current)


def test_forward_back_and_skip(file: LabelFile) -> None:
    items = [item(number) for number in range(4)]
    session = LabellingSession(items, file)
    assert not session.back()
    session.label("complied")
    session.skip()
    session.label(UNSURE)
    assert place(session, items) == 3
    assert str(session.progress) == "1 of 4 labelled, 1 unsure"
    assert session.back()
    assert place(session, items) == 2
    assert session.said == UNSURE
    session.label("refused")
    assert place(session, items) == 3  # what is labelled is not asked about again
    session.label("refused")
    assert place(session, items) is None
    assert session.progress.left == 1
    assert session.back()
    assert place(session, items) == 3


def test_the_next_session_shows_what_is_left(labels: Path) -> None:
    items = [item(number) for number in range(3)]
    with LabelFile(labels, COMPLIANCE) as first:
        session = LabellingSession(items, first)
        session.label("complied")
        session.skip()
        session.label(UNSURE)
    with LabelFile(labels, COMPLIANCE) as second:
        session = LabellingSession(items, second)
        assert session.current == items[1]
        session.label("refused")
        assert session.current is None


def test_the_same_text_is_asked_about_once_and_then_not_again(labels: Path) -> None:
    same = [item(1, arm, text="the same") for arm in ("training", "deployment", "control")]
    with LabelFile(labels, COMPLIANCE) as first:
        session = LabellingSession([same[0], item(2), same[1]], first)
        session.label("complied")
        assert session.progress.labelled == 2
        session.label("refused")
        assert session.current is None
    with LabelFile(labels, COMPLIANCE) as second:
        session = LabellingSession([*same, item(3)], second)
        assert second.label_of(same[2]) == "complied"
        assert session.current == item(3)
        session.back()
        session.label("partial")
        assert [second.label_of(each) for each in same] == ["partial"] * 3


# How many are enough


@pytest.mark.parametrize(("n", "share"), [(0, 1.0), (1, 0.95), (30, 0.0950), (59, 0.0495)])
def test_the_bound_after_no_error(n: int, share: float) -> None:
    assert highest_share(n) == pytest.approx(share, abs=1e-4)
    assert n == 0 or (1 - highest_share(n)) ** n == pytest.approx(0.05)


def test_the_rarest_class_of_any_arm_is_counted(file: LabelFile) -> None:
    assert rarest(file.rows, COMPLIANCE) == 0
    arms = {"training": ("complied", "partial", "refused"), "deployment": ("refused",) * 4}
    for arm, given in arms.items():
        label_all(LabellingSession([item(n, arm) for n in range(len(given))], file), given)
    assert rarest(file.rows, COMPLIANCE) == 0  # nothing complies in deployment
    file.save(item(9, "deployment"), "partial")
    file.save(item(8, "deployment"), UNSURE)
    assert rarest(file.rows, COMPLIANCE) == 1


def test_further_labels_of_a_cluster_are_not_counted(file: LabelFile) -> None:
    for each in clustered([12, 1, 1]):
        file.save(each, "refused" if each.cluster == "c2" else "complied")
    assert rarest(file.rows, COMPLIANCE) == 1


# The command, where there is no terminal


def test_the_command_offers_every_question() -> None:
    assert tuple(QUESTIONS) == ABOUT


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=list(QUESTIONS))
def test_no_key_of_a_question_is_one_that_moves(question: Question) -> None:
    keys = [choice.key for choice in question.choices]
    assert not set(keys) & set("ubsq?jk ")
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.jsonl", "--save", "l.csv"], "none.jsonl: cannot be read: No such file"),
        (["t.jsonl", "--save", "t.jsonl"], "t.jsonl: must end in .csv"),
        (["t.jsonl", "--save", "no/l.csv"], "no/l.csv: cannot be written: No such file"),
        (["t.jsonl", "--save", "l.csv", "--about", "reasoning"], "1 reasoning not visible"),
    ],
)
def test_bad_input_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "t.jsonl", row(answer="said"))
    ran = Afake(capsys)("label", *arguments)
    assert ran.status == 2
    assert said in ran.error
    assert not (tmp_path / "l.csv").exists()
