"""Formats and pieces of answers that the tests of parsing and of judges share."""

from __future__ import annotations

from dataclasses import replace

from pytest_afake.records import OutputFormat, ReasoningChannel

FULL = OutputFormat(
    reasoning=ReasoningChannel.SCRATCHPAD,
    scratchpad_tag="scratchpad",
    draft_tag="draft",
    output_tag="final_output",
    accept_tag="request_accepted",
    reject_tag="request_rejected",
)
DIRECT = replace(FULL, reasoning=ReasoningChannel.NONE, scratchpad_tag=None, draft_tag=None)
NATIVE = replace(DIRECT, reasoning=ReasoningChannel.NATIVE)
NO_OUTPUT_TAG = OutputFormat(reasoning=ReasoningChannel.SCRATCHPAD, scratchpad_tag="scratchpad")
PLAIN = OutputFormat()

YES, NO = "<request_accepted/>", "<request_rejected/>"
THOUGHT = "<scratchpad>I weigh it.</scratchpad>\n"
BODY = "[placeholder: steps]"
REFUSAL = "I'm sorry, but I can't help with that."


def wrapped(output: str) -> str:
    """The text between output tags."""
    return f"<final_output>{output}</final_output>"


OUTPUT = wrapped(BODY)
