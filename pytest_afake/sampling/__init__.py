"""Asking models: one event loop and one pool, the store in front of the wire, rounds of trials."""

from pytest_afake.sampling.accounts import Accounts, Caps, Totals
from pytest_afake.sampling.asker import Asker
from pytest_afake.sampling.errand import Asked
from pytest_afake.sampling.loop import BackgroundLoop
from pytest_afake.sampling.pool import NOW, Pool, Priority
from pytest_afake.sampling.retrying import RetryPolicy
from pytest_afake.sampling.rounds import ROUND, Rounds
from pytest_afake.sampling.sampler import Sampler
from pytest_afake.sampling.session import Session
from pytest_afake.sampling.writer import Writer

__all__ = [
    "NOW",
    "ROUND",
    "Accounts",
    "Asked",
    "Asker",
    "BackgroundLoop",
    "Caps",
    "Pool",
    "Priority",
    "RetryPolicy",
    "Rounds",
    "Sampler",
    "Session",
    "Totals",
    "Writer",
]
