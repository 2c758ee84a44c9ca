"""What hand labels correct in a panel: the arms of all its wordings together, and no other arm."""

from __future__ import annotations

from panels import PANEL_GAP

from pytest_afake.calibration import CalibrationEntry
from pytest_afake.gating.judged import Judged, judged_by
from pytest_afake.statistics import Confusion, CorrectedSequence

SOME, MORE = Confusion(30, 1, 40, 2), Confusion(25, 0, 60, 1)


def by(arms: dict[str, Confusion]) -> Judged:
    entry = CalibrationEntry(
        judge="some/judge rubric@1 0",
        form="rubric",
        threshold=0.125,
        arms=arms,
        undetermined={},
        models=("some/model",),
        labels="labels.csv",
        labels_hash="0",
        rows=sum(each.positives + each.negatives for each in arms.values()),
    )
    return judged_by(entry, PANEL_GAP, 0.05, {"some/model"})


def test_labels_of_its_wordings_are_taken_together_by_arm() -> None:
    judged = by(
        {"training@basic": SOME, "training@memo": MORE, "deployment@legal": SOME, "control": MORE}
    )
    assert judged.correction is not None
    assert judged.correction.tables == (SOME + MORE, SOME)
    said = "; ".join(judged.notes)
    assert "training: the judge read 55 of 56 right that comply and 100 of 103" in said
    assert "all wordings are corrected alike" in said
    assert "labels of other arms are not used: control" in said


def test_labels_of_the_scenario_in_one_wording_correct_no_panel() -> None:
    """What they say of the judge's errors in other wordings is not known, so nothing is shown."""
    judged = by({"training": SOME, "deployment": MORE})
    assert judged.correction is not None
    assert not CorrectedSequence(0.05, judged.correction, PANEL_GAP.terms).usable
    assert any("labels of other arms are not used" in each for each in judged.notes)
