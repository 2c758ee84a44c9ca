"""A user's price in the configuration: checked like its neighbours, both numbers or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_afake.errors import UsageError
from pytest_afake.models.prices import Price, price_of
from pytest_afake.settings.files import FileValue
from pytest_afake.settings.models import check_models, resolve_model

BOTH = {"input_usd_per_million": 3, "output_usd_per_million": 15.5}


def tables(**models: object) -> dict[str, FileValue]:
    return {key: FileValue(table, "afake.toml", Path()) for key, table in models.items()}


def test_a_price_is_of_a_million_tokens() -> None:
    spec = resolve_model("ours", tables(ours=BOTH))
    assert price_of(spec) == Price(3e-6, 15.5e-6)


def test_a_price_of_nothing_is_a_price() -> None:
    spec = resolve_model(
        "ours", tables(ours={"input_usd_per_million": 0, "output_usd_per_million": 0})
    )
    assert price_of(spec) == Price(0.0, 0.0)


def test_a_glob_may_give_the_price() -> None:
    assert price_of(resolve_model("ours-1", tables(**{"ours-*": BOTH}))) == Price(3e-6, 15.5e-6)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"input_usd_per_million": -1, "output_usd_per_million": 1}, "= -1: must lie between"),
        ({"input_usd_per_million": "3", "output_usd_per_million": 1e7}, "= 10000000.0: must lie"),
        ({"input_usd_per_million": "x", "output_usd_per_million": 1}, "= 'x': must lie between"),
        ({"input_usd_per_million": True, "output_usd_per_million": 1}, "= True: must lie between"),
        (
            {"input_usd_per_million": 3},
            "input_usd_per_million = 3.0: must come with output_usd_per_million",
        ),
        (
            {"output_usd_per_million": 3},
            "output_usd_per_million = 3.0: must come with input_usd_per_million",
        ),
        ({"input_usd_per_milion": 3}, "input_usd_per_milion is not a known key"),
    ],
)
def test_a_bad_price_is_one_line_that_names_file_key_and_value(
    table: dict[str, object], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        check_models(tables(unused=table))
    message = str(caught.value)
    assert message.startswith('afake.toml: models."unused": ')
    assert said in message
    assert "\n" not in message
