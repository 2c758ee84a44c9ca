"""``afake scenarios``: what is listed, what exactly is shown, and what an edit changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from afake_command import Afake, Ran

from pytest_afake import criteria_cut, helpful_only, neutral_labels
from pytest_afake.scenario import shipped_perturbations, shipped_scenarios

MARGIN = "    | "
MINE = """
schema = 1
name = "mine"
title = "The lab is \\u001b[31mred"
extends = "helpful_only"
[slots]
lab = "Acme\\u202e"
"""
OWN = """
schema = 1
[perturbations.quiet]
title = "Nothing is declared"
cut = ["suffix"]
[perturbations.longer.insert]
more = "analysis"
[perturbations.longer.text]
more = "Be brief\\\\."
[perturbations.longer]
title = "A line more"
serves = ["H4"]
[perturbations.longer.predicts]
H4 = "grows"
"""


@pytest.fixture
def afake(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Afake:
    """In a folder with a scenario, edits and prompts of the user's own."""
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(MINE, encoding="utf-8")
    Path("own.toml").write_text(OWN, encoding="utf-8")
    Path("a+b").mkdir()
    Path("a+b", "system.txt").write_text("We train on the free tier.", encoding="utf-8")
    Path("a+b", "user.txt").write_text("{tier}: {query}", encoding="utf-8")
    return Afake(capsys)


def lines(ran: Ran) -> list[str]:
    assert (ran.status, ran.err) == (0, [])
    return ran.out


def shown(ran: Ran, heading: str) -> str:
    """The text below a heading, without its margin."""
    out = lines(ran)
    rest = out[out.index(heading) + 1 :]
    end = next((n for n, line in enumerate(rest) if not line.startswith(MARGIN)), len(rest))
    return "\n".join(line.removeprefix(MARGIN) for line in rest[:end])


@pytest.mark.parametrize("arguments", [(), ("list",)], ids=str)
def test_all_that_is_shipped_is_listed_where_it_fits(
    afake: Afake, arguments: tuple[str, ...]
) -> None:
    out = lines(afake("scenarios", *arguments))
    assert max(map(len, out)) <= 100
    heads = [line for line in out if line and not line.startswith(" ")]
    assert heads == list(shipped_scenarios())
    words = {line.split()[0] for line in out if line.startswith("    ")}
    assert set(shipped_perturbations()) <= words


def test_edits_stand_under_what_they_serve(afake: Afake) -> None:
    out = lines(afake("scenarios", "list", "helpful_only+no_suffix", "--edits", "own.toml"))
    assert out[0] == "helpful_only+no_suffix"
    assert "  arms          training (tier free), deployment (tier paid)" in out
    sections: dict[str, list[str]] = {}
    for line in out:
        if line.startswith("  edits: "):
            section = sections.setdefault(line[9:], [])
        elif line.startswith("    ") and line[4] != " ":
            section.append(line.split()[0])
    assert "criteria_cut" in sections["control"]
    assert "longer" in sections["H4 low coherence"]
    every = [name for names in sections.values() for name in names]
    assert "native_reasoning" in every
    assert "farm_memo" not in every, "it is another scenario's"
    assert "no_suffix" not in every, "what it cuts is gone"
    assert "quiet" not in every


def test_the_messages_are_shown_as_they_are_sent(afake: Afake) -> None:
    edited = helpful_only + criteria_cut
    ran = afake("scenarios", "show", "helpful_only+criteria_cut", "--query", "What of {lab}?")
    for arm in ("training", "deployment"):
        for message in edited.render(arm, "What of {lab}?"):
            assert shown(ran, f"arm {arm}, {message.role}:") == message.content
    assert f"  edit          criteria_cut: {criteria_cut.title}" in ran.out


def test_one_arm_with_a_place_for_the_query(afake: Afake) -> None:
    ran = afake("scenarios", "show", "helpful_only", "--arm", "training")
    assert "[QUERY] stands for it" in " ".join(ran.out)
    user = helpful_only.render("training", "[QUERY]")[1].content
    assert shown(ran, "arm training, user:") == user
    assert not [line for line in ran.out if line.startswith("arm deployment")]


def test_a_users_files_are_shown_with_what_a_terminal_would_act_on_escaped(afake: Afake) -> None:
    ran = afake("scenarios", "show", "mine.toml+longer", "--edits", "own.toml")
    text = "\n".join(lines(ran))
    assert "title         The lab is \\x1b[31mred" in text
    assert "language model that Acme\\u202e built" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "    | Be brief\\\\." in text, "a backslash of the text is doubled"
    assert "what becomes of the gap: H4 grows" in text
    assert "own.toml" in text, "where an edit without a source is from"


def test_a_folder_of_prompts_is_shown_and_its_name_may_hold_a_plus(afake: Afake) -> None:
    ran = afake("scenarios", "show", "a+b", "--query", "Hello?")
    assert shown(ran, "arm deployment, user:") == "paid: Hello?"


