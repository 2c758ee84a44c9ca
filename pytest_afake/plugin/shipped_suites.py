"""``pytest suites/`` where no such folder is: the suites that came with the package.

In a checkout ``suites/`` is a folder like any other. With an installed wheel there is none, and the
same command finds the shipped one, so that it means the same everywhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = "suites"


def redirect(config: pytest.Config, args: list[str]) -> None:
    """Point arguments at the shipped suites when they name a folder that does not exist here."""
    named = config.known_args_namespace.file_or_dir
    for arg in [arg for arg in named if _missing(config, arg)]:
        shipped = _shipped(arg)
        if shipped is not None:
            args[args.index(arg)] = named[named.index(arg)] = shipped


def _missing(config: pytest.Config, arg: str) -> bool:
    path = Path(arg.partition("::")[0])
    here = config.invocation_params.dir / path
    return path.parts[:1] == (FOLDER,) and not here.exists()


def _shipped(arg: str) -> str | None:
    from pytest_afake.resources import resource_path

    name, separator, test = arg.partition("::")
    path = resource_path(FOLDER).parent / name
    return f"{path}{separator}{test}" if path.exists() else None
