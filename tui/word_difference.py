"""Two texts held against each other word by word: what only one of them has is marked."""

import re
from difflib import SequenceMatcher

# With the white space behind it, so that a stretch of new words is one stretch; a decimal number is a word.
_WORD = re.compile(r"\s+|\d+[.,]\d+\s*|\w+\s*|[^\w\s]\s*")
_SQUARE = ("[", "]")
# SequenceMatcher takes 10 ms for so many at worst, and its time grows with their square.
_MOST_WORDS = 1_000


def marked(
    before: str, after: str, *, removed: tuple[str, str] = _SQUARE, added: tuple[str, str] = _SQUARE
) -> tuple[str, str]:
    """Both texts, `removed` around what only the first has, and `added` around what only the second has.

    Texts of more than a thousand words and signs are returned as they are.
    """
    # A word at the end is the same as one in the middle.
    old, new = _WORD.findall(before + " "), _WORD.findall(after + " ")
    if max(len(old), len(new)) > _MOST_WORDS:
        return before, after
    left, right = "", ""
    # Without autojunk, by which very frequent words begin no match, 1,000 equal words take a minute.
    for what, *places in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        gone, come = "".join(old[slice(*places[:2])]), "".join(new[slice(*places[2:])])
        left += gone if what == "equal" else _within(removed, gone)
        right += come if what == "equal" else _within(added, come)
    return left[:-1], right[:-1]


def _within(marks: tuple[str, str], text: str) -> str:
    """The text with its words between the marks, and the white space around them outside."""
    words = text.strip()
    before, _, behind = text.partition(words) if words else (text, "", "")
    return f"{before}{marks[0]}{words}{marks[1]}{behind}" if words else text
