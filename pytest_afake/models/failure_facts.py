"""What an exception of a call says about itself, read without importing whatever raised it.

LiteLLM maps what providers and sockets report onto its own classes, and loses information: a
refused connection, a reset, broken JSON and a missing key all become ``InternalServerError(500)``.
The chain of causes below still holds the facts.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

_LONGEST_CHAIN = 20
# "litellm.NotFoundError: NotFoundError: OpenAIException - the text of the provider"
_PREAMBLE = re.compile(
    r"^(?:LiteLLM: |(?:litellm\.)?\w*(?:Error|Exception|Timeout)(?: Error)?(?::| -)\s*)+"
)
_EPILOGUE = re.compile(
    r"Traceback \(most recent call last\)|To drop (?:it|these)|Handle with `litellm"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """One failed call.

    ``status`` is the HTTP status on the wire, None where no response came. ``claimed`` is the
    status that the outermost exception gives itself. ``names`` are the class names of the chain
    with their bases; ``texts`` what they say, outermost first. ``message``, ``code`` and ``param``
    are the provider's, empty where the body has none.
    """

    status: int | None
    claimed: int | None
    names: frozenset[str]
    texts: tuple[str, ...]
    message: str
    code: str = ""
    param: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asks to wait, from ``retry-after-ms`` or ``retry-after``."""
        milliseconds = _seconds(self.headers.get("retry-after-ms", ""))
        if milliseconds is not None:
            return milliseconds / 1000
        return _seconds(self.headers.get("retry-after", ""), self.headers.get("date", ""))


def facts(error: BaseException, outer: BaseException | None = None) -> Facts:
    """Read the chain of causes of an exception, up to the one its caller was handling already."""
    chain = list(_chain(error, outer))
    response: Any = next((_response(link) for link in chain if _response(link) is not None), None)
    body = _error_body(response)
    return Facts(
        status=None if response is None else response.status_code,
        claimed=_whole(getattr(error, "status_code", None)),
        names=frozenset(base.__name__ for link in chain for base in type(link).__mro__),
        texts=tuple(str(link) for link in chain),
        message=_text(body, "message", "detail") or _said(str(error)),
        code=_text(body, "code") or _text(body, "type"),
        param=_text(body, "param"),
        headers={} if response is None else {k.lower(): v for k, v in response.headers.items()},
    )


def _chain(error: BaseException | None, outer: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_LONGEST_CHAIN):
        if error is None or error is outer:
            return
        yield error
        error = error.__cause__ or error.__context__


def _response(error: BaseException) -> object:
    """The HTTP response that an exception of httpx carries; others only imitate one."""
    return getattr(error, "response", None) if type(error).__name__ == "HTTPStatusError" else None


def _error_body(response: Any) -> Mapping[str, object]:
    """The ``error`` object of a response, in the layouts that providers use; else its text."""
    if response is None:
        return {}
    try:
        text = response.text
    except RuntimeError:  # httpx: the body was never read
        return {}
    try:
        body = json.loads(text)
    except ValueError:
        return {"message": text}
    if isinstance(body, list) and body:
        body = body[0]
    error = body.get("error", body) if isinstance(body, dict) else body
    return error if isinstance(error, dict) else {"message": str(error)}


def _text(body: Mapping[str, object], *keys: str) -> str:
    """The first of these values that is there, as text."""
    return next((str(body[key]) for key in keys if body.get(key) is not None), "")


def _said(text: str) -> str:
    """What an exception says, without LiteLLM's preamble, its traceback and its advice."""
    return _EPILOGUE.split(_PREAMBLE.sub("", text), maxsplit=1)[0].strip()


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _seconds(value: str, said_at: str = "") -> float | None:
    """A wait of zero or more: a number, or a date of HTTP by the server's own clock."""
    try:
        wait = float(value)
    except ValueError:
        then, now = _time(value), _time(said_at) or datetime.now(UTC)
        wait = (then - now).total_seconds() if then else math.nan
    return max(0.0, wait) if math.isfinite(wait) else None


def _time(date: str) -> datetime | None:
    try:
        time = parsedate_to_datetime(date)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
