"""From an answer to a label: reading what a model wrote, and the judges that say what it did."""

from pytest_afake.judging.exact_match import ExactMatchJudge
from pytest_afake.judging.filling import JudgeModel
from pytest_afake.judging.forms import Variant, shipped_forms
from pytest_afake.judging.forms.results import THRESHOLDS
from pytest_afake.judging.judge import Ask, Case, Judge
from pytest_afake.judging.model_judge import VOTES, ModelJudge, opinion_of
from pytest_afake.judging.opinion import Opinion
from pytest_afake.judging.parsing import Note, Parsed, judged_output, parse
from pytest_afake.judging.registry import judge_names, make_judge
from pytest_afake.judging.rules import RulesJudge

__all__ = [
    "ExactMatchJudge",
    # what judges are, and by name
    "Ask",
    "Case",
    "Judge",
    "judge_names",
    "make_judge",
    # reading an answer
    "Note",
    "Parsed",
    "judged_output",
    "parse",
    # judges
    "RulesJudge",
    "ModelJudge",
    "JudgeModel",
    "VOTES",
    # single forms of a judge model
    "Opinion",
    "THRESHOLDS",
    "Variant",
    "opinion_of",
    "shipped_forms",
]
