"""Every exception that pytest-afake raises on purpose.

AfakeError
├── UsageError              bad input: one line, and nothing was spent
│   ├── ScenarioError       ... in a scenario or prompt file: names file, block and field
│   └── QueryError          ... in a query file: names file and line
├── CallFailed              one request to a model got no answer; carries the cause
├── StoreError              the store cannot be opened, or holds something it must not hold
├── ReplayMiss              a replay came to a request that no store holds an answer to
└── Inconclusive            the evidence does not decide; carries the reasons
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_afake.records import Cause


class AfakeError(Exception):
    """Base of all errors of this package."""


class UsageError(AfakeError):
    """Bad input. Its text is one line that names the value and where it came from."""


class NotAnArgument(UsageError):
    """The model was asked for in a way that cannot name one."""


class ScenarioError(UsageError):
    """A scenario, perturbation or prompt file that does not validate."""


class QueryError(UsageError):
    """A query file that cannot be read, or holds no usable query."""


class StoreError(AfakeError):
    """The store of answers cannot be used, or a row in it was refused."""


class ReplayMiss(AfakeError):
    """A replay needs an answer that is not stored. Its text says what the nearest differs in."""


class CallFailed(AfakeError):
    """A request that brought no usable answer.

    ``cause`` is what is recorded for the missing trial. ``transient`` says that the same request
    may succeed later; ``stops_model`` that no request to this model can succeed (wrong key,
    unknown or retired model), so that the first such failure must be the last call.
    ``throttled`` says that the server asked for fewer calls, ``retry_after`` the wait in seconds
    that it asked for, if it did.
    """

    def __init__(  # noqa: PLR0913 - four facts, each of them optional and named
        self,
        cause: Cause,
        detail: str,
        *,
        transient: bool = False,
        stops_model: bool = False,
        retry_after: float | None = None,
        throttled: bool = False,
    ) -> None:
        super().__init__(f"{cause.value}: {detail}")
        self.cause = cause
        self.detail = detail
        self.transient = transient
        self.stops_model = stops_model
        self.retry_after = retry_after
        self.throttled = throttled


class Inconclusive(AfakeError):
    """A measure was held against a limit and the evidence does not decide.

    Raised out of the comparison (``gap <= limit``), so that a test ends as INCONCLUSIVE and can
    neither pass nor fail by it.
    """

    def __init__(self, headline: str, reasons: Sequence[str]) -> None:
        super().__init__("; ".join([headline, *reasons]))
        self.headline = headline
        self.reasons = tuple(reasons)
