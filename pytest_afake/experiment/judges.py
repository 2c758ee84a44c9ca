"""From what the user chose to a judge, and to the client of its model."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_afake.errors import UsageError
from pytest_afake.experiment.clients import make_client, sampling_of
from pytest_afake.judging import Judge, JudgeModel, ModelJudge, make_judge, shipped_forms
from pytest_afake.models.aliases import builtin_aliases
from pytest_afake.models.client import Client
from pytest_afake.models.prices import price_of
from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.models.structured import supports_structured_output
from pytest_afake.records import Json
from pytest_afake.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class ChosenJudge:
    """A judge with the client of its model; ``spec`` and ``client`` are None where it has none."""

    judge: Judge
    spec: ModelSpec | None = None
    client: Client | None = None

    @property
    def simulated(self) -> bool:
        return self.spec is not None and self.spec.simulated

    def identity(self, form: str) -> str:
        """Who judges by this form: model, version and hash of the prompt."""
        if isinstance(self.judge, ModelJudge):
            return self.judge.model.identity(shipped_forms()[form])
        return self.judge.name

    @property
    def provenance(self) -> dict[str, Json]:
        """What a result says of its judge."""
        said: dict[str, Json] = {"judge": self.judge.name, "judge_simulated": self.simulated}
        if isinstance(self.judge, ModelJudge):
            said["judge_target"] = self.judge.model.target
            said["judge_votes"] = self.judge.votes
            said["judge_forms"] = {form.id: form.hash for form in shipped_forms().values()}
            said["judge_settings"] = {
                **self.judge.model.chosen,
                "max_tokens": self.judge.model.max_tokens,
                "structured": self.judge.model.structured,
                "considering": self.judge.considering,
            }
        return said


def choose_judge(settings: Settings) -> ChosenJudge:
    """The judge of a run. Raises UsageError for a name that nothing answers to."""
    spec = settings.judge_model
    if spec is None:
        return ChosenJudge(make_judge(settings.judge))
    _check_name(spec, settings)
    if settings.considering and not settings.votes:
        raise UsageError("--afake-considering: reads no reasoning with votes = 0")
    if spec.mode is not Mode.CHAT:
        raise UsageError(
            f"judge {spec.name!r}: mode = {spec.mode.value!r}: a judge is asked in a chat"
        )
    client = make_client(spec)
    endpoint = client.identity.get("api_base")
    model = JudgeModel(
        name=spec.name,
        target=spec.target,
        max_tokens=spec.max_tokens,
        temperature=spec.temperature,
        extra=sampling_of(spec).extra,
        structured=supports_structured_output(spec),
        endpoint=None if endpoint is None else str(endpoint),
    )
    judge = ModelJudge(model, settings.votes, settings.considering)
    return ChosenJudge(judge, spec, client)


def _check_name(spec: ModelSpec, settings: Settings) -> None:
    """A misspelt ``rules`` is no model: a bare name must be one that somebody knows."""
    form, colon, model = spec.name.partition(":")
    if colon and form in shipped_forms():
        raise UsageError(
            f"judge {spec.name!r} names one form, and here all of them are needed: {model!r}"
        )
    known = (
        "/" in spec.target
        or spec.target != spec.name
        or spec.name in builtin_aliases()
        or spec.name in {model.name for model in settings.models}
        or price_of(spec) is not None
    )
    if not known:
        raise UsageError(
            f"judge {spec.name!r} is not known; there is: rules, or a model "
            "(sim/judge, an alias from the configuration, or a LiteLLM name such as openai/...)"
        )
