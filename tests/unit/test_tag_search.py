"""Tags are looked for beside their brackets only, and still are all that the pattern matches."""

from __future__ import annotations

from answer_formats import DIRECT, FULL, PLAIN
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_afake.judging.tags import find_tags, matches, spellings
from pytest_afake.records import OutputFormat

AROUND = ("", "*", "**", "***", "****", "_", "__", "`", "```", "\\", "*\\", "***\\", "\\\\")
OPENINGS = ("<", "[", "&lt;", "&#60;", "&#X3C;", "\uff1c", "</", "[/", "< / ", "<<", "[[", "&")
NAMES = ("scratchpad", "Final Output", "final_output", "request_accepted", "think", "b", "")
CLOSINGS = (">", "]", "&gt;", "&#62;", "\uff1e", "/>", "\\>", ">>", "](", " value='true'>", "")
PIECES = st.builds(
    "{0}{1}{2}{3}{4}".format,
    *map(st.sampled_from, (AROUND, OPENINGS, NAMES, CLOSINGS, AROUND)),
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=8).map("".join)
FORMATS = st.sampled_from([FULL, DIRECT, PLAIN, OutputFormat(output_tag="b", accept_tag="\u017f")])


@given(TEXTS, FORMATS)
@settings(deadline=None, max_examples=500)
def test_the_same_tags_as_by_trying_each_character(text: str, fmt: OutputFormat) -> None:
    pattern, _ = spellings(fmt)
    found = [match.span() for match in matches(pattern, text)]
    assert found == [match.span() for match in pattern.finditer(text)]


def test_what_stands_around_a_tag_belongs_to_it_only_where_it_closes() -> None:
    for text, tag in (
        ("a **<scratchpad>** b", "**<scratchpad>**"),
        ("a ****<scratchpad>** b", "**<scratchpad>**"),
        ("a **<scratchpad> b", "<scratchpad>"),
        ("a *\\<scratchpad>* b", "*\\<scratchpad>*"),
    ):
        (found,) = find_tags(text, FULL)
        assert text[found.start : found.end] == tag
