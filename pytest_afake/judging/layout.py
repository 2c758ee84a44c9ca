"""Which stretches of an answer are private, and which are output, from its tags alone.

Models quote the tags that they were told about, forget to close them, and nest them. The rules here
prefer to lose an answer over showing reasoning as output: what has two sensible readings is
:class:`Unreadable`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise, zip_longest
from operator import attrgetter
from typing import NamedTuple

from pytest_afake.judging.tags import Kind, Part, Tag, is_blank, is_pair, is_quoted, opens_line

REASONING = frozenset({Part.SCRATCHPAD, Part.THINK})
_LAYOUT = REASONING | {Part.DRAFT, Part.OUTPUT}
_START = attrgetter("start")


class Unreadable(Exception):
    """The tags of an answer do not say what is output. Its text is one line of ours."""


class Block(NamedTuple):
    """A part of an answer: ``text[start:end]`` with its tags, ``text[inner:stop]`` without."""

    part: Part
    start: int
    inner: int
    stop: int
    end: int
    closed: bool = True


def private_blocks(text: str, tags: Sequence[Tag]) -> list[Block]:
    """Scratchpads, thinking and drafts, in order and without overlap; tags inside are quotations.

    Raises Unreadable where a private block begins or ends inside the output. Linear in the tags.
    """
    marks = [tag for tag in tags if tag.part in _LAYOUT and tag.kind is not Kind.EMPTY]
    return _PrivateScan(text, marks).run()


def output_blocks(text: str, tags: Sequence[Tag]) -> list[Block]:
    """Output blocks among tags outside private blocks.

    Properly nested blocks are one block. Otherwise each opening tag starts a new one, and one that
    is not closed lasts to the next, or to the end of the text.
    """
    marks = [tag for tag in tags if _is_output(tag) and tag.kind is not Kind.EMPTY]
    return _nested(marks) or _flat(marks, len(text))


def inner_drafts(tags: Sequence[Tag], block: Block) -> list[Block]:
    """Closed drafts inside a scratchpad. One that is not closed there is only spoken of."""
    first = bisect_left(tags, block.inner, key=_START)
    last = bisect_left(tags, block.stop, key=_START)
    drafts = [tag for tag in tags[first:last] if tag.part is Part.DRAFT]
    return [
        _between(a, b) for a, b in pairwise(drafts) if a.kind is Kind.OPEN and b.kind is Kind.CLOSE
    ]


class _PrivateScan:
    """One pass over the tags of private parts and of the output."""

    def __init__(self, text: str, marks: Sequence[Tag]) -> None:
        self._text = text
        self._marks = marks
        self._outputs = [t.start for t in marks if _is_output(t) and t.kind is Kind.OPEN]
        self._in_output = False
        self._shown = 0  # where the output that was read last ends
        self._blocks: list[Block] = []
        self._reasoned = 0  # how many of the blocks end with the last one that holds reasoning

    def run(self) -> list[Block]:
        index = 0
        while index < len(self._marks):
            index = self._step(index)
        return self._blocks

    def _step(self, index: int) -> int:
        """Read one tag, or the block that it opens; return the index of what comes next."""
        mark = self._marks[index]
        if _is_output(mark):
            self._in_output = mark.kind is Kind.OPEN
            self._shown = mark.end
            return index + 1
        if mark.kind is Kind.CLOSE:
            self._stray(mark)
            return index + 1
        return self._open(index)

    def _open(self, index: int) -> int:
        mark, (closer, sure) = self._marks[index], self._closer(index)
        if closer is not None:
            self._add(_between(mark, self._marks[closer], closed=sure))
            return closer + 1
        if self._in_output:
            raise Unreadable(f"a {mark.part} block opens inside the output and is never closed")
        following = self._implicit_end(index)
        end = self._marks[following].start if following < len(self._marks) else len(self._text)
        self._add(Block(mark.part, mark.start, mark.end, end, end, closed=False))
        return following

    @cached_property
    def _nearest(self) -> list[int | None]:
        return _nearest_closers(self._marks)

    @cached_property
    def _balanced(self) -> list[int | None]:
        return _balanced_closers(self._marks)

    def _closer(self, index: int) -> tuple[int | None, bool]:
        """The closing tag of the block at ``index``, and whether that is sure.

        The balanced one, so that a quoted pair does not end the block; but not where that would
        swallow the only output. Without a balanced one, the nearest may be the end of a quoted
        block inside this one.
        """
        following = self._marks[index + 1] if index + 1 < len(self._marks) else None
        if is_pair(self._marks[index], following):  # as in most answers
            return index + 1, True
        nearest, balanced = self._nearest[index], self._balanced[index]
        if nearest is None or balanced is None:
            return nearest, balanced is not None
        near, far = self._marks[nearest].end, self._marks[balanced].end
        swallows = self._has_output(near, far) and not self._has_output(far)
        return nearest if swallows else balanced, True

    def _implicit_end(self, index: int) -> int:
        """Where a block that was never closed ends: at the next part, if that is no quotation."""
        own = self._marks[index].part
        for later in range(index + 1, len(self._marks)):
            mark = self._marks[later]
            if mark.kind is Kind.OPEN and mark.part != own and opens_line(self._text, mark.start):
                return later
        if self._ends_with_output():
            return len(self._marks) - 2
        return len(self._marks)

    def _ends_with_output(self) -> bool:
        """True when an output block, closed, is the last thing in the text."""
        if len(self._marks) < 3 or not all(map(_is_output, self._marks[-2:])):
            return False
        opening, closing = self._marks[-2:]
        return (
            (opening.kind, closing.kind) == (Kind.OPEN, Kind.CLOSE)
            and not is_quoted(self._text, opening.start, opening.end)
            and is_blank(self._text[closing.end :].strip("`*"))
        )

    def _stray(self, mark: Tag) -> None:
        """A closing tag without its opening one: what stands before it is private."""
        # Reasoning whose opening tag is missing may hold drafts; they are found again inside it.
        kept = self._reasoned if mark.part in REASONING else len(self._blocks)
        start = self._blocks[kept - 1].end if kept else 0
        if not self._has_output(start, mark.start) or self._has_output(mark.end):
            del self._blocks[kept:]
            self._add(Block(mark.part, start, start, mark.start, mark.end))
            self._in_output = False
        elif kept and not self._in_output and is_blank(self._text[self._shown : mark.start]):
            self._shown = mark.end  # a closing tag too many, right after the output
        else:
            raise Unreadable(f"a {mark.part} block ends after the output began and never opened")

    def _add(self, block: Block) -> None:
        self._blocks.append(block)
        if block.part in REASONING:
            self._reasoned = len(self._blocks)

    def _has_output(self, start: int, end: int | None = None) -> bool:
        """Whether an output block opens in ``text[start:end]``."""
        first = bisect_left(self._outputs, start)
        return first < len(self._outputs) and (end is None or self._outputs[first] < end)


def _is_output(tag: Tag) -> bool:
    return tag.part is Part.OUTPUT


def _between(opening: Tag, closing: Tag, *, closed: bool = True) -> Block:
    return Block(opening.part, opening.start, opening.end, closing.start, closing.end, closed)


def _nearest_closers(marks: Sequence[Tag]) -> list[int | None]:
    """For each tag, the index of the next closing tag of its part."""
    found: list[int | None] = [None] * len(marks)
    upcoming: dict[Part, int] = {}
    for index in range(len(marks) - 1, -1, -1):
        found[index] = upcoming.get(marks[index].part)
        if marks[index].kind is Kind.CLOSE:
            upcoming[marks[index].part] = index
    return found


def _balanced_closers(marks: Sequence[Tag]) -> list[int | None]:
    """For each opening tag, the index of the closing tag that balances it."""
    found: list[int | None] = [None] * len(marks)
    waiting: dict[Part, list[int]] = {}
    for index, mark in enumerate(marks):
        stack = waiting.setdefault(mark.part, [])
        if mark.kind is Kind.OPEN:
            stack.append(index)
        elif stack:
            found[stack.pop()] = index
    return found


def _nested(marks: Sequence[Tag]) -> list[Block]:
    """The outermost blocks when every tag has its partner, else nothing."""
    blocks: list[Block] = []
    stack: list[Tag] = []
    for mark in marks:
        if mark.kind is Kind.OPEN:
            stack.append(mark)
        elif not stack:
            return []
        else:
            opening = stack.pop()
            if not stack:
                blocks.append(_between(opening, mark))
    return [] if stack else blocks


def _flat(marks: Sequence[Tag], length: int) -> list[Block]:
    pairs = zip_longest(marks, marks[1:])
    return [_up_to(mark, after, length) for mark, after in pairs if mark.kind is Kind.OPEN]


def _up_to(mark: Tag, following: Tag | None, length: int) -> Block:
    if following is not None and following.kind is Kind.CLOSE:
        return _between(mark, following)
    end = length if following is None else following.start
    return Block(mark.part, mark.start, mark.end, end, end, closed=False)
