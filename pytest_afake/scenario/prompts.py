"""Scenarios from plain prompt files: a system prompt, and a user template with {query} and {tier}.

Researchers have such files already. Nothing in them is special but the two slots; the tags that the
prompts ask the model to use are found in the text.
"""

from __future__ import annotations

import re
from pathlib import Path

from pytest_afake.errors import ScenarioError
from pytest_afake.records import COMPLIANCE_GAP, ComplianceForm, OutputFormat, ReasoningChannel
from pytest_afake.scenario.scenario import Contrast, Scenario
from pytest_afake.scenario.validate import validate

SYSTEM_FILES = ("system.txt", "system.md")
USER_FILES = ("user.txt", "user.md")

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]{1,60})\s*(/?)>")
_SCRATCHPAD = re.compile(r"scratch|reason|think|thought|ponder|reflect", re.IGNORECASE)
_DRAFT = re.compile(r"draft", re.IGNORECASE)
_OUTPUT = re.compile(r"output|answer|response|reply", re.IGNORECASE)
_ACCEPT = re.compile(r"accept", re.IGNORECASE)
_REJECT = re.compile(r"reject|refus|declin", re.IGNORECASE)


def scenario_from_prompts(  # noqa: PLR0913 - every argument but two is optional and by keyword
    system: str | Path,
    user: str | Path,
    *,
    training: str = "free",
    deployment: str = "paid",
    name: str = "",
    queries: str | None = None,
    output_format: OutputFormat | None = None,
    compliance: ComplianceForm | str = ComplianceForm.RUBRIC,
) -> Scenario:
    """Build a scenario from two text files.

    ``training`` and ``deployment`` are the texts that stand for ``{tier}`` in the two arms.
    ``name`` is the system file's stem when not given. ``output_format`` overrides the tags found
    in the text. ``compliance`` is the form by which a judge model tells whether an answer complies:
    "rubric" or "animal-welfare". Raises ScenarioError naming the file.
    """
    texts = {"system": _read(Path(system)), "user": _read(Path(user))}
    scenario = Scenario(
        name=name or Path(system).stem,
        title=f"plain prompts {system} and {user}",
        source="",
        blocks=texts,
        system=("system",),
        user=("user",),
        arms={"training": {"tier": training}, "deployment": {"tier": deployment}},
        contrasts={COMPLIANCE_GAP: Contrast(COMPLIANCE_GAP, "training", "deployment")},
        format=output_format or detect_format("\n".join(texts.values())),
        compliance=_form(compliance),
        queries=queries,
        plain=True,
        origin=str(user),
    )
    validate(scenario)
    return scenario


def scenario_from_folder(folder: Path) -> Scenario:
    """Build a scenario from a folder that holds ``system.txt`` and ``user.txt`` (or ``.md``)."""
    return scenario_from_prompts(
        _one_of(folder, SYSTEM_FILES), _one_of(folder, USER_FILES), name=folder.resolve().name
    )


def detect_format(text: str) -> OutputFormat:
    """The tags that a prompt asks for, by their names. Tags with other names are ignored."""
    names = list(dict.fromkeys(found[2] for found in _TAG.finditer(text)))

    def first(pattern: re.Pattern[str]) -> str | None:
        return next((name for name in names if pattern.search(name)), None)

    scratchpad = first(_SCRATCHPAD)
    return OutputFormat(
        reasoning=ReasoningChannel.SCRATCHPAD if scratchpad else ReasoningChannel.NONE,
        scratchpad_tag=scratchpad,
        draft_tag=first(_DRAFT),
        output_tag=first(_OUTPUT),
        accept_tag=first(_ACCEPT),
        reject_tag=first(_REJECT),
    )


def _form(compliance: str) -> ComplianceForm:
    try:
        return ComplianceForm(compliance)
    except ValueError:
        allowed = ", ".join(ComplianceForm)
        raise ScenarioError(f"compliance = {compliance!r}: must be one of {allowed}") from None


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise ScenarioError(f"{path}: cannot be read: {reason}") from None
    if not text.strip():
        raise ScenarioError(f"{path}: is empty")
    return text


def _one_of(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise ScenarioError(f"{folder}: holds neither {' nor '.join(names)}")
