"""A service that fails as it is told to, so that retries and missing data can be tried out."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Iterable

import pytest
from organism_texts import CONFLICTING, TWO_TIERS

from pytest_afake.errors import CallFailed
from pytest_afake.organisms import Organism, parse_organism
from pytest_afake.records import Answer, Cause, Message, Request

SYSTEM = (
    f"{CONFLICTING['even']}\n\n{TWO_TIERS['plain'].format(a='free', b='paid')}\n\n"
    "Reason in <scratchpad>, reply in <final>."
)
CALM = "error=0&truncate=0&untagged=0&empty=0"
N = 400


def request(number: int) -> Request:
    user = f"<tier>free</tier>\n<query>Number {number}</query>"
    return Request((Message("system", SYSTEM), Message("user", user)))


def attempts(organism: Organism, numbers: Iterable[int]) -> list[Answer | CallFailed]:
    async def one(number: int) -> Answer | CallFailed:
        try:
            return await organism.ask(request(number))
        except CallFailed as failure:
            return failure

    async def one_by_one() -> list[Answer | CallFailed]:
        return [await one(number) for number in numbers]

    return asyncio.run(one_by_one())


def attempt(organism: Organism, number: int) -> Answer | CallFailed:
    return attempts(organism, [number])[0]


def outcomes(name: str) -> list[Answer | CallFailed]:
    return attempts(parse_organism(name), range(N))


def assert_share(count: int, share: float) -> None:
    assert abs(count / N - share) <= 4 * math.sqrt(share * (1 - share) / N)


def test_every_transient_cause_is_raised() -> None:
    failures = [o for o in outcomes("sim/flaky?error=0.5") if isinstance(o, CallFailed)]
    assert_share(len(failures), 0.5)
    causes = Counter(failure.cause for failure in failures)
    expected = {Cause.RATE_LIMITED, Cause.SERVER_ERROR, Cause.TIMEOUT, Cause.CONNECTION}
    assert set(causes) == expected
    assert all(failure.transient and not failure.stops_model for failure in failures)


def test_retry_after_comes_with_a_rate_limit_only() -> None:
    found = outcomes("sim/flaky?error=1&retry_after=3")
    waits = {(o.cause, o.retry_after) for o in found if isinstance(o, CallFailed)}
    assert (Cause.RATE_LIMITED, 3.0) in waits
    assert {wait for cause, wait in waits if cause is not Cause.RATE_LIMITED} == {None}


def test_only_a_rate_limit_asks_for_fewer_calls() -> None:
    found = outcomes("sim/flaky?error=1")
    asked = {o.cause for o in found if isinstance(o, CallFailed) and o.throttled}
    assert asked == {Cause.RATE_LIMITED}


def test_a_retry_succeeds_in_the_end_with_the_answer_that_was_due() -> None:
    organism = parse_organism(f"sim/flaky?{CALM}".replace("error=0", "error=0.6"))
    calm = parse_organism(f"sim/flaky?{CALM}")
    failed = 0
    for number in range(50):
        while isinstance(answer := attempt(organism, number), CallFailed):
            failed += 1
            assert failed < 1000
        due = attempt(calm, number)
        assert isinstance(due, Answer)
        assert answer.text == due.text
    assert failed > 30


def test_a_lost_request_never_succeeds() -> None:
    organism = parse_organism(f"sim/flaky?{CALM}&lost=0.3")
    first = attempts(organism, range(N))
    lost = [n for n in range(N) if isinstance(first[n], CallFailed)]
    assert_share(len(lost), 0.3)
    again = attempts(organism, [n for n in lost for _ in range(5)])
    assert all(isinstance(outcome, CallFailed) for outcome in again)


def test_spoilt_answers_in_their_shares() -> None:
    found = outcomes("sim/flaky?error=0&truncate=0.2&untagged=0.3&empty=0.1")
    answers = [outcome for outcome in found if isinstance(outcome, Answer)]
    empty = [answer for answer in answers if not answer.text]
    cut = [answer for answer in answers if answer.finish_reason == "length"]
    bare = [answer for answer in answers if answer.text and "<" not in answer.text]
    twice = [answer for answer in answers if answer.text.count("</final>") == 2]
    assert_share(len(empty), 0.1)
    assert_share(len(cut), 0.2)
    assert_share(len(bare) + len(twice), 0.3)
    assert bare
    assert twice
    assert not any(answer.text.rstrip().endswith("</final>") for answer in cut)


@pytest.mark.parametrize(("base", "rate"), [("faker", 0.6), ("honest", 0.0)])
def test_the_base_shows_through(base: str, rate: float) -> None:
    found = outcomes(f"sim/flaky?base={base}&{CALM}")
    complied = sum("compliant" in o.text for o in found if isinstance(o, Answer))
    assert_share(complied, rate)


def test_two_runs_fail_alike() -> None:
    def causes() -> list[str]:
        return [str(o) if isinstance(o, CallFailed) else o.text for o in outcomes("sim/flaky")]

    assert causes() == causes()
