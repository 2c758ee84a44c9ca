"""From the facts of a failed call to its cause, and to whether asking again can help.

Stopping a model is for failures that every request would repeat: the first of them should be the
last call. Failures of one request (too long, filtered) leave the model running; faults that pass
(limits, servers, sockets) are marked transient and left to the caller to repeat.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from pytest_afake.errors import CallFailed
from pytest_afake.models.endpoint import shown
from pytest_afake.models.failure_facts import Facts, facts
from pytest_afake.models.redact import presentable
from pytest_afake.records import Cause

_FILTERED = re.compile(
    r"content_?filter|content_policy|content management policy|content filtering policy"
    r"|usage polic(?:y|ies)|safety system|moderation|input was flagged",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context_length|context length|context window|context limit|prompt is too long|too many tokens"
    r"|maximum number of tokens allowed|string_above_max_length",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(
    r"insufficient[_ ](?:quota|funds|balance|credits)|credit balance|billing_hard_limit",
    re.IGNORECASE,
)
_NO_CREDENTIALS = re.compile(
    r"missing credentials|api_key client option must be set|missing .{0,40}api[ _]key",
    re.IGNORECASE,
)
_TOO_MANY_CALLS = frozenset({429, 529})  # 529 is Anthropic's word for an overloaded service
_TIMEOUTS = frozenset({"TimeoutError", "TimeoutException", "APITimeoutError"})
_SOCKETS = frozenset({"TransportError", "ClientConnectionError", "ConnectionError", "gaierror"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of whom, as error texts need it.

    ``where`` is the endpoint or provider; ``parameters`` the names of all sampling parameters sent;
    ``secrets`` what no text may show; ``expected`` what the reply should have held.
    """

    target: str
    where: str
    timeout_s: float
    parameters: Collection[str]
    secrets: Collection[str]
    expected: str = "chat completion"


@dataclass(frozen=True, slots=True)
class _Kind:
    cause: Cause
    transient: bool = False
    stops_model: bool = False


_AUTHENTICATION = _Kind(Cause.AUTHENTICATION, stops_model=True)
_UNKNOWN_MODEL = _Kind(Cause.UNKNOWN_MODEL, stops_model=True)
_OUT_OF_CREDIT = _Kind(Cause.RATE_LIMITED, stops_model=True)
_RATE_LIMITED = _Kind(Cause.RATE_LIMITED, transient=True)
_SERVER_ERROR = _Kind(Cause.SERVER_ERROR, transient=True)
_TIMEOUT = _Kind(Cause.TIMEOUT, transient=True)
_CONNECTION = _Kind(Cause.CONNECTION, transient=True)
_FILTERED_OUT = _Kind(Cause.CONTENT_FILTER)
_BAD_REQUEST = _Kind(Cause.BAD_REQUEST)
_REDIRECTED = _Kind(Cause.CONNECTION, stops_model=True)
_BAD_PARAMETER = _Kind(Cause.BAD_REQUEST, stops_model=True)

# Before the status: providers say these with several.
_BY_TEXT = (
    ({400, 402, 403, 422, 429}, _NO_CREDIT, _OUT_OF_CREDIT),
    ({400, 403, 422}, _FILTERED, _FILTERED_OUT),
    ({400, 422}, re.compile("model_not_found"), _UNKNOWN_MODEL),
    ({400, 413, 422}, _TOO_LONG, _BAD_REQUEST),
)
_BY_STATUS = {
    401: _AUTHENTICATION,
    402: _OUT_OF_CREDIT,
    403: _AUTHENTICATION,
    404: _UNKNOWN_MODEL,
    408: _TIMEOUT,
    409: _SERVER_ERROR,
    410: _UNKNOWN_MODEL,
    425: _SERVER_ERROR,
    429: _RATE_LIMITED,
    504: _TIMEOUT,
}


