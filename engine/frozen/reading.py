"""Which places of a row a head reads, found out by asking it: most classifiers read a single one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from torch import Tensor

from ..encoding.example import Example
from ..encoding.states import PLACES, States


class Reading(NamedTuple):
    """What is kept of a row: these of its places, and what they are called."""

    places: slice
    name: str

    def cut(self, example: Example, states: States) -> Example:
        """The example with the states of its places, and without its others; `states` may be padded at their end."""
        length = len(example.input_ids)
        # Copies: a part of the batch's tensor would hold all of it.
        kept = {
            name: (state[:length][self.places] if name == PLACES else state).clone() for name, state in states.items()
        }
        more = {name: values[self.places] for name, values in example.more.items()}
        return replace(example, input_ids=example.input_ids[self.places], more=more, states=kept)


EVERY_PLACE = Reading(slice(None), "every place")
ONE_PLACE = (Reading(slice(0, 1), "its first place"), Reading(slice(-1, None), "its last place"))


def reading_of(
    examples: Sequence[Example],
    states: Sequence[States],
    readings: Sequence[Reading],
    score: Callable[[Sequence[Example]], Tensor],
    tolerance: float,
) -> Reading | None:
    """The first reading by which the head says of these examples what it says of them whole; None where none does.

    `states[i]` are those of `examples[i]`; what differs is held against what lies between the examples.
    """
    whole = _finite(score(examples))
    between = (whole - whole[:1]).abs().max()
    for reading in readings:
        try:
            said = _finite(score([reading.cut(*row) for row in zip(examples, states, strict=True)]))
        except ValueError:
            continue  # it looks for something in the row, such as its end, and misses it
        # A head that says the same of all rows would seem to read any place.
        if (between or reading is EVERY_PLACE) and (said - whole).abs().max() <= tolerance * between:
            return reading
    return None


def _finite(scores: Tensor) -> Tensor:
    return scores.nan_to_num(posinf=0.0, neginf=0.0)
