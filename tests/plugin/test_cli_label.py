"""``afake label`` as a person uses it: at a terminal, interrupted, resumed, and in a pipe."""

from __future__ import annotations

import csv
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from labelled_texts import FORMAT, row, written

pyte = pytest.importorskip("pyte")

AFAKE = (sys.executable, "-m", "pytest_afake.cli", "label")
COLUMNS, ROWS = 80, 24
PATIENCE_S = 20
EVIL = "\x1b[2J\x1b]0;title\x07[red]x[/red] \u202eevil\u2066 zero\u200bwidth\r=1+1"
LEFT = b"\x1b[?25h\x1b[?1049l"


class Terminal:
    """A person at a terminal on which ``afake label`` runs."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._person, self.program = os.openpty()
        self.resize(COLUMNS, ROWS)
        self.settings = termios.tcgetattr(self.program)
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        self.process = subprocess.Popen(
            [*AFAKE, *arguments],
            cwd=folder,
            stdin=self.program,
            stdout=self.program,
            stderr=self.program,
            env={**os.environ, "TERM": "xterm", "NO_COLOR": "1"},
            start_new_session=True,
            preexec_fn=_take_terminal,
        )

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.program, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if hasattr(self, "_screen"):
            self._screen.resize(rows, columns)

    @property
    def rows(self) -> list[str]:
        return [row.rstrip() for row in self._screen.display]

    def until(self, shown: str | Callable[[list[str]], bool]) -> list[str]:
        """Wait until a text, or what is looked for, is on the screen."""
        seen = shown if callable(shown) else lambda rows: shown in "\n".join(rows)
        deadline = time.monotonic() + PATIENCE_S
        while not seen(self.rows):
            assert time.monotonic() < deadline, self.rows
            self._read()
        while self._read():  # the rest of what is drawn
            pass
        return self.rows

    def press(self, keys: str) -> None:
        os.write(self._person, keys.encode())

    def end(self) -> int:
        """Wait for the end; the exit status."""
        while self.process.poll() is None:
            self._read()
        while self._read():
            pass
        return self.process.returncode

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._person)
        os.close(self.program)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._person], [], [], 0.05)
        if ready:
            part = os.read(self._person, 65536)
            self.written += part
            self._stream.feed(part)
        return bool(ready)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C means this process


@contextmanager
def at_terminal(folder: Path, *arguments: str) -> Iterator[Terminal]:
    terminal = Terminal(folder, *arguments)
    try:
        yield terminal
    finally:
        terminal.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Transcripts of two arms and two models, in all of which is something to hide."""
    for model in ("model-of-ours", "model-of-theirs"):
        rows = [
            row(
                model=model,
                arm=arm,
                query=f"question {number}?",
                answer=f"<scratchpad>thought {number}</scratchpad><draft>drafted</draft>"
                f"<final_output>answer {number} {EVIL}</final_output>",
                label="judged-so",
                reason="for-a-reason",
                key=f"{model}{arm}{number}",
            )
            for arm in ("training", "deployment")
            for number in range(3)
        ]
        written(tmp_path / f"{model}.jsonl", {"format": FORMAT, "sent": {}}, *rows)
    return tmp_path


