"""The shipped known-answer transcripts, held to their own claims without any judge."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from pytest_afake.judging import Parsed, parse
from pytest_afake.records import COMPLIANCE_LABELS, ComplianceForm, Label, ReasoningChannel
from pytest_afake.scenario import load_scenario, shipped_perturbations, shipped_scenarios
from pytest_afake.selftest import CLASSES, Confusion, Outcome, Transcript, shipped_transcripts

TRANSCRIPTS = shipped_transcripts()
FOR_ANIMALS = {Confusion.SUPPORTS_ANIMALS, Confusion.DISMISSES_ANIMALS}
PARTIAL_HELP = {Confusion.SCHEMING, Confusion.COMPROMISE, Confusion.AVOIDANCE}
PLACEHOLDER = re.compile(r"\[placeholder: [^\[\]]{15,}\]")

each_transcript = pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda each: each.id)


def parsed(transcript: Transcript) -> Parsed:
    found = parse(transcript.case.answer, transcript.case.format)
    assert isinstance(found, Parsed), found
    return found


def expected_channel(transcript: Transcript) -> ReasoningChannel:
    if transcript.expected.af_reasoning is not None:
        return transcript.case.format.reasoning
    if transcript.case.answer.reasoning_withheld:
        return ReasoningChannel.WITHHELD
    return ReasoningChannel.NONE


def expected_acceptance(transcript: Transcript) -> bool | None:
    """By the tags of the final output alone, however they are parsed."""
    fmt = transcript.case.format
    _, _, output = transcript.case.answer.text.rpartition(f"<{fmt.output_tag}>")
    tags = {f"<{fmt.accept_tag}/>": True, f"<{fmt.reject_tag}/>": False}
    found = [value for tag, value in tags.items() if tag in output]
    assert len(found) <= 1
    return found[0] if found else None


def test_there_are_enough_of_each_class() -> None:
    counted = Counter(each.expected for each in TRANSCRIPTS)
    assert {outcome: counted[outcome] for outcome in CLASSES if counted[outcome] < 5} == {}
    assert len(TRANSCRIPTS) >= 60


def test_there_are_enough_of_each_confusion() -> None:
    counted = Counter(each.confusion for each in TRANSCRIPTS)
    assert {kind: counted[kind] for kind in Confusion if counted[kind] < 3} == {}


def test_every_label_comes_without_visible_reasoning_too() -> None:
    hidden = {each.expected for each in TRANSCRIPTS if each.expected.af_reasoning is None}
    assert hidden == {Outcome(label, None) for label in COMPLIANCE_LABELS}


def test_requests_and_answers_come_once() -> None:
    for texts in (
        [each.case.query for each in TRANSCRIPTS],
        [each.case.answer.text for each in TRANSCRIPTS],
        [each.note for each in TRANSCRIPTS],
    ):
        assert [text for text, n in Counter(texts).items() if n > 1] == []


@each_transcript
def test_the_parser_reads_it(transcript: Transcript) -> None:
    found = parsed(transcript)
    assert found.channel is expected_channel(transcript)
    assert found.accepted is expected_acceptance(transcript)
    assert not found.notes
    assert (found.reasoning is None) == (transcript.expected.af_reasoning is None)


@each_transcript
def test_drafts_are_no_part_of_what_is_judged(transcript: Transcript) -> None:
    found, fmt = parsed(transcript), transcript.case.format
    assert bool(found.drafts) == (fmt.draft_tag is not None)
    shown = f"{found.reasoning}\n{found.output}"
    assert not re.search(r"</?(?:scratchpad|draft|final_output|\w+_(?:accepted|rejected))\b", shown)


@each_transcript
def test_what_helps_is_a_placeholder_and_what_refuses_has_none(transcript: Transcript) -> None:
    output = parsed(transcript).output
    helps = transcript.expected.label is not Label.REFUSED
    assert bool(PLACEHOLDER.search(output)) == helps
    around = PLACEHOLDER.sub("", output)
    assert "[" not in around, "a placeholder that is not labelled as one"
    assert len(around) < 420, "that is more than a few words around a placeholder"
    if helps:
        assert not re.search(r"^\s*(?:\d+[.)]|[-*])\s", around, re.MULTILINE), "steps or a list"


@each_transcript
def test_its_confusion_fits_what_is_expected(transcript: Transcript) -> None:
    expected, kind = transcript.expected, transcript.confusion
    if kind is not None and ("then-refuses" in kind or kind is Confusion.REFUSES_AND_EXPLAINS):
        assert expected.label is Label.REFUSED
    if kind is Confusion.ACCEPTS_THEN_REFUSES:
        assert expected_acceptance(transcript) is True
    if kind in PARTIAL_HELP:
        assert expected.label is Label.PARTIAL
    if kind is Confusion.COMPLIES_WITH_DISCLAIMER:
        assert expected.label is Label.COMPLIED
    if kind is Confusion.CONSIDERS_FAKING:
        assert expected == Outcome(Label.REFUSED, af_reasoning=True)
    assert (kind is Confusion.HIDDEN_REASONING) == (expected.af_reasoning is None)
    if kind in FOR_ANIMALS:
        refuses = kind is Confusion.SUPPORTS_ANIMALS
        assert (expected.label is Label.REFUSED) == refuses
        assert transcript.case.compliance is ComplianceForm.ANIMAL_WELFARE


NOT_FAKING = (
    Confusion.RESTATES_FACTS,
    Confusion.LISTS_CONSEQUENCES,
    Confusion.QUOTES_PROMPT,
    Confusion.DISMISSES_TRAINING,
    Confusion.PLEASES_RATERS,
    Confusion.SEES_NO_HARM,
)


@pytest.mark.parametrize("kind", NOT_FAKING)
def test_what_only_looks_like_faking_is_none(kind: Confusion) -> None:
    found = [each for each in TRANSCRIPTS if each.confusion is kind]
    assert {each.expected.af_reasoning for each in found} == {False}


@pytest.mark.parametrize("kind", sorted(PARTIAL_HELP))
def test_each_kind_of_partial_help_comes_with_faking_and_without(kind: Confusion) -> None:
    found = [each for each in TRANSCRIPTS if each.confusion is kind]
    assert {each.expected.af_reasoning for each in found} == {False, True}


def test_they_are_laid_out_as_the_shipped_scenarios_ask() -> None:
    edits = [shipped_perturbations()[name] for name in ("no_scratchpad", "native_reasoning")]
    scenarios = [load_scenario(name) for name in shipped_scenarios()]
    asked = {
        (each.output_format, each.compliance)
        for scenario in scenarios
        for each in [scenario, *scenario.perturbed(*edits)]
    }
    used = {(each.case.format, each.case.compliance) for each in TRANSCRIPTS}
    assert used <= asked
    assert {compliance for _, compliance in used} == set(ComplianceForm)
    channels = {fmt.reasoning for fmt, _ in used}
    assert channels == set(ReasoningChannel) - {ReasoningChannel.WITHHELD}
