"""From transcripts to the texts that a person labels."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pytest_afake.judging import judged_output, parse
from pytest_afake.labelling.questions import ANSWER, REQUEST, Question
from pytest_afake.labelling.transcripts import Transcript
from pytest_afake.records import Cause, Missing


@dataclass(frozen=True, slots=True)
class Item:
    """One text to label, exactly as a judge model gets it.

    ``key`` is the name of the question and the key of the answer in the store: a label is one of a
    text *and* of a question. ``cluster`` is "" where the transcript names none.
    """

    key: str
    text: str
    query: str
    arm: str
    model: str
    cluster: str = ""

    @property
    def unit(self) -> tuple[str, str]:
        """What is independent of other texts: the cluster of the query, or the query itself."""
        return self.cluster, "" if self.cluster else self.query

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes a text one text: the arm, the query and what it says.

        Not the key, under which two stores may hold different answers, and which differs among the
        samples that say the same.
        """
        return self.arm, self.query, self.text


def shown(item: Item, question: Question) -> Mapping[str, str]:
    """All that a person may see of an item, part by part."""
    return {part: item.query if part == REQUEST else item.text for part in question.sees}


def items_of(
    transcripts: Iterable[Transcript], question: Question
) -> tuple[list[Item], Mapping[str, int]]:
    """The texts that the question can be asked about, and a count of those left out, by cause.

    The same text in answer to the same query in the same arm is one item, however often it was
    given: it is also one text to a calibration.
    """
    items: dict[tuple[str, str, str], Item] = {}
    left_out: Counter[str] = Counter()
    for row in transcripts:
        text, cause = _text_of(row, question)
        if text is None:
            left_out[cause] += 1
            continue
        key = f"{question.name}:{row.key or _own_key(row, text)}"
        item = Item(key, text, row.query, row.arm, row.model, row.cluster)
        items.setdefault(item.identity, item)
    return list(items.values()), left_out


def _text_of(row: Transcript, question: Question) -> tuple[str | None, str]:
    """The text as a judge model would get it, or None and why there is none."""
    if row.answer is None:
        return None, row.missing or "no answer"
    parsed = parse(row.answer, row.format, row.prefill)
    if isinstance(parsed, Missing):
        return None, parsed.cause.value
    if REQUEST in question.sees and not row.query.strip():
        return None, "no query"
    if ANSWER in question.sees:
        output = judged_output(parsed)
        return (None, output.detail) if isinstance(output, Missing) else (output, "")
    return parsed.reasoning, Cause.REASONING_HIDDEN.value


def _own_key(row: Transcript, text: str) -> str:
    """For rows that have no key."""
    return hashlib.sha256(json.dumps([row.arm, row.query, text]).encode()).hexdigest()
