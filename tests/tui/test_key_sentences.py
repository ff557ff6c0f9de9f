"""Sentences on screens name keys as the user has them: none has a key written into it."""

import ast
import re
from pathlib import Path

import pytest
from tunedeck import tui
from tunedeck.tui import key_map
from tunedeck.tui.screens import deck
from tunedeck.tui.screens.every import all_screens
from tunedeck.tui.widgets.keys import bindings_of, key_names

# Those of lists and of lines that are typed are everybody's. No script can tell the key a from the article, nor the key
# 8 from the number.
_FIXED = {"j", "k", "g", "G", "enter", "esc", "a", "A", *"0123456789"}
_KEYS = {key for screen in all_screens() for one in bindings_of(screen) for key in key_names(one).split()} - _FIXED
_KEY = "|".join(sorted(map(re.escape, _KEYS), key=len, reverse=True))
# As we write it: "u takes it out", "< and > move it", "Press n", "with space first".
_NAMED = re.compile(
    rf"(?:^|(?<=\s))(?:{_KEY}) (?:\w+[^s]s\b|on an? |and \S+ \w+ )|\b(?:[Pp]ress|with) (?:{_KEY})(?=[\s.,:;]|$)"
)
# Questions have fixed keys; they are answered, not worked in.
_QUESTIONS = {"ask.py", "line_ask.py", "export.py", "command.py", "palette.py"}
_FILES = [file for file in Path(deck.__file__).parent.glob("*.py") if file.name not in _QUESTIONS]


def sentences(file: Path) -> list[str]:
    """Every text of the module but docstrings, the values put into them as a dot."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    whole = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in whole for part in node.values}
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    plain = [str(node.value) for node in texts if id(node) not in told | parts]
    return plain + ["".join(_text(part) for part in node.values) for node in whole]


def _text(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "·"


@pytest.mark.parametrize("file", [*_FILES, Path(tui.__path__[0]) / "app.py"], ids=lambda file: file.name)
def test_no_sentence_has_a_key_written_into_it(file: Path) -> None:
    assert [sentence for sentence in sentences(file) if _NAMED.search(sentence)] == []


def test_one_that_has_is_found() -> None:
    for sentence in (
        "It is gone: u takes it out.",
        "Press n to begin.",
        "Mark two with space first.",
        "< and > move it.",
        "Nothing is stopped; s on a run does.",
    ):
        assert _NAMED.search(sentence), sentence
    assert key_map.printed("question_mark") == "?" and not _NAMED.search("This line is a heading: go on with j or k.")
