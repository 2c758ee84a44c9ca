"""One answer's text with its blocks found: what is private, and what is shown."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from pytest_afake.judging.acceptance import Acceptance, read_acceptance
from pytest_afake.judging.layout import (
    REASONING,
    Block,
    Unreadable,
    inner_drafts,
    output_blocks,
    private_blocks,
)
from pytest_afake.judging.tags import Kind, Part, Tag, find_tags, is_blank, is_quoted
from pytest_afake.records import OutputFormat

_START = attrgetter("start")
_FENCE = re.compile(r"\s{0,20}(`{3,8}|~{3,8})[\w+-]{0,20}[ \t]{0,8}\r?\n")


@dataclass(frozen=True, slots=True)
class Reading:
    """The blocks and tags of an answer, and the texts that they delimit.

    What stands before ``own`` is a prefill, which the model has not written.
    """

    text: str
    tags: Sequence[Tag]
    private: Sequence[Block]
    outputs: Sequence[Block]
    acceptance: Acceptance
    output_asked: bool
    own: int
    _gaps: Sequence[_Gap]

    @classmethod
    def of(cls, raw: str, fmt: OutputFormat, own: int = 0) -> Reading:
        """Find the blocks. Raises Unreadable."""
        text, tags, start = _unfenced(raw, fmt)
        private = private_blocks(text, tags)
        public = list(_outside(tags, private))
        acceptance = read_acceptance(text, public)
        gaps = [_Gap(block.start, block.end, "\n") for block in private]
        gaps += [_Gap(tag.start, acceptance.ends.get(tag.start, tag.end)) for tag in public]
        gaps.sort(key=_START)
        outputs = output_blocks(text, public)
        asked, own = fmt.output_tag is not None, max(0, own - start)
        return cls(text, tags, private, outputs, acceptance, asked, own, gaps)

    @property
    def all_closed(self) -> bool:
        return all(block.closed for block in [*self.private, *self.outputs])

    @property
    def complete(self) -> bool:
        """True when the output stands between tags and no block was left open after it."""
        return bool(self.outputs) and self.all_closed

    @property
    def drafts(self) -> tuple[str, ...]:
        """Drafts from inside and outside the scratchpad, in order."""
        blocks = [draft for outer in self.private for draft in self._drafts_of(outer)]
        texts = (self.text[block.inner : block.stop].strip() for block in blocks)
        return tuple(text for text in texts if not is_blank(text))

    def has(self, part: Part) -> bool:
        """Whether a block of this part holds something, in the prefill or after it."""
        return joined(self._thoughts(block, 0) for block in self._of(part)) is not None

    def reasoning(self, part: Part) -> str | None:
        """What the model wrote in all blocks of one part, without the drafts in them."""
        return joined(self._thoughts(block, self.own) for block in self._of(part))

    def output(self) -> tuple[int, int]:
        """Where the output stands: ``text[start:end]``. Raises Unreadable if that is not sure."""
        if not self.outputs:
            return self._remainder()
        full = [b for b in self.outputs if not is_blank(self.visible(b.inner, b.stop))]
        final = full[-1] if full else self.outputs[-1]
        if is_quoted(self.text, final.start, final.inner):
            raise Unreadable("the output tag stands in the middle of a sentence")
        return final.inner, final.stop

    def visible(self, start: int, end: int) -> str:
        """``text[start:end]`` without private blocks and tags."""
        return _without(self.text, start, end, self._gaps)

    def _remainder(self) -> tuple[int, int]:
        """Without output tags, the output is what stands outside the private parts."""
        if not all(block.closed for block in self.private):
            raise Unreadable("a private block was never closed, and no output follows it")
        if any(is_quoted(self.text, block.stop, block.end) for block in self.private):
            raise Unreadable(
                "reasoning ends in the middle of a sentence, and no output tag follows"
            )
        ends = [t.end for t in _outside(self.tags, self.private) if t.part is Part.OUTPUT]
        if ends and any(t.part is Part.OUTPUT and t.kind is Kind.OPEN for t in self.tags):
            raise Unreadable("the output ends outside of the private block in which it began")
        start = self._after_reasoning() if self.output_asked else 0
        end = ends[-1] if ends else len(self.text)
        if self.acceptance.first is None and is_blank(self.visible(start, end)):
            raise Unreadable("nothing but private parts")
        return start, end

    def _after_reasoning(self) -> int:
        return max((block.end for block in self.private if block.part in REASONING), default=0)

    def _drafts_of(self, block: Block) -> list[Block]:
        return [block] if block.part is Part.DRAFT else inner_drafts(self.tags, block)

    def _of(self, part: Part) -> Iterator[Block]:
        return (block for block in self.private if block.part is part)

    def _thoughts(self, block: Block, own: int) -> str:
        start = min(max(block.inner, own), block.stop)
        drafts = [draft for draft in inner_drafts(self.tags, block) if draft.end > start]
        gaps = [_Gap(max(draft.start, start), draft.end, "\n") for draft in drafts]
        return _without(self.text, start, block.stop, gaps)


class _Gap(NamedTuple):
    """``text[start:end]`` is not shown; ``filling`` stands in its place."""

    start: int
    end: int
    filling: str = ""


def joined(pieces: Iterable[str]) -> str | None:
    """The pieces that hold something, as paragraphs; None when none does."""
    kept = [piece.strip() for piece in pieces if not is_blank(piece)]
    return "\n\n".join(kept) if kept else None


def _without(text: str, start: int, end: int, gaps: Sequence[_Gap]) -> str:
    if not gaps:
        return text[start:end]
    pieces = []
    first = bisect_left(gaps, start, key=_START)
    last = bisect_left(gaps, end, lo=first, key=_START)
    for gap in gaps[first:last]:
        pieces += [text[start : gap.start], gap.filling]
        start = gap.end
    return "".join([*pieces, text[start:end]])


def _outside(tags: Sequence[Tag], blocks: Sequence[Block]) -> Iterator[Tag]:
    """The tags that stand in none of the blocks. Both are in order."""
    remaining = iter(blocks)
    block = next(remaining, None)
    for tag in tags:
        while block is not None and tag.start >= block.end:
            block = next(remaining, None)
        if block is None or tag.start < block.start:
            yield tag


def _unfenced(raw: str, fmt: OutputFormat) -> tuple[str, list[Tag], int]:
    """The text, its tags and its start; a code fence around the whole answer is taken away."""
    tags = find_tags(raw, fmt)
    fence = _FENCE.match(raw)
    if fence is None or not tags or not is_blank(raw[fence.end() : tags[0].start]):
        return raw, tags, 0
    text = raw[fence.end() :].rstrip().removesuffix(fence[1])
    return text, find_tags(text, fmt), fence.end()
