"""An organism whose service fails: raised errors, cut answers, missing and repeated tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pytest_afake.errors import CallFailed
from pytest_afake.organisms.behaviour import Behaviour
from pytest_afake.organisms.draws import digest_of, uniform
from pytest_afake.organisms.parameters import Values
from pytest_afake.organisms.text import TAG
from pytest_afake.records import Answer, Cause, Request


@dataclass(frozen=True, slots=True)
class Failure:
    """A way for a call to fail. ``status`` is its HTTP status, None where no response comes."""

    cause: Cause
    status: int | None
    detail: str


FAILURES: Mapping[str, Failure] = {
    "rate-limited": Failure(Cause.RATE_LIMITED, 429, "simulated: too many requests"),
    "server-error": Failure(Cause.SERVER_ERROR, 500, "simulated: internal error"),
    "unavailable": Failure(Cause.SERVER_ERROR, 503, "simulated: service unavailable"),
    "timeout": Failure(Cause.TIMEOUT, None, "simulated: no answer in time"),
    "connection": Failure(Cause.CONNECTION, None, "simulated: connection closed"),
}


class SimulatedFailure(CallFailed):
    """A transient failure that an organism was told to have."""

    def __init__(self, failure: Failure, retry_after: float | None) -> None:
        waits = retry_after if failure.cause is Cause.RATE_LIMITED else None
        super().__init__(
            failure.cause,
            failure.detail,
            transient=True,
            retry_after=waits,
            throttled=failure.status == 429,
        )
        self.status = failure.status


@dataclass(slots=True)
class FlakyBehaviour:
    """Wraps another behaviour. Which attempts fail depends on the request and the attempt alone.

    ``error`` is the probability of each single attempt, so a retry may succeed; ``lost`` is the
    share of requests whose every attempt fails. What the answer says does not depend on how many
    attempts it took. The attempts of requests that are still failing are the only state.
    """

    values: Values
    base: Behaviour
    _failed: Counter[tuple[str, int]] = field(default_factory=Counter)

    def __call__(self, request: Request) -> Answer:
        key = (digest_of(request.messages), request.sample_index)
        if self._fails(request, attempt=self._failed[key]):
            failure = self._failure(request, attempt=self._failed[key])
            self._failed[key] += 1
            raise SimulatedFailure(failure, self.values.number("retry_after") or None)
        del self._failed[key]
        return self._spoilt(self.base(request), request)

    def _fails(self, request: Request, attempt: int) -> bool:
        if self._drawn(request, "lost") < self.values.number("lost"):
            return True
        return self._drawn(request, "error", attempt) < self.values.number("error")

    def _failure(self, request: Request, attempt: int) -> Failure:
        chosen = self.values.text("cause")
        if chosen != "any":
            return FAILURES[chosen]
        kinds = list(FAILURES.values())
        return kinds[int(self._drawn(request, "cause", attempt) * len(kinds))]

    def _spoilt(self, answer: Answer, request: Request) -> Answer:
        drawn = self._drawn(request, "spoilt")
        for name, spoil in _SPOILERS.items():
            share = self.values.number(name)
            if drawn < share:
                return spoil(answer)
            drawn -= share
        return answer

    def _drawn(self, request: Request, purpose: str, attempt: int = 0) -> float:
        prompt = digest_of(request.messages)
        return uniform(self.values.seed, "flaky", purpose, prompt, request.sample_index, attempt)


def truncated(answer: Answer) -> Answer:
    """The first half of an answer, with the provider's word for it."""
    return replace(answer, text=answer.text[: len(answer.text) // 2], finish_reason="length")


def untagged(answer: Answer) -> Answer:
    """An answer with its tags dropped, or (by its length) written twice: an ambiguous layout."""
    if len(answer.text) % 2:
        return replace(answer, text=f"{answer.text}\n{answer.text}")
    return replace(answer, text=TAG.sub("", answer.text))


def emptied(answer: Answer) -> Answer:
    """An answer of no characters, which a provider may well call finished."""
    return replace(answer, text="")


_SPOILERS: Mapping[str, Callable[[Answer], Answer]] = {
    "truncate": truncated,
    "untagged": untagged,
    "empty": emptied,
}
