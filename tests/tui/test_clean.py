"""Hostile text can't reach the terminal."""

import subprocess
import sys

from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip
from tunedeck.tui.clean import clean, clean_line
from tunedeck.tui.clean_filter import CleanFilter

BLACK = Color(0, 0, 0)
HOSTILE = [
    "\x1b]52;c;aGk=\x07",
    "\x9b31m",
    "\x1bP1$r\x1b\\",
    "\u202eabc",
    "\u2066x\u2069",
    "a\rb",
    "\x00",
    "\ud800",
    "\u061c",
]


def filtered(text: str, style: Style | None = None) -> Segment:
    [segment] = CleanFilter().apply([Segment(text, style)], BLACK)
    return segment


def test_every_control_and_direction_character_is_removed() -> None:
    unwanted = [*range(0x20), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)]
    assert clean("".join(map(chr, unwanted))) == "\t\n"


def test_a_lone_surrogate_becomes_a_character_that_can_be_sent() -> None:
    assert clean("a\udc80b").encode() == "a\ufffdb".encode()


def test_ordinary_text_of_any_language_stays_as_it_is() -> None:
    for text in ("step 1: loss 1.2", "日本語 👩‍👩‍👧", "naïve — “quoted”", "עברית", ""):
        assert clean(text) == clean_line(text) == text


def test_a_line_has_one_space_for_each_run_of_breaks() -> None:
    assert clean_line("a\r\n\tb\u2028c") == "a b c"


def test_the_filter_keeps_the_width_that_the_line_was_laid_out_with() -> None:
    for text in [*HOSTILE, "tab\there", "two\nlines", "日\t本\x1b"]:
        assert cell_len(filtered(text).text) == cell_len(text)
        assert clean_line(filtered(text).text) == filtered(text).text


def test_the_filter_leaves_control_segments_to_textual() -> None:
    control = Segment("\x1b[2J", None, [(ControlType.CLEAR,)])
    assert CleanFilter().apply([control], BLACK) == [control]


def test_a_link_with_an_escape_code_is_dropped() -> None:
    assert filtered("x", Style(link="http://a/\x1b]52;c;aGk=\x07")).style == Style()
    assert filtered("x", Style(link="http://a/")).style == Style(link="http://a/")


def test_a_clean_strip_passes_unchanged() -> None:
    strip = Strip([Segment("loss "), Segment("1.2", Style(bold=True))])
    assert strip.apply_filter(CleanFilter(), BLACK) == strip


def test_cleaning_needs_the_standard_library_only() -> None:
    check = (
        "import sys, tunedeck.tui.clean; sys.exit(any(name in sys.modules for name in ('rich', 'textual', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-P", "-c", check], check=False).returncode == 0
