"""A calibration's figures as JSON, for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pytest_afake.calibration.agreement import ALPHA, Figures, Share, curve
from pytest_afake.cli.calibrate.advice import advice
from pytest_afake.cli.calibrate.result import Result

SCHEMA_VERSION = 1


def document(result: Result) -> dict[str, Any]:
    """All figures as plain JSON values; intervals hold with ``1 - alpha``."""
    labels = result.judged.labels
    return {
        "schema_version": SCHEMA_VERSION,
        "judge": result.judge,
        "simulated": result.simulated,
        "form": result.form,
        "threshold": result.threshold,
        "alpha": ALPHA,
        "labels": {
            "source": labels.source,
            "hash": labels.hash,
            "rows": len(labels.rows),
            "unlabelled": labels.unlabelled,
            "repeated": labels.repeated,
            "further": labels.further,
            "clustered": labels.clustered,
            "models": list(labels.models),
        },
        "causes": dict(result.judged.causes),
        "overall": _figures(result.overall),
        "arms": {arm: _figures(each) for arm, each in result.arms.items()},
        "curve": [
            {"threshold": each.threshold, **asdict(each.confusion)} for each in curve(result.rows)
        ],
        "repeats": asdict(result.repeats),
        "notes": list(advice(result)),
        "calls": {"live": result.totals.answers, "stored": result.totals.stored},
        "cost_usd": None if result.totals.unpriced else result.totals.usd,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "confusion": asdict(figures.confusion),
        "undetermined": figures.undetermined,
        "auroc": asdict(figures.auroc) if figures.auroc else None,
        "recall": _share(figures.recall),
        "specificity": _share(figures.specificity),
        "precision": _share(figures.precision),
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {"hits": share.hits, "of": share.of, "value": share.value, "low": low, "high": high}
