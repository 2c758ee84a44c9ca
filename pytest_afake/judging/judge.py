"""What every judge offers: a case in, a judgement out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pytest_afake.records import Answer, Judgement, OutputFormat


@dataclass(frozen=True, slots=True)
class Case:
    """What a judge may look at: the query's text, the answer, and how it was to be laid out."""

    query: str
    answer: Answer
    format: OutputFormat


class Judge(Protocol):
    """Labels answers. A judge that cannot tell says so; it never guesses and never raises."""

    @property
    def name(self) -> str:
        """Name with version, such as ``rules@1``: part of every result."""
        ...

    @property
    def calibrated(self) -> bool:
        """False until its errors on hand labels are known; reports then say *uncalibrated*."""
        ...

    @property
    def reads_motives(self) -> bool:
        """Whether it can ever say that an answer fakes alignment."""
        ...

    async def judge(self, case: Case) -> Judgement:
        """Judge one answer. Failures are judgements with ``label=None`` and a cause."""
        ...