def labels(folder: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with (folder / "l.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def given(folder: Path) -> list[str]:
    return [each["label"] for each in labels(folder)]


def distinct(folder: Path, name: str = "t.jsonl", number: int = 6) -> str:
    """A file of texts that all differ, in two arms."""
    arms = ("training", "deployment")
    rows = (
        row(
            arm=arms[index % 2],
            key=f"k{index}",
            query=f"question {index}?",
            answer=f"answer {index} here",
        )
        for index in range(number)
    )
    return written(folder / name, *rows).name


def test_a_session_from_the_first_key_to_the_next_day(tmp_path: Path) -> None:
    name = distinct(tmp_path)
    with at_terminal(tmp_path, name, "--save", "l.csv") as terminal:
        first = _answer(terminal.until("0 of 6 labelled, 0 unsure"))
        terminal.press("c")
        second = _answer(terminal.until("1 of 6 labelled, 0 unsure"))
        terminal.press("u")
        third = _answer(terminal.until("1 of 6 labelled, 1 unsure"))
        terminal.press("s")
        fourth = _answer(terminal.until(lambda rows: _answer(rows) != third))
        assert len({first, second, third, fourth, ""}) == 5
        terminal.press("b")
        terminal.until(lambda rows: _answer(rows) == third)
        terminal.press("b")
        terminal.until("you said: unsure")
        terminal.press("r")
        terminal.until("2 of 6 labelled, 0 unsure")
        assert given(tmp_path) == ["complied", "refused"]
        terminal.press("q")
        assert terminal.end() == 0
        closing = terminal.until("next: afake calibrate l.csv --judge MODEL")
        assert "l.csv: 2 of 6 labelled, 0 unsure" in "\n".join(closing)
        assert termios.tcgetattr(terminal.program) == terminal.settings
    with at_terminal(tmp_path, name, "--save", "l.csv") as terminal:
        terminal.until("2 of 6 labelled, 0 unsure")
        for number in range(3, 7):
            terminal.press("p")
            terminal.until(f"{number} of 6 labelled")
        terminal.until("That was the last text.")
        terminal.press("b")
        terminal.until("you said: partial")
        terminal.press("c")
        terminal.until("That was the last text.")
        terminal.press("q")
        assert terminal.end() == 0
    assert given(tmp_path) == ["complied", "refused", *["partial"] * 3, "complied"]
    assert (tmp_path / "l.csv").stat().st_mode & 0o777 == 0o600


def _answer(rows: list[str]) -> str:
    return next((row for row in rows if row.startswith("| answer")), "")


HIDDEN = ("training", "deployment", "model-of", "judged-so", "for-a-reason", "drafted")


@pytest.mark.parametrize(
    ("about", "key", "seen", "unseen"),
    [
        ("compliance", "c", ["question", "answer"], "thought"),
        ("reasoning", "n", ["thought"], "answer"),
        ("animal-welfare", "y", ["question", "answer"], "thought"),
        ("partial", "n", ["question", "answer"], "thought"),
    ],
)
def test_a_person_sees_the_text_and_nothing_that_gives_it_away(
    folder: Path, about: str, key: str, seen: list[str], unseen: str
) -> None:
    with at_terminal(folder, ".", "--save", "l.csv", "--about", about) as terminal:
        # Both arms, and both models, say the same here: each text is asked about once.
        for labelled in (0, 2, 4):
            terminal.until(f"{labelled} of 6 labelled")
            shown = "\n".join(row for row in terminal.rows if row.startswith("| "))
            assert all(f"| {word} " in shown for word in seen)
            assert unseen not in shown
            terminal.press(key)
        terminal.until("That was the last text.")
        while_it_ran = terminal.written.decode()
        terminal.press("q")
        assert terminal.end() == 0
    assert not [word for word in HIDDEN if word in while_it_ran]


def test_hostile_text_is_spelt_out(folder: Path) -> None:
    with at_terminal(folder, ".", "--save", "l.csv") as terminal:
        terminal.until("0 of 6")
        terminal.press("c")
        terminal.until("2 of 6")
        terminal.press("q")
        terminal.end()
        assert b"\x1b[2J" not in terminal.written
        assert b"\x1b]" not in terminal.written
        assert not set("\u202e\u2066\u200b\x07") & set(terminal.written.decode())
        shown = terminal.written.decode()
        for part in (
            r"\x1b[2J\x1b]0;title\x07[red]x[/red]",
            r"\u202eevil\u2066",
            r"zero\u200bwidth\r",
        ):
            assert part in shown
    assert all(each["text"].endswith(EVIL) for each in labels(folder))


def test_a_long_text_is_scrolled_and_the_terminal_resized(tmp_path: Path) -> None:
    text = "\n".join(f"row {number}" for number in range(1, 5001)) + "\n" + "word " * 40_000
    name = written(tmp_path / "t.jsonl", row(answer=text)).name
    with at_terminal(tmp_path, name, "--save", "l.csv") as terminal:
        terminal.until("| row 10")
        terminal.press(" ")
        terminal.until("| row 20")
        terminal.press("\x1b[F")
        terminal.until(
            lambda rows: not any("more" in row for row in rows) and "| word" in str(rows)
        )
        terminal.press("\x1b[H")
        terminal.until("| row 1")
        terminal.resize(50, 12)
        terminal.until(lambda rows: rows[-1].startswith("back") and "| row 1" in rows)
        assert len(terminal.rows) == 12
        terminal.press("r")
        terminal.until("That was the last text.")
    assert [each["text"] for each in labels(tmp_path)] == [text.strip()]


def test_help_labels_nothing(tmp_path: Path) -> None:
    with at_terminal(tmp_path, distinct(tmp_path), "--save", "l.csv") as terminal:
        terminal.until("0 of 6 labelled")
        terminal.press("?")
        terminal.until("Partial: the user gets some help")
        terminal.press("c")
        terminal.until("| answer")
        assert given(tmp_path) == []


def test_what_nobody_has_seen_is_not_labelled(tmp_path: Path) -> None:
    with at_terminal(tmp_path, distinct(tmp_path), "--save", "l.csv") as terminal:
        terminal.until("0 of 6 labelled")
        terminal.press("cccccc")  # a key that got stuck, or a text that was pasted
        terminal.until("1 of 6 labelled")
        terminal.press("q")
        assert terminal.end() == 0
    assert given(tmp_path) == ["complied"]


@pytest.mark.parametrize(
    ("interrupt", "status"),
    [
        (lambda terminal: terminal.press("\x03"), 128 + signal.SIGINT),
        (lambda terminal: terminal.process.terminate(), 128 + signal.SIGTERM),
    ],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_an_interrupt_loses_nothing_and_leaves_the_terminal_as_it_was(
    tmp_path: Path, interrupt: Callable[[Terminal], None], status: int
) -> None:
    with at_terminal(tmp_path, distinct(tmp_path), "--save", "l.csv") as terminal:
        terminal.until("0 of 6 labelled")
        terminal.press("c")
        terminal.until("1 of 6 labelled")
        assert termios.tcgetattr(terminal.program) != terminal.settings
        interrupt(terminal)
        assert terminal.end() == status
        terminal.until("l.csv: 1 of 6 labelled, 0 unsure")
        assert LEFT in terminal.written
        assert b"Traceback" not in terminal.written
        assert termios.tcgetattr(terminal.program) == terminal.settings
    assert given(tmp_path) == ["complied"]


def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    name = distinct(tmp_path)
    with at_terminal(tmp_path, name, "--save", "l.csv") as terminal:
        terminal.until("0 of 6 labelled")
        terminal.press("c")
        terminal.until("1 of 6 labelled")
        terminal.process.kill()
        terminal.end()
    with at_terminal(tmp_path, name, "--save", "l.csv") as terminal:
        terminal.until("1 of 6 labelled")


def test_a_failure_puts_the_terminal_right_and_is_one_line(tmp_path: Path) -> None:
    with at_terminal(tmp_path, distinct(tmp_path), "--save", "l.csv") as terminal:
        terminal.until("0 of 6 labelled")
        (tmp_path / "l.csv").unlink()
        terminal.press("c")
        assert terminal.end() == 1
        terminal.until("afake: l.csv: another program has changed it")
        assert LEFT in terminal.written
        assert b"Traceback" not in terminal.written
        assert termios.tcgetattr(terminal.program) == terminal.settings


def test_a_second_person_is_told(tmp_path: Path) -> None:
    name = distinct(tmp_path)
    with at_terminal(tmp_path, name, "--save", "l.csv") as terminal:
        terminal.until("0 of 6 labelled")
        status, _, errors = piped(tmp_path, "c\n", name, "--save", "l.csv")
    assert status == 2
    assert errors == "afake: l.csv: another afake label is saving there\n"


# Without a terminal


def piped(folder: Path, typed: str, *arguments: str) -> tuple[int, str, str]:
    ran = subprocess.run(
        [*AFAKE, *arguments], cwd=folder, input=typed, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout, ran.stderr


def test_a_pipe_gets_plain_lines(folder: Path) -> None:
    status, printed, errors = piped(folder, "r\nb\nc\nu\n", ".", "--save", "l.csv", "--sample", "5")
    assert (status, errors) == (0, "")
    assert printed.startswith("5 of 6 texts to label\n")
    assert "\x1b" not in printed
    assert "\u202e" not in printed
    assert "you said: refused" in printed
    assert set(given(folder)) == {"complied", ""}
    before_the_end = printed[: printed.index("in the file:")]
    assert not [word for word in HIDDEN if word in before_the_end]


def test_it_says_how_many_labels_can_count(tmp_path: Path) -> None:
    rows = [
        row(arm=arm, query=f"q{number}?", cluster=f"c{number // 2}", answer=f"{arm} {number}")
        for arm in ("training", "deployment")
        for number in range(6)
    ]
    name = written(tmp_path / "t.jsonl", *rows).name
    _, printed, _ = piped(tmp_path, "c\n" * 8, name, "--save", "l.csv", "--sample", "8")
    assert printed.splitlines()[:2] == [
        "8 of 12 texts to label",
        "the first 6 are of different clusters in each arm: a calibration counts one label of each "
        "cluster of queries in each arm, and no more (a query without a cluster is one)",
    ]
    given = [(each["arm"], each["cluster"]) for each in labels(tmp_path)]
    assert len(set(given[:6])) == 6
    assert "the rarest class of an arm has 0 labels" in printed


def test_what_is_no_text_is_no_key(tmp_path: Path) -> None:
    command = [*AFAKE, distinct(tmp_path), "--save", "l.csv"]
    ran = subprocess.run(command, cwd=tmp_path, input=b"\xff\nc\n", capture_output=True, check=True)
    assert ran.stderr == b""
    assert given(tmp_path) == ["complied"]


def test_the_end_says_what_the_labels_are_worth_and_what_comes_next(tmp_path: Path) -> None:
    name = distinct(tmp_path, number=8)
    options = ("--save", "my labels.csv", "--about", "partial")
    _, printed, _ = piped(tmp_path, "y\ny\nn\nn\ny\ny\nn\nn\n", name, *options)
    lines = printed.splitlines()[-4:]
    assert lines[0] == "'my labels.csv': 8 of 8 labelled, 0 unsure; in the file: 4 yes, 4 no"
    assert "3/n" in lines[1]
    assert re.fullmatch(
        r"so far the rarest class of an arm has 2 labels: up to 77.6 % .*", lines[2]
    )
    assert lines[3] == "next: afake calibrate 'my labels.csv' --judge partial:MODEL"


def test_formulas_are_kept_and_warned_of(tmp_path: Path) -> None:
    name = written(tmp_path / "t.jsonl", row(answer="=HYPERLINK(1)")).name
    _, printed, _ = piped(tmp_path, "c\n", name, "--save", "l.csv")
    assert "1 row with a cell that begins like a formula" in printed
    assert labels(tmp_path)[0]["text"] == "=HYPERLINK(1)"


def test_the_same_seed_shows_the_same_order_and_a_larger_sample_goes_on(tmp_path: Path) -> None:
    name = distinct(tmp_path, number=20)

    def order(sample: int, seed: int) -> list[str]:
        options = ("--save", f"{sample}-{seed}.csv", "--sample", str(sample), "--seed", str(seed))
        _, printed, _ = piped(tmp_path, "c\n" * 20, name, *options)
        return re.findall(r"^\| (answer \d+ here)$", printed, re.MULTILINE)

    assert order(6, 1) == order(20, 1)[:6]
    assert order(20, 1) != order(20, 2)


def test_the_transcripts_of_a_run_can_be_labelled(tmp_path: Path) -> None:
    suite = (
        "from pytest_afake import animal_welfare\n"
        "def test_gap(model):\n"
        "    assert model.compliance_gap(animal_welfare) <= model.limit\n"
    )
    (tmp_path / "test_it.py").write_text(suite)
    quiet = ("-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "--afake-store", "store")
    command = [sys.executable, "-m", "pytest", *quiet, "--model", "sim/honest"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    status, printed, errors = piped(
        tmp_path, "r\nr\n", "store/transcripts", "--save", "l.csv", "--sample", "10"
    )
    assert (status, errors) == (0, "")
    assert printed.startswith("10 of ")
    assert given(tmp_path)[:2] == ["refused", "refused"]
    assert all(each["cluster"] for each in labels(tmp_path))
    assert not [word for word in ("sim/", "training", "deployment") if word in printed]
