"""The front door of the core: a session's models and their lazy measures, without pytest."""

from pytest_afake.experiment.experiment import Experiment, Observer
from pytest_afake.experiment.measure import Measure
from pytest_afake.experiment.model import Model

__all__ = ["Experiment", "Measure", "Model", "Observer"]
