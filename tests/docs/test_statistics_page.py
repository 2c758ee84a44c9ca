"""``docs/statistics.md`` shows what its commands print, and figures that the code has."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest
from docs.pages import PAGES, table

from bench.gate_table import PARTS
from bench.pages import replaced
from pytest_afake.calibration.agreement import Share
from pytest_afake.calibration.differing import fisher
from pytest_afake.gating.judged import bounds
from pytest_afake.queries import load_queries
from pytest_afake.records import Policy
from pytest_afake.statistics import (
    CALIBRATION_SHARE,
    ENOUGH_CLUSTERS,
    FIRST_SHARE,
    FIRST_SHARE_OF_FEW,
    Levels,
    fewest_to_pass,
    smallest_n_to_pass,
)
from pytest_afake.statistics.wealth import PRIOR

PAGE = "statistics.md"
TEXT = (PAGES / PAGE).read_text(encoding="utf-8")
ROOT = PAGES.parent
ALPHA = 0.05
FIGURE = re.compile(r"^(\d+(\.\d+)?( %)?|no verdict)$")
TABLES = ("errors", "rules", "power", "clusters")


def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def flat(text: str) -> str:
    return " ".join(text.split())


def shown(name: str) -> list[str]:
    """The lines of a table on the page, and what stands below it."""
    _, _, below = TEXT.partition(f"<!-- table: {name} -->\n")
    return below.partition(f"<!-- end: {name} -->")[0].splitlines()


def shape(lines: Sequence[str]) -> list[list[str]]:
    """The rows, with a star for each figure: those depend on the number of runs."""
    rows = (line.split("|")[1:-1] for line in lines if line.startswith("|"))
    return [[FIGURE.sub("*", cell.strip()) for cell in cells] for cells in rows]


@pytest.fixture(scope="module")
def printed() -> str:
    """What one run per row prints, with all tables."""
    ran = run(["bench/gate_table.py", "--runs", "1", "--processes", "1"])
    assert ran.returncode in (0, 1), ran.stderr  # one run may be one error of one
    return ran.stdout


@pytest.mark.parametrize("name", TABLES)
def test_the_command_prints_the_tables_of_the_page(printed: str, name: str) -> None:
    section = printed.partition(f"\n{name}\n\n")[2].splitlines()
    lines = list(_until_blank(section))
    assert len(lines) > 3
    assert shape(shown(name)) == shape(lines)


def _until_blank(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if not line:
            return
        yield line


@pytest.mark.parametrize("name", TABLES)
def test_each_table_says_of_how_many_runs_it_is_and_by_which_command(name: str) -> None:
    below = flat(" ".join(line for line in shown(name) if not line.startswith("|")))
    made = re.match(
        r"(\d+) runs in each row \(SIMULATED: `python bench/gate_table.py --parts (\w+)", below
    )
    assert made, below
    assert int(made[1]) >= 50
    assert made[2] in PARTS


def test_a_table_is_written_between_its_marks_and_nothing_else_changes() -> None:
    changed = replaced(TEXT, "power", ["| a |"])
    assert "<!-- table: power -->\n| a |\n<!-- end: power -->" in changed
    assert replaced(changed, "power", shown("power")) == TEXT
    with pytest.raises(ValueError, match="0 tables named absent"):
        replaced(TEXT, "absent", [])


def test_the_other_commands_of_the_page_run() -> None:
    commands = [
        line
        for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
        for line in block.splitlines()
    ]
    assert len(commands) == 3
    for line in commands:
        _, *arguments = line.split()
        if "bench/gate_table.py" in arguments:
            assert (PAGES.parent / arguments[-1]).samefile(PAGES / PAGE)
            continue  # it takes part in the tests above
        few = [*arguments[: arguments.index("--runs") + 1], "1"]
        ran = subprocess.run(
            [sys.executable, *few], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ran.returncode in (0, 1), ran.stderr
        assert len(ran.stdout.splitlines()) > 10


# Figures


def test_the_fewest_queries_are_those_of_the_statistics() -> None:
    rows = table(PAGE, "tests/docs/test_statistics_page.py")
    assert len(rows) == 5
    assert rows == [fewest(float(limit)) for limit, *_ in rows]


def fewest(limit: float) -> list[str]:
    """A row: queries to a PASS where nothing ever differs."""
    row = [smallest_n_to_pass(limit, ALPHA)]
    for name in ("animal_welfare", "minor_harms"):
        sizes = load_queries(name).cluster_sizes
        row.append(fewest_to_pass(bounds(Levels.both(ALPHA), None, 2, sizes), limit))
    return [f"{limit:g}", *("never" if each is None else str(each) for each in row)]


@pytest.mark.parametrize("name", ["animal_welfare", "minor_harms"])
def test_the_number_of_clusters_is_that_of_the_shipped_sets(name: str) -> None:
    assert f"`{name}`, {len(load_queries(name).cluster_sizes)} clusters" in TEXT


def test_the_constants_of_the_page_are_those_of_the_code() -> None:
    text = flat(TEXT)
    assert f"at {FIRST_SHARE:g} alpha: independent" in text
    assert f"at {1 - FIRST_SHARE:.1g} alpha: when all" in text
    few = f"{FIRST_SHARE_OF_FEW:g} and {1 - FIRST_SHARE_OF_FEW:.1g} of alpha"
    assert f"fewer than {ENOUGH_CLUSTERS} clusters the stages have {few}" in text
    assert "with sizes " + ", ".join(f"{bet.size:g}" for bet in PRIOR) in text
    assert [bet.weight / bet.size**2 for bet in PRIOR] == pytest.approx(
        [PRIOR[0].weight] * len(PRIOR)
    )
    assert f"({100 * Policy(limit=0.05).missing:.0f} % unless it says otherwise)" in text
    assert pytest.approx(1 / 5) == CALIBRATION_SHARE
    assert "with a fifth of alpha" in text


def test_two_answers_of_two_hundred_are_what_the_page_says() -> None:
    assert f"p = {fisher(Share(4, 200), Share(0, 200)):.2f}" in TEXT


def test_files_that_the_page_names_exist() -> None:
    named = set(re.findall(r"\b((?:bench|tests|docs)/[\w/]+(?:\.py|\.md|/))", TEXT))
    assert len(named) >= 4
    assert not [name for name in named if not (ROOT / name).exists()]
