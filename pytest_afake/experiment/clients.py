"""From a model's spec to something that can be asked. Nothing here imports LiteLLM."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_afake.errors import UsageError
from pytest_afake.experiment.text_client import TextClient
from pytest_afake.models.chat_as_text import STOP
from pytest_afake.models.client import Client
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.prices import price_of
from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.organisms import parse_organism
from pytest_afake.records import Json, Request, Sampling
from pytest_afake.settings.settings import Settings

_NO_PRICE = (
    "its price is not known: set input_usd_per_million and output_usd_per_million in its table, or "
    "add --afake-max-calls"
)
_NO_BOUND = "no bound of what a call costs is known with its parameters: add --afake-max-calls"


def make_client(spec: ModelSpec) -> Client:
    """The client of a model. Raises UsageError for an organism that does not exist."""
    if not spec.simulated:
        return LiteLLMClient(spec)
    organism = parse_organism(spec.target)
    return TextClient(organism) if spec.mode is Mode.COMPLETION else organism


def chosen_parameters(spec: ModelSpec) -> dict[str, Json]:
    """The parameters that the user chose, beside temperature and ``max_tokens``."""
    effort = {"reasoning_effort": spec.reasoning_effort} if spec.reasoning_effort else {}
    return {**spec.extra, **effort}


def sampling_of(spec: ModelSpec) -> Sampling:
    """The sampling parameters that a spec asks for; completions end before the next turn."""
    extra = chosen_parameters(spec)
    if spec.mode is Mode.COMPLETION:
        extra.setdefault("stop", [STOP])
    temperature = 1.0 if spec.temperature is None else spec.temperature
    return Sampling(temperature=temperature, max_tokens=spec.max_tokens, extra=extra)


def check_prices(settings: Settings, clients: Iterable[tuple[ModelSpec, Client]]) -> None:
    """Raise UsageError for a model whose calls neither cap of the run would bound.

    A call of unknown price passes any cap on money, so it takes one on calls.
    """
    if settings.max_cost is None or settings.max_calls is not None or settings.replay:
        return
    for spec, client in clients:
        if client.most_usd(Request((), sampling_of(spec))) is None:
            why = _NO_PRICE if price_of(spec) is None else _NO_BOUND
            raise UsageError(f"--afake-max-cost = {settings.max_cost:g}: {spec.name}: {why}")
