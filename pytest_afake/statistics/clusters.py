"""Of hand labels in clusters, those that are independent draws: one of each cluster a side."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Labelled(Protocol):
    """A labelled text. ``cluster`` and ``query`` are "" where nobody says.

    ``side`` is its arm; of a panel the arm that it is a wording of.
    """

    @property
    def arm(self) -> str: ...
    @property
    def side(self) -> str: ...
    @property
    def cluster(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def text(self) -> str: ...


_Label = TypeVar("_Label", bound=Labelled)


def one_of_each_cluster(labels: Iterable[_Label]) -> list[_Label]:
    """One label of each cluster in each arm, in the order in which they came.

    The wordings of a panel are one arm here, as they are in the measure: a judge that errs on a
    cluster may err in all of them.

    A query without a cluster is one, and a text without a query stands for itself. Exact bounds
    take labels for independent draws of which each weighs the same, as clusters do in the estimand;
    a judge may err alike on all queries of a cluster, and more on large ones. Which label of a
    cluster is taken follows from a hash of its text alone: a file may have been sorted by its
    labels since they were drawn, and then the first one would be no random draw.
    """
    taken: dict[tuple[str, ...], _Label] = {}
    for label in labels:
        unit = _unit(label)
        if unit not in taken or _place(label) < _place(taken[unit]):
            taken[unit] = label
    return list(taken.values())


def _unit(label: Labelled) -> tuple[str, ...]:
    if label.cluster:
        return label.side, "cluster", label.cluster
    return label.side, *(("query", label.query) if label.query else ("text", label.text))


def _place(label: Labelled) -> bytes:
    return hashlib.sha256(json.dumps([label.arm, label.query, label.text]).encode()).digest()
