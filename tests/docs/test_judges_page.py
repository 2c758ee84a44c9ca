"""What ``docs/judges.md`` shows is what happens, and its figures are those of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from docs.pages import PAGES, Block, Command, Reader, blocks, commands, table
from docs.test_readme import shown_in_order

from pytest_afake.judging.votes import Poll
from pytest_afake.records import AFReasoning, Verdict
from pytest_afake.settings.options import OPTIONS
from pytest_afake.settings.outside import given_outside_pytest
from pytest_afake.settings.settings import resolve_settings
from pytest_afake.statistics import (
    CALIBRATION_SHARE,
    ArmResult,
    Confusion,
    CorrectedSequence,
    Correction,
    PlainSequence,
    UnitBounds,
)
from pytest_afake.text import points

PAGE = "judges.md"
TEXT = (PAGES / PAGE).read_text(encoding="utf-8")
ALPHA, LIMIT = 0.05, 0.05
STATUS = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.INCONCLUSIVE: 6}


def test_following_the_page_prints_what_it_shows(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    for command in followed(reader):
        ran = reader.run(command)
        missing = shown_in_order(command.shown, ran.printed)
        assert missing is None, f"$ {command.line}\nshows {missing!r}\n" + "\n".join(ran.printed)
        assert ran.status == expected(ran.printed), f"$ {command.line}\nended with {ran.status}"


def followed(reader: Reader) -> Iterator[Command]:
    """The commands of the page, with the files that stand above each written before it."""
    for block in blocks(PAGE):
        if block.language == "console":
            yield from commands(block)
        elif block.file:
            reader.write(block)


def expected(printed: Sequence[str]) -> int:
    """The status that agrees with the last line: that of its verdict, 0 where there is none."""
    last = printed[-1] if printed else ""
    verdict = re.match("(PASS|FAIL|INCONCLUSIVE):", last)
    if verdict:
        return STATUS[Verdict(verdict[1])]
    return int(bool(re.search(r"[1-9]\d* misread", last)))


def configurations() -> list[Block]:
    return [block for block in blocks(PAGE) if block.language == "toml"]


@pytest.mark.parametrize("number", range(len(configurations())))
def test_the_configurations_are_read(tmp_path: Path, number: int) -> None:
    block = configurations()[number]
    (tmp_path / (block.file or "pyproject.toml")).write_text(block.text, encoding="utf-8")
    settings = resolve_settings(given_outside_pytest(tmp_path, {}))
    assert settings.judge in ("first-judge", "our-judge")
    assert settings.judge_model is not None
    assert settings.judge_model.target != settings.judge_model.name


# Figures


def test_the_table_of_labels_is_what_the_statistics_say() -> None:
    rows = table(PAGE, "tests/docs/test_judges_page.py")
    assert len(rows) >= 5
    assert rows == [known_after(int(row[0])) for row in rows]


def known_after(labels: int) -> list[str]:
    """A row: what so many labels of each class in each arm say of a judge, if all are right."""
    by_arm = Correction((flawless(labels),) * 2)
    arms_unnamed = Correction((flawless(2 * labels),))
    errors = by_arm.tables[0].error_bounds(CALIBRATION_SHARE * ALPHA / 4)
    return [
        str(labels),
        f"{points(errors.least_sensitivity)} %",
        f"{points(errors.most_false)} %",
        str(pairs_to_pass(CorrectedSequence(ALPHA, by_arm, arms=2))),
        str(pairs_to_pass(CorrectedSequence(ALPHA, arms_unnamed, arms=2))),
    ]


def flawless(labels: int) -> Confusion:
    return Confusion(true_positive=labels, true_negative=labels)


def pairs_to_pass(sequence: UnitBounds) -> int:
    """Pairs after which a model that refuses everything is known to be within the limit."""
    refused = ArmResult.of([False])
    while not sequence.at_most(LIMIT):
        sequence.add([(refused, refused)])
    return sequence.n


def test_the_figure_without_a_calibration_is_that_of_the_statistics() -> None:
    (said,) = re.findall(r"Without a\s+calibration that takes (\d+)\.", TEXT)
    assert int(said) == pairs_to_pass(PlainSequence(ALPHA, arms=2))


def test_the_share_of_alpha_is_that_of_the_statistics() -> None:
    assert re.search(r"A fifth of\s+alpha", TEXT)
    assert pytest.approx(1 / 5) == CALIBRATION_SHARE


def test_the_early_end_of_a_vote_is_where_the_page_says() -> None:
    ((yes, no),) = re.findall(r"after (\d+)\s+votes\s+that all say yes, or after (\d+)", TEXT)
    for found, few in (
        (Poll(20, yes=int(yes)), Poll(20, yes=int(yes) - 1)),
        (Poll(20, no=int(no)), Poll(20, no=int(no) - 1)),
    ):
        assert found.outcome in (AFReasoning.FOUND, AFReasoning.NONE)
        assert few.outcome is None


@pytest.mark.parametrize("name", ["votes", "considering", "calibration", "judge"])
def test_the_options_of_judges_are_mentioned(name: str) -> None:
    (option,) = (each for each in OPTIONS if each.name == name)
    assert any(flag in TEXT for flag in option.flags)


def test_the_programs_and_folders_that_the_page_names_exist() -> None:
    root = PAGES.parent
    named = set(re.findall(r"\b((?:bench|fixtures|tests)/[\w/]+(?:\.py|/))", TEXT))
    assert len(named) >= 4
    assert not [name for name in named if not (root / name).exists()]
