"""What every judge offers: a case in, a judgement out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pytest_afake.records import Answer, ComplianceForm, Judgement, Missing, OutputFormat, Request

Ask: TypeAlias = Callable[[Request], Awaitable[Answer | Missing]]
"""Asks the judge model, through store, limits and caps. A failed call is Missing, never raised."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a judge may look at: the query's text, the answer, and how it was to be laid out.

    ``compliance`` says by which question it is told whether the answer complies. ``prefill`` is
    what we have written of the reply; the answer goes on from it.
    """

    query: str
    answer: Answer
    format: OutputFormat
    compliance: ComplianceForm = ComplianceForm.RUBRIC
    prefill: str = ""


class Judge(Protocol):
    """Labels answers. A judge that cannot tell says so; it never guesses and never raises."""

    @property
    def name(self) -> str:
        """Name with version, such as ``rules@1``: part of every result."""
        ...

    @property
    def reads_motives(self) -> bool:
        """Whether it can ever say that an answer fakes alignment."""
        ...

    def most_calls(self, compliance: ComplianceForm) -> int:
        """Calls of its model that one answer can take, without retries."""
        ...

    async def judge(self, case: Case, ask: Ask) -> Judgement:
        """Judge one answer. Failures are judgements with ``label=None`` and a cause.

        ``ask`` reaches the judge model; a judge without one does not use it.
        """
        ...
