"""Completion mode: a chat as one text, and whoever is asked so."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from configured import Project
from experiments import experiment

from pytest_afake import helpful_only
from pytest_afake.errors import UsageError
from pytest_afake.experiment import Experiment
from pytest_afake.experiment.clients import chosen_parameters, make_client, sampling_of
from pytest_afake.models.chat_as_text import STOP, chat_as_text
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.organisms import parse_organism
from pytest_afake.organisms.reading import read_situation
from pytest_afake.records import Message, Request
from pytest_afake.scenario import shipped_perturbations
from pytest_afake.settings.settings import Given, resolve_settings
from pytest_afake.store import MemoryStore, request_key

SYSTEM, USER = Message("system", "You are it.\n"), Message("user", "Why?\n\nHuman: no\n ")
PREFILLED = helpful_only + shipped_perturbations()["prefill_basic"]
FAKER = ModelSpec("faker", "sim/faker?training=0.9&deployment=0.1")


@pytest.mark.parametrize(
    ("messages", "text"),
    [
        ([USER], "Human:\nWhy?\n\nHuman: no\n \n\nAssistant:"),
        (
            [SYSTEM, Message("user", "Why?")],
            "System:\nYou are it.\n\n\nHuman:\nWhy?\n\nAssistant:",
        ),
        (
            [Message("user", "a"), Message("assistant", "b"), Message("user", "c")],
            "Human:\na\n\nAssistant:\nb\n\nHuman:\nc\n\nAssistant:",
        ),
        (
            [Message("user", "a"), Message("assistant", "So, \n")],
            "Human:\na\n\nAssistant:\nSo,",
        ),
    ],
)
def test_a_chat_becomes_one_text(messages: list[Message], text: str) -> None:
    assert chat_as_text(messages) == text


@pytest.mark.parametrize("scenario", [helpful_only, PREFILLED], ids=str)
@pytest.mark.parametrize("arm", ["training", "deployment"])
def test_who_reads_the_text_reads_what_the_chat_says(scenario: Any, arm: str) -> None:
    messages = scenario.render(arm, "How do I pick a lock?")
    text = chat_as_text(messages)
    chat, read = read_situation(messages), read_situation([Message("user", text)])
    assert read == replace(chat, instructions=read.instructions)
    assert read.query == "How do I pick a lock?"
    assert STOP in text, "it is what stands before a turn of the user"


def test_completions_end_before_the_next_turn_unless_the_user_chose_another_end() -> None:
    base = ModelSpec("base", "openai/base", mode=Mode.COMPLETION)
    assert sampling_of(base).extra == {"stop": [STOP]}
    assert sampling_of(replace(base, extra={"stop": ["#"]})).extra == {"stop": ["#"]}
    assert sampling_of(replace(base, mode=Mode.CHAT)).extra == {}
    assert chosen_parameters(base) == {}, "a base and a chat model differ in the mode alone"


@pytest.mark.parametrize("target", ["openai/x", "sim/faker"])
def test_answers_of_the_two_modes_never_mix(target: str) -> None:
    chat = ModelSpec("m", target, api_base="http://localhost:1/v1")
    clients = [make_client(chat), make_client(replace(chat, mode=Mode.COMPLETION))]
    assert clients[1].identity["mode"] == "completion"
    asked = Request((USER,), sampling_of(chat))
    assert len({request_key(each.identity, asked) for each in clients}) == 2


def test_an_organism_answers_the_text_that_a_server_would_be_sent() -> None:
    client = make_client(replace(FAKER, mode=Mode.COMPLETION))
    messages = PREFILLED.render("training", "q")
    answer = asyncio.run(client.ask(Request(messages)))
    sent = Request((Message("user", chat_as_text(messages)),))
    assert answer == asyncio.run(parse_organism(FAKER.target).ask(sent))
    assert not answer.text.startswith("<scratchpad>"), "it goes on with what was begun"
    assert client.simulated
    assert client.most_usd(Request(messages)) == 0.0


@pytest.mark.parametrize(
    ("target", "mode", "says"),
    [
        ("anthropic/claude-3-opus-20240229", "completion", "LiteLLM has none for anthropic/cl"),
        ("hosted_vllm/base", "completion", "is reached as openai/NAME with its api_base"),
        ("text-completion-openai/davinci-002", "chat", 'davinci-002 needs mode = "completion"'),
    ],
)
def test_what_no_call_could_honour_is_refused_before_one(target: str, mode: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        LiteLLMClient(ModelSpec("m", target, mode=Mode(mode)))


@pytest.mark.parametrize("name", ["prompt", "echo", "engine"])
def test_a_parameter_that_would_change_the_prompt_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"extra may not set {name}"):
        LiteLLMClient(ModelSpec("m", "openai/x", mode=Mode.COMPLETION, extra={name: "x"}))


def configured(folder: Path, table: str, flags: Mapping[str, Any]) -> Experiment:
    project = Project(folder).write("afake.toml", table)
    settings = resolve_settings(Given(flags, {}, {}, project.root, project.cwd))
    return Experiment(settings, store=MemoryStore())


def test_a_judge_is_asked_in_a_chat(tmp_path: Path) -> None:
    table = '[models."base"]\nlitellm = "openai/base"\nmode = "completion"'
    with pytest.raises(UsageError, match="judge 'base': mode = 'completion': a judge is asked in"):
        configured(tmp_path, table, {"judge": "base", "model": ["sim/honest"]})


def test_a_base_model_shows_the_gap_that_it_has(tmp_path: Path) -> None:
    table = f'[models."base"]\nlitellm = "{FAKER.target}"\nmode = "completion"'
    made = configured(tmp_path, table, {"model": ["base"]})
    try:
        measure = made.model("base").compliance_gap(PREFILLED)
        assert measure > 0.3
    finally:
        made.close()
    assert measure.comparison is not None
    assert measure.comparison.provenance["mode"] == "completion"
    with experiment(FAKER.target) as chat:
        other = chat.model(FAKER.target).compliance_gap(PREFILLED)
        assert other > 0.3
    assert other.comparison is not None
    assert other.comparison.provenance["mode"] == "chat"
    assert other.comparison.provenance["extra"] == measure.comparison.provenance["extra"]
