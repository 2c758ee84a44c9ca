"""How processes divide what they may have under way together. Pure functions.

Parts are fair (nobody gets more than one above another who wants it too), nothing that somebody
wants is left over, and what cannot be divided evenly goes to those who stand first in a queue. Who
has been first for a while steps back, so that with less than one for each all get their turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """What one process wants under way, what it holds now, and its place in the queue.

    ``ticket`` orders the queue, lowest first; 0 is nobody's place.
    """

    wanted: int
    held: int
    ticket: int


def fair_parts(capacity: int, wanted: Sequence[int]) -> list[int]:
    """Divide ``capacity`` among claims in the order of the queue (max-min fairness).

    No part is larger than what is wanted; the sum is the smaller of capacity and all wants.
    """
    parts = list(wanted)
    left = capacity
    hungry = sorted(range(len(wanted)), key=lambda place: wanted[place])
    while hungry and wanted[hungry[0]] <= left // len(hungry):
        left -= wanted[hungry.pop(0)]  # the most modest gets all that it wants
    for rank, place in enumerate(sorted(hungry)):
        each, over = divmod(left, len(hungry))
        parts[place] = each + (rank < over)
    return parts


def part_of(mine: Claim, others: Sequence[Claim], capacity: int) -> int:
    """My fair part, as far as the others have let go of it already."""
    queue = sorted([mine, *others], key=lambda claim: claim.ticket)
    fair = fair_parts(capacity, [claim.wanted for claim in queue])[queue.index(mine)]
    free = capacity - sum(claim.held for claim in others)
    return max(0, min(fair, free))


def last_ticket(claims: Sequence[Claim]) -> int:
    """The ticket of the last place in the queue, 0 when nobody queues."""
    return max((claim.ticket for claim in claims), default=0)
