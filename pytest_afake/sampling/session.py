"""What all models of a process share while they are asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_afake.sampling.accounts import UNBOUNDED, Accounts, Caps
from pytest_afake.sampling.pool import Pool
from pytest_afake.sampling.retrying import RetryPolicy
from pytest_afake.sampling.writer import Writer
from pytest_afake.store import Store


@dataclass(frozen=True, slots=True)
class Session:
    """The store and the way into it, the connections, the accounts of the run.

    ``replay`` says that nothing may be asked: every answer must be in the store.
    """

    store: Store
    pool: Pool
    writer: Writer
    accounts: Accounts
    caps: Caps = UNBOUNDED
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    replay: bool = False
