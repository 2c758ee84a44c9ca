"""Short names of the published study's models, so that its suites can be run by them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pytest_afake.resources import resource_path


@cache
def builtin_aliases() -> Mapping[str, str]:
    """From alias to LiteLLM name, as shipped in ``fixtures/models.toml``."""
    with resource_path("fixtures", "models.toml").open("rb") as file:
        aliases: dict[str, str] = tomllib.load(file)["aliases"]
    return MappingProxyType(aliases)
