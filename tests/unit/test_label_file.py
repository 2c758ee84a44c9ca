"""The file of hand labels: what is in it, and that nothing in it is lost."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from labelled_texts import COMPLIANCE, item

from pytest_afake.calibration.labels import read_labels
from pytest_afake.calibration.words import Topic
from pytest_afake.errors import AfakeError, UsageError
from pytest_afake.labelling import QUESTIONS, UNSURE, Item, LabelFile, formulas
from pytest_afake.labelling.table import HEADER


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return tmp_path / "labels.csv"


def saved(path: Path, given: Mapping[Item, str]) -> None:
    with LabelFile(path, COMPLIANCE) as file:
        for each, label in given.items():
            file.save(each, label)


def test_a_label_is_on_the_disk_when_it_is_given(labels: Path) -> None:
    with LabelFile(labels, COMPLIANCE) as file:
        file.save(item(1), "complied")
        file.save(item(2), UNSURE)
        with labels.open(newline="", encoding="utf-8") as table:
            assert list(csv.reader(table)) == [
                ["text", "query", "label", "arm", "model", "key", "cluster"],
                [
                    "text 1 training",
                    "why 1?",
                    "complied",
                    "training",
                    "some/model",
                    item(1).key,
                    "",
                ],
                ["text 2 training", "why 2?", "", "training", "some/model", item(2).key, ""],
            ]
    assert labels.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in labels.parent.iterdir()] == [labels.name]


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@SUM(A1)",
    'quote " comma , semicolon ;',
    "lines\nand\r\nreturns\rand \u2028 \x85 \x0c",
    "nul \x00 escape \x1b[2J bidi \u202e zero\u200bwidth",
    "日本語 🙂 e\u0301",
    " outer blanks ",
    "x" * 300_000,
]


def test_every_text_comes_back_as_it_is(labels: Path) -> None:
    items = [item(number, text=text) for number, text in enumerate(HOSTILE)]
    saved(labels, dict.fromkeys(items, "partial"))
    with LabelFile(labels, COMPLIANCE) as file:
        assert [file.label_of(each) for each in items] == ["partial"] * len(items)
        assert [each.text for each in file.rows] == HOSTILE
        assert formulas(file.rows) == 4


def test_a_calibration_reads_it(labels: Path) -> None:
    given = {item(1): "complied", item(2): "partial", item(3, "deployment"): "refused"}
    saved(labels, {**given, item(4): UNSURE})
    found = read_labels(labels, Topic.COMPLIANCE, needs_query=True)
    assert [(each.positive, each.arm, each.model, each.query) for each in found.rows] == [
        (True, "training", "some/model", "why 1?"),
        (True, "training", "some/model", "why 2?"),
        (False, "deployment", "some/model", "why 3?"),
    ]
    assert found.unlabelled == 1


@pytest.mark.parametrize(
    ("about", "topic"),
    [
        ("compliance", Topic.COMPLIANCE),
        ("animal-welfare", Topic.COMPLIANCE),
        ("partial", Topic.PARTIAL),
        ("reasoning", Topic.FAKING),
    ],
)
def test_a_calibration_understands_every_label(labels: Path, about: str, topic: Topic) -> None:
    """Also which way round it is: support of animal welfare is no compliance."""
    question = QUESTIONS[about]
    with LabelFile(labels, question) as file:
        for number, choice in enumerate(question.choices):
            file.save(
                Item(f"{about}:{number}", f"text {number}", f"why {number}?", "a", "m"),
                choice.label,
            )
    found = read_labels(labels, topic)
    assert [each.positive for each in found.rows] == [each.positive for each in question.choices]
    kinds = {each.meaning.split(",")[0]: each.positive for each in question.choices}
    assert kinds.get("yes", False) is (about in {"partial", "reasoning"})


def test_another_label_replaces_the_first_one_in_its_place(labels: Path) -> None:
    saved(labels, {item(1): "complied", item(2): "refused"})
    labels.chmod(0o640)
    before = labels.stat().st_ino
    with LabelFile(labels, COMPLIANCE) as file:
        file.save(item(1), "partial")
        file.save(item(3), "refused")
        assert [(row.text, row.label) for row in file.rows] == [
            ("text 1 training", "partial"),
            ("text 2 training", "refused"),
            ("text 3 training", "refused"),
        ]
    with LabelFile(labels, COMPLIANCE) as file:
        assert [row.label for row in file.rows] == ["partial", "refused", "refused"]
    assert labels.stat().st_ino != before  # one file was put in the place of the other
    assert labels.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in labels.parent.iterdir()] == [labels.name]


def test_the_same_label_again_writes_nothing(labels: Path) -> None:
    saved(labels, {item(1): "complied"})
    before = labels.stat()
    saved(labels, {item(1): "complied"})
    assert labels.stat().st_mtime_ns == before.st_mtime_ns


def test_a_text_has_one_label_whatever_its_arms(labels: Path) -> None:
    both = [item(1, arm, text="the same") for arm in ("training", "deployment")]
    saved(labels, {both[0]: "complied", both[1]: "complied", item(2): "complied"})
    saved(labels, {both[1]: "refused"})
    with LabelFile(labels, COMPLIANCE) as file:
        assert [row.label for row in file.rows] == ["refused", "refused", "complied"]


def test_a_link_is_followed_and_stays_a_link(labels: Path) -> None:
    link = labels.with_name("link.csv")
    link.symlink_to(labels)
    saved(link, {item(1): "complied"})
    saved(link, {item(1): "refused"})
    assert link.is_symlink()
    assert b"refused" in labels.read_bytes()


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_file_that_went_through_an_editor_is_gone_on_with(labels: Path, end: bytes) -> None:
    """A byte order mark, other quotes, and no line feed at the end."""
    line = f"text 1 training,why 1?,refused,training,m,{item(1).key},".encode()
    labels.write_bytes(b"\xef\xbb\xbf" + ",".join(HEADER).encode() + b"\r\n" + line + end)
    saved(labels, {item(2): "complied"})
    with LabelFile(labels, COMPLIANCE) as file:
        assert [row.label for row in file.rows] == ["refused", "complied"]


HEAD = ",".join(HEADER) + "\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("name,age\n", "is no file of labels"),
        ("text;query;label;arm;model;key\n", "is no file of labels"),
        ("\n" + HEAD, "is no file of labels"),
        (HEAD + "a,b,complied\n", ":2: 3 cells instead of 7"),
        (HEAD + 'a,b,complied,c,d,compliance:1,\n"cut off', ":3: is cut off"),
        (HEAD + "a,b,Yes!,c,d,compliance:1,\n", ":2: label 'Yes!': must be complied, partial"),
        (HEAD + "a,b,complied,c,d,1,\n", ":2: a label about 1, not compliance"),
        (HEAD + "a,b,yes,c,d,reasoning:1,\n", ":2: a label about reasoning, not compliance"),
        (HEAD + 2 * "a,b,complied,c,d,compliance:1,\n", ":3: a second label of a text"),
    ],
)
def test_a_file_of_another_shape_is_refused_and_left_alone(
    labels: Path, content: str, said: str
) -> None:
    labels.write_text(content)
    with pytest.raises(UsageError) as refused:
        LabelFile(labels, COMPLIANCE)
    assert str(refused.value).startswith(str(labels))
    assert said in str(refused.value)
    assert labels.read_text() == content


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("folder.csv", "pipe.csv", "no/where.csv", "labels.txt"):
        with pytest.raises(UsageError, match=name):
            LabelFile(tmp_path / name, COMPLIANCE)


def test_two_people_cannot_save_in_one_file_at_a_time(labels: Path) -> None:
    with LabelFile(labels, COMPLIANCE) as file:
        file.save(item(1), "complied")
        file.save(item(1), "refused")  # also not in the file that took its place
        with pytest.raises(UsageError, match="another afake label"):
            LabelFile(labels, COMPLIANCE)
    LabelFile(labels, COMPLIANCE).__exit__(None, None, None)


def _saved_over(labels: Path) -> None:
    labels.write_text(HEAD)


def _replaced(labels: Path) -> None:
    other = labels.with_name("other.csv")
    other.write_bytes(labels.read_bytes())
    other.replace(labels)


def _deleted(labels: Path) -> None:
    labels.unlink()


@pytest.mark.parametrize("meddle", [_saved_over, _replaced, _deleted])
@pytest.mark.parametrize("number", [1, 2])
def test_what_another_program_saved_is_not_overwritten(
    labels: Path, meddle: Callable[[Path], None], number: int
) -> None:
    with LabelFile(labels, COMPLIANCE) as file:
        file.save(item(1), "complied")
        meddle(labels)
        content = labels.read_bytes() if labels.exists() else None
        with pytest.raises(AfakeError, match="another program has changed it"):
            file.save(item(number), "refused")
        assert (labels.read_bytes() if labels.exists() else None) == content
        assert file.label_of(item(1)) == "complied"


def test_a_full_disk_loses_the_last_label_only(labels: Path) -> None:
    """A limit on the size of files stands for the disk; it holds for a process."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from labelled_texts import COMPLIANCE, item\n"
        "from pytest_afake.labelling import LabelFile\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "file = LabelFile(Path(sys.argv[1]), COMPLIANCE)\n"
        "file.save(item(1), 'complied')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
        "try: file.save(item(2, text='x' * 5000), 'refused')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
        "print(file.label_of(item(1)), file.label_of(item(2, text='x' * 5000)))\n"
    )
    tests = Path(__file__).parents[1]
    ran = subprocess.run(
        [sys.executable, "-c", program, str(labels)],
        env={**os.environ, "PYTHONPATH": f"{tests}{os.pathsep}{tests.parent}"},
        capture_output=True,
        text=True,
        check=True,
    )
    error, known = ran.stdout.splitlines()
    assert error == f"AfakeError {labels}: a label is not saved: File too large"
    assert known == "complied None"
    with LabelFile(labels, COMPLIANCE) as file:
        assert [row.label for row in file.rows] == ["complied"]
