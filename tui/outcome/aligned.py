"""Tables as lines of text: the first column to the left, figures to the right under their titles."""

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from ..clean import clean_line
from ..widgets.cells import fit_text

_GAP = "  "
_LONGEST_NAME = 26


def aligned(titles: Sequence[str], rows: Iterable[Sequence[str]], *, most: int = 0) -> list[str]:
    """The lines, the titles first; titles of figures are cut at `most` cells, if that is given."""
    first, *others = titles
    cut = [first, *(fit_text(title, most).rstrip() if most and cell_len(title) > most else title for title in others)]
    lines = [[clean_line(cell) for cell in row] for row in [cut, *rows]]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(titles))]
    widths[0] = min(widths[0], _LONGEST_NAME)
    return [_line(line, widths) for line in lines]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    name = fit_text(cells[0], widths[0])
    return _GAP.join(
        [name, *(fit_text(cell, width, "right") for cell, width in zip(cells[1:], widths[1:], strict=True))]
    )
