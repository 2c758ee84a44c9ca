"""Having a judge model fill in a form about one text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pytest_afake.judging.forms import Form, Prompt, Variant
from pytest_afake.judging.forms.fence import shown
from pytest_afake.judging.forms.replies import read_reply
from pytest_afake.judging.forms.results import opinion
from pytest_afake.judging.judge import Ask
from pytest_afake.judging.opinion import Opinion
from pytest_afake.records import Answer, Cause, Json, Missing, Request, Sampling
from pytest_afake.text import count, one_line

ATTEMPTS = 3
"""Replies that are asked for, each another sample, until one can be read."""

LONGEST = 100_000
"""Characters, as they are shown, of a text that is still judged.

Nothing is cut: that might have been what matters.
"""

_ONCE, _VOTING = 0.0, 1.0  # temperatures


@dataclass(frozen=True, slots=True)
class JudgeModel:
    """A model that fills in forms.

    ``name`` is what the user chose, ``target`` what answers, and ``endpoint`` where, if that is not
    the provider's own. ``temperature`` is None unless the user set one: then forms are filled in at
    0, and votes cast at 1 (Sheshadri et al. 2025, appendix K.2). ``structured`` says that its
    provider can hold it to a JSON schema.
    """

    name: str
    target: str
    max_tokens: int = 4096
    temperature: float | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)
    structured: bool = False
    endpoint: str | None = None

    @property
    def chosen(self) -> dict[str, Json]:
        """All that the user chose of how it answers, beside its name."""
        chosen: dict[str, Json] = dict(self.extra)
        if self.temperature is not None:
            chosen["temperature"] = self.temperature
        if self.endpoint is not None:
            chosen["api_base"] = self.endpoint
        return chosen

    def identity(self, form: Form) -> str:
        """Who says what: the model, the form's version and hash, and all that the user chose."""
        said, chosen = [self.target, form.id, form.hash], self.chosen
        return " ".join([*said, json.dumps(chosen, sort_keys=True)] if chosen else said)

    def sampling(self, form: Form, prompt: Prompt, *, voting: bool) -> Sampling:
        """The parameters of one reply."""
        chosen = self.temperature
        extra = dict(self.extra)
        if self.structured:
            extra["response_format"] = _response_format(form, prompt)
        temperature = (_VOTING if voting else _ONCE) if chosen is None else chosen
        return Sampling(temperature, self.max_tokens, extra)


def _response_format(form: Form, prompt: Prompt) -> Mapping[str, Json]:
    name = form.name.replace("-", "_")
    schema: Mapping[str, Json] = {"name": name, "schema": prompt.schema, "strict": True}
    return {"type": "json_schema", "json_schema": schema}


@dataclass(frozen=True, slots=True)
class Filler:
    """Puts a form to a judge model, in one of its variants."""

    model: JudgeModel
    ask: Ask
    variant: Variant = Variant.AS_WRITTEN

    async def once(self, form: Form, material: Mapping[str, str]) -> Opinion:
        """One opinion; a reply that cannot be read is asked for again, as a further sample."""
        found = await self._sample(form, material, 0, voting=False)
        for index in range(1, ATTEMPTS):
            if found.missing is None or not found.details.get("unread"):
                return found
            found = await self._sample(form, material, index, voting=False)
        return found

    async def vote(self, form: Form, material: Mapping[str, str], index: int) -> Opinion:
        """One vote; ``index`` tells it from the others."""
        return await self._sample(form, material, index, voting=True)

    async def _sample(
        self, form: Form, material: Mapping[str, str], index: int, *, voting: bool
    ) -> Opinion:
        length = sum(len(shown(text)) for text in material.values())
        if length > LONGEST:
            said = f"{count(length, 'character')}, more than the {LONGEST:,} that are judged"
            return Opinion(form.name, None, missing=Missing(Cause.JUDGE_UNDECIDED, said))
        prompt = form.prompt(material, self.variant)
        sampling = self.model.sampling(form, prompt, voting=voting)
        reply = await self.ask(Request(prompt.messages, sampling, index))
        return self._read(form, prompt, material, reply)

    def _read(
        self, form: Form, prompt: Prompt, material: Mapping[str, str], reply: Answer | Missing
    ) -> Opinion:
        if isinstance(reply, Missing):
            return Opinion(form.name, None, missing=self._not_told(form, reply))
        filled = read_reply(reply, prompt.fields, prompt.token)
        if isinstance(filled, Missing):
            missing = replace(filled, detail=self._said(form, filled.detail))
            return Opinion(form.name, None, missing=missing, details={"unread": True})
        return opinion(form.name, filled, material)

    def _not_told(self, form: Form, failed: Missing) -> Missing:
        """A cap is the run's, not the judge's; every other failed call is the judge's failure."""
        if failed.cause is Cause.CAPPED:
            return failed
        return Missing(Cause.JUDGE_FAILED, self._said(form, f"{failed.cause}: {failed.detail}"))

    def _said(self, form: Form, what: str) -> str:
        return one_line(f"{self.model.name}, {form.name}: {what}", 500)
