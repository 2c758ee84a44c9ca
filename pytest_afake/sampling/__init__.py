"""Asking models: one event loop, the store in front of the wire, bounded retries, rounds."""

from pytest_afake.sampling.asker import Asked, Asker
from pytest_afake.sampling.loop import BackgroundLoop
from pytest_afake.sampling.retrying import RetryPolicy
from pytest_afake.sampling.sampler import Sampler

__all__ = ["Asked", "Asker", "BackgroundLoop", "RetryPolicy", "Sampler"]
