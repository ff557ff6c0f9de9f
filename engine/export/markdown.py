"""Text of others in Markdown: shown as it is, never obeyed."""

import itertools


def one_line(text: str, longest: int = 200) -> str:
    """The text on one line, without controls, marks of writing direction and the like."""
    visible = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(visible.split())[:longest]


def code(text: str) -> str:
    """The text as a code span, in which nothing else is read: no link, no markup, no HTML."""
    line = one_line(text)
    fence = "`" * (_longest_run(line) + 1)
    # A blank keeps a backtick of the text apart from the fence; Markdown takes one away on each side.
    blank = " " if not line or line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{blank}{line}{blank}{fence}"


def fenced(text: str, language: str = "") -> str:
    """The text as a block, behind a fence that is longer than any in it."""
    fence = "`" * max(3, _longest_run(text) + 1)
    lines = ("".join(c if c.isprintable() else " " for c in line) for line in text.splitlines())
    return "\n".join([f"{fence}{language}", *lines, fence])


def _longest_run(text: str) -> int:
    return max((len(list(run)) for character, run in itertools.groupby(text) if character == "`"), default=0)
