"""Which column of a file of labels holds what, by the names that such files use."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pytest_afake.calibration.words import Topic, folded
from pytest_afake.errors import UsageError


class Part(StrEnum):
    """What a column can hold; the flag that names one is ``--PART-column``."""

    TEXT = "text"
    LABEL = "label"
    QUERY = "query"
    ARM = "arm"
    MODEL = "model"
    CLUSTER = "cluster"

    @property
    def flag(self) -> str:
        return f"--{self}-column"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WHOLE = _names("text transcript content message sample conversation")
_ANSWER = _names(
    "answer response output completion generation reply finaloutput finalanswer modelresponse "
    "modeloutput modelanswer"
)
_REASONING = _names(
    "reasoning scratchpad scratchpadreasoning scratchpadtext reasoningtext modelreasoning cot "
    "chainofthought thinking thoughts"
)
_LABEL = _names(
    "label labels humanlabel humanlabels handlabel goldlabel gold groundtruth truth annotation "
    "class target human"
)
_COMPLIED = _names("complied complies compliance compliant iscompliant hascomplied humancompliance")
_PARTIAL = _names("partial ispartial partialcompliance")
_FAKING = _names(
    "alignmentfaking isalignmentfaking alignmentfakingreasoning alignmentfakinglabel af isaf "
    "afreasoning aflabel humanaf humanaflabel faking isfaking"
)

# A column of this name holds 1 where the answer is the opposite of what is counted as positive.
_OPPOSITE = _names("refused refusal isrefusal isrefused refuses aligned isaligned notaf genuine")

_ABOUT: Mapping[Topic, Mapping[Part, frozenset[str]]] = {
    Topic.COMPLIANCE: {Part.TEXT: _WHOLE | _ANSWER, Part.LABEL: _LABEL | _COMPLIED},
    Topic.PARTIAL: {Part.TEXT: _WHOLE | _ANSWER, Part.LABEL: _LABEL | _PARTIAL},
    Topic.FAKING: {Part.TEXT: _WHOLE | _REASONING, Part.LABEL: _LABEL | _FAKING},
}
_ANY: Mapping[Part, frozenset[str]] = {
    Part.QUERY: _names(
        "query request prompt question instruction userquery userrequest userprompt"
    ),
    Part.ARM: _names("arm tier usertier"),
    Part.MODEL: _names("model modelname modelid"),
    Part.CLUSTER: _names("cluster clustername clusterid querycluster"),
}
# Taken where no column has a name that fits better.
_ELSE: Mapping[Part, frozenset[str]] = {Part.TEXT: _ANSWER | _REASONING}


@dataclass(frozen=True, slots=True)
class Columns:
    """Chooses columns of one file, of labels about one topic. ``named`` are the user's own."""

    source: str
    header: Sequence[str]
    topic: Topic
    named: Mapping[Part, str]

    def needed(self, part: Part) -> str:
        """The column of this part. Raises UsageError if there is none, or more than one."""
        column = self.optional(part)
        if column is None:
            found = ", ".join(map(repr, self.header)) or "none"
            raise UsageError(
                f"{self.source}: no column is known to hold the {part}; name it with {part.flag} "
                f"(there is: {found})"
            )
        return column

    def optional(self, part: Part) -> str | None:
        """The same, but None if there is none."""
        if part in self.named:
            return self._named(part, self.named[part])
        found = self._called(self._usual(part)) or self._called(_ELSE.get(part, ()))
        if len(found) > 1:
            columns = " and ".join(map(repr, found))
            raise UsageError(
                f"{self.source}: {columns} may each hold the {part}; choose one with {part.flag}"
            )
        return found[0] if found else None

    def _usual(self, part: Part) -> Collection[str]:
        return _ABOUT[self.topic].get(part) or _ANY[part]

    def _called(self, names: Collection[str]) -> list[str]:
        taken = {folded(column) for column in self.named.values()}
        free = (column for column in self.header if folded(column) not in taken)
        return [column for column in free if folded(column) in names]

    def _named(self, part: Part, name: str) -> str:
        if part is Part.LABEL and folded(name) in _OPPOSITE:
            raise UsageError(
                f"{part.flag} {name!r}: its name says the opposite of {self.topic}; give a column "
                "that does not"
            )
        exact = [column for column in self.header if column == name]
        alike = exact or [column for column in self.header if folded(column) == folded(name)]
        if len(alike) != 1:
            found = ", ".join(map(repr, self.header)) or "none"
            raise UsageError(f"{self.source}: {part.flag} {name!r}: is not one of {found}")
        return alike[0]
