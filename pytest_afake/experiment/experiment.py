"""The front door of the core: what a session holds, and measuring without pytest."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Protocol

from pytest_afake.errors import QueryError, UsageError
from pytest_afake.experiment.clients import make_client, sampling_of
from pytest_afake.experiment.drawing import Drawing, Plan
from pytest_afake.experiment.measure import Held, Measure
from pytest_afake.experiment.model import Model
from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.conclusion import Evidence, conclude
from pytest_afake.gating.estimand import Estimand
from pytest_afake.judging import make_judge
from pytest_afake.models.spec import SIMULATED, ModelSpec
from pytest_afake.queries import QuerySet, load_queries
from pytest_afake.records import Json, Message, Request, Trial
from pytest_afake.sampling import Asked, Asker, BackgroundLoop, Sampler
from pytest_afake.scenario import Scenario, validate
from pytest_afake.settings.settings import Settings
from pytest_afake.store import DiskStore, Store


class Observer(Protocol):
    """Who is told what happens in an experiment."""

    def created(self, measure: Measure) -> None:
        """A test asked for a measure; nothing is drawn yet."""
        ...

    def asked(self) -> None:
        """A test asked a model a question of its own."""
        ...

    def concluded(
        self, comparison: Comparison, scenario: Scenario, trials: Sequence[Trial]
    ) -> Comparison:
        """A comparison was made, from these trials. Returns it, possibly with more provenance."""
        ...


class Experiment:
    """What all measures of a session share: the event loop, the store, the clients, the queries.

    ``observer`` learns of each measure and of each comparison when it is made. Construction checks
    what can be checked without a call (organism names, judge, query file) and raises UsageError;
    nothing is opened or started before the first measure is drawn.
    """

    def __init__(
        self,
        settings: Settings,
        observer: Observer | None = None,
        store: Store | None = None,
    ) -> None:
        self.settings = settings
        self._observer = observer
        self._judge = make_judge(settings.judge)
        self._clients = {spec.name: make_client(spec) for spec in settings.models}
        self._query_sets: dict[str, QuerySet] = {}
        if settings.queries:
            self._load(settings.queries, source="queries")
        self._loop = BackgroundLoop()
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._store = store
        self._samplers: dict[str, Sampler] = {}

    def model(self, name: str) -> Model:
        """The model that a test works with, by the name that the user gave."""
        for spec in self.settings.models:
            if spec.name == name:
                return Model(self, spec)
        raise UsageError(f"{name}: is not one of the models of this run")

    def measure(self, spec: ModelSpec, scenario: Scenario, estimand: Estimand) -> Measure:
        """A lazy measure. Raises QueryError when the scenario has no queries to ask."""
        validate(scenario)  # it may be made by hand
        queries = self._queries_for(scenario)
        order = queries.shuffled(self.settings.seed)[: self.settings.max_pairs]
        shown = estimand.ignorable or self._judge.reads_motives
        plan = Plan(scenario, estimand, order, self.settings.alpha, can_be_shown=shown)
        drawing = Drawing(plan, self._sampler(spec), self._loop)
        provenance = self._provenance(spec, scenario, queries)
        measure = Measure(drawing, partial(self._conclude, spec, provenance))
        if self._observer:
            self._observer.created(measure)
        return measure

    def ask(self, spec: ModelSpec, messages: Sequence[Message], sample_index: int = 0) -> Asked:
        """One plain answer, through the store."""
        if self._observer:
            self._observer.asked()
        sampler = self._sampler(spec)
        request = Request(tuple(messages), sampler.sampling, sample_index)
        return self._loop.run(sampler.asker.ask(request))

    def open_store(self) -> Store:
        """The store, opened at first use. Raises StoreError when it cannot be used."""
        if self._store is None:
            self._store = DiskStore(self.settings.store)
        return self._store

    def close(self) -> None:
        """Close connections and the store. May be called more than once."""
        store, self._store = self._store, None
        with ExitStack() as last:  # the store is closed even when a client fails to
            if store is not None:
                last.callback(store.close)
            last.callback(self._loop.close)
            while self._samplers:
                _, sampler = self._samplers.popitem()
                self._loop.run(sampler.asker.client.aclose())

    def _conclude(
        self,
        spec: ModelSpec,
        provenance: Mapping[str, Json],
        drawing: Drawing,
        held: Held,
    ) -> Comparison:
        evidence = Evidence(
            model=spec.name,
            simulated=spec.simulated or _served_by_organism(drawing.trials),
            scenario=drawing.plan.scenario,
            estimand=drawing.plan.estimand,
            by_query=drawing.by_query,
            sequence=drawing.sequence,
            stopped=drawing.stopped,
            exhausted=drawing.exhausted,
            judge=self._judge.name,
            judge_calibrated=self._judge.calibrated,
            provenance=provenance,
        )
        comparison = conclude(evidence, held.limit, held.decision)
        if self._observer:
            return self._observer.concluded(comparison, drawing.plan.scenario, drawing.trials)
        return comparison

    def _provenance(
        self, spec: ModelSpec, scenario: Scenario, queries: QuerySet
    ) -> dict[str, Json]:
        sampling = sampling_of(spec)
        return {
            "target": spec.target,
            "scenario_hash": scenario.hash,
            "query_set": queries.name,
            "query_set_hash": queries.hash,
            "judge": self._judge.name,
            "judge_calibrated": self._judge.calibrated,
            "temperature": sampling.temperature,
            "max_tokens": sampling.max_tokens,
            "samples": self.settings.samples,
            "seed": self.settings.seed,
        }

    def _sampler(self, spec: ModelSpec) -> Sampler:
        if spec.name not in self._samplers:
            asker = Asker(self._clients[spec.name], self.open_store(), self._slots)
            self._samplers[spec.name] = Sampler(
                asker, self._judge, sampling_of(spec), self.settings.samples
            )
        return self._samplers[spec.name]

    def _queries_for(self, scenario: Scenario) -> QuerySet:
        source = self.settings.queries or scenario.queries
        if source is None:
            raise QueryError(f"scenario {scenario} names no queries: add --afake-queries PATH")
        return self._load(source, source=scenario.origin)

    def _load(self, name: str, source: str) -> QuerySet:
        if name not in self._query_sets:
            try:
                self._query_sets[name] = load_queries(name)
            except QueryError as error:
                raise QueryError(f"{source}: {error}") from None
        return self._query_sets[name]


def _served_by_organism(trials: Sequence[Trial]) -> bool:
    """True when an organism answered over HTTP: its figures must say SIMULATED as well."""
    return any(
        trial.answer.served_model.startswith(SIMULATED)
        for trial in trials
        if trial.answer and trial.answer.served_model
    )
