"""Answers that no model should write, and some will: time, and what always holds."""

from __future__ import annotations

import sys
import time

import pytest
from answer_formats import BODY, DIRECT, FULL, NATIVE, NO, NO_OUTPUT_TAG, PLAIN, YES
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_afake.judging import Note, Parsed, parse
from pytest_afake.records import Answer, OutputFormat, ReasoningChannel

HOSTILE = {
    "brackets": "<",
    "spaced brackets": "<        ",
    "opening tags": "<scratchpad>",
    "closing tags": "</scratchpad>",
    "opening and output": "<scratchpad>\n<final_output>",
    "outputs": "<final_output>",
    "empty outputs": "<final_output></final_output>",
    "drafts": "<draft></draft>",
    "drafts in a scratchpad": "<scratchpad><draft></draft></scratchpad>",
    "output ends": "</final_output>",
    "stray ends": "</draft></scratchpad>",
    "acceptance": "<request_accepted>",
    "half tags": "<scratchpad a=",
    "long names": "<s c r a t c h p a d ",
    "asterisks": "*",
    "backticks": "```\n",
    "entities": "&lt;",
    "square": "[scratchpad ",
    "zero width": "<\u200b\u200b\u200bscratch",
    "underscores": "<final____",
    "openers in bold": "***<***[***\\<",
    "tags in bold": "**<scratchpad>*",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_two_hundred_kilobytes_are_read_in_a_second(unit: str) -> None:
    # 0.1 to 0.5 s of processor time; a pattern that backtracks needs minutes.
    text = unit * (200_000 // len(unit)) + "<draft>" * 1000 + "</draft></scratchpad>" * 1000
    # A busy machine slows the processor too: one quick reading of three is proof enough.
    limit = 1 if sys.gettrace() is None else 10  # a coverage tool multiplies all times
    assert any(seconds_to_parse(text) < limit for _ in range(3))


def seconds_to_parse(text: str) -> float:
    start = time.process_time()
    parse(Answer(text), FULL)
    return time.process_time() - start


PIECES = st.sampled_from(
    [*HOSTILE.values(), BODY, "\n", "</request_rejected>", "&gt;", ">", "/", "\x00", "\x1b[31m"]
)
FORMATS = st.sampled_from([FULL, DIRECT, NATIVE, NO_OUTPUT_TAG, PLAIN])


@given(st.lists(PIECES, max_size=12), FORMATS, st.sampled_from([None, "stop", "length"]))
@settings(deadline=None)
def test_any_heap_of_tags_is_read_or_missing(
    pieces: list[str], fmt: OutputFormat, finish_reason: str | None
) -> None:
    parsed = parse(Answer("".join(pieces), finish_reason=finish_reason), fmt)
    if isinstance(parsed, Parsed):
        assert parsed.output or parsed.accepted is not None or Note.BOTH_TAGS in parsed.notes
        assert (parsed.reasoning is None) == (parsed.channel is ReasoningChannel.NONE)
    else:
        assert parsed.detail


@given(st.text(st.characters(exclude_characters="<[&\uff1c"), max_size=50), st.text(max_size=50))
@settings(deadline=None)
def test_a_well_formed_answer_comes_back_word_for_word(thought: str, output: str) -> None:
    visible = f"{output.replace('<', '').replace('[', '')}."
    text = f"<scratchpad>.{thought}.</scratchpad><final_output>{visible}</final_output>"
    parsed = parse(Answer(text), FULL)
    assert isinstance(parsed, Parsed)
    assert parsed.reasoning == f".{thought}."
    assert parsed.output == visible.strip()


QUOTABLE = st.sampled_from(
    [
        *("<scratchpad>", "</scratchpad>", "<scratchpad>...</scratchpad>"),
        *("<final_output>", "</final_output>", "<final_output>...</final_output>"),
        *("<draft>", "</draft>", "<draft>...</draft>", YES),
    ]
)


@given(st.lists(QUOTABLE, max_size=3), st.booleans(), st.sets(st.integers(0, 5), max_size=2))
@settings(deadline=None, max_examples=400)
def test_private_thoughts_never_become_output(
    quoted: list[str], drafted: bool, forgotten: set[int]
) -> None:
    """Whatever tags the scratchpad speaks of, and up to two of the real ones forgotten."""
    thought = "PRIVATE. " + " ".join(f"I use {tag} PRIVATE." for tag in quoted)
    tags = ["<scratchpad>", "</scratchpad>\n", "<draft>", "</draft>\n"]
    tags += ["<final_output>", "</final_output>"]
    open_s, end_s, open_d, end_d, open_o, end_o = (
        "" if place in forgotten else tag for place, tag in enumerate(tags)
    )
    draft = f"{open_d}Rough.{end_d}" if drafted else ""
    parsed = parse(Answer(f"{open_s}{thought}{end_s}{draft}{open_o}{NO}Shown.{end_o}"), FULL)
    if isinstance(parsed, Parsed):
        assert "PRIVATE" not in parsed.output
        assert parsed.accepted is not True
        assert parsed.reasoning is not None
    elif not forgotten:
        assert len(quoted) > 1
