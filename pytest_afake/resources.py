"""Data that is shipped with the package: query sets, prompts, suites."""

from __future__ import annotations

from pathlib import Path

from pytest_afake.errors import AfakeError

_PACKAGE = Path(__file__).parent
# A wheel carries the data inside the package; a checkout, editable installs included, keeps it
# beside the package.
_ROOTS = (_PACKAGE / "shipped", _PACKAGE.parent)


def resource_path(*parts: str) -> Path:
    """The shipped file or directory, such as ``resource_path("fixtures", "queries")``.

    Raises AfakeError when the installation lacks it.
    """
    for root in _ROOTS:
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise AfakeError(
        f"{'/'.join(parts)} is shipped with pytest-afake, but is neither in {_ROOTS[0]} nor in "
        f"{_ROOTS[1]}; reinstall the package"
    )
