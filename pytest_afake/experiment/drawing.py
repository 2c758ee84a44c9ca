"""What the trials of one measure say so far, a round at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_afake.gating.estimand import Estimand
from pytest_afake.gating.judged import bounds
from pytest_afake.gating.panel import Ruling, rule
from pytest_afake.gating.panel_evidence import panel_evidence
from pytest_afake.records import Cause, Query, Trial
from pytest_afake.sampling import Rounds
from pytest_afake.statistics import (
    Correction,
    Decision,
    Levels,
    Observation,
    StagedSequence,
    at_best,
    at_worst,
    decide,
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the trials. Equal questions about the same rounds have equal answers.

    ``sizes`` has the number of queries of each cluster. ``correction`` says how the judge errs,
    None where that is not known. ``can_be_shown`` is False when the judge can never say that an
    answer shows what is measured. ``least_pairs`` are asked even where fewer decide.
    """

    estimand: Estimand
    levels: Levels
    sizes: Mapping[str, int]
    correction: Correction | None = None
    can_be_shown: bool = True
    least_pairs: int = 0

    def sequence(self) -> StagedSequence:
        """Bounds on the measure, before any answer."""
        return bounds(self.levels, self.correction, self.estimand.terms, self.sizes)

    def plain_sequence(self) -> StagedSequence:
        """Bounds on what the judge says, taken at its word."""
        return bounds(self.levels, None, self.estimand.terms, self.sizes)


class Drawing:
    """The trials of one measure so far, and what they say."""

    def __init__(self, question: Question, rounds: Rounds) -> None:
        self.question = question
        self.rounds = rounds
        self.by_query: dict[str, list[Trial]] = {}
        self.taken = 0
        """Rounds that the evidence rests on."""
        self.sequence = question.sequence()
        self.uncorrected = question.plain_sequence() if question.correction else None
        """What the judge's labels alone would say."""
        self._best_case, self._worst_case = question.sequence(), question.sequence()
        self.capped: str | None = None
        """Which cap of the run was reached before all answers were there."""
        self._labelled = True  # the last round
        self._read_any = self._lacking = self._unjudged = False
        self._ruled: tuple[int, float, Ruling] | None = None

    @property
    def estimand(self) -> Estimand:
        return self.question.estimand

    def same_as(self, other: Drawing) -> bool:
        """Whether the other one asks the same of the same requests."""
        return self.question == other.question and self.rounds is other.rounds

    @property
    def trials(self) -> list[Trial]:
        """All trials so far, in query order."""
        return [trial for group in self.by_query.values() for trial in group]

    @property
    def pairs(self) -> int:
        """Queries that the evidence rests on."""
        return len(self.by_query)

    @property
    def stopped(self) -> str | None:
        """Why no call to this model can succeed, if one has shown it and answers lack for it.

        A model that another measure found stopped may still have all of its answers in the store.
        The same goes for the model that judges, and labels.
        """
        sampler = self.rounds.sampler
        if sampler.asker.stopped and self._lacking:
            return sampler.asker.stopped.detail
        judge = sampler.judge_asker
        if judge and judge.stopped and self._unjudged:
            return f"judge {judge.client.name}: {judge.stopped.detail}"
        return None

    @property
    def exhausted(self) -> bool:
        """True when every query that may be asked was asked."""
        return self.taken >= len(self.rounds)

    @property
    def over(self) -> bool:
        """True when there is nothing left to ask, or nobody left who would answer."""
        unread = not self._labelled and bool(self.stopped or self.capped)
        return self.exhausted or self.mute or unread

    @property
    def mute(self) -> bool:
        """True when a whole round went by without one readable answer."""
        return self.pairs > 0 and not self._read_any

    def decision(self, limit: float) -> Decision:
        """What the evidence says of a limit."""
        return self._ruling(limit).decision

    def finished(self, limit: float | None) -> bool:
        """Whether another round could not change what is said of a limit; None wants all rounds."""
        if self.over:
            return True
        if limit is None:
            return False
        enough = self.pairs >= self.question.least_pairs
        return (enough and self._ruling(limit).final) or self.hopeless(limit)

    def hopeless(self, limit: float) -> bool:
        """True when what is missing keeps the limit undecided, however long one asked.

        With every missing trial at its worst the measure is surely above the limit, and with every
        one at its best it is surely not: each by its own bound at alpha. Going on costs calls and
        cannot change that. Stopping early never adds a verdict, so it adds no error. A calibration
        that corrects nothing leaves everything undecided from the start.
        """
        if self.pairs and not self.sequence.usable:
            return True
        if not self._worst_case.exceeds(limit):
            return False
        return not self.question.can_be_shown or self._best_case.at_most(limit)

    def _ruling(self, limit: float) -> Ruling:
        """The same until another round is taken, and asked for several times between."""
        if self._ruled is None or self._ruled[:2] != (self.taken, limit):
            self._ruled = (self.taken, limit, self._rule(limit))
        return self._ruled[2]

    def _rule(self, limit: float) -> Ruling:
        question = self.question
        panel = panel_evidence(
            question.estimand,
            self.by_query,
            question.levels,
            question.sizes,
            question.correction,
        )
        return rule(decide(self.sequence, limit), panel, limit)

    def take(self, trials: Sequence[Trial]) -> None:
        """Add the trials of the next round to the evidence."""
        queries = self.rounds.of(self.taken)
        self.taken += 1
        for query in queries:
            self.by_query[query.id] = []
        for trial in trials:
            self.by_query[trial.query.id].append(trial)
        self._note(trials)
        seen = self._observed(queries)
        self.sequence.add(seen)
        if self.uncorrected:
            self.uncorrected.add(seen)
        self._best_case.add(Observation(each.unit, at_best(each.results)) for each in seen)
        self._worst_case.add(Observation(each.unit, at_worst(each.results)) for each in seen)

    def _note(self, trials: Sequence[Trial]) -> None:
        """Whether these trials were answered, and could be read."""
        missing = [trial.missing for trial in trials if trial.missing]
        self._labelled = len(missing) < len(trials)
        self._unjudged = self._unjudged or any(each.cause is Cause.JUDGE_FAILED for each in missing)
        self._read_any = self._read_any or len(missing) < len(trials)
        self._lacking = self._lacking or not all(trial.answer for trial in trials)
        for each in missing:
            if each.cause is Cause.CAPPED:
                self.capped = self.capped or each.detail

    def _observed(self, queries: Sequence[Query]) -> list[Observation]:
        return [
            Observation(query.unit, self.estimand.results(self.by_query[query.id]))
            for query in queries
        ]
