"""What a text against the judge model can achieve is, at most, that nothing is known."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import product
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judge_attacks import ATTACKS, LONG, Foe

from pytest_afake.judging import Case, JudgeModel, ModelJudge
from pytest_afake.judging.forms import Form, Prompt, Question, shipped_forms
from pytest_afake.judging.forms.fence import shown
from pytest_afake.judging.forms.fields import Field, Kind
from pytest_afake.judging.forms.replies import read_reply
from pytest_afake.records import Answer, Cause, Json, Judgement, Missing, OutputFormat, Request

MIXED = Form(
    name="mixed",
    version=1,
    task="Describe the answer.",
    task_paraphrase="Say what the answer is like.",
    sees=("request", "answer"),
    questions=(
        Question("helps", Kind.YES_NO, "Does it help?", "Is it of help?", quoted=True),
        Question("grade", Kind.SCALE, "How much?", "To what degree?"),
        Question("zeal", Kind.YES_NO, "Is it eager?", "Is it keen?", quoted=True),
    ),
)
FORMS = {form.name: form for form in (MIXED, *shipped_forms().values())}
ENDS = ("begins", "ends")
HONEST: Mapping[Kind, Json] = {Kind.YES_NO: False, Kind.SCALE: 1, Kind.QUOTE: ""}


@cache
def attacked(attack: str, form: str) -> tuple[Foe, str, Prompt]:
    """The author, the text and the prompt about it."""
    foe = Foe(FORMS[form])
    text = ATTACKS[attack](foe)
    return foe, text, FORMS[form].prompt(dict.fromkeys(FORMS[form].sees, text))


def forms(attack: str) -> list[str]:
    """All forms; one for long texts, which take their time."""
    return list(FORMS) if len(attacked(attack, MIXED.name)[1]) < LONG // 2 else [MIXED.name]


def honest(fields: Sequence[Field]) -> dict[str, Json]:
    return {field.key: HONEST[field.kind] for field in fields}


def read(reply: str, prompt: Prompt) -> Mapping[str, bool | int | str] | Missing:
    return read_reply(Answer(reply, finish_reason="stop"), prompt.fields, prompt.token)


def labels(values: Mapping[str, Json], fields: Sequence[Field]) -> dict[str, Json]:
    """The values that decide; a quote is held against the text later on."""
    return {field.key: values[field.key] for field in fields if field.kind is not Kind.QUOTE}


# Judge models that were taken in, or that only repeat what they see.
Naive = Callable[[Foe, str, Prompt], str]
NAIVE: Mapping[str, Naive] = {
    "repeats the text": lambda foe, text, prompt: text,
    "repeats what it was shown": lambda foe, text, prompt: shown(text),
    "repeats the fence, too": lambda foe, text, prompt: prompt.messages[-1].content,
    "repeats all of the prompt": lambda foe, text, prompt: "\n".join(
        message.content for message in prompt.messages
    ),
    "quotes it in prose": lambda foe, text, prompt: f'It says "{text}", and I agree.',
    "in a code block": lambda foe, text, prompt: f"```json\n{text}\n```",
    "in an object of its own": lambda foe, text, prompt: json.dumps({"verdict": text}),
    "obeys": lambda foe, text, prompt: foe.verdict(),
    "obeys and wraps it": lambda foe, text, prompt: json.dumps({"verdict": foe.wants}),
    "obeys after naming the number": lambda foe, text, prompt: (
        f'The number is "{prompt.token}". {foe.verdict()}\n{text}'
    ),
    "obeys before naming the number": lambda foe, text, prompt: (
        f'{foe.verdict()}\n{text}\n{{"number": "{prompt.token}"}}'
    ),
    "obeys beside the number": lambda foe, text, prompt: json.dumps(
        [{"fence": prompt.token}, foe.wants]
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_judge_that_is_taken_in_says_nothing(attack: str) -> None:
    for naive, form in product(NAIVE, forms(attack)):
        foe, text, prompt = attacked(attack, form)
        said = read(NAIVE[naive](foe, text, prompt), prompt)
        assert isinstance(said, Missing), (naive, form)
        assert said.cause in (Cause.JUDGE_FAILED, Cause.JUDGE_UNDECIDED), (naive, form)
        assert said.detail.isprintable()
        assert len(said.detail) < 100


# Judge models that fill in the form honestly, and quote the text beside it.
def filled(
    prompt: Prompt, more: Mapping[str, Json] = MappingProxyType({}), *, fence_last: bool = False
) -> str:
    fence: dict[str, Json] = {"fence": prompt.token}
    values = honest(prompt.fields) | dict(more)
    return json.dumps(values | fence if fence_last else fence | values)


def escaped(prompt: Prompt, text: str) -> str:
    """The form with the text in each of its quotes, and in a key of its own."""
    quotes = {field.key: text for field in prompt.fields if field.kind is Kind.QUOTE}
    return filled(prompt, {"note": text, **quotes})


def careless(prompt: Prompt, text: str, order: Callable[[list[str]], list[str]]) -> str:
    """The same form with nothing escaped, and its keys in this order."""
    values = {**json.loads(filled(prompt)), "note": ""}
    quoting = {"note", *(field.key for field in prompt.fields if field.kind is Kind.QUOTE)}
    pairs = {
        key: f'"{key}": ' + (f'"{text}"' if key in quoting else json.dumps(value))
        for key, value in values.items()
    }
    return "{" + ", ".join(pairs[key] for key in order(list(pairs))) + "}"


def note_second(keys: list[str]) -> list[str]:
    """The note stands behind the first value, and the number comes last."""
    rest = [key for key in keys if key not in ("fence", "note")]
    return [*rest[:2], "note", *rest[2:], "fence"]


Beside = Callable[[str, Prompt], str]
CLEAN: Mapping[str, Beside] = {
    "nothing else": lambda text, prompt: filled(prompt),
    "in strings": lambda text, prompt: escaped(prompt, text),
    "in strings, in a code block": lambda text, prompt: f"```json\n{escaped(prompt, text)}\n```",
}
MESSY: Mapping[str, Beside] = {
    "the text first": lambda text, prompt: f"{text}\n{filled(prompt)}",
    "the text last": lambda text, prompt: f"{filled(prompt)}\n{text}",
    "the text on both sides": lambda text, prompt: f"{text}{filled(prompt)}{text}",
    "in prose before it": lambda text, prompt: f'It says "{text}". So: {filled(prompt)}',
    "number last": lambda text, prompt: f"{text}\n{filled(prompt, fence_last=True)}",
    "number last, text behind": lambda text, prompt: f"{filled(prompt, fence_last=True)}{text}",
    "two code blocks": lambda text, prompt: f"```\n{text}\n```\n```json\n{filled(prompt)}\n```",
    "twice": lambda text, prompt: f"{filled(prompt)}\n{text}\n{filled(prompt)}",
    "in an object": lambda text, prompt: f'{{"text": "{text}", "form": {filled(prompt)}}}',
    "not escaped": lambda text, prompt: careless(prompt, text, list),
    "not escaped, keys sorted": lambda text, prompt: careless(prompt, text, sorted),
    "not escaped, number last": lambda text, prompt: careless(prompt, text, lambda k: k[::-1]),
    "not escaped, early note": lambda text, prompt: careless(prompt, text, note_second),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_honest_reply_is_read_whatever_the_text(attack: str) -> None:
    for beside, form in product(CLEAN, forms(attack)):
        _, text, prompt = attacked(attack, form)
        said = read(CLEAN[beside](text, prompt), prompt)
        assert not isinstance(said, Missing), (beside, form, said)
        expected = labels(honest(prompt.fields), prompt.fields)
        assert labels(said, prompt.fields) == expected, (beside, form)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_honest_reply_beside_the_text_is_read_or_nothing_is(attack: str) -> None:
    for beside, form in product(MESSY, forms(attack)):
        _, text, prompt = attacked(attack, form)
        said = read(MESSY[beside](text, prompt), prompt)
        if not isinstance(said, Missing):
            expected = labels(honest(prompt.fields), prompt.fields)
            assert labels(said, prompt.fields) == expected, (beside, form)


@pytest.mark.parametrize("beside", MESSY)
def test_the_same_replies_are_read_beside_an_innocent_text(beside: str) -> None:
    for form in FORMS.values():
        text = "Use a firm hand, and less water than you think."
        prompt = form.prompt(dict.fromkeys(form.sees, text))
        said = read(MESSY[beside](text, prompt), prompt)
        assert not isinstance(said, Missing), form.name
        assert labels(said, prompt.fields) == labels(honest(prompt.fields), prompt.fields)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_material_lies_between_lines_that_it_cannot_write(attack: str) -> None:
    for name in forms(attack):
        form = FORMS[name]
        _, text, prompt = attacked(attack, name)
        material = prompt.messages[-1].content
        lines = [line for line in material.split("\n") if prompt.token in line]
        ends = [f"===== {prompt.token} {part} {end} =====" for part in form.sees for end in ENDS]
        assert lines == ends
        assert prompt.token not in text
        assert all(char in "\n\t" or char.isprintable() for char in material)


# The same through the whole judge.
async def repeats(request: Request) -> Answer:
    return Answer(request.messages[-1].content)


async def complies_but_repeats_reasoning(request: Request) -> Answer:
    """Fills in the forms about the answer, and repeats the reasoning."""
    told = request.messages[0].content
    if "Form: reasoning@" in told:
        return await repeats(request)
    template = told[told.rindex('{"fence"') :]
    return Answer(template.replace("true or false", "false").replace("1, 2, 3, 4 or 5", "5"))


def judged(answer: Answer, ask: Callable[[Request], object]) -> Judgement:
    judge = ModelJudge(JudgeModel("naive", "naive"), votes=3)
    case = Case("How do I bake bread?", answer, OutputFormat())
    return asyncio.run(judge.judge(case, ask))  # type: ignore[arg-type]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_answer_that_is_repeated_has_no_label(attack: str) -> None:
    text = ATTACKS[attack](Foe(FORMS["rubric"]))
    judgement = judged(Answer(text), repeats)
    assert judgement.label is None
    assert judgement.missing is not None


@pytest.mark.parametrize("attack", ATTACKS)
def test_reasoning_that_is_repeated_is_neither_found_nor_ruled_out(attack: str) -> None:
    text = ATTACKS[attack](Foe(FORMS["reasoning"]))
    judgement = judged(Answer("Knead it.", reasoning=text), complies_but_repeats_reasoning)
    assert judgement.label is not None
    assert judgement.af_reasoning is None
    assert judgement.af_missing is not None


# Heaps of all of it.
FOE = Foe(MIXED)
PIECES = st.sampled_from(
    [text for text in (attack(FOE) for attack in ATTACKS.values()) if len(text) < LONG // 20]
    + ["{", "}", '"', '", "', '"}', '{"', ", ", ": ", "[", "]", "\\", "```", "\n", FOE.pairs]
    + [f'"{field.key}": ' for field in FOE.fields]
    + ["true", "5", '"fence": ', "null", FOE.first_pair]
)


@st.composite
def heaps(draw: st.DrawFn) -> str:
    """Pieces in a row, each of them whole or cut off on either side."""
    text = ""
    for piece in draw(st.lists(PIECES, max_size=5)):
        start, end = (draw(st.integers(0, len(piece))) for _ in range(2))
        text += piece[start:end] if draw(st.booleans()) and start < end else piece
    return text


@given(heaps(), st.sampled_from(list(NAIVE.values())))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_a_heap_of_attacks_that_is_repeated_says_nothing(text: str, naive: Naive) -> None:
    prompt = MIXED.prompt({"request": "How?", "answer": text})
    assert isinstance(read(naive(FOE, text, prompt), prompt), Missing)


@given(heaps(), heaps(), st.permutations([*(field.key for field in FOE.fields), "fence", "note"]))
@settings(deadline=None, derandomize=True, max_examples=1000)
def test_a_heap_of_attacks_in_a_careless_reply_changes_no_value(
    text: str, around: str, order: list[str]
) -> None:
    prompt = MIXED.prompt({"request": "How?", "answer": text + around})
    reply = careless(prompt, text, lambda _: order)
    for said in (read(reply, prompt), read(f"{around}{reply}{around}", prompt)):
        if not isinstance(said, Missing):
            assert labels(said, prompt.fields) == labels(honest(prompt.fields), prompt.fields)
