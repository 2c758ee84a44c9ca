"""What the tests of a session will ask for, drawn ahead of them so that the pool stays full.

When collection ends, all tests are known that will measure a model in a scenario. Their first
rounds are started at once, in the order of the tests. What a test holds its measure against is not
known before one runs; from then on the other tests of the same function are taken to do the same
(the model's own limit where that was it), and are drawn until they are decided, the ones that are
least far first. A guess that turns out wrong costs calls, and never changes a result: every test
takes the evidence of its own question, in its own order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from pytest_afake.errors import UsageError
from pytest_afake.experiment.course import Course
from pytest_afake.experiment.drawing import Drawing
from pytest_afake.gating.estimand import Estimand, Gap
from pytest_afake.records import COMPLIANCE_GAP
from pytest_afake.sampling import Asker
from pytest_afake.scenario import Situation

# Trials that are drawn ahead and that no test has taken yet: they are kept in memory.
MOST_AHEAD = 20_000


@dataclass(frozen=True, slots=True)
class Expected:
    """A test that is to come: it will measure this model in this scenario.

    ``function`` is the same for tests that ask the same question of many models and scenarios.
    ``contrasts`` are those that the test names among its parameters; it is of no other.
    """

    nodeid: str
    function: str
    model: str
    scenario: Situation
    contrasts: tuple[str, ...] = ()

    def asks(self, contrast: str) -> bool:
        """Whether it may measure this contrast, as far as its parameters tell."""
        return contrast in (self.contrasts or self.scenario.contrasts)


Measured: TypeAlias = tuple[type[Estimand], str, int]
"""Kind of measure, contrast, and the pairs that are asked even where fewer decide."""

Begin: TypeAlias = Callable[[str, Situation, Estimand, int], Drawing]
"""Makes the drawing of a measure: model, scenario, estimand, and those pairs."""


LimitOf: TypeAlias = Callable[[str, str], float]
"""A model's own limit, by its name, for a measure, by its own."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What a measure is held against; None for all there is to draw."""

    limit: float | None
    is_own: bool

    def of(self, own: float) -> float | None:
        return own if self.is_own else self.limit


@dataclass(slots=True)
class _Planned:
    test: Expected
    index: int
    courses: dict[Measured, Course] = field(default_factory=dict)


