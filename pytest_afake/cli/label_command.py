"""The work of ``afake label``: texts are drawn, shown one by one, and their labels saved."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TypeAlias

from pytest_afake.cli.command import FINE, say
from pytest_afake.cli.foreign import printable
from pytest_afake.errors import UsageError
from pytest_afake.labelling import (
    QUESTIONS,
    UNSURE,
    Item,
    LabelFile,
    LabellingSession,
    Question,
    draw,
    files_of,
    formulas,
    highest_share,
    items_of,
    rarest,
    read_transcripts,
    shown,
)
from pytest_afake.reporting.label_page import Page
from pytest_afake.reporting.label_prompt import LabelPrompt
from pytest_afake.text import count, one_line, points

_Asks: TypeAlias = Callable[[Page], str]

_UNSURE, _BACK, _SKIP, _QUIT = "u", "b", "s", "q"
_MOVES = {
    _UNSURE: "unsure",
    _BACK: "back",
    _SKIP: "skip for now",
    _QUIT: "quit",
}
_ENOUGH = (
    "How many are enough: after n labels of a class without an error, a judge may still err in 3/n "
    "of such texts (95 %). So 30 labels of each class in each arm bound that at 10 %, 60 at 5 %; "
    "to gate at 5 points takes 100 to 200 of each class in each arm (docs/judges.md)."
)
_ONE_EACH = (
    "a calibration counts one label of each cluster of queries in each arm, and no more (a query "
    "without a cluster is one)"
)
_HIDDEN = (
    "Arm, model and judge are hidden. Characters that cannot be seen or that act on a terminal are "
    "spelt out, such as \\u202e. Each label is saved at once: quit whenever you like, and the same "
    "command goes on from there."
)


def run(options: Namespace) -> int:
    question = QUESTIONS[options.about]
    items, openings = _drawn(options, question)
    with _ended_by_sigterm(), LabelFile(options.save, question) as file:
        session = LabellingSession(items, file)
        say(openings)
        try:
            with _asking() as ask:
                _label(session, question, ask)
        finally:
            say(_closing(session, file, question))
    return FINE


def _drawn(options: Namespace, question: Question) -> tuple[list[Item], list[str]]:
    """The texts, and lines that say what they are of, and how many labels of them can count."""
    files = files_of(options.transcripts, but=options.save)
    rows = (row for file in files for row in read_transcripts(file))
    items, left_out = items_of(rows, question)
    if not items:
        raise UsageError(
            f"there is nothing to label in {count(len(files), 'file')}{_but(left_out)}"
        )
    drawn = draw(items, seed=options.seed, sample=options.sample)
    openings = [f"{len(drawn)} of {count(len(items), 'text')} to label{_but(left_out)}"]
    units = len({(item.arm, *item.unit) for item in drawn})
    if units < len(drawn):
        openings.append(f"the first {units} are of different clusters in each arm: {_ONE_EACH}")
    return drawn, openings


def _but(left_out: Mapping[str, int]) -> str:
    """What was left out, and why: most of it first."""
    causes = sorted(left_out.items(), key=lambda pair: (-pair[1], pair[0]))
    named = ", ".join(f"{number} {one_line(printable(cause), 60)}" for cause, number in causes[:8])
    more = ", ..." if len(causes) > 8 else ""
    return f"; {sum(left_out.values())} left out: {named}{more}" if causes else ""


def _label(session: LabellingSession, question: Question, ask: _Asks) -> None:
    """Show texts until the person quits, or whoever types is gone."""
    labels = {choice.key: choice.label for choice in question.choices} | {_UNSURE: UNSURE}
    note = ""
    while True:
        try:
            key = ask(_page(session, question, note))
        except EOFError:
            return
        note = ""
        if key == _QUIT:
            return
        if key == _SKIP:
            session.skip()
        elif key != _BACK:
            session.label(labels[key])
        elif not session.back():
            note = "this is the first text"


def _page(session: LabellingSession, question: Question, note: str) -> Page:
    item, progress = session.current, str(session.progress)
    if item is None:
        left = " Those that were skipped come again next time." if session.progress.left else ""
        end = f"That was the last text.{left}"
        return Page(progress, end, {}, {_BACK: "back", _QUIT: "quit"})
    keys = {choice.key: choice.meaning for choice in question.choices} | _MOVES
    parts = {name.upper(): _visible(text) for name, text in shown(item, question).items()}
    said = _said(session.said, question)
    help_text = (*question.hints, _HIDDEN, _ENOUGH)
    return Page(progress, question.ask, parts, keys, help_text, note or said)


def _said(label: str | None, question: Question) -> str:
    """What stands in the file about the text that is shown."""
    if label is None:
        return ""
    return f"you said: {question.labels[label].meaning if label != UNSURE else 'unsure'}"


def _visible(text: str) -> str:
    """A text for a terminal: what cannot be seen is spelt out, its lines are kept."""
    plain = text.replace("\r\n", "\n").replace("\t", "    ")
    return "\n".join(map(printable, plain.split("\n")))


def _closing(session: LabellingSession, file: LabelFile, question: Question) -> Iterator[str]:
    rows = file.rows
    sizes = (
        f"{sum(row.label == choice.label for row in rows)} {choice.label}"
        for choice in question.choices
    )
    name = shlex.quote(one_line(str(file.path), 500))
    yield f"{name}: {session.progress}; in the file: {', '.join(sizes)}"
    yield _ENOUGH
    yield _so_far(rarest(rows, question))
    risky = formulas(rows)
    if risky:
        yield (
            f"{count(risky, 'row')} with a cell that begins like a formula: in a spreadsheet, open "
            "the file with all columns as text"
        )
    yield f"next: afake calibrate {name} --judge {question.judge}"


def _so_far(fewest: int) -> str:
    """Of the rarest class alone, without its name: the counts by arm would tell what is found."""
    bound = f"up to {points(highest_share(fewest))} % errors" if fewest else "any share of errors"
    return f"so far the rarest class of an arm has {count(fewest, 'label')}: {bound}"


@contextmanager
def _asking() -> Iterator[_Asks]:
    """The whole terminal if there is one on both ends, else line by line."""
    if not _has_terminal():
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # what cannot be decoded is no key
        yield LabelPrompt(sys.stdin, sys.stdout).ask
        return
    from pytest_afake.reporting.label_screen import label_screen  # rich, which a pipe does not need

    with label_screen(sys.stdout, sys.stdin.fileno(), _size) as screen:
        yield screen.ask


def _has_terminal() -> bool:
    dumb = os.environ.get("TERM", "dumb") in ("", "dumb", "unknown")
    return sys.stdin.isatty() and sys.stdout.isatty() and not dumb


def _size() -> tuple[int, int]:
    """What the terminal says of itself; not COLUMNS, which a resized one leaves behind."""
    size = os.get_terminal_size(sys.stdout.fileno())
    columns, rows = size if all(size) else shutil.get_terminal_size()
    return columns, rows


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the command like an exception, so that the terminal is put right."""

    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
