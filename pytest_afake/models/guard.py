"""Whether LiteLLM may be imported, and an import of it that leaves no trace in the process.

Nothing here imports LiteLLM; the version is read from the installed metadata.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import PackageNotFoundError, version

from pytest_afake.errors import UsageError

# Published on 2026-03-24 with a credential stealer in them (OSV MAL-2026-2144), since withdrawn.
STOLE_CREDENTIALS = ("1.82.7", "1.82.8")

# Read by LiteLLM while it is imported and while it loads its bundled tables:
IMPORT_ENVIRONMENT = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # prices from the package, not the network; only "true"
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",  # the same for a table of header names
    "LITELLM_MODE": "PRODUCTION",  # a .env in the working directory stays unread
}

# Every logger that carries prompts or headers of a call, LiteLLM's own and those below it.
CALL_LOGGERS = (
    "LiteLLM",
    "LiteLLM Proxy",
    "LiteLLM Router",
    "openai._base_client",
    "openai._legacy_response",
    "openai._response",
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "aiohttp.client",
)

_ours: ContextVar[bool] = ContextVar("afake_litellm_call", default=False)


def check_litellm() -> None:
    """Raise UsageError, one plain sentence, when LiteLLM is missing or must not be imported."""
    try:
        installed = version("litellm")
    except PackageNotFoundError:
        raise UsageError("litellm is not installed: pip install litellm") from None
    if installed.startswith(STOLE_CREDENTIALS):  # repackaged ones, such as 1.82.8.post1, too
        raise UsageError(
            f"litellm {installed} carried a credential stealer and is not imported: "
            "uninstall it, replace every key this machine holds, and install another version"
        )


@contextmanager
def import_environment() -> Iterator[None]:
    """Set :data:`IMPORT_ENVIRONMENT` for a block, and put these variables back after it.

    Only these: another thread may be setting others meanwhile.
    """
    before = {name: os.environ.get(name) for name in IMPORT_ENVIRONMENT}
    os.environ.update(IMPORT_ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def quiet() -> Iterator[None]:
    """Keep what a block logs about its calls from every handler, those of the root included.

    Records of the user's own calls pass: the mark is a context variable, which follows a call into
    its tasks and executor threads, and nowhere else.
    """
    for name in CALL_LOGGERS:
        logging.getLogger(name).addFilter(_not_ours)  # adding it twice adds it once
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)


def _not_ours(_: logging.LogRecord) -> bool:
    return not _ours.get()
