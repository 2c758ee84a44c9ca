"""What a perturbation edits, part by part, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_afake.cli.scenarios.words import contrast_in_words
from pytest_afake.scenario import Perturbation


def edit_parts(edit: Perturbation) -> Iterator[str]:
    """Each kind of edit that it makes, such as ``cuts `suffix```."""
    yield from _blocks(edit)
    yield from _named("slots", [f"{slot} = {value}" for slot, value in _slots(edit)])
    yield from _named("drops the arm", edit.drop_arms)
    yield from _named("adds the arm", edit.arms)
    yield from _named("adds", map(contrast_in_words, edit.contrasts.values()))
    if edit.reasoning is not None:
        yield f"reasoning is {edit.reasoning}"
    if getattr(edit, "prefill", ""):
        yield "begins the reply"


def _blocks(edit: Perturbation) -> Iterator[str]:
    rewritten = [name for name in edit.text if name not in edit.insert]
    yield from _named("cuts", edit.cut)
    yield from _named("cuts, if it is there,", edit.cut_if_present)
    yield from _named("swaps", [f"{old}` for `{new}" for old, new in edit.swap.items()])
    if edit.paraphrase:
        yield f"other words for {len(rewritten)} blocks"
    else:
        yield from _named("rewrites", rewritten)
    yield from _named("lays out", [f"{new}` after `{old}" for new, old in edit.insert.items()])


def _slots(edit: Perturbation) -> Iterator[tuple[str, str]]:
    yield from edit.slots.items()
    yield from edit.slots_if_present.items()


def _named(what: str, names: Iterable[str]) -> Iterator[str]:
    listed = [f"`{name}`" for name in names]
    if listed:
        yield f"{what} {', '.join(listed)}"
