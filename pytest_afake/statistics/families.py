"""Several claims at once: which of them hold so that the risk that any is wrong stays alpha."""

from __future__ import annotations

from collections.abc import Sequence

_ROUNDING = 1 + 1e-9  # alpha / members, times members, may be a hair above alpha


def holm(p_values: Sequence[float], alphas: Sequence[float], members: int) -> list[bool]:
    """Which hypotheses are rejected, step by step from the smallest p-value on.

    The k-th smallest must be at most alpha / (members - k + 1); the first that is not ends it. Each
    may have an alpha of its own, by which its p-value is measured: the risk that any true
    hypothesis is rejected is at most the largest of them, whatever the p-values' dependence.
    ``members`` counts those that were planned; there may be fewer p-values, because something was
    lost. Source: Holm (1979), Scandinavian Journal of Statistics 6(2).

    Raises ValueError if there are more p-values than members, or not as many alphas.
    """
    if len(p_values) > members:
        raise ValueError(f"{len(p_values)} p-values in a family of {members}")
    relative = [p / alpha for p, alpha in zip(p_values, alphas, strict=True)]
    rejected = [False] * len(relative)
    for step, index in enumerate(sorted(range(len(relative)), key=relative.__getitem__)):
        if relative[index] * (members - step) > _ROUNDING:
            break
        rejected[index] = True
    return rejected
