"""The screens that a digit leads to, from everywhere; each is imported when somebody goes there."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .deck import DeckScreen

PLACES = {
    "compare": ("2", "Compare", "CompareScreen", "Hold the runs that are marked in the list against each other."),
    "data": ("3", "Data", "DataScreen", "Go to the data: versions, sources, and their rows."),
    "models": ("4", "Models", "ModelsScreen", "Go to the models: what is here, and whether it fits this machine."),
    "lineage": ("6", "Lineage", "LineageScreen", "Go to the tree of runs: which started from which."),
    "playground": ("7", "Playground", "PlaygroundScreen", "Go to the playground: ask the base and a tuned model."),
    "system": ("8", "System", "SystemScreen", "Go to this machine: devices, memory, disk, processes, the queue."),
}
"""By the name of its module: key, word, class, and what going there means."""


def screen_of(place: str) -> "type[DeckScreen]":
    """The screen's class, which can be made without arguments."""
    return getattr(importlib.import_module(f".{place}", __package__), PLACES[place][2])
