"""Whether the model that answered is the one that was asked.

Providers answer to a name with a longer one (``gpt-4o`` is served as ``gpt-4o-2024-08-06``), and
gateways fall back to another model without saying so. The first is the same model, the second is
not what was measured.
"""

from __future__ import annotations

import re

# Deployments and routers are named by the user: what serves them always has another name.
_NAMED_BY_USER = ("azure/", "azure_ai/", "azure_text/", "openrouter/auto")

_VARIANT = re.compile(r":(latest|free|nitro|floor)$")
_VERSION = re.compile(
    r"[-@](?P<version>latest|\d{4}-\d{2}-\d{2}|(?:preview|exp)-\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|\d{3})"
    r"(?:-v\d+:\d+)?$"
)


def same_model(asked: str, served: str) -> bool:
    """Compare without case, provider prefixes and a version that only one of the two names."""
    if named_by_user(asked):
        return True
    (asked_name, asked_version), (name, version) = _split(asked), _split(served)
    return asked_name == name and (asked_version == version or not (asked_version and version))


def named_by_user(asked: str) -> bool:
    """Whether the name says nothing of the model behind it."""
    return asked.startswith(_NAMED_BY_USER)


def _split(model: str) -> tuple[str, str]:
    """Name and version of a model; the version is "" where there is none, or ``latest``."""
    name = _VARIANT.sub("", model.lower().rpartition("/")[2])
    found = _VERSION.search(name)
    if found is None:
        return name, ""
    version = found["version"].replace("-", "")
    return name[: found.start()], "" if version == "latest" else version
