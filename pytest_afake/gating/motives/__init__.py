"""The motive table: why a model has a gap. All rules are in ``rules.py``."""

from pytest_afake.gating.motives.published import PUBLISHED_MOTIVES, PUBLISHED_SOURCE
from pytest_afake.gating.motives.table import MotiveTable, motive_tables

__all__ = ["PUBLISHED_MOTIVES", "PUBLISHED_SOURCE", "MotiveTable", "motive_tables"]
