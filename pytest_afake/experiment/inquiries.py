"""What a measure asks of a scenario: in which texts, which queries, and who labels the answers."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_afake.errors import ScenarioError, UsageError
from pytest_afake.experiment.asked_queries import AskedQueries
from pytest_afake.gating.comprehension import ComprehensionErrorRate
from pytest_afake.gating.estimand import Estimand
from pytest_afake.judging import ExactMatchJudge, Judge
from pytest_afake.queries import QuerySet
from pytest_afake.records import Query
from pytest_afake.scenario import Panel, Scenario, Situation, examine
from pytest_afake.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Inquiry:
    """``scenario`` is what is sent; ``judge`` None is the run's.

    ``order`` has all queries in the order in which they are asked, as far as that goes.
    """

    scenario: Situation
    queries: QuerySet
    order: tuple[Query, ...]
    judge: Judge | None = None


class Inquiries:
    """All inquiries of a run, each put together once. Raises UsageError for what cannot be asked.

    Construction raises QueryError when the queries that the user named cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._queries = AskedQueries(settings)
        self._examinations: dict[Scenario, Inquiry] = {}

    @property
    def chosen_queries(self) -> QuerySet | None:
        """The queries that the user named, asked in every scenario; None if each has its own."""
        return self._queries.chosen

    def of(self, scenario: Situation, estimand: Estimand) -> Inquiry:
        """What this measure asks."""
        if isinstance(estimand, ComprehensionErrorRate):
            return self.examination(scenario)
        return self.of_requests(scenario)

    def of_requests(self, scenario: Situation) -> Inquiry:
        """The scenario with its queries, or those of the user's choice."""
        queries = self._queries.of(scenario)
        return Inquiry(scenario, queries, self._queries.in_order(queries))

    def examination(self, scenario: Situation) -> Inquiry:
        """The scenario with the questions on its facts. Raises ScenarioError where it has none."""
        if isinstance(scenario, Panel):
            raise ScenarioError(
                f"{scenario}: comprehension is asked of one wording, not of a panel"
            )
        if scenario not in self._examinations:
            self._examinations[scenario] = self._examined(scenario)
        return self._examinations[scenario]

    def all_of(self, scenario: Situation) -> list[Inquiry]:
        """All that any measure can ask of a scenario; a test of what is unsound says why."""
        found = [self.of_requests(scenario)]
        try:
            return [*found, self.examination(scenario)]
        except UsageError:
            return found

    def _examined(self, scenario: Scenario) -> Inquiry:
        found = examine(scenario)
        questions = QuerySet(found.name, f"{scenario.origin}: comprehension", found.questions)
        order = questions.shuffled(self._settings.seed)
        return Inquiry(found.scenario, questions, order, ExactMatchJudge(found.right))
