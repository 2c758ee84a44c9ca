"""For the project's own tests: pytest's fixture that runs pytest, and how workers share tests."""

import pytest

pytest_plugins = ["pytester"]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let an idle worker take tests from a busy one: the slow ones stand together at the end."""
    if config.getoption("dist", "no") == "load":
        config.option.dist = "worksteal"
