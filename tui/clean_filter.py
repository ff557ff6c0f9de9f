"""The filter that every segment on its way to the terminal goes through."""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from .clean import clean_line, in_ascii, is_clean


class CleanFilter(LineFilter):
    """Cleans the text of every segment; control segments, which only Textual makes, pass untouched.

    An app returns one instance of it from `get_line_filters`: strips cache their filtered form by instance.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [segment if _is_harmless(segment) else _cleaned(segment) for segment in segments]


class AsciiFilter(LineFilter):
    """Puts ASCII in the place of what the app itself draws with; texts of people in other alphabets stay."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(in_ascii(text), style, control) for text, style, control in segments]


def _is_harmless(segment: Segment) -> bool:
    text, style, control = segment
    if control:
        return True
    if style is not None and style.link and not is_clean(style.link):
        return False
    return (text.isascii() and text.isprintable()) or (is_clean(text) and "\n" not in text and "\t" not in text)


def _cleaned(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is not None and style.link:
        # A link is written raw into an escape sequence of its own (OSC 8).
        style = style.update_link(None)
    # The strip was laid out with the width of the raw text (0 for a tab): one cell more would break the line.
    return Segment(set_cell_size(clean_line(text), cell_len(text)), style)
