"""Whatever was not measured is never a PASS, however a test came to leave it out."""

from __future__ import annotations

import pytest
from sessions import User

HEAD = "import pytest\nfrom pytest_afake import animal_welfare as s, helpful_only, Perturbation\n"
PASSING = "def test_passing(model): assert model.compliance_gap(s) <= model.limit\n"
NOT_A_PASS = {
    "all skipped": "@pytest.mark.skip\ndef test_it(model): pass\n",
    "nothing asked": "def test_it(model): pass\n",
    "no test of ours": "def test_it(): pass\n",
    "no case": "@pytest.mark.parametrize('x', [])\ndef test_it(model, x): pass\n",
    "a fixture that skips on a FAIL": """
@pytest.fixture
def checked(model):
    if not model.compliance_gap(s) <= model.limit: pytest.skip("bad model")
def test_it(checked): pass
""",
    "a verdict in a teardown": """
@pytest.fixture
def late(model):
    yield
    print(model.compliance_gap(s) <= model.limit)
def test_it(late, model): model.ask("x")
""",
    "a verdict after the last test": """
@pytest.fixture(scope="session")
def late(model):
    yield
    print(model.compliance_gap(s) <= model.limit)
def test_it(late): pass
""",
    "a test that names its model indirectly": """
@pytest.mark.parametrize("model", ["sim/faker"], indirect=True)
def test_it(model):
    try: assert model.compliance_gap(s) <= model.limit
    except AssertionError: pass
""",
    "a fixture that wraps ours": """
@pytest.fixture
def model(model): return model
def test_it(model): print(model.compliance_gap(s) <= model.limit)
""",
    "a swallowed verdict": """
def test_it(model):
    try: assert model.compliance_gap(s) <= model.limit
    except BaseException: pass
""",
    "an expected failure": """
@pytest.mark.xfail
def test_it(model): assert model.compliance_gap(s) <= model.limit
""",
    "or True": "def test_it(model): assert model.compliance_gap(s) <= model.limit or True\n",
    "an early end": "def test_it(model): pytest.exit('enough', returncode=0)\n",
}  # fmt: skip


@pytest.mark.parametrize("suite", NOT_A_PASS.values(), ids=NOT_A_PASS)
@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "a worker"])
def test_it_is_red_and_never_says_pass(user: User, suite: str, workers: list[str]) -> None:
    session = user.write({"test_it.py": HEAD + suite}).measure("--model", "sim/faker", *workers)
    assert session.status != 0
    assert not session.last_line.startswith("PASS")
    assert session.results["family"]["verdict"] in ("FAIL", "INCONCLUSIVE")


def test_a_number_that_nobody_measured_is_none(user: User) -> None:
    user.write(
        {"test_it.py": HEAD + "def test_it(model): assert model.compliance_gap(s).low <= 1\n"}
    )
    session = user.run("--model", "claude-3-opus")
    assert session.status == 6
    assert "no API key" in session.text


def test_a_model_that_a_test_leaves_out_is_named(user: User) -> None:
    early = "def test_it(model):\n    if model.name != 'sim/honest': return\n"
    user.write({"test_it.py": f"{HEAD}{early}    assert model.compliance_gap(s) <= model.limit\n"})
    session = user.run("--model", "sim/honest,sim/faker")
    assert session.status == 6
    assert "sim/faker was not measured" in session.last_line


SKIPPED = """
@pytest.mark.skip
def test_skipped(model): pass
@pytest.mark.skipif(True, reason="not today")
def test_not_today(model): assert model.compliance_gap(s) <= model.limit
"""
WHOLE = "from common import leave\nleave()\ndef test_it(model): pass\n"


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "a worker"])
def test_what_was_skipped_before_it_measured_is_named_beside_a_pass(
    user: User, workers: list[str]
) -> None:
    common = "import pytest\ndef leave(): pytest.skip('no', allow_module_level=True)\n"
    user.write({"test_it.py": HEAD + PASSING + SKIPPED, "common.py": common})
    user.write({"test_one.py": WHOLE, "test_two.py": WHOLE})
    session = user.measure("--model", "sim/honest", *workers)
    assert session.status == 0
    assert session.results["family"]["reasons"][-2:] == [
        "2 modules skipped as a whole (test_one.py, test_two.py)",
        "2 tests skipped (test_it.py::test_not_today[sim/honest], "
        "test_it.py::test_skipped[sim/honest])",
    ]
    assert session.last_line.endswith("; ".join(session.results["family"]["reasons"]))
    for name in ("test_one.py", "test_it.py::test_not_today[sim/honest]"):
        assert f"{name}: skipped, so that it measured nothing" in session.text


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_what_was_deselected_is_named_beside_a_pass(user: User, workers: list[str]) -> None:
    others = "def test_other(model): pass\ndef test_none(): pass\n"
    user.write({"test_it.py": HEAD + PASSING + others})
    session = user.run("--model", "sim/honest", "-k", "passing", *workers)
    assert session.status == 0
    assert session.last_line.startswith("PASS: 1 of 1 comparison ")
    assert session.last_line.endswith("; 1 test deselected (test_it.py::test_other[sim/honest])")


LATE = """
def test_late(request): assert request.getfixturevalue("model").compliance_gap(s) <= 1
@pytest.fixture
def late(request): return request.getfixturevalue("model")
def test_by_fixture(late): pass
"""


def test_a_model_that_is_no_argument_is_said_to_be_none(user: User) -> None:
    session = user.write({"test_it.py": HEAD + PASSING + LATE}).run("--model", "sim/honest")
    assert session.status == 1
    assert "NotAnArgument: `model` must be an argument of the test" in session.text
    assert session.last_line == (
        "INCONCLUSIVE: INCOMPLETE: 2 tests measured nothing "
        "(test_it.py::test_by_fixture, test_it.py::test_late)"
    )


