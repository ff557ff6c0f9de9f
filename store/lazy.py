"""Sequences whose items are made when they are asked for."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

Item = TypeVar("Item")


class LazySequence(Sequence[Item]):
    """Has a length and makes one item at a time; a slice is a list."""

    @abstractmethod
    def at(self, place: int) -> Item:
        """The item at this place, which is there."""

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> list[Item]: ...
    def __getitem__(self, place: int | slice) -> Item | list[Item]:
        places = range(len(self))[place]
        return [self.at(each) for each in places] if isinstance(places, range) else self.at(places)
