"""A lazy sequence is a list to whoever reads it, and makes only what is asked for."""

import pytest
from tunedeck.store.lazy import LazySequence


class Squares(LazySequence[int]):
    """The squares of 0 to 9, and which of them were made."""

    def __init__(self) -> None:
        self.made: list[int] = []

    def __len__(self) -> int:
        return 10

    def at(self, place: int) -> int:
        self.made.append(place)
        return place**2


def test_it_reads_like_a_list() -> None:
    plain, squares = [place**2 for place in range(10)], Squares()
    assert [*squares] == plain and [*reversed(squares)] == plain[::-1]
    assert (squares[-1], squares[2:5], squares[::-4]) == (81, plain[2:5], plain[::-4])
    with pytest.raises(IndexError):
        squares[10]


def test_only_what_is_asked_for_is_made() -> None:
    squares = Squares()
    assert squares[3:5] == [9, 16] and squares.made == [3, 4]
