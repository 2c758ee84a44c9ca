"""The front door of the core: what a session holds, and measuring without pytest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from pytest_afake.errors import UsageError
from pytest_afake.experiment import organisms_behind
from pytest_afake.experiment.agenda import Expected
from pytest_afake.experiment.clients import check_prices, make_client, sampling_of
from pytest_afake.experiment.drawing import Drawing, Question
from pytest_afake.experiment.forecast import Forecast, forecast
from pytest_afake.experiment.inquiries import Inquiries
from pytest_afake.experiment.measure import Held, Measure
from pytest_afake.experiment.model import Model
from pytest_afake.experiment.open_session import OpenSession
from pytest_afake.experiment.prospects import Prospect, prospects
from pytest_afake.experiment.provenance import provenance_of, which_of
from pytest_afake.experiment.run_judge import RunJudge
from pytest_afake.experiment.stores import open_stores
from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.conclusion import Evidence, conclude
from pytest_afake.gating.estimand import Estimand
from pytest_afake.gating.judged import Judged
from pytest_afake.judging import Judge
from pytest_afake.models.spec import ModelSpec
from pytest_afake.queries import QuerySet
from pytest_afake.records import Json, Message, Request, Trial
from pytest_afake.sampling import Asked, Rounds, Sampler, Totals
from pytest_afake.scenario import Situation, check
from pytest_afake.settings.settings import Settings
from pytest_afake.statistics import Levels, first_share
from pytest_afake.store import Store


class Observer(Protocol):
    """Who is told what happens in an experiment."""

    def created(self, measure: Measure) -> None:
        """A test asked for a measure; nothing is drawn yet."""
        ...

    def asked(self) -> None:
        """A test asks a model: a question of its own, or what a measure needs."""
        ...

    def concluded(
        self, comparison: Comparison, scenario: Situation, trials: Sequence[Trial]
    ) -> Comparison:
        """A comparison was made, from these trials. Returns it, possibly with more provenance."""
        ...


class Experiment:
    """What all measures of a session share: the event loop, the store, the clients, the queries.

    ``observer`` learns of each measure and of each comparison when it is made. ``accounts`` is the
    folder in which the processes of one run count together; without it this process is the run.
    Construction checks what can be checked without a call (organism names, judge, prices, query
    file) and raises UsageError; nothing is opened or started before the first measure is made.
    ``notices`` say what was found wrong with the store when it was opened. ``family`` is the number
    of tests among which lower bounds share alpha; it is set before the first measure is made. A
    test may hold several measures: Holm's correction counts them all at the end.
    """

    def __init__(
        self,
        settings: Settings,
        observer: Observer | None = None,
        store: Store | None = None,
        accounts: Path | None = None,
    ) -> None:
        self.settings = settings
        self._observer = observer
        self._judge = RunJudge.of(settings)
        self._clients = {
            spec.name: self._judge.client_of(make_client(spec)) for spec in settings.models
        }
        own = [(spec, self._clients[spec.name]) for spec in settings.models]
        check_prices(settings, [*own, *self._judge.clients])
        self._inquiries = Inquiries(settings)
        self._store = store
        self.notices: tuple[str, ...] = ()
        self.family = 1
        self._accounts = accounts
        self._session: OpenSession | None = None

    @property
    def chosen_queries(self) -> QuerySet | None:
        """The queries that the user named, asked in every scenario; None if each has its own."""
        return self._inquiries.chosen_queries

    def model(self, name: str) -> Model:
        """The model that a test works with, by the name that the user gave."""
        return Model(self, self._spec(name))

    def measure(
        self, spec: ModelSpec, scenario: Situation, estimand: Estimand, least_pairs: int = 0
    ) -> Measure:
        """A lazy measure. Raises UsageError when the scenario has nothing to ask."""
        check(scenario)  # it may be made by hand
        inquiry = self._inquiries.of(scenario, estimand)
        drawing = self._drawing(spec.name, scenario, estimand, least_pairs)
        provenance = provenance_of(spec, inquiry, self._judge, self.settings)
        conclusion = partial(self._conclude, spec, provenance)
        measure = Measure(drawing, self._draw, conclusion)
        if self._observer:
            self._observer.created(measure)
        return measure

    def ask(self, spec: ModelSpec, messages: Sequence[Message], sample_index: int = 0) -> Asked:
        """One plain answer, through the store."""
        if self._observer:
            self._observer.asked()
        request = Request(tuple(messages), sampling_of(spec), sample_index)
        return self._opened().ask(self._sampler(spec.name), request)

    def expect(self, tests: Sequence[Expected]) -> None:
        """These tests are to come: their answers are drawn ahead, while others run."""
        if tests:
            self._opened().expect(tests)

    def begin_test(self, nodeid: str) -> None:
        """A test begins; what is measured until it ends is measured by it."""
        if self._session is not None:
            self._session.begin_test(nodeid)

    def end_test(self, nodeid: str) -> None:
        """A test has ended: nothing more is drawn for it."""
        if self._session is not None:
            self._session.end_test(nodeid)

    def is_measurable(self, scenario: Situation) -> bool:
        """Whether its texts and queries are sound; a test of one that is not says why not."""
        try:
            check(scenario)
            self._inquiries.of_requests(scenario)
        except UsageError:
            return False
        return True

    def forecast(self, tests: Sequence[Expected], most: int | None = None) -> Forecast:
        """The calls that these tests can make at most, and what they can cost."""
        different = {
            (test.model, which_of(self._inquiries.of_requests(test.scenario))): test
            for test in tests
        }
        rounds = [each for test in different.values() for each in self._all_arms(test)]
        return forecast(rounds, self.open_store(), most)

    def prospects(self, tests: Sequence[Expected]) -> list[Prospect]:
        """What a comparison of each model is likely to take."""
        asked = [
            (self._spec(test.model), self._inquiries.of_requests(test.scenario).queries)
            for test in tests
        ]
        return prospects(self.settings, self.family, asked)

    def open_store(self) -> Store:
        """The store, opened at first use. Raises StoreError when it cannot be used."""
        if self._store is None:
            self._store, self.notices = open_stores(self.settings)
        return self._store

    def check_store(self) -> None:
        """Raises StoreError when the store holds a row whose key is none of ours."""
        for _ in self.open_store().keys():  # noqa: SIM118 - a store is no mapping
            pass

    def totals(self) -> Totals | None:
        """What the processes of the run have counted; None before anything was asked."""
        return self._session.totals() if self._session is not None else None

    def drain(self, within: float | None = None) -> None:
        """Draw nothing more; wait for the calls that were sent, and store their answers.

        ``within`` bounds the wait in seconds.
        """
        if self._session is not None:
            self._session.drain(within)

    def close(self) -> None:
        """Close connections and the store. May be called more than once."""
        session, self._session = self._session, None
        store, self._store = self._store, None
        try:
            if session is not None:
                clients = [client for _, client in self._judge.clients]
                session.close([*self._clients.values(), *clients])
        finally:
            if store is not None:  # even when a client fails to close
                store.close()

    def _draw(self, drawing: Drawing, limit: float | None) -> Drawing:
        if self._observer:
            self._observer.asked()
        return self._opened().draw(drawing, limit)

    def _opened(self) -> OpenSession:
        if self._session is None:
            self._session = OpenSession(
                self.settings,
                self.open_store(),
                self._accounts,
                self._drawing,
                self._own_limit,
            )
        return self._session

    def _drawing(
        self, model: str, scenario: Situation, estimand: Estimand, least_pairs: int
    ) -> Drawing:
        session, inquiry = self._opened(), self._inquiries.of(scenario, estimand)
        policy = self.settings.policy_of(self._spec(model), estimand.measure)
        order = inquiry.order[: policy.max_pairs]
        key = (model, (*which_of(inquiry), len(order)), estimand.arms)
        if key not in session.rounds:
            session.rounds[key] = Rounds(
                self._sampler(model, inquiry.judge),
                inquiry.scenario,
                estimand.arms,
                order,
                session.agenda.more,
            )
        shown = estimand.ignorable or self._judge.judge.reads_motives
        correction = self._judged(self._spec(model), scenario, estimand).correction
        question = Question(
            estimand,
            Levels.of(policy.alpha, self.family),
            inquiry.queries.cluster_sizes,
            correction,
            can_be_shown=shown,
            least_pairs=least_pairs,
        )
        return Drawing(question, session.rounds[key])

    def _all_arms(self, test: Expected) -> list[Rounds]:
        """All that any measure of a test's scenario can ask for."""
        arms = tuple(test.scenario.arms)
        most = self.settings.policies.most_pairs(self._spec(test.model))
        return [
            Rounds(
                self._sampler(test.model, each.judge),
                each.scenario,
                arms,
                each.order[:most],
            )
            for each in self._inquiries.all_of(test.scenario)
        ]

    def _sampler(self, model: str, judge: Judge | None = None) -> Sampler:
        """``judge`` is one that asks nobody, in place of the run's."""
        session = self._opened()
        return Sampler(
            session.asker(model, self._clients[model]),
            judge or self._judge.judge,
            sampling_of(self._spec(model)),
            self.settings.samples,
            None if judge else self._judge.asker(session),
        )

    def _own_limit(self, model: str, measure: str) -> float:
        return self.settings.policy_of(self._spec(model), measure).limit

    def _judged(self, spec: ModelSpec, scenario: Situation, estimand: Estimand) -> Judged:
        alpha = self.settings.policy_of(spec, estimand.measure).alpha
        share = first_share(self._inquiries.of(scenario, estimand).queries.cluster_sizes)
        return self._judge.judged(scenario, estimand, alpha * share, spec)

    def _spec(self, name: str) -> ModelSpec:
        for spec in self.settings.models:
            if spec.name == name:
                return spec
        raise UsageError(f"{name}: is not one of the models of this run")

    def _conclude(
        self,
        spec: ModelSpec,
        provenance: Mapping[str, Json],
        drawing: Drawing,
        held: Held,
    ) -> Comparison:
        scenario, trials = drawing.rounds.scenario, drawing.trials
        evidence = Evidence(
            model=spec.name,
            simulated=spec.simulated or organisms_behind.answered(trials),
            scenario=scenario,
            estimand=drawing.estimand,
            by_query=drawing.by_query,
            sequence=drawing.sequence,
            uncorrected=drawing.uncorrected,
            sizes=drawing.question.sizes,
            stopped=drawing.stopped,
            capped=drawing.capped,
            exhausted=drawing.exhausted,
            judge=drawing.rounds.sampler.judge.name,
            judged=self._judged(spec, scenario, drawing.estimand),
            policy=self.settings.policy_of(spec, drawing.estimand.measure),
            provenance={**provenance, "judge_simulated": self._judge_simulated(drawing)},
        )
        comparison = conclude(evidence, held.limit, held.decision)
        if self._observer:
            return self._observer.concluded(comparison, scenario, trials)
        return comparison

    def _judge_simulated(self, drawing: Drawing) -> bool:
        is_run_judge = drawing.rounds.sampler.judge is self._judge.judge
        simulated = is_run_judge and self._judge.chosen.simulated
        return simulated or organisms_behind.judged(drawing.trials)
