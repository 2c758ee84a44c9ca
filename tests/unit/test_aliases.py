"""The built-in short names."""

from __future__ import annotations

from pytest_afake.models.aliases import builtin_aliases
from pytest_afake.models.endpoint import provider


def test_the_models_of_the_study_have_short_names() -> None:
    aliases = builtin_aliases()
    assert aliases["claude-3-opus"] == "anthropic/claude-3-opus-20240229"
    assert aliases["claude-3-5-sonnet"] == "anthropic/claude-3-5-sonnet-20240620"


def test_every_alias_names_its_provider_and_is_not_an_alias_again() -> None:
    for alias, target in builtin_aliases().items():
        assert provider(target)
        assert "/" not in alias
        assert target not in builtin_aliases()
