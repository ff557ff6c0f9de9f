"""Texts that were read in a wrong encoding on their way here, such as `cafÃ©` for `café`."""

import re
from collections.abc import Iterator

from ftfy.badness import is_bad

from .finding import DROP, Finding
from .reading import Material
from .texts import parts_of
from .wording import rows_say, them

# Control characters other than tab and line breaks, and what stands where a byte could not be read.
UNREADABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")


def wrong_encoding(material: Material) -> Iterator[Finding]:
    rows = [entry.index for entry in material.entries if any(map(is_garbled, parts_of(entry.row)))]
    if rows:
        told = (
            f"{rows_say(len(rows), 'holds', 'hold')} garbled characters, as texts do that were read in a wrong"
            f" encoding. Make the file anew as UTF-8, or drop {them(len(rows))}."
        )
        yield Finding("encoding", "warning", told, rows, cure=DROP)


def is_garbled(text: str) -> bool:
    """Whether a character is unreadable, or characters follow each other as only a wrong encoding has them (ftfy)."""
    return UNREADABLE.search(text) is not None or (not text.isascii() and is_bad(text))
