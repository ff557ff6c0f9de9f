"""The columns of a table: what a row is, which columns fit, and how a text is fitted into its cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, set_cell_size

from ..clean import clean_line

GAP = 2
Cell = str | tuple[str, str]


@dataclass(frozen=True)
class Column:
    """A title and a width in cells; with `flex`, that width is the least, and spare room is shared out by `flex`.

    Where the table is too narrow the column with the highest `drop` goes first; 0 stays always.
    """

    title: str
    width: int
    flex: int = 0
    align: Literal["left", "right"] = "left"
    drop: int = 0


@dataclass(frozen=True)
class Row:
    """The cells of one row, one per column: a text, or (text, style name); the key is unique in its table."""

    key: str
    cells: Sequence[Cell]


@lru_cache(256)
def fit_columns(columns: tuple[Column, ...], width: int) -> tuple[tuple[int, int], ...]:
    """The columns that fit into so many cells, as (index, width in cells), with GAP cells between them."""
    shown = list(range(len(columns)))
    while _least_width(columns, shown) > width and any(columns[at].drop for at in shown):
        shown.remove(max(shown, key=lambda at: columns[at].drop))
    spare, flex = max(width - _least_width(columns, shown), 0), sum(columns[at].flex for at in shown)
    sizes = []
    for at in shown:
        share = spare * columns[at].flex // flex if columns[at].flex else 0
        spare, flex = spare - share, flex - columns[at].flex
        sizes.append((at, columns[at].width + share))
    return tuple(sizes)


def _least_width(columns: Sequence[Column], shown: Sequence[int]) -> int:
    return sum(columns[at].width for at in shown) + GAP * (len(shown) - 1)


def split_cell(cell: Cell) -> tuple[str, str]:
    """The text and the style of a cell, "" for none."""
    return (cell, "") if isinstance(cell, str) else cell


def fit_text(text: str, width: int, align: str = "left") -> str:
    """The text in exactly so many cells, cleaned, on one line; what is cut off is shown by an ellipsis."""
    text = clean_line(text)
    size = cell_len(text)
    if size > width:
        return set_cell_size(text, width - 1) + "…" if width > 0 else ""
    return " " * (width - size) + text if align == "right" else text + " " * (width - size)