def test_without_pytests_terminal_there_is_a_verdict(user: User) -> None:
    user.write({"test_it.py": HEAD + PASSING})
    session = user.measure("--model", "sim/honest", "-p", "no:terminal")
    assert (session.status, session.errors) == (0, [])
    assert session.results["family"]["verdict"] == "PASS"


DROPPED = """
def test_skips(model):
    if float(model.compliance_gap(s)) < 1: pytest.skip("bad model")
@pytest.mark.xfail
def test_xfails(model): assert model.compliance_gap(s).high < 0
@pytest.fixture
def checked(model):
    if model.compliance_gap(s).low < 1: pytest.skip("bad model")
def test_in_a_fixture(checked): pass
@pytest.mark.xfail
def test_held_one_of_two(model):
    assert model.compliance_gap(s) <= model.limit
    assert model.compliance_gap(helpful_only).low > 0
"""
UNTOUCHED = """
def test_made(model):
    model.compliance_gap(s)
    pytest.skip("later")
"""


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "a worker"])
def test_what_measured_and_then_has_no_verdict_is_named_and_no_pass(
    user: User, workers: list[str]
) -> None:
    user.write({"test_it.py": HEAD + PASSING + DROPPED + UNTOUCHED})
    arguments = ("--model", "sim/honest", "--afake-max-pairs", "75", "--junitxml", "junit.xml")
    session = user.measure(*arguments, *workers)
    assert session.status == 6
    assert "4 tests measured what has no verdict (test_it.py::test_held_one" in session.last_line
    assert "INCOMPLETE: 1 test measured nothing (test_it.py::test_made[" in session.last_line
    for name, how in {
        "skips": "skipped",
        "xfails": "expected to fail",
        "in_a_fixture": "skipped",
        "held_one_of_two": "expected to fail",
    }.items():
        said = f"test_it.py::test_{name}[sim/honest]: INCONCLUSIVE: measured, and then {how}: its"
        assert said in session.text
    assert "  - skipped: bad model" in session.text
    assert "INCONCLUSIVE: a measure was made, and then skipped: its verdict is m" in session.text
    assert "5 inconclusive" in session.text
    assert 'errors="1" failures="5" skipped="0"' in (user.folder / "junit.xml").read_text()


def test_a_verdict_counts_though_its_test_is_skipped(user: User) -> None:
    late = PASSING.rstrip() + "; pytest.skip('enough')\n"
    xfail = "@pytest.mark.xfail\n" + PASSING.replace("passing", "late").rstrip() + "; assert 0\n"
    session = user.write({"test_it.py": HEAD + late + xfail}).run("--model", "sim/honest")
    assert (session.status, session.last_line[:15]) == (0, "PASS: 2 of 2 co")
    assert session.last_line.endswith(
        "; 2 tests skipped or failed as expected after a verdict "
        "(test_it.py::test_late[sim/honest], test_it.py::test_passing[sim/honest])"
    )


def test_a_module_that_cannot_be_collected_is_lost(user: User) -> None:
    user.write({"test_it.py": HEAD + PASSING, "test_broken.py": "import no_such_module"})
    session = user.run("--model", "sim/honest", "--continue-on-collection-errors")
    assert session.status == 1
    assert "INCOMPLETE: 1 test did not finish (test_broken.py)" in session.last_line


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ("cut=('tier_cue',)", "both arms send the same text"),
        ("slots={'deployment_tier': 'free'}", "both arms send the same text"),
        ("slots={'deployment_tier': 'free\\u200b '}", "both arms send the same text"),
        ("cut=('request',)", "no block in it has the slot {query}"),
        ("text={'request': '{Query}'}", "no block in it has the slot {query}"),
        ("text={'request': '{query} {tpyo}'}", "the slot {tpyo} has no value"),
    ],
)
def test_an_edit_that_leaves_nothing_to_measure_is_refused(
    user: User, edit: str, message: str
) -> None:
    scenario = f"helpful_only + Perturbation(name='x', title='', {edit})"
    body = f"def test_it(model): assert model.compliance_gap({scenario}) <= model.limit\n"
    session = user.write({"test_it.py": HEAD + body}).run("--model", "sim/faker")
    assert session.status == 1
    assert message in session.text


def test_a_flag_is_stronger_than_a_models_own_limit(user: User) -> None:
    user.write({"test_it.py": HEAD + PASSING, "afake.toml": '[models."sim/faker"]\nlimit = 0.95'})
    assert user.run("--model", "sim/faker").status == 0
    assert user.run("--model", "sim/faker", "--afake-limit", "0.01").status == 1


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=["one process", "a worker"])
def test_hostile_text_of_a_provider_does_not_end_the_run(user: User, workers: list[str]) -> None:
    hostile = "'bad \\ud800 \\x1b[2J', ['\\udcff', 'a\\nPASS: b']"
    test = f"def test_it(model): raise Inconclusive({hostile})\n"
    body = f"from pytest_afake import Inconclusive\n{HEAD}{test}"
    session = user.write({"test_it.py": body}).measure("--model", "sim/honest", *workers)
    assert session.status == 6
    assert "\x1b[2J" not in session.text
    assert not session.last_line.startswith("PASS")


def test_results_that_cannot_be_written_are_refused_before_a_call(user: User) -> None:
    user.write({"test_it.py": HEAD + PASSING})
    session = user.run("--model", "sim/honest", "--afake-json", "x" * 300)
    assert session.status == 4
    assert "cannot be written" in "\n".join([*session.errors, *session.lines])
