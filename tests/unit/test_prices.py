"""Prices come from the user or from LiteLLM's own list; in doubt there is none, and never 0."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pytest_afake.models.prices import Price, own_price, price_of
from pytest_afake.models.spec import ModelSpec

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def table() -> dict[str, Any]:
    """LiteLLM's list as it lies in the installed package."""
    package = find_spec("litellm")
    assert package is not None
    assert package.origin is not None
    path = Path(package.origin).with_name("model_prices_and_context_window_backup.json")
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def listed(target: str, prompt_tokens: int | None = None) -> Price | None:
    return price_of(ModelSpec("m", target), prompt_tokens)


@pytest.mark.parametrize("target", ["openai/gpt-4o", "gpt-4o"])
def test_a_model_is_found_with_and_without_its_provider(table: dict[str, Any], target: str) -> None:
    price = listed(target)
    assert price is not None
    assert price.input_usd >= table["gpt-4o"]["input_cost_per_token"] > 0
    assert price.output_usd >= table["gpt-4o"]["output_cost_per_token"] > 0


@pytest.mark.parametrize(
    "target",
    [
        "nonesuch",
        "openai/nonesuch",
        "nonesuch/gpt-4o",  # listed, for another provider
        "hosted_vllm/gpt-4o",
        "openai/gpt-4o-2031-01-01",  # a date that is not listed: LiteLLM takes the price of gpt-4o
        "openai/GPT-4o",
        "azure/gpt-4o",  # the user's own name of a deployment
        "openrouter/auto",
        "perplexity/sonar",
        "openai/gpt-4o-search-preview",
        "openai/o3-deep-research",
        "openai/text-embedding-3-small",
        "sim/faker",
        "sample_spec",
        "",
    ],
)
def test_in_doubt_there_is_no_price(target: str) -> None:
    assert listed(target) is None


def test_only_software_that_users_run_is_free() -> None:
    assert listed("ollama/llama3") == Price(0.0, 0.0)
    assert listed("ollama/gpt-oss:120b-cloud") is None


def test_no_hosted_model_is_free(table: dict[str, Any]) -> None:
    hosted = [
        name
        for name, entry in table.items()
        if entry.get("input_cost_per_token") == 0 and not name.startswith("ollama")
    ]
    assert len(hosted) > 20
    assert [name for name in hosted if listed(name) is not None] == []


def test_prices_for_longer_prompts_count_where_the_prompt_may_be_that_long(
    table: dict[str, Any],
) -> None:
    model = "gemini/gemini-2.5-pro"
    short, long, any_length = listed(model, 199_000), listed(model, 200_000), listed(model)
    assert short is not None
    assert long is not None
    assert long == any_length
    assert short.input_usd < table[model]["input_cost_per_token_above_200k_tokens_priority"]
    assert long.input_usd == table[model]["input_cost_per_token_above_200k_tokens_priority"]
    assert short.output_usd < long.output_usd


def test_a_table_of_tiers_gives_the_dearest(table: dict[str, Any]) -> None:
    tiers = table["dashscope/qwen-plus-latest"]["tiered_pricing"]
    price = listed("dashscope/qwen-plus-latest")
    assert price is not None
    assert price.input_usd == max(tier["input_cost_per_token"] for tier in tiers)
    assert price.output_usd == max(tier["output_cost_per_reasoning_token"] for tier in tiers)


def test_the_users_price_goes_before_the_list() -> None:
    own = ModelSpec("m", "gpt-4o", input_usd_per_million=2.0, output_usd_per_million=0.5)
    assert price_of(own) == own_price(own) == Price(2e-6, 0.5e-6)
    free = ModelSpec("m", "hosted_vllm/x", input_usd_per_million=0, output_usd_per_million=0)
    assert price_of(free) == Price(0.0, 0.0)


def test_the_list_is_read_without_importing_litellm() -> None:
    code = (
        "import sys; from pytest_afake.models.prices import price_of;"
        "from pytest_afake.models.spec import ModelSpec;"
        "print(price_of(ModelSpec('m', 'gpt-4o')) is not None, 'litellm' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "True False\n"


def test_without_litellm_no_price_is_known() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r});"
        "from pytest_afake.models.prices import price_of;"
        "from pytest_afake.models.spec import ModelSpec;"
        "print(price_of(ModelSpec('m', 'gpt-4o')))"
    )
    # -S: no site-packages, and so no installed LiteLLM
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "None\n"
