"""Earlier runs from their results files, and how measures are held against them."""

from pytest_afake.baselines.against import Held, hold_all, hold_one
from pytest_afake.baselines.measured import Measured, SavedRun
from pytest_afake.baselines.results_file import read_run
from pytest_afake.gating.comparison import Baseline

__all__ = ["Baseline", "Held", "Measured", "SavedRun", "hold_all", "hold_one", "read_run"]
