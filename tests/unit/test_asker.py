"""Asking one model through the store: what is called, how often, and what is kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from sampling_sessions import AT_ONCE, ask, asker, session
from scripted_client import ScriptedClient, always, broken, busy, echo, request, retired, text_of

from pytest_afake import helpful_only, no_scratchpad
from pytest_afake.errors import CallFailed, StoreError
from pytest_afake.judging import make_judge
from pytest_afake.models.client import Client
from pytest_afake.organisms import parse_organism
from pytest_afake.records import Answer, Cause, Json, Label, Missing, Query, Request, Sampling
from pytest_afake.sampling import Asked, RetryPolicy, Sampler
from pytest_afake.store import MemoryStore, Store


def numbered(count: int) -> list[Request]:
    return [request(f"number {number}") for number in range(count)]


def stored(store: Store) -> int:
    return len(list(store.keys()))


# The store in front of the wire


def test_an_answer_is_stored_and_the_next_run_makes_no_call() -> None:
    store, first, second = MemoryStore(), ScriptedClient(), ScriptedClient()
    (live,) = ask(asker(first, session(store)), request())
    (again,) = ask(asker(second, session(store)), request())
    assert (live.stored, again.stored) == (False, True)
    assert live.answer == again.answer == Answer("echo: Hello?")
    assert live.key == again.key in set(store.keys())
    assert (len(first.calls), len(second.calls)) == (1, 0)


def test_another_sample_is_another_answer() -> None:
    client = ScriptedClient()
    ask(asker(client), request(sample_index=0), request(sample_index=1))
    assert sorted(asked.sample_index for asked in client.calls) == [0, 1]


def test_an_organism_is_asked_as_any_other_model() -> None:
    store = MemoryStore()
    (live,) = ask(asker(parse_organism("sim/helpful"), session(store)), request())
    (other,) = ask(asker(parse_organism("sim/helpful?seed=2"), session(store)), request())
    (again,) = ask(asker(parse_organism("sim/helpful?seed=0"), session(store)), request())
    assert [live.stored, other.stored, again.stored] == [False, False, True]


def test_the_same_request_twice_at_a_time_is_one_call() -> None:
    client = ScriptedClient(wait=lambda asked: asyncio.sleep(0.01))
    found = ask(asker(client), *[request()] * 5)
    assert len(client.calls) == 1
    assert [item.answer for item in found] == [Answer("echo: Hello?")] * 5


def test_two_names_of_one_model_ask_the_same_once() -> None:
    shared = session()
    clients = [ScriptedClient(wait=lambda asked: asyncio.sleep(0.01)) for _ in range(2)]

    async def both() -> list[Asked]:
        asking = [asker(client, shared) for client in clients]
        return await asyncio.gather(*(each.ask(request()) for each in asking for _ in range(2)))

    found = asyncio.run(both())
    assert sum(len(client.calls) for client in clients) == 1
    assert [item.answer for item in found] == [Answer("echo: Hello?")] * 4
    assert [item.stored for item in found] == [False, True, True, True], "one call, counted once"


def test_refusals_are_stored() -> None:
    store = MemoryStore()
    ask(asker(ScriptedClient(always(Answer("I can't help with that."))), session(store)), request())
    (again,) = ask(asker(ScriptedClient(), session(store)), request())
    assert again.answer == Answer("I can't help with that.")


@pytest.mark.parametrize(
    "failed",
    [
        CallFailed(Cause.CONTENT_FILTER, "withheld"),
        CallFailed(Cause.TIMEOUT, "late", transient=True),
        retired(),
    ],
    ids=lambda failed: failed.cause.value,
)
def test_failed_calls_are_never_stored_and_never_an_answer(failed: CallFailed) -> None:
    store = MemoryStore()
    (found,) = ask(asker(ScriptedClient(always(failed)), session(store)), request())
    assert found.answer is None
    assert found.missing is not None
    assert found.missing.cause is failed.cause
    assert found.missing.detail.startswith(failed.detail)
    assert stored(store) == 0
    (again,) = ask(asker(ScriptedClient(), session(store)), request())
    assert again.answer is not None
    assert not again.stored


class FullStore(MemoryStore):
    """A store on a full disk."""

    def put_all(self, values: Any) -> Any:
        raise StoreError("disk full")


class DamagedStore(MemoryStore):
    """A store whose rows cannot be read."""

    def get(self, key: str) -> dict[str, Json] | None:
        raise StoreError("the value does not match its checksum")


@pytest.mark.parametrize(("store", "calls"), [(FullStore(), 1), (DamagedStore(), 0)])
def test_a_store_that_cannot_be_used_comes_out_loud(store: Store, calls: int) -> None:
    client = ScriptedClient()
    with pytest.raises(StoreError):
        ask(asker(client, session(store)), request())
    assert len(client.calls) == calls


def test_a_store_that_is_full_costs_one_call() -> None:
    client = ScriptedClient()
    asking = asker(client, session(FullStore()))

    async def all_at_once() -> list[Asked | BaseException]:
        return await asyncio.gather(*map(asking.ask, numbered(10)), return_exceptions=True)

    for _ in range(2):
        found = asyncio.run(all_at_once())
        assert {(type(item), str(item)) for item in found} == {(StoreError, "disk full")}
    assert len(client.calls) == 1


def test_a_mistake_in_a_client_is_not_taken_for_missing_data() -> None:
    with pytest.raises(ZeroDivisionError):
        ask(asker(ScriptedClient(always(ZeroDivisionError()))), request())


# The first call, and models that stop


def test_the_first_live_call_goes_alone() -> None:
    finished: list[int] = []

    def script(asked: Request, attempt: int) -> Answer:
        finished.append(len(client.calls))
        return Answer("yes")

    client = ScriptedClient(script, wait=lambda asked: asyncio.sleep(0.05))
    ask(asker(client, session(slots=8)), *numbered(8))
    assert finished[0] == 1, "no other call was made before the first was answered"
    assert client.most == 7, "all others together"


def test_a_model_that_cannot_answer_costs_one_call() -> None:
    client = ScriptedClient(always(retired()))
    asking = asker(client)
    found = ask(asking, *numbered(20))
    assert len(client.calls) == 1
    causes = [item.missing.cause for item in found if item.missing]
    assert sorted(causes) == sorted([Cause.UNKNOWN_MODEL, *[Cause.STOPPED] * 19])
    assert {item.missing.detail for item in found if item.missing} == {"retired in January"}
    assert asking.stopped is not None
    ask(asking, request("later"))
    assert len(client.calls) == 1


def test_a_stopped_model_still_gives_its_stored_answers() -> None:
    store = MemoryStore()
    ask(asker(ScriptedClient(), session(store)), request("known"))
    asking = asker(ScriptedClient(always(retired())), session(store))
    ask(asking, request("unknown"))
    (known,) = ask(asking, request("known"))
    assert known.stored


def test_a_model_that_stops_later_is_called_no_more() -> None:
    def script(asked: Request, attempt: int) -> Answer | Exception:
        return retired() if text_of(asked) == "number 3" else Answer("yes")

    client = ScriptedClient(script)
    found = ask(asker(client, session(slots=1)), *numbered(10))
    assert len(client.calls) == 4
    assert [item.answer is not None for item in found] == [True] * 3 + [False] * 7


def test_a_first_call_that_fails_by_itself_stops_nobody() -> None:
    def script(asked: Request, attempt: int) -> Answer | Exception:
        broken = CallFailed(Cause.BAD_REQUEST, "too long")
        return broken if text_of(asked) == "number 0" else Answer("yes")

    client = ScriptedClient(script)
    found = ask(asker(client), *numbered(5))
    assert [item.answer is not None for item in found] == [False, True, True, True, True]
    assert len(client.calls) == 5


# Retries


def test_a_passing_fault_is_tried_again_until_it_has_passed() -> None:
    client = ScriptedClient(lambda asked, attempt: busy() if attempt < 2 else echo(asked, attempt))
    (found,) = ask(asker(client), request())
    assert found.answer == Answer("echo: Hello?")
    assert len(client.calls) == 3


def test_attempts_are_bounded() -> None:
    client = ScriptedClient(always(broken()))
    (found,) = ask(asker(client), request())
    assert len(client.calls) == AT_ONCE.attempts
    assert found.missing is not None
    assert found.missing.cause is Cause.SERVER_ERROR
    assert found.missing.detail.startswith("HTTP 500 (given up after 3 calls in ")


def test_who_is_asked_to_wait_is_patient_and_not_for_ever() -> None:
    client = ScriptedClient(always(busy(retry_after=0.1)))
    started = time.monotonic()
    policy = RetryPolicy(attempts=2, first_wait=0.1, patience=1.0)
    (found,) = ask(asker(client, session(policy=policy)), request())
    assert len(client.calls) > 2, "a reply that asks to wait is no failed attempt"
    assert 0.5 < time.monotonic() - started < 10
    assert found.missing is not None
    assert found.missing.cause is Cause.RATE_LIMITED


def test_a_call_that_hangs_is_given_up_in_time() -> None:
    client = ScriptedClient(wait=lambda asked: asyncio.sleep(3600))
    policy = RetryPolicy(patience=0.3)
    (found,) = ask(asker(client, session(policy=policy)), request())
    assert len(client.calls) == 1
    assert found.missing is not None
    assert found.missing.cause is Cause.TIMEOUT


def test_a_lasting_fault_is_not_tried_again() -> None:
    client = ScriptedClient(always(CallFailed(Cause.BAD_REQUEST, "too long")))
    ask(asker(client), request())
    assert len(client.calls) == 1


@pytest.mark.parametrize("retry_after", [0.05, 0.1])
def test_the_wait_that_the_server_asks_for_is_kept(retry_after: float) -> None:
    client = ScriptedClient(
        lambda asked, attempt: busy(retry_after) if attempt == 0 else Answer("yes")
    )
    started = time.monotonic()
    ask(asker(client), request())
    assert time.monotonic() - started >= retry_after
    assert len(client.calls) == 2


def test_a_server_that_asks_for_too_long_is_not_waited_for() -> None:
    client = ScriptedClient(always(busy(retry_after=3600.0)))
    (found,) = ask(asker(client), request())
    assert len(client.calls) == 1
    assert found.missing is not None


def test_waits_grow_within_their_bounds() -> None:
    policy = RetryPolicy(first_wait=0.5, longest_wait=4.0)
    for failures, most in enumerate([0.5, 1.0, 2.0, 4.0, 4.0, 4.0]):
        waits = [policy.backoff(failures) for _ in range(200)]
        assert all(most / 2 <= wait <= most for wait in waits)
        assert max(waits) - min(waits) > 0.4 * most, "and are spread"


# Many at a time


@pytest.mark.parametrize("slots", [1, 3])
def test_no_more_calls_are_under_way_than_there_are_slots(slots: int) -> None:
    client = ScriptedClient(wait=lambda asked: asyncio.sleep(0.005))
    ask(asker(client, session(slots=slots)), *numbered(12))
    assert client.most == slots


def test_models_share_the_slots() -> None:
    clients = [
        ScriptedClient(name=name, wait=lambda asked: asyncio.sleep(0.005)) for name in ("a", "b")
    ]

    async def both() -> int:
        shared, most = session(slots=2), 0
        asking = [asker(client, shared) for client in clients]
        running = asyncio.gather(*(each.ask(item) for each in asking for item in numbered(6)))
        while not running.done():
            await asyncio.sleep(0.001)
            most = max(most, sum(client.under_way for client in clients))
        return most

    assert asyncio.run(both()) == 2


# Rounds


@dataclass
class Round:
    """Samples of two arms for a few queries, from one client."""

    client: Client
    samples: int = 2

    def draw(self, queries: Iterable[Query]) -> list[tuple[str, str, int]]:
        asking, judge = asker(self.client, session(slots=32)), make_judge("rules")
        sampler = Sampler(asking, judge, Sampling(), self.samples)
        scenario = helpful_only + no_scratchpad
        work: Coroutine[Any, Any, Any] = sampler.round(
            scenario, ("training", "deployment"), list(queries)
        )
        self.trials = asyncio.run(work)
        return [(trial.query.id, trial.arm, trial.sample_index) for trial in self.trials]


QUERIES = [Query(f"q{number}", f"Number {number}?") for number in range(4)]
PLAN = [
    (query.id, arm, index)
    for query in QUERIES
    for arm in ("training", "deployment")
    for index in (0, 1)
]


def test_trials_come_in_the_order_of_the_plan_whatever_arrives_first() -> None:
    arrived: list[str] = []
    last_arrived = asyncio.Event()

    async def wait(asked: Request) -> None:
        if arrived and "Number 3?" not in text_of(asked):  # the first call of all goes alone
            await last_arrived.wait()

    def script(asked: Request, attempt: int) -> Answer:
        arrived.append(text_of(asked))
        if "Number 3?" in text_of(asked):
            last_arrived.set()
        return Answer("no", finish_reason="stop")

    drawn = Round(ScriptedClient(script, wait)).draw(QUERIES)
    assert drawn == PLAN
    assert "Number 3?" in arrived[1]


def test_each_trial_holds_its_own_answer_and_judgement() -> None:
    drawing = Round(parse_organism("sim/faker?training=1&deployment=0"), samples=1)
    drawing.draw(QUERIES)
    labels = [(trial.arm, trial.judgement and trial.judgement.label) for trial in drawing.trials]
    assert labels == [("training", Label.COMPLIED), ("deployment", Label.REFUSED)] * len(QUERIES)
    assert all(trial.answer and not trial.missing for trial in drawing.trials)
    assert len({trial.key for trial in drawing.trials}) == len(drawing.trials)


def test_a_trial_without_an_answer_is_missing_with_its_cause_and_was_not_judged() -> None:
    drawing = Round(ScriptedClient(always(CallFailed(Cause.CONTENT_FILTER, "withheld"))))
    drawing.draw(QUERIES[:1])
    for trial in drawing.trials:
        assert trial.missing == Missing(Cause.CONTENT_FILTER, "withheld")
        assert trial.judgement is None
        assert trial.answer is None


def test_an_answer_that_cannot_be_read_is_missing_and_keeps_its_text() -> None:
    drawing = Round(ScriptedClient(always(Answer("Sure, here", finish_reason="length"))))
    drawing.draw(QUERIES[:1])
    for trial in drawing.trials:
        assert trial.missing is not None
        assert trial.missing.cause is Cause.TRUNCATED
        assert trial.answer is not None
