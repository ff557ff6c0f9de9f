"""Which rows are shown, and in which order: what a filter leaves, sorted; worked out in a thread."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import row_filter
from .row_filter import RowFilter, Rows

if TYPE_CHECKING:
    import numpy as np

SORTS = ("line", "length", "tokens")
"""By line as in the source, by length or tokens the longest first."""


@dataclass(frozen=True)
class Order:
    """What is wished for; `only` holds the places to which a finding of a report narrows it."""

    wanted: RowFilter = row_filter.ALL
    sort: str = "line"
    only: Sequence[int] | None = None


def of(order: Order, rows: Rows, goes_on: Callable[[], bool] = lambda: True) -> "np.ndarray":
    """The places of the rows to show.

    Raises:
        UserError: the filter or the sort asks for what is not known.
    """
    import numpy as np

    places = row_filter.find(order.wanted, rows, goes_on)
    if order.only is not None:
        places = np.intersect1d(places, np.asarray(order.only, dtype=np.int64))
    if order.sort == "line":
        return places
    sizes = row_filter.lengths(rows.file) if order.sort == "length" else row_filter.known(rows).tokens
    return places[np.argsort(-sizes[places].astype(np.int64), kind="stable")]
