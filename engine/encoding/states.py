"""States that a model made of rows before: what its head reads, in the place of their tokens."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

# transformers' names: a vector for each place of a row, and of models with a pooler one for the row.
PLACES, ROW = "last_hidden_state", "pooler_output"

# Of a row: (places, width), and (width,).
States = Mapping[str, Tensor]


def joined(rows: Sequence[States], length: int) -> dict[str, Tensor]:
    """The states of a batch: (rows, length, width), zeros at the end, and (rows, width)."""
    places = [functional.pad(row[PLACES], (0, 0, 0, length - len(row[PLACES]))) for row in rows]
    batch = {PLACES: torch.stack(places)}
    return batch | {ROW: torch.stack([row[ROW] for row in rows])} if ROW in rows[0] else batch
