"""The run's verdict in pytest's JUnit file: CI systems read that one, and not the last line."""

from __future__ import annotations

import pytest

PROPERTY = "afake_verdict"
CASE = "afake::verdict"
"""A node id: as a test case it has the class name ``afake`` and the name ``verdict``."""


def enter_verdict(config: pytest.Config, line: str, failure: str) -> None:
    """Enter the line that ends the run, and a test case that fails where it is no PASS.

    ``failure`` is the message of that case, "" for none. It goes to pytest's own writer alone, so
    that no test is counted on the screen, and before that writer ends its file. Without
    ``--junitxml`` nothing happens.
    """
    if not getattr(config.option, "xmlpath", None):
        return
    # As pytest's own fixture record_testsuite_property finds it; there is no public name.
    from _pytest.junitxml import xml_key

    xml = config.stash.get(xml_key, None)
    if xml is None:  # on a worker, whose controller writes the file
        return
    xml.add_global_property(PROPERTY, line)
    if failure:
        xml.pytest_runtest_logreport(
            pytest.TestReport(CASE, ("", None, CASE), {}, "failed", failure, "call")
        )
