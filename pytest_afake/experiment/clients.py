"""From a model's spec to something that can be asked. Nothing here imports LiteLLM."""

from __future__ import annotations

from pytest_afake.models.client import Client
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import ModelSpec
from pytest_afake.organisms import parse_organism
from pytest_afake.records import Sampling


def make_client(spec: ModelSpec) -> Client:
    """The client of a model. Raises UsageError for an organism that does not exist."""
    return parse_organism(spec.target) if spec.simulated else LiteLLMClient(spec)


def sampling_of(spec: ModelSpec) -> Sampling:
    """The sampling parameters that a spec asks for."""
    extra = dict(spec.extra)
    if spec.reasoning_effort:
        extra["reasoning_effort"] = spec.reasoning_effort
    return Sampling(temperature=spec.temperature, max_tokens=spec.max_tokens, extra=extra)