class Agenda:
    """Keeps the pool full. Lives on the event loop.

    ``begin`` makes a drawing, ``limit_of`` gives a model's own limit for a measure,
    ``room`` the calls that may be under way, ``is_calling`` whether any is.
    """

    def __init__(
        self,
        begin: Begin,
        limit_of: LimitOf,
        askers: Callable[[], Iterable[Asker]],
        room: Callable[[], int],
        is_calling: Callable[[], bool],
    ) -> None:
        self._begin, self._limit_of, self._askers, self._room = begin, limit_of, askers, room
        self._is_calling = is_calling
        self._planned: dict[str, _Planned] = {}
        self._held: dict[str, dict[Measured, _Held]] = {}
        self._running: Expected | None = None
        self._now: Course | None = None

    @property
    def ahead(self) -> int:
        """The largest number of requests that may still be made."""
        courses = self._courses()
        if self._now is not None and self._now not in courses:
            courses.append(self._now)
        return sum(course.left for course in courses)

    def expect(self, tests: Sequence[Expected]) -> None:
        """These tests are to come, in this order. Begins to draw."""
        for index, test in enumerate(tests):
            planned = self._planned[test.nodeid] = _Planned(test, index)
            if test.asks(COMPLIANCE_GAP):  # until its function shows otherwise
                self._add(planned, (Gap, COMPLIANCE_GAP, 0)).most_rounds = 1
        self.more()

    def begin_test(self, nodeid: str) -> None:
        """A test runs now."""
        planned = self._planned.get(nodeid)
        self._running = planned.test if planned else None

    def end_test(self, nodeid: str) -> None:
        """A test has ended: nothing more is drawn for it."""
        self._running = None
        planned = self._planned.pop(nodeid, None)
        for course in planned.courses.values() if planned else ():
            course.stop()
        self.more()

    def close(self) -> None:
        """Draw nothing more for anybody."""
        for course in self._courses():
            course.stop()
        self._planned.clear()

    async def draw(self, drawing: Drawing, limit: float | None) -> Drawing:
        """Draw until a limit is decided, or all there is; the drawing may be one that is ahead."""
        course = self._now = self._course_of(drawing, limit)
        self._learn(course, limit)
        self.more()
        try:
            await course.finish()
        finally:
            self._now = None
            course.stop()
        return course.drawing

    def more(self) -> None:
        """Start rounds until there is enough to send; called whenever a request is finished."""
        while self._load() < self._room() and (course := self._next()):
            course.start_next((1, course.next_round, course.index))

    def _course_of(self, drawing: Drawing, limit: float | None) -> Course:
        """A course that is ahead with the same question, or a new one."""
        measured = _measured(drawing)
        planned = self._planned.get(self._running.nodeid) if self._running else None
        course = planned.courses.get(measured) if planned else None
        if course and drawing.taken == 0 and course.drawing.same_as(drawing) and course.fits(limit):
            assert planned is not None  # it holds the course
            del planned.courses[measured]  # a further measure begins anew
            course.hold(limit)
            return course
        return Course(drawing, limit, index=-1)

    def _learn(self, course: Course, limit: float | None) -> None:
        """The other tests of this function are taken to hold their measures against the same."""
        running, measured = self._running, _measured(course.drawing)
        if running is None:
            return
        own = self._limit_of(running.model, course.drawing.estimand.measure)
        is_own = limit is not None and limit == own
        held = _Held(limit, is_own)
        known = self._held.setdefault(running.function, {})
        if known.get(measured) == held:
            return
        known[measured] = held
        for planned in self._planned.values():
            if planned.test.function == running.function and planned.test is not running:
                self._plan(planned, measured, held)

    def _plan(self, planned: _Planned, measured: Measured, held: _Held) -> None:
        _, contrast, _ = measured
        if not planned.test.asks(contrast):
            return
        try:
            course = planned.courses.get(measured) or self._add(planned, measured)
        except UsageError:
            return  # it cannot be asked there, and its test will say why
        measure = course.drawing.estimand.measure
        limit = held.of(self._limit_of(planned.test.model, measure))
        if course.fits(limit):
            course.hold(limit)

    def _add(self, planned: _Planned, measured: Measured) -> Course:
        kind, contrast, least_pairs = measured
        test = planned.test
        estimand = kind.of(test.scenario.contrast(contrast))
        drawing = self._begin(test.model, test.scenario, estimand, least_pairs)
        course = planned.courses[measured] = Course(drawing, None, planned.index)
        return course

    def _next(self) -> Course | None:
        """The course that is least far, among those of models that can take more."""
        courses = self._courses() if self._trials_ahead() < MOST_AHEAD else []
        if self._now is not None:
            courses.append(self._now)
        open_ones = [course for course in courses if course.open and self._is_free(course)]
        return min(open_ones, key=_progress, default=None)

    def _is_free(self, course: Course) -> bool:
        """Whether its model can take more, and a further round would save time.

        While nobody is being called, what is under way comes from the store, at once: to ask ahead
        of it could only buy what it makes needless.
        """
        asker = course.asker
        takes_more = asker.to_send <= asker.lane.width
        return takes_more and (self._is_calling() or not course.under_way)

    def _courses(self) -> list[Course]:
        return [course for planned in self._planned.values() for course in planned.courses.values()]

    def _trials_ahead(self) -> int:
        return sum(len(course.drawing.by_query) * course.per_query for course in self._courses())

    def _load(self) -> float:
        """Requests that can be sent now: those that wait for a paused lane fill no connection."""
        return sum(min(asker.to_send, asker.lane.width) for asker in self._askers())


def _measured(drawing: Drawing) -> Measured:
    return type(drawing.estimand), drawing.estimand.contrast, drawing.question.least_pairs


def _progress(course: Course) -> tuple[int, int]:
    return course.next_round, course.index
