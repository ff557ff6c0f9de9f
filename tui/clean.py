"""The one place where hostile text loses what could drive a terminal: escape codes, controls, direction overrides."""

import re

# C0 but tab and newline, DEL and C1, the marks and overrides of writing direction, and the two Unicode line separators.
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_SURROGATES = "\ud800-\udfff"
_UNWANTED = re.compile(f"[{_CONTROLS}{_SURROGATES}]")
_DRAWN = "…↑↓←→─│┌┐└┘├╞╘═┄◆✓✗●◌■▁▂▃▄▅▆▇█▔▏▎▍▌▋▊▉▐"
_IN_ASCII = str.maketrans(_DRAWN, "~^v<>-|++++||`=.o+x>o#" + "#" * 17)
_BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


def is_clean(text: str) -> bool:
    """Whether `clean` would return the text as it is."""
    return _UNWANTED.search(text) is None


def clean(text: str) -> str:
    """The text without controls, newlines and tabs kept; a lone surrogate, which can't be encoded, becomes U+FFFD."""
    if is_clean(text):
        return text
    return _UNWANTED.sub(lambda found: "\ufffd" if "\ud800" <= found[0] <= "\udfff" else "", text)


def clean_line(text: str) -> str:
    """The text as one line, for a cell, a title or a line of a log: each run of line breaks and tabs is one space."""
    if text.isascii() and text.isprintable():
        return text
    return clean(_BREAKS.sub(" ", text))


def in_ascii(text: str) -> str:
    """The text with ASCII in the place of what the app itself draws with; other alphabets stay."""
    return text.translate(_IN_ASCII)
