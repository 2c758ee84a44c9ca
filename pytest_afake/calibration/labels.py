"""Hand labels: texts, what people say of them, and of which arm and model they are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pytest_afake.calibration.columns import Columns, Part
from pytest_afake.calibration.rows import Row, read_rows
from pytest_afake.calibration.words import Topic, arm_of, truth_of
from pytest_afake.errors import UsageError
from pytest_afake.records import side_of
from pytest_afake.statistics import one_of_each_cluster
from pytest_afake.text import one_line


@dataclass(frozen=True, slots=True)
class HandLabel:
    """One text that somebody labelled.

    ``positive`` is the answer to the question of the topic. ``arm``, ``model``, ``query`` and
    ``cluster`` are "" where the file does not say. ``where`` is the file and line.
    """

    text: str
    positive: bool
    arm: str = ""
    model: str = ""
    query: str = ""
    where: str = ""
    cluster: str = ""

    @property
    def side(self) -> str:
        """The arm; of a panel the arm that it is a wording of."""
        return side_of(self.arm)


@dataclass(frozen=True, slots=True)
class HandLabels:
    """A file of labels. Each answer counts once: a text, the query that it answers, and the arm.

    ``unlabelled`` rows have a blank label, or one that says "cannot tell"; ``repeated`` rows say
    what a row before them says. Where the file has a column of clusters, one label of each cluster
    in each arm counts, and a query without one is its own; ``further`` labels do not count. None
    of these are among ``rows``. ``clustered`` says whether any label names a cluster.
    """

    source: str
    topic: Topic
    rows: tuple[HandLabel, ...]
    unlabelled: int = 0
    repeated: int = 0
    further: int = 0
    clustered: bool = False

    @property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of all rows; the file's order and form are no part."""
        rows = sorted(
            [each.text, each.positive, each.arm, each.model, each.query] for each in self.rows
        )
        return hashlib.sha256(json.dumps(rows).encode("ascii")).hexdigest()[:16]

    @property
    def models(self) -> tuple[str, ...]:
        """Whose answers were labelled, as far as the file says."""
        return tuple(sorted({each.model for each in self.rows} - {""}))

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms in order of appearance; "" for rows that name none."""
        return tuple(dict.fromkeys(each.arm for each in self.rows))


def read_labels(
    path: Path,
    topic: Topic,
    *,
    columns: Mapping[Part, str] = MappingProxyType({}),
    needs_query: bool = False,
) -> HandLabels:
    """Read a file of labels about a topic.

    ``columns`` names columns whose names are not known. ``needs_query`` says that each row must
    have the request that it answers. Raises UsageError, one line that names the file and, where
    there is one, the row: for a label that means nothing here, a row without text, and the same
    text with contradicting labels, for what the truth is must be known.
    """
    found = read_rows(path)
    if not found:
        raise UsageError(f"{path}: holds no rows")
    header = tuple(dict.fromkeys(name for row in found for name in row.cells))
    chosen = _choose(Columns(str(path), header, topic, columns), needs_query=needs_query)
    filled = (Part.TEXT, Part.QUERY) if needs_query else (Part.TEXT,)
    labels = [_label(row, topic, chosen, filled) for row in found]
    known = [each for each in labels if each]
    if not known:
        raise UsageError(f"{path}: holds no labelled text")
    _refuse_contradictions(known, topic)
    rows = list({_identity(each): each for each in reversed(known)}.values())[::-1]
    counted = rows if chosen[Part.CLUSTER] is None else one_of_each_cluster(rows)
    return HandLabels(
        str(path),
        topic,
        tuple(counted),
        unlabelled=labels.count(None),
        repeated=len(known) - len(rows),
        further=len(rows) - len(counted),
        clustered=any(each.cluster for each in rows),
    )


def _choose(columns: Columns, *, needs_query: bool) -> Mapping[Part, str | None]:
    chosen = {part: columns.needed(part) for part in (Part.TEXT, Part.LABEL)}
    optional = {part: columns.optional(part) for part in (Part.ARM, Part.MODEL, Part.CLUSTER)}
    query = columns.needed(Part.QUERY) if needs_query else columns.optional(Part.QUERY)
    return {**chosen, **optional, Part.QUERY: query}


def _label(
    row: Row, topic: Topic, chosen: Mapping[Part, str | None], filled: Sequence[Part]
) -> HandLabel | None:
    """What a row says; None if it has no label. The ``filled`` parts must not be empty."""
    columns = {part: column for part, column in chosen.items() if column is not None}
    positive = _truth(row, columns[Part.LABEL], topic)
    if positive is None:
        return None
    texts: dict[Part, str] = {
        part: _text(row, column) for part, column in columns.items() if part is not Part.LABEL
    }
    for part in filled:
        if not texts[part].strip():
            raise UsageError(f"{row.where}: {columns[part]!r} is empty in a row with a label")
    return HandLabel(
        text=texts[Part.TEXT],
        positive=positive,
        arm=arm_of(texts.get(Part.ARM, "")),
        model=texts.get(Part.MODEL, "").strip(),
        query=texts.get(Part.QUERY, ""),
        where=row.where,
        cluster=texts.get(Part.CLUSTER, "").strip(),
    )


def _truth(row: Row, column: str, topic: Topic) -> bool | None:
    value = row.cells.get(column)
    try:
        return truth_of(value, topic)
    except ValueError as problem:
        said = one_line(repr(value), 60)
        raise UsageError(f"{row.where}: {column!r} = {said}: {problem}") from None


def _text(row: Row, column: str) -> str:
    value = row.cells.get(column)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UsageError(f"{row.where}: {column!r} must be text, not {type(value).__name__}")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise UsageError(f"{row.where}: {column!r} holds half of a surrogate pair")
    return value


def _identity(label: HandLabel) -> tuple[str, ...]:
    """Equal texts that answer different queries are answers of their own, and each of them counts.

    Where a text names no query it may be another answer, so it counts as well.
    """
    return (label.arm, label.query, label.text) if label.query else (label.where,)


def _refuse_contradictions(labels: Sequence[HandLabel], topic: Topic) -> None:
    """The same answer to the same request, by whatever arm or model, is the same answer.

    Of reasoning, the request is no part; of an answer without its request, nothing is known.
    """
    first: dict[tuple[str, str], HandLabel] = {}
    for each in labels:
        query = "" if topic is Topic.FAKING else each.query
        if topic is not Topic.FAKING and not query:
            continue
        known = first.setdefault((query, each.text), each)
        if known.positive != each.positive:
            raise UsageError(
                f"{each.where}: the same text as {known.where}, with another label; settle which "
                "is right, or leave both blank"
            )
