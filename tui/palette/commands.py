"""What the palette offers: the keys of the screen in front, what has a name in the store, the themes, and the tour."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from ...store import database, datasets, made, runs
from ...store.datasets import Dataset
from ...store.runs import Called
from ..widgets.keys import key_names
from .command import Command

if TYPE_CHECKING:
    from ..app import TunedeckApp
    from ..screens.deck import DeckScreen


def of_screen(screen: "DeckScreen") -> list[Command]:
    """Each key of the screen, in the order of its line of keys; then what there are no keys for."""
    deck = screen.deck
    acts = [
        Command(
            f"key {binding.action}",
            binding.description.lower(),
            binding.tooltip,
            partial(screen.do, binding.action),
            key_names(binding),
            screen.why_dead(binding),
        )
        for binding in screen.key_bindings
        if binding.action != "commands"
    ]
    return [*acts, *_of_app(deck)]


def _of_app(deck: "TunedeckApp") -> list[Command]:
    themes = [
        Command(f"theme {name}", f"theme {name}", "Use this theme; it is remembered.", partial(_choose, deck, name))
        for name in deck.themes_that_fit
    ]
    return [
        Command("tour", "tour", "Five steps from data to a tuned model that you take away.", deck.show_tour),
        Command(
            "self-test", "self-test", "See what is lost here when runs are killed and disks are full.", _test(deck)
        ),
        Command("speed", "speed", "How fast this machine trains, beside other trainers.", _speed(deck)),
        *themes,
        Command("quit", "quit tunedeck", "Leave the app; runs go on.", deck.exit),
    ]


def _test(deck: "TunedeckApp") -> Callable[[], object]:
    def opened() -> None:
        from ..screens.self_test import SelfTestScreen

        deck.push_screen(SelfTestScreen())

    return opened


def _speed(deck: "TunedeckApp") -> Callable[[], object]:
    def opened() -> None:
        from ..screens.speed import SpeedScreen

        deck.push_screen(SpeedScreen())

    return opened


def _choose(deck: "TunedeckApp", name: str) -> None:
    deck.say(deck.choose_theme(name))


def of_store(deck: "TunedeckApp") -> Iterator[list[Command]]:
    """In a thread: every run and every version of a data set, the newest first."""
    with closing(database.connect(deck.home)) as db:
        yield [_of_run(deck, run) for run in runs.called(db)] + _of_datasets(deck, db)


def _of_run(deck: "TunedeckApp", run: Called) -> Command:
    return Command(
        run.id, f"run {run.name or run.id}", f"Open the run {run.id}, {run.state}.", partial(_open_run, deck, run)
    )


def _of_datasets(deck: "TunedeckApp", db: sqlite3.Connection) -> list[Command]:
    return [
        Command(
            found.reference, f"data {found.label}", f"Open its {found.rows:,} rows.", partial(_open_rows, deck, found)
        )
        for found in datasets.of_all(db)
    ]


def _open_run(deck: "TunedeckApp", run: Called) -> None:
    from ..screens.review import ReviewScreen
    from ..screens.run import RunScreen

    deck.push_screen(ReviewScreen(run.id) if run.kind == made.KIND else RunScreen(run.id))


def _open_rows(deck: "TunedeckApp", dataset: Dataset) -> None:
    from ..screens.rows import RowsScreen

    deck.push_screen(RowsScreen(dataset.reference))