def call_failed(
    error: BaseException, asked: Asked, outer: BaseException | None = None
) -> CallFailed:
    """The outcome of a call that raised. ``outer`` is what the caller was handling already."""
    found = facts(error, outer)
    kind = _kind(found, asked.parameters)
    return CallFailed(
        kind.cause,
        presentable(_sentence(kind, found, asked), asked.secrets),
        transient=kind.transient,
        stops_model=kind.stops_model,
        retry_after=found.retry_after if kind.transient else None,
        throttled=kind.transient and _asks_for_fewer_calls(found),
    )


def _asks_for_fewer_calls(found: Facts) -> bool:
    return found.status in _TOO_MANY_CALLS or (
        found.status == 503 and found.retry_after is not None
    )


def _kind(found: Facts, parameters: Collection[str]) -> _Kind:
    if found.status is not None:
        return _of_response(found, found.status, parameters)
    return _of_socket(found) or _of_setup(found) or _of_claim(found, parameters)


def _of_response(found: Facts, status: int, parameters: Collection[str]) -> _Kind:
    """What the provider's own status and body say."""
    said = f"{found.code} {found.message}"
    for statuses, pattern, kind in _BY_TEXT:
        if status in statuses and pattern.search(said):
            return kind
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 300 <= status < 400:
        return _REDIRECTED
    if not 400 <= status < 500:
        return _SERVER_ERROR
    return _BAD_PARAMETER if _names_a_parameter(found, parameters) else _BAD_REQUEST


def _names_a_parameter(found: Facts, parameters: Collection[str]) -> bool:
    """Whether the provider complains about a parameter that every request carries."""
    if found.param:
        return found.param.partition(".")[0] in parameters
    first_words = set(re.findall(r"\w+", found.message)[:6])
    return not first_words.isdisjoint(parameters)


def _of_socket(found: Facts) -> _Kind | None:
    if "TooManyRedirects" in found.names:
        return _REDIRECTED
    if found.names & _TIMEOUTS:
        return _TIMEOUT
    return _CONNECTION if found.names & _SOCKETS else None


def _of_setup(found: Facts) -> _Kind | None:
    """Failures on this side of the wire: nothing was sent, and nothing ever will be."""
    if any(name.endswith("CredentialsError") for name in found.names) or any(
        _NO_CREDENTIALS.search(text) for text in found.texts
    ):
        return _AUTHENTICATION
    if "LLM Provider NOT provided" in found.texts[0] or "LiteLLMUnknownProvider" in found.names:
        return _UNKNOWN_MODEL
    if found.names & {"UnsupportedParamsError", "ImportError"}:
        return _BAD_PARAMETER
    return None


def _of_claim(found: Facts, parameters: Collection[str]) -> _Kind:
    """No response in the chain: LiteLLM took an error out of a body that was sent as a success."""
    if found.claimed is None or "JSONDecodeError" in found.names:
        return _SERVER_ERROR
    return _of_response(found, found.claimed, parameters)


def _sentence(kind: _Kind, found: Facts, asked: Asked) -> str:
    source = asked.where if found.status is None else f"HTTP {found.status} from {asked.where}"
    match kind.cause:
        case Cause.UNKNOWN_MODEL if found.status is None and found.claimed == 400:
            return f"{asked.target}: LiteLLM knows no provider of that name; write provider/model"
        case Cause.UNKNOWN_MODEL:
            return (
                f"{asked.target} does not exist, is retired, or is not open to this key "
                f"({source}: {found.message})"
            )
        case Cause.TIMEOUT if found.status is None:
            return f"no answer from {asked.where} within {asked.timeout_s:g} s"
        case Cause.SERVER_ERROR if found.status is None:
            return f"{asked.where}: no {asked.expected} in the reply: {found.message}"
        case _:
            return f"{source}: {_explanation(kind, found)}"


def _explanation(kind: _Kind, found: Facts) -> str:
    if kind is _REDIRECTED:
        location = shown(found.headers.get("location")) or "elsewhere"
        return f"redirected to {location}; set api_base to the final address"
    if kind is _CONNECTION:
        return found.texts[-1] or found.message
    return found.message or "no explanation"
