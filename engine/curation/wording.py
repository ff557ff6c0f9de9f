"""How many rows, in the words of a sentence."""

from collections.abc import Sequence

SHOWN_LINES = 5


def counted(count: int, noun: str = "row") -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def rows_say(count: int, verb: str, verb_of_many: str) -> str:
    """The subject of a sentence with its verb: `1 row has`, `2,000 rows have`."""
    return f"{counted(count)} {verb if count == 1 else verb_of_many}"


def them(count: int) -> str:
    """The rows again, as what is to be dropped."""
    return "it" if count == 1 else "them"


def listed(lines: Sequence[int]) -> str:
    """The first lines for a sentence: `line 3`, `lines 3, 17 and 2 more`."""
    shown = ", ".join(f"{line:,}" for line in lines[:SHOWN_LINES])
    more = f" and {len(lines) - SHOWN_LINES:,} more" if len(lines) > SHOWN_LINES else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more}"


def percent(part: float, whole: float) -> str:
    """A share that is never rounded to nothing or to all: `<1%`, `12%`, `>99%`."""
    share = part / whole if whole else 0.0
    if 0 < share < 0.01:
        return "<1%"
    return ">99%" if 0.99 < share < 1 else f"{share:.0%}"
