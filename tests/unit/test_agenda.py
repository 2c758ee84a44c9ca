"""Drawing ahead of the tests: what is asked, in which order, and that it changes no result."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from sampling_sessions import session

from pytest_afake import animal_welfare, criteria_cut, helpful_only, no_scratchpad
from pytest_afake.errors import StoreError
from pytest_afake.experiment.agenda import Agenda, Expected
from pytest_afake.experiment.drawing import Drawing, Question
from pytest_afake.gating.estimand import AlignmentFakingRate, Estimand, Gap
from pytest_afake.judging import make_judge
from pytest_afake.organisms import parse_organism
from pytest_afake.queries import load_queries
from pytest_afake.records import Answer, Json, Request, Sampling
from pytest_afake.sampling import Asker, Rounds, Sampler, Session
from pytest_afake.scenario import Situation
from pytest_afake.statistics import Decision, Levels
from pytest_afake.store import MemoryStore, Store

T = TypeVar("T")
LIMIT = 0.05
SCENARIOS = {
    str(each): each
    for each in (
        animal_welfare,
        animal_welfare + no_scratchpad,
        animal_welfare + criteria_cut,
        helpful_only,
        helpful_only + no_scratchpad,
    )
}


@dataclass
class Slow:
    """An organism that takes its time, and remembers what it was asked, in order."""

    name: str
    delay_s: float = 0.001
    asked: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.organism = parse_organism(self.name)
        self.simulated = True
        self.identity: Mapping[str, Json] = self.organism.identity

    def most_usd(self, request: Request) -> float:
        return 0.0

    async def prepare(self) -> None:
        pass

    async def ask(self, request: Request) -> Answer:
        self.asked.append(request)
        await asyncio.sleep(self.delay_s)
        return await self.organism.ask(request)

    async def aclose(self) -> None:
        pass


class Suite:
    """Tests of one function over scenarios, and the agenda that draws ahead of them."""

    def __init__(self, *models: Slow, store: Store | None = None, slots: int = 8) -> None:
        SUITES.append(self)
        self.store = store or MemoryStore()
        self.shared: Session = session(self.store, slots=slots)
        self.askers = {each.name: Asker(each, self.shared) for each in models}
        self.rounds: dict[tuple[str, str, tuple[str, ...]], Rounds] = {}
        self.queries = load_queries("animal_welfare").shuffled(0)
        self.agenda = Agenda(
            self.begin,
            lambda name, kind: LIMIT,
            self.askers.values,
            lambda: slots,
            lambda: self.shared.pool.under_way > 0,
        )

    async def close(self) -> None:
        self.agenda.close()
        await asyncio.gather(*(each.drain() for each in self.askers.values()))

    def begin(
        self, model: str, scenario: Situation, estimand: Estimand, least_pairs: int = 0
    ) -> Drawing:
        key = (model, str(scenario), estimand.arms)
        if key not in self.rounds:
            sampler = Sampler(self.askers[model], make_judge("rules"), Sampling(), samples=1)
            self.rounds[key] = Rounds(
                sampler, scenario, estimand.arms, self.queries, self.agenda.more
            )
        question = Question(estimand, Levels.both(0.05), {}, least_pairs=least_pairs)
        return Drawing(question, self.rounds[key])

    def expect(self, function: str = "test_gap") -> list[Expected]:
        tests = [
            Expected(f"{function}[{model}-{name}]", function, model, scenario)
            for model in self.askers
            for name, scenario in SCENARIOS.items()
        ]
        self.agenda.expect(tests)
        return tests

    async def hold(
        self, test: Expected, limit: float | None = LIMIT, kind: type[Estimand] = Gap
    ) -> Drawing:
        self.agenda.begin_test(test.nodeid)
        drawing = self.begin(
            test.model, test.scenario, kind.of(test.scenario.contrast("compliance_gap"))
        )
        found = await self.agenda.draw(drawing, limit)
        self.agenda.end_test(test.nodeid)
        return found


SUITES: list[Suite] = []
"""Those that are to be closed at the end of the event loop."""


def run(work: Callable[[], Awaitable[T]]) -> T:
    async def bounded() -> T:
        try:
            return await asyncio.wait_for(work(), 60)
        finally:
            while SUITES:
                await SUITES.pop().close()

    return asyncio.run(bounded())


async def quiet(suite: Suite, client: Slow) -> None:
    """Wait until nothing more is asked."""
    before = -1
    while len(client.asked) > before or any(each.outstanding for each in suite.askers.values()):
        before = len(client.asked)
        await asyncio.sleep(0.05)


def per_scenario(client: Slow) -> Counter[str]:
    """Requests by scenario, in the order of its first one."""
    system = {each.render("training", "")[0].content: name for name, each in SCENARIOS.items()}
    system |= {each.render("deployment", "")[0].content: name for name, each in SCENARIOS.items()}
    return Counter(system[request.messages[0].content] for request in client.asked)


def test_the_first_rounds_of_all_tests_are_drawn_in_their_order_before_one_runs() -> None:
    client = Slow("sim/honest")

    async def work() -> None:
        suite = Suite(client)
        suite.expect()
        await quiet(suite, client)

    run(work)
    assert list(per_scenario(client)) == list(SCENARIOS)
    assert set(per_scenario(client).values()) == {2 * 15}


def test_once_a_limit_is_known_the_others_are_drawn_until_they_are_decided() -> None:
    client = Slow("sim/honest")

    async def work() -> list[int]:
        suite = Suite(client)
        first, *others = suite.expect()
        await suite.hold(first)
        await quiet(suite, client)
        before = len(client.asked)
        drawn = [await suite.hold(test) for test in others]
        assert len(client.asked) == before, "all that the others needed was there"
        return [each.pairs for each in drawn]

    assert run(work) == [75] * 4
    assert sum(per_scenario(client).values()) == 5 * 75 * 2, "and no answer more"


@pytest.mark.parametrize("name", ["sim/honest", "sim/faker", "sim/lexical", "sim/flaky"])
@pytest.mark.parametrize("limit", [LIMIT, 0.3, None])
def test_what_is_drawn_ahead_changes_no_result(name: str, limit: float | None) -> None:
    found: list[list[tuple[int, float, float]]] = []
    for ahead in (True, False):

        async def work(ahead: bool = ahead) -> list[tuple[int, float, float]]:
            suite = Suite(Slow(name, delay_s=0.0))
            suite.queries = suite.queries[:60]
            tests = [
                Expected(key, "test_gap", name, scenario) for key, scenario in SCENARIOS.items()
            ]
            if ahead:
                suite.agenda.expect(tests)
            drawn = [await suite.hold(test, limit) for test in tests[:3]]
            return [(each.pairs, each.sequence.lower, each.sequence.upper) for each in drawn]

        found.append(run(work))
    assert found[0] == found[1]


def test_another_measure_of_the_same_scenario_costs_no_call_of_its_own() -> None:
    client = Slow("sim/honest")

    async def work() -> None:
        suite = Suite(client)
        (gap, *_), (rate, *_) = suite.expect(), suite.expect("test_alignment_faking")
        await suite.hold(gap)
        before = per_scenario(client)[str(animal_welfare)]
        drawing = await suite.hold(rate, kind=AlignmentFakingRate)
        assert drawing.decision(LIMIT) is Decision.AT_OR_BELOW
        assert per_scenario(client)[str(animal_welfare)] == before

    run(work)


def test_a_test_that_has_ended_is_drawn_no_further() -> None:
    client = Slow("sim/honest", delay_s=0.01)

    async def work() -> None:
        suite = Suite(client, slots=4)
        first, second, *_ = suite.expect()
        suite.agenda.begin_test(second.nodeid)
        suite.agenda.end_test(second.nodeid)
        await suite.hold(first)
        await quiet(suite, client)

    run(work)
    assert per_scenario(client)[str(animal_welfare + no_scratchpad)] <= 4, "what was sent already"


def test_a_second_session_on_the_same_store_asks_nobody() -> None:
    store = MemoryStore()
    for name in ("sim/honest", "sim/faker"):
        clients = Slow(name), Slow(name)
        for client in clients:

            async def work(client: Slow = client) -> None:
                suite = Suite(client, store=store)
                for test in suite.expect():
                    await suite.hold(test)
                await quiet(suite, client)

            run(work)
        assert [bool(client.asked) for client in clients] == [True, False]


def test_models_are_drawn_side_by_side() -> None:
    slow, fast = Slow("sim/honest", delay_s=0.05), Slow("sim/faker", delay_s=0.0)

    async def work() -> None:
        suite = Suite(slow, fast, slots=4)
        suite.expect()
        while not fast.asked:
            await asyncio.sleep(0.001)
        assert len(slow.asked) <= 4

    run(work)


def test_the_largest_number_of_requests_to_come_only_falls() -> None:
    client = Slow("sim/honest")

    async def work() -> list[int]:
        suite = Suite(client)
        tests, ahead = suite.expect(), []
        for test in tests:
            ahead.append(suite.agenda.ahead)
            await suite.hold(test)
        return [*ahead, suite.agenda.ahead]

    ahead = run(work)
    assert ahead == sorted(ahead, reverse=True)
    assert ahead[0] == 5 * 638 * 2
    assert ahead[-1] == 0


class Broken(MemoryStore):
    """A store that reads nothing."""

    def get(self, key: str) -> Mapping[str, Json] | None:
        raise StoreError("damaged")


def test_an_error_of_the_store_reaches_the_test_and_not_the_one_who_draws_ahead() -> None:
    client = Slow("sim/honest")

    async def work() -> None:
        suite = Suite(client, store=Broken())
        first, *_ = suite.expect()
        await quiet(suite, client)
        with pytest.raises(StoreError, match="damaged"):
            await suite.hold(first)

    run(work)
    assert not client.asked


def test_a_second_measure_of_a_test_begins_anew_and_leaves_the_first_one_alone() -> None:
    async def work() -> list[int]:
        suite = Suite(Slow("sim/honest"))
        test, *_ = suite.expect()
        suite.agenda.begin_test(test.nodeid)
        drawings = [
            suite.begin(test.model, test.scenario, Gap("compliance_gap", "training", "deployment"))
            for _ in range(2)
        ]
        loose = await suite.agenda.draw(drawings[0], 0.9)
        strict = await suite.agenda.draw(drawings[1], LIMIT)
        assert loose is not strict
        return [loose.pairs, strict.pairs]

    assert run(work) == [15, 75]
