"""Labels as a table: ``text,query,label,arm,model,key,cluster``, for ``afake calibrate``.

A cell is written exactly as it is. A text that begins with ``=``, ``+``, ``-`` or ``@`` could be
run by a spreadsheet as a formula; but a mark put before it would be part of the text that a judge
is measured on later, and a reader that took marks away would also take away those that a model
wrote. So nothing is changed, and :func:`formulas` counts such rows for a warning.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields

from pytest_afake.errors import UsageError
from pytest_afake.labelling.items import Item
from pytest_afake.labelling.questions import UNSURE, Question
from pytest_afake.labelling.transcripts import long_cells
from pytest_afake.records import side_of
from pytest_afake.text import one_line

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """One label that was given. Its fields are the columns, in order; ``label`` may be blank."""

    text: str
    query: str
    label: str
    arm: str
    model: str
    key: str
    cluster: str

    @classmethod
    def of(cls, item: Item, label: str) -> Row:
        return cls(item.text, item.query, label, item.arm, item.model, item.key, item.cluster)

    @property
    def identity(self) -> tuple[str, str, str]:
        """As of :class:`Item`."""
        return self.arm, self.query, self.text

    @property
    def side(self) -> str:
        """The arm; of a panel the arm that it is a wording of."""
        return side_of(self.arm)

    @property
    def said_of(self) -> tuple[str, str]:
        """What the label is of: arms do not show in a text."""
        return self.query, self.text


HEADER = tuple(field.name for field in fields(Row))


def encode(rows: Iterable[Row]) -> bytes:
    """Rows as CSV in UTF-8, every cell quoted, each row ended by a line feed."""
    return _csv(map(astuple, rows))


def encode_header() -> bytes:
    """The first line of a file."""
    return ",".join(HEADER).encode() + b"\n"


def decode(data: bytes, name: str, question: Question) -> list[Row]:
    """The rows of a file called ``name``, which may have been through a spreadsheet.

    Raises UsageError, one line, for a table of another shape, labels of another question, or a text
    that is labelled twice.
    """
    rows: dict[tuple[str, str, str], Row] = {}
    for where, cells in _records(data, name):
        row = _row(cells, where, question)
        if row.identity in rows:
            raise UsageError(f"{where}: a second label of a text that has one above")
        rows[row.identity] = row
    return list(rows.values())


def formulas(rows: Iterable[Row]) -> int:
    """How many rows hold a cell that a spreadsheet might run."""
    return sum(any(cell.startswith(_FORMULA) for cell in astuple(row)) for row in rows)


def _csv(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _records(data: bytes, name: str) -> Iterator[tuple[str, list[str]]]:
    """Records below the header, each with the line on which it begins."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name}: is no file of labels: not UTF-8 text") from None
    reader, line = csv.reader(io.StringIO(text, newline="\n"), strict=True), 1
    try:
        with long_cells():
            for cells in reader:
                if line == 1:
                    _check_header(cells, name)
                elif cells:
                    yield f"{name}:{line}", cells
                line = reader.line_num + 1
    except csv.Error as error:
        raise UsageError(
            f"{name}:{line}: is cut off or no table ({error}): mend or delete that row"
        ) from None


def _check_header(cells: list[str], name: str) -> None:
    if tuple(cells) != HEADER:
        raise UsageError(f"{name}: is no file of labels: its first line must be {','.join(HEADER)}")


def _row(cells: list[str], where: str, question: Question) -> Row:
    if len(cells) != len(HEADER):
        raise UsageError(
            f"{where}: {len(cells)} cells instead of {len(HEADER)}: mend or delete that row"
        )
    row = Row(*cells)
    about = row.key.partition(":")[0]
    if about != question.name:
        raise UsageError(
            f"{where}: a label about {one_line(about, 40) or 'nothing'}, not {question.name}; save "
            "the labels of each question in a file of their own"
        )
    if row.label not in {*question.labels, UNSURE}:
        known = ", ".join(question.labels)
        raise UsageError(f"{where}: label {one_line(row.label, 40)!r}: must be {known} or blank")
    return row
