"""What takes long to import, imported once for all runs that are forked (see runs.py)."""

from __future__ import annotations

import gc

import pytest_afake.models.litellm_client
import pytest_afake.plugin.hooks
import pytest_afake.plugin.run
import pytest_afake.reporting.terminal
import pytest_afake.store.safe_cache  # noqa: F401 - all of these are imported to be there
from pytest_afake.models.guard import import_environment

with import_environment():
    import litellm  # noqa: F401

gc.freeze()  # what is here stays here: no fork need look at it, or copy it to do so
