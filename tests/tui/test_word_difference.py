"""What only one of two texts has is marked, word by word."""

import time

import pytest
from tunedeck.tui.word_difference import marked


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a b c", "a b c", ("a b c", "a b c")),
        ("a b c", "a x c", ("a [b] c", "a [x] c")),
        ("", "new words", ("", "[new words]")),
        ("a b", "", ("[a b]", "")),
        ("b", "a b c d", ("b", "[a] b [c d]")),
        ("x y z", "x q r z", ("x [y] z", "x [q r] z")),
        ("It was good.", "It was bad.", ("It was [good].", "It was [bad].")),
        ("no 0.95, 2.", "no 0.98, 2.", ("no [0.95], 2.", "no [0.98], 2.")),
        ("one\ntwo\n", "one\n2\n", ("one\n[two]\n", "one\n[2]\n")),
        ("a  b", "a b", ("[a]  b", "[a] b")),
    ],
)
def test_words_that_only_one_text_has_are_marked(before: str, after: str, told: tuple[str, str]) -> None:
    assert marked(before, after) == told


def test_each_side_can_have_marks_of_its_own() -> None:
    assert marked("a b", "a c", removed=("[-", "-]"), added=("{+", "+}")) == ("a [-b-]", "a {+c+}")


def test_very_long_texts_are_left_as_they_are() -> None:
    long = "word " * 1001
    assert marked(long, long + "more") == (long, long + "more")


def test_a_word_that_is_repeated_does_not_hold_the_screen_up() -> None:
    began = time.perf_counter()
    marked("word " * 900, "word " * 899 + "end")
    assert time.perf_counter() - began < 0.5
