"""What all models of a process share while they are asked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_afake.sampling.accounts import UNBOUNDED, Accounts, Caps
from pytest_afake.sampling.pool import Pool
from pytest_afake.sampling.retrying import RetryPolicy
from pytest_afake.sampling.writer import Writer
from pytest_afake.store import Store

if TYPE_CHECKING:
    from pytest_afake.sampling.errand import Asked, Errand


@dataclass(frozen=True, slots=True)
class Session:
    """The store and the way into it, the connections, the accounts of the run.

    ``replay`` says that nothing may be asked: all answers must be in the store. ``under_way`` holds
    the errands by the key of their answer: two names of one model ask the same once, too. ``known``
    are the keys of answers that were found or bought.
    """

    store: Store
    pool: Pool
    writer: Writer
    accounts: Accounts
    caps: Caps = UNBOUNDED
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    replay: bool = False
    known: set[str] = field(default_factory=set)
    under_way: dict[str, tuple[Errand, asyncio.Task[Asked]]] = field(default_factory=dict)
