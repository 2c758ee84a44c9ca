"""Which texts are labelled, and in which order."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest

from pytest_afake.labelling.items import Item


def draw(items: Iterable[Item], *, seed: int, sample: int | None = None) -> list[Item]:
    """The first ``sample`` items (None: all) of an order that mixes arms and models.

    Every arm is shuffled by itself and the arms take turns, so that any beginning of the order
    holds them evenly, whoever stops early; models come in by their share. Within an arm, one answer
    of each cluster comes before a second one of any, for a judge may err alike on all of a cluster,
    and a measure weighs clusters alike, whatever their size. (A query without a cluster is one.)
    Within a cluster, each query comes once before any comes again. Clusters, the queries of each
    and the answers to each are in random order. The order follows from the seed and the items
    alone.

    The label that a judge gave has no part in the draw, though few texts of the rarer label come up
    that way. To draw both labels of the judge evenly would choose the texts by the very thing that
    is to be tested: sensitivity and specificity of that judge, and of every judge that errs on the
    same texts, would be biased (verification bias; Begg and Greenes 1983), and only weights by the
    share of each label, which a file of labels does not carry, would make up for it. With half of
    the sample from each label, a judge that flags 5 % of the texts, all of them rightly, and so
    misses half of the true ones, would seem to miss 5 % of them.
    """
    return list(islice(_mixed(items, seed), sample))


def _mixed(items: Iterable[Item], seed: int) -> Iterator[Item]:
    arms: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        arms[item.arm].append(item)
    for turn in zip_longest(*(_shuffled(arm, seed) for arm in arms.values())):
        present = (item for item in turn if item is not None)
        # Whose turn it is must not tell the arm.
        yield from sorted(present, key=lambda item: _rank(seed, "within the turn", *item.identity))


def _shuffled(arm: Iterable[Item], seed: int) -> list[Item]:
    """At random, one answer of each cluster before the second of any."""
    units: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in arm:
        units[item.unit].append(item)
    order = sorted(units, key=lambda unit: _rank(seed, "clusters", units[unit][0].arm, *unit))
    turns = zip_longest(*(_of_cluster(units[unit], seed) for unit in order))
    return [item for turn in turns for item in turn if item is not None]


def _of_cluster(items: Iterable[Item], seed: int) -> list[Item]:
    """At random, one answer to each query before the second to any."""
    drawn = sorted(items, key=lambda item: _rank(seed, "within the arm", *item.identity))
    came: Counter[str] = Counter()
    places = []
    for item in drawn:
        came[item.query] += 1
        places.append((came[item.query], _rank(seed, "queries", item.arm, item.query)))
    order = sorted(range(len(drawn)), key=places.__getitem__)
    return [drawn[number] for number in order]


def _rank(seed: int, purpose: str, *what: str) -> bytes:
    """A place at random that is the same in every process and version of Python."""
    return hashlib.sha256(json.dumps([seed, purpose, *what]).encode()).digest()
