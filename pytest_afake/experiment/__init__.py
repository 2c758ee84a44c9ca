"""The front door of the core: a session's models and their lazy measures, without pytest."""

from pytest_afake.experiment.agenda import Expected
from pytest_afake.experiment.experiment import Experiment, Observer
from pytest_afake.experiment.forecast import Forecast, ModelForecast
from pytest_afake.experiment.measure import Measure
from pytest_afake.experiment.model import Model
from pytest_afake.experiment.prospects import Prospect
from pytest_afake.sampling import ROUND, Accounts, Totals

__all__ = [
    "ROUND",
    "Accounts",
    "Expected",
    "Experiment",
    "Forecast",
    "Measure",
    "Model",
    "ModelForecast",
    "Observer",
    "Prospect",
    "Totals",
]
