"""From an answer to a label: reading what a model wrote, and the judges that say what it did."""

from pytest_afake.judging.judge import Case, Judge
from pytest_afake.judging.parsing import Note, Parsed, parse
from pytest_afake.judging.registry import judge_names, make_judge
from pytest_afake.judging.rules import RulesJudge

__all__ = [
    # what judges are, and by name
    "Case",
    "Judge",
    "judge_names",
    "make_judge",
    # reading an answer
    "Note",
    "Parsed",
    "parse",
    # judges
    "RulesJudge",
]