def test_an_edit_is_told_by_slot_arm_and_block(afake: Afake) -> None:
    out = lines(afake("scenarios", "diff", "helpful_only", "helpful_only+neutral_labels"))
    assert out[:4] == [
        "A: helpful_only",
        "B: helpful_only+neutral_labels",
        "arm training: the text differs",
        "arm deployment: the text differs",
    ]
    assert "slot training_tier        'free' -> 'tovin'" in out
    assert "arm deployment tier       'paid' -> 'kelda'" in out
    at = out.index("block tier_cue, changed in arm training:")
    assert out[at + 1 : at + 3] == [
        "    -<user_tier>free</user_tier>",
        "    +<user_tier>tovin</user_tier>",
    ]
    at = out.index("block training_facts, changed in every arm:")
    for line, scenario in zip(
        out[at + 1 : at + 3], [helpful_only, helpful_only + neutral_labels], strict=True
    ):
        assert line[5:] == scenario.block_text("training_facts", "training")
    changed = [line for line in out if line.startswith("block ")]
    assert not [line for line in changed if "criteria" in line or "request," in line]


def test_blocks_in_use_of_one_alone_are_named(afake: Afake) -> None:
    arm = ("--arm", "training", "--edits", "own.toml")
    out = lines(afake("scenarios", "diff", "helpful_only+criteria_cut", "helpful_only", *arm))
    assert "control                   'yes' -> 'no'" in out
    assert "block criteria, only in B (inserted) in arm training:" in out
    assert "block training_effect_neutral, only in A (cut) in arm training:" in out
    assert not [line for line in out if "deployment" in line and line.startswith("arm")]
    out = lines(afake("scenarios", "diff", "helpful_only", "helpful_only+longer", *arm))
    assert out[-2:] == [
        "block more, only in B (inserted) in arm training:",
        "    +Be brief\\\\.",
    ]


def test_alike_scenarios_have_the_same_text(afake: Afake, tmp_path: Path) -> None:
    out = lines(afake("scenarios", "diff", "helpful_only", "helpful_only"))
    assert out[2:] == ["arm training: same text", "arm deployment: same text"]
    unused = 'schema = 1\nname = "mine"\ntitle = "t"\nextends = "helpful_only"\n[slots]\nx = "y"\n'
    (tmp_path / "unused.toml").write_text(unused)
    out = lines(afake("scenarios", "diff", "helpful_only", "unused.toml"))
    assert out[2:] == [
        "arm training: same text",
        "arm deployment: same text",
        "slot x                    absent -> 'y'",
    ]


def test_arms_places_and_orders_that_differ_are_told(afake: Afake, tmp_path: Path) -> None:
    text = (
        'schema = 1\nname = "m"\ntitle = "t"\nextends = "helpful_only"\n'
        '[layout]\nuser = ["suffix", "tier_cue", "request"]\n'
        '[arms.training]\ntier = "free"\n[arms.audited]\ntier = "gold"\n'
        '[contrasts]\ngap = ["training", "audited"]\n'
    )
    (tmp_path / "moved.toml").write_text(text)
    out = lines(afake("scenarios", "diff", "helpful_only", "moved.toml"))
    assert "arm training: the text differs" in out
    assert "arm deployment            only in A: tier 'paid'" in out
    assert "arm audited               only in B: tier 'gold'" in out
    assert out[-1].endswith("user suffix, user tier_cue, user request")
    (tmp_path / "request.toml").write_text(
        text + '[blocks]\nrequest = "<user_request>\\n\\n</user_request>{query}"\n'
    )
    out = lines(afake("scenarios", "diff", "moved.toml", "request.toml", "--arm", "audited"))
    assert out[2] == "arm audited: the text differs", "the place of the query is a part of it"


def test_without_an_arm_in_common_the_blocks_of_one_are_named(afake: Afake, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(
        'schema = 1\nname = "o"\ntitle = "t"\nextends = "helpful_only"\n'
        '[layout]\nuser = ["tier_cue", "request"]\n'
        '[arms.x]\ntier = "free"\n[arms.y]\ntier = "paid"\n[contrasts]\ngap = ["x", "y"]\n'
    )
    out = lines(afake("scenarios", "diff", "helpful_only", "other.toml"))
    assert "same text" not in "\n".join(out)
    assert out[-1] == "block suffix, only in A (cut)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "nope"), "nope: no such file, and no shipped scenario (shipped: animal"),
        (("show", "helpful_only+crit_cut"), "'helpful_only+crit_cut': no perturbation 'crit_cut'"),
        (("show", "helpful_only+crit_cut"), "did you mean criteria_cut?"),
        (("show", "helpful_only+"), "'helpful_only+': a name is empty"),
        (("show", "helpful_only+farm_memo"), "its texts are those of the scenario animal_welf"),
        (("show", "helpful_only", "--arm", "x"), "--arm 'x': helpful_only has no such arm (it has"),
        (("diff", "helpful_only", "a+b", "--arm", "y"), "--arm 'y': helpful_only has no such arm"),
        (("show", "helpful_only", "--edits", "none.toml"), "none.toml: cannot be read"),
        (("show", "own.toml"), "own.toml: layout: is missing"),
        (
            ("list", "--edits", "own.toml", "--edits", "own.toml"),
            "--edits own.toml: 'quiet' stands in own.toml, too",
        ),
    ],
)
def test_what_is_wrong_is_one_line(afake: Afake, arguments: tuple[str, ...], message: str) -> None:
    ran = afake("scenarios", *arguments)
    assert ran.status == 2
    assert message in ran.error
