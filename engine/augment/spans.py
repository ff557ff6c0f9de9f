"""Parts of a text that must stay as they are, found again in a text that was rewritten."""

import re
from collections.abc import Sequence
from typing import NamedTuple


class Unusable(ValueError):
    """A rewritten text can't take the place of the one before; the message says why."""


class Span(NamedTuple):
    """From one character of a text to another, the end not included."""

    start: int
    end: int


def found_again(before: str, kept: Sequence[Span], after: str) -> list[Span]:
    """Where the kept parts of a text stand in its rewriting, in the order of `kept`.

    A part is told by its words and by which of their occurrences it is, so both texts must have equally many of these.

    Raises:
        Unusable: a part is gone, or can't be told from other places that say the same.
    """
    return [_again(before, span, after) for span in kept]


def _again(before: str, span: Span, after: str) -> Span:
    part = before[span.start : span.end]
    pattern = _pattern(part)
    if not any(match.start() == span.start for match in pattern.finditer(before)):
        # It is a part of a longer word, as the answer 5 of 15%.
        pattern = re.compile(f"(?={re.escape(part)})")
    there, here = ([match.start() for match in pattern.finditer(text)] for text in (before, after))
    if len(there) != len(here):
        raise Unusable(f"{part[:40]!r} stands {len(here)} times in the new text, and {len(there)} times in its source")
    start = here[there.index(span.start)]
    return Span(start, start + len(part))


def _pattern(part: str) -> re.Pattern[str]:
    """Finds where the part begins as words of its own."""
    before, after = (r"(?<!\w)" if part[0].isalnum() else ""), (r"(?!\w)" if part[-1].isalnum() else "")
    return re.compile(f"{before}(?={re.escape(part)}{after})")


def joined(spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those that overlap as one."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.start < whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def between(text: str, kept: Sequence[Span]) -> list[Span]:
    """The stretches of the text outside of the kept parts, one more than these; they may be empty."""
    edges = [0, *(edge for span in sorted(kept) for edge in span), len(text)]
    return [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]
