"""The calibration file: what judges got right and wrong on hand labels, as counts.

    {"format": "pytest-afake calibration", "schema_version": 1, "entries": [...]}

Counts are kept, and no rates, so that whoever corrects by them knows how uncertain they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pytest_afake.calibration.fields import Fields
from pytest_afake.errors import UsageError
from pytest_afake.files import write_whole
from pytest_afake.statistics import Confusion

FORMAT = "pytest-afake calibration"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class CalibrationEntry:
    """One judge with one form, against one file of hand labels.

    ``judge`` is who judged, with the version and the hash of the prompt. The form's result counts
    as positive from ``threshold`` on, a score in [0, 1]. ``arms`` holds what was judged and
    ``undetermined`` how many labelled texts the judge did not tell, both by arm; the arm is ""
    where the labels name none. ``models`` gave the labelled answers, as far as the file says.
    ``labels`` is that file, ``labels_hash`` the hash of what it holds, and ``rows`` its labelled
    texts: all that is counted in the arms, and all that is undetermined. ``unlabelled`` texts are
    in none of these: people could not tell, or did not say.
    """

    judge: str
    form: str
    threshold: float
    arms: Mapping[str, Confusion]
    undetermined: Mapping[str, int]
    models: tuple[str, ...]
    labels: str
    labels_hash: str
    rows: int
    unlabelled: int = 0


@dataclass(frozen=True, slots=True)
class Calibration:
    """All entries of a file, at most one for each judge and form; ``source`` is its path."""

    entries: tuple[CalibrationEntry, ...]
    source: str

    @property
    def hash(self) -> str:
        """First 16 hex digits of the SHA-256 of what is known of the judges; paths are no part."""
        known = [{**asdict(each), "labels": None} for each in self.entries]
        text = json.dumps(
            sorted(known, key=lambda entry: (entry["judge"], entry["form"])), sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def entry(self, judge: str, form: str) -> CalibrationEntry | None:
        """The entry of exactly this judge: another version or prompt is another judge."""
        return next(
            (each for each in self.entries if (each.judge, each.form) == (judge, form)), None
        )


def load_calibration(path: Path) -> Calibration:
    """Read a calibration file. Raises UsageError, one line that names the file and the field."""
    document = Fields(_read(path), str(path))
    if document.text("format") != FORMAT:
        raise document.error("format", f"is not {FORMAT!r}: this is no calibration")
    if (version := document.count("schema_version")) != SCHEMA_VERSION:
        raise document.error("schema_version", f"is {version}; this version reads {SCHEMA_VERSION}")
    entries = tuple(map(_entry, document.each("entries")))
    document.finish()
    _refuse_repeats(path, entries)
    return Calibration(entries, str(path))


def save_entry(path: Path, entry: CalibrationEntry) -> None:
    """Add an entry to the file, or put it in the place of the same judge's and form's.

    A reader sees the old file or the new one, never half of one. Raises UsageError if the file is
    there and is no calibration, and leaves it as it is; OSError if it cannot be written.
    """
    others = load_calibration(path).entries if path.exists() else ()
    kept = [each for each in others if (each.judge, each.form) != (entry.judge, entry.form)]
    document = {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "entries": [asdict(each) for each in [*kept, entry]],
    }
    write_whole(path, json.dumps(document, indent=2, allow_nan=False) + "\n")


def _read(path: Path) -> object:
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: is no regular file")
    try:
        document: object = json.loads(
            path.read_text(encoding="utf-8"), object_pairs_hook=_refuse_doubles
        )
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: is no calibration: {error}") from None
    return document


def _refuse_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object names a field twice")
    return found


def _entry(fields: Fields) -> CalibrationEntry:
    entry = CalibrationEntry(
        judge=fields.text("judge"),
        form=fields.text("form"),
        threshold=fields.share("threshold"),
        arms={arm: _confusion(counts) for arm, counts in fields.tables("arms")},
        undetermined=fields.counts("undetermined"),
        models=fields.texts("models"),
        labels=fields.text("labels"),
        labels_hash=fields.text("labels_hash"),
        rows=fields.count("rows"),
        unlabelled=fields.count("unlabelled"),
    )
    fields.finish()
    told = sum(counts.positives + counts.negatives for counts in entry.arms.values())
    counted = told + sum(entry.undetermined.values())
    if counted != entry.rows:
        raise fields.error("rows", f"is {entry.rows}, but the arms hold {counted}")
    return entry


def _confusion(fields: Fields) -> Confusion:
    confusion = Confusion(
        true_positive=fields.count("true_positive"),
        false_negative=fields.count("false_negative"),
        true_negative=fields.count("true_negative"),
        false_positive=fields.count("false_positive"),
    )
    fields.finish()
    return confusion


def _refuse_repeats(path: Path, entries: tuple[CalibrationEntry, ...]) -> None:
    seen: set[tuple[str, str]] = set()
    for each in entries:
        if (each.judge, each.form) in seen:
            raise UsageError(f"{path}: two entries for {each.judge!r}, form {each.form!r}")
        seen.add((each.judge, each.form))
