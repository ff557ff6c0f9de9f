"""What runs say stands in columns where there is room for them, and below each other where there is none."""

import pytest
from rich.cells import cell_len
from tunedeck.tui.comparing.output_text import Output, below, beside

TWO = Output("> Who?", ["I am a robot, made of tin, and I like it.", "I am\na lamp."])


def test_answers_stand_in_columns_of_equal_width() -> None:
    assert beside(TWO, 56).splitlines() == [
        "> Who?",
        "  A  I am a robot, made of    B  I am",
        "     tin, and I like it.         a lamp.",
    ]


def test_narrow_columns_give_way_to_lines_below_each_other() -> None:
    assert beside(TWO, 51) == below(TWO)
    assert below(TWO).splitlines() == [
        "> Who?",
        "  A  I am a robot, made of tin, and I like it.",
        "  B  I am",
        "     a lamp.",
    ]


def test_a_heading_stands_alone() -> None:
    assert beside(Output("rows on which they differ"), 80) == "rows on which they differ"


@pytest.mark.parametrize("count", range(2, 7))
def test_no_line_is_wider_than_its_place_and_no_word_is_lost(count: int) -> None:
    told = ["模型 says " + "word " * 30 + "x" * 90] * count
    for width in range(60, 200, 7):
        lines = beside(Output("p", told), width).splitlines()[1:]
        in_columns = any("A" in line and "B" in line for line in lines)
        assert not in_columns or max(map(cell_len, lines)) <= width
        assert sum(line.count("word") for line in lines) == 30 * count
        assert sum(line.count("x") for line in lines) == 90 * count
