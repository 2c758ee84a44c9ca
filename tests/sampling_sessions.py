"""A sampling session without an experiment: a store, a pool and accounts for askers under test."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from pytest_afake.models.client import Client
from pytest_afake.records import Request
from pytest_afake.sampling import Accounts, Asked, Asker, Caps, Pool, RetryPolicy, Session, Writer
from pytest_afake.store import MemoryStore, Store

AT_ONCE = RetryPolicy(attempts=3, first_wait=0.0)


def session(
    store: Store | None = None,
    *,
    slots: int = 8,
    policy: RetryPolicy = AT_ONCE,
    caps: Caps | None = None,
    replay: bool = False,
) -> Session:
    """What askers share, with a fixed number of connections."""
    kept, bounds = store or MemoryStore(), caps or Caps()
    return Session(
        store=kept,
        pool=Pool(lambda: slots),
        writer=Writer(kept),
        accounts=Accounts(Path(tempfile.mkdtemp(prefix="afake-test-")), bounds),
        caps=bounds,
        policy=policy,
        replay=replay,
    )


def asker(client: Client, shared: Session | None = None) -> Asker:
    """An asker of its own session, or of one that several share."""
    return Asker(client, shared or session())


def ask(asking: Asker, *requests: Request) -> list[Asked]:
    """All of them at the same time."""

    async def all_at_once() -> list[Asked]:
        return await asyncio.gather(*map(asking.ask, requests))

    return asyncio.run(all_at_once())
