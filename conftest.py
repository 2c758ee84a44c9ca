"""For the project's own tests: pytest's fixture that runs pytest."""

pytest_plugins = ["pytester"]
