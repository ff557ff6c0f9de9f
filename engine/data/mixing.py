"""Which general rows join the training rows, so that less is forgotten."""

import random
from typing import NamedTuple


class Mix(NamedTuple):
    """The numbers of the general rows that join, ascending, and their share of all rows then trained."""

    rows: list[int]
    fraction: float


def mix(train_count: int, general_count: int, mix_fraction: float, seed: int) -> Mix:
    """Choose general rows so that they make up `mix_fraction` of the rows that are trained, or all where that is less.

    Depends on nothing else, and the rows of a smaller share are among those of a larger one. No row is taken twice: a
    few rows repeated would be learned by heart, and would not stand for what the model knew.

    Raises ValueError for a fraction that is not at least 0 and below 1.
    """
    if not 0 <= mix_fraction < 1:
        raise ValueError(f"mix_fraction is {mix_fraction}: expected at least 0 and below 1")
    # g / (t + g) = f, solved for g.
    wanted = round(train_count * mix_fraction / (1 - mix_fraction))
    drawn = list(range(general_count))
    random.Random(f"mix:{seed}").shuffle(drawn)
    rows = sorted(drawn[:wanted])
    return Mix(rows, len(rows) / (train_count + len(rows)) if rows else 0.0)
