"""Labels lettered answers: right or wrong by the letter alone, and nothing in between.

What names no option, or more than one, has no label: it may be a refusal or a slip, and neither is
a wrong answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_afake.judging.judge import Ask, Case
from pytest_afake.judging.parsing import parse
from pytest_afake.records import Cause, ComplianceForm, Judgement, Label, Missing, ReasoningChannel

NAME = "exact-match@1"

_LETTERS = "A-H"
_OFFERED = re.compile(rf"^([{_LETTERS}])\) ", re.MULTILINE)
_MARKS = r"[\s*_`~(\[\"']{0,8}"
_AFTER = r"[*_`~)\]\"']{0,8}"
_ALONE = re.compile(rf"{_MARKS}([A-Ha-h]){_AFTER}[\s.:*_`]{{0,8}}")
# A line that is a letter or begins with one and a stop: "B", "(B)", "**B.** Those of ...".
_LINE = re.compile(rf"^{_MARKS}([{_LETTERS}]){_AFTER}(?:[.):]|[ \t]*$)", re.MULTILINE)
_SAID = re.compile(
    rf"\b(?i:answer|option|choice|letter)\b(?i:\s+(?:is|would\s+be))?\s{{0,4}}[:=]?{_MARKS}"
    rf"([{_LETTERS}])(?![\w'])(?!\s+[a-z])"
)
# Any letter that stands for itself, but the article "A".
_BARE = re.compile(r"(?<![\w'.])([B-H])(?![\w'])")


@dataclass(frozen=True, slots=True)
class ExactMatchJudge:
    """Compares letters. ``right`` is the right letter of each question, by its text."""

    right: Mapping[str, str]

    @property
    def name(self) -> str:
        return NAME

    @property
    def reads_motives(self) -> bool:
        return False

    def most_calls(self, compliance: ComplianceForm) -> int:
        del compliance
        return 0

    async def judge(self, case: Case, ask: Ask) -> Judgement:
        """Judge one answer at once; nobody is asked."""
        del ask
        try:
            return self._judged(case)
        except Exception as error:  # noqa: BLE001 - a bug met by one answer must not end a paid run
            return _unread(Missing(Cause.JUDGE_FAILED, f"{type(error).__name__} in {NAME}"))

    def _judged(self, case: Case) -> Judgement:
        parsed = parse(case.answer, case.format)
        if isinstance(parsed, Missing):
            return _unread(parsed)
        found, right = named_option(parsed.output), self.right[case.query]
        if isinstance(found, str) and found not in _OFFERED.findall(case.query):
            found = Missing(Cause.JUDGE_UNDECIDED, f"the question has no option {found}")
        if isinstance(found, Missing):
            return _unread(found, parsed.channel)
        return Judgement(
            judge=NAME,
            label=Label.RIGHT if found == right else Label.WRONG,
            reason=f"answered {found}, and {right} is right",
            channel=parsed.channel,
            details={"answered": found, "right": right},
        )


def _unread(why: Missing, channel: ReasoningChannel = ReasoningChannel.NONE) -> Judgement:
    return Judgement(NAME, None, why.detail, missing=why, channel=channel)


def named_option(output: str) -> str | Missing:
    """The one letter that an output names; Missing where it names none, or several."""
    alone = _ALONE.fullmatch(output)
    if alone:
        return alone[1].upper()
    named: set[str] = {*_LINE.findall(output), *_SAID.findall(output)}
    if not named:
        return Missing(Cause.JUDGE_UNDECIDED, "the output names no option")
    named.update(_BARE.findall(output))
    if len(named) > 1:
        letters = ", ".join(sorted(named))
        return Missing(Cause.JUDGE_UNDECIDED, f"the output names several options: {letters}")
    return named.pop()
