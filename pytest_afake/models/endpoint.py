"""Where a model's requests go, and with which key. Pure functions of the spec and the environment.

What LiteLLM would read from the environment by itself is read here and handed to it, so that the
endpoint in a model's identity is the one that is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from pytest_afake.errors import CallFailed, UsageError
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Cause

# Sent to servers on loopback when no key is configured: most need none, but clients insist on one.
PLACEHOLDER_KEY = "no-key-configured"

TEXT_COMPLETION = "text-completion-openai"
"""LiteLLM's word for OpenAI's completion API, which shares key and endpoint with OpenAI's chat."""

# LiteLLM routes these bare names by their beginning.
_BARE_NAMES = {"claude": "anthropic", "gpt": "openai", "chatgpt": "openai", "o": "openai"}


def provider(target: str) -> str:
    """The provider in a LiteLLM name: ``anthropic`` for ``anthropic/claude-...``, "" if unsure."""
    prefix, slash, _ = target.partition("/")
    if slash:
        return prefix
    return _BARE_NAMES.get(prefix.partition("-")[0].rstrip("0123456789").lower(), "")


def account(target: str) -> str:
    """The provider after which the variables are named that hold key and endpoint."""
    named = provider(target)
    return "openai" if named == TEXT_COMPLETION else named


def api_base(spec: ModelSpec, environ: Mapping[str, str]) -> str | None:
    """The endpoint: the spec's, else the provider's variables, else None (the provider's own).

    Raises UsageError where the two customary variables disagree.
    """
    if spec.api_base is not None:
        return spec.api_base
    stem = account(spec.target).upper()
    names = [name for name in (f"{stem}_API_BASE", f"{stem}_BASE_URL") if environ.get(name)]
    found = {environ[name].rstrip("/") for name in names} if stem else set()
    if len(found) > 1:
        raise UsageError(f"{' and '.join(names)} name different endpoints for {spec.target}")
    return environ[names[0]] if found else None


def shown(base: str | None) -> str | None:
    """An endpoint as host, port and path: what tells endpoints apart, without user or query."""
    if base is None:
        return None
    parts = urlsplit(base if "://" in base else f"//{base}")
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def secrets_in(base: str | None) -> tuple[str, ...]:
    """What an endpoint holds that nobody may see: the values of its query."""
    if base is None:
        return ()
    return tuple(value for _, value in parse_qsl(urlsplit(base).query))


def check(model: str, base: str | None) -> None:
    """Raise UsageError for an endpoint with a user or a password: it is never called with them."""
    if base is not None and "@" in urlsplit(base if "://" in base else f"//{base}").netloc:
        raise UsageError(
            f"{model}: api_base {shown(base)} may not hold a user or a password; "
            "name a key by api_key_env"
        )


def is_loopback(base: str | None) -> bool:
    if base is None:
        return False
    host = urlsplit(base if "://" in base else f"//{base}").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def api_key(spec: ModelSpec, environ: Mapping[str, str]) -> str | None:
    """The key to send, or None where LiteLLM is to take the provider's customary variable.

    A key goes to a loopback ``api_base`` of the configuration only if ``api_key_env`` says so: a
    server on this machine is not whom ``OPENAI_API_KEY`` was issued for. Where the environment
    names endpoint and key together, they belong together.

    Raises CallFailed, which stops the model, for an ``api_key_env`` that is unset or blank.
    """
    if spec.api_key_env is not None:
        key = environ.get(spec.api_key_env, "").strip()
        if not key:
            raise no_key(spec.api_key_env)
        return key
    if is_loopback(spec.api_base):
        return PLACEHOLDER_KEY
    if is_loopback(api_base(spec, environ)) and not has_credential(spec.target, environ):
        return PLACEHOLDER_KEY
    return None


def has_credential(target: str, environ: Mapping[str, str]) -> bool:
    """Whether some variable looks like the provider's key, however it is spelt.

    LiteLLM takes several names per provider (TOGETHER_API_KEY, TOGETHERAI_API_KEY, ...), and a
    model is not stopped for a spelling: the call tells.
    """
    stem = "".join(filter(str.isalnum, account(target).upper()))[:5]
    return any(
        name.replace("_", "").startswith(stem) and ("KEY" in name or "TOKEN" in name)
        for name, value in environ.items()
        if value.strip()
    )


def no_key(*names: str) -> CallFailed:
    """No request can succeed until one of these variables holds a key."""
    return CallFailed(
        Cause.AUTHENTICATION, f"no API key: set {' or '.join(names)}", stops_model=True
    )
