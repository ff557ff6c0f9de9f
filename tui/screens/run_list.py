"""What the keys of the list of runs work on: the runs as they were last read, which of them are listed, and how."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from ...store import overview, run_filter, run_groups, states, tags
from ...store.overview import Overview
from ...store.paths import Home
from ...store.records import Run
from ..widgets.facts import Fact, fitted
from ..widgets.table import Table
from .run_keys import RunKeys, why_not
from .run_rows import COLUMNS, WITH_TAGS, Heading, Line, RunRows, key_of

# More than a terminal has lines: until all of 10,000 runs are read it takes a second, of these 10 ms.
_FIRST_RUNS = 100
# Of a filter in the title; the line where it is changed has all of it.
_FILTER_CELLS = 40
_NOT_RUNS = "This line is a heading: go to a run with j or k; enter folds the group."


class Shown(NamedTuple):
    """Which runs are listed, in which order, and together with which; the groups in `folded` as their headings."""

    text: str = ""
    conditions: Sequence[run_filter.Condition] = ()
    order: str = run_filter.ORDERS[0]
    groups: str = ""
    folded: frozenset[str] = frozenset()


class Listed(NamedTuple):
    """All runs by their ids, the lines of the list with their places, and what its title counts; unless it `is_whole`
    only the first of many runs, though the title counts them all."""

    is_whole: bool = False
    views: Mapping[str, Overview] = {}
    lines: Sequence[Line] = ()
    places: Mapping[str, int] = {}
    matching: int = 0
    states: Mapping[str, int] = {}
    has_tags: bool = False
    queue_rests: bool = False


def read(db: sqlite3.Connection, home: Home, shown: Shown, known: Mapping[str, Overview]) -> Listed:
    """In the watch's thread: with 10,000 runs it takes 0.6 s where none is known, and then 0.1 s.

    So where none is known, the first runs come first; whoever shows them asks once more.
    """
    is_first = not known and shown == Shown()
    counts = states.counts(db)
    views = overview.first_of_all(db, _FIRST_RUNS) if is_first else overview.of_all(db, known)
    by_id = {view.run.id: view for view in views}
    found = run_filter.ordered(run_filter.matching(views, shown.conditions), shown.order)
    lines = list(_lines(found, shown, by_id))
    return Listed(
        not is_first or len(views) == sum(counts.values()),
        by_id,
        lines,
        {key_of(line): place for place, line in enumerate(lines)},
        len(found),
        _counted(counts),
        tags.any_on_runs(db),
        states.queue_rests(db, home),
    )


def _counted(counts: Mapping[str, int]) -> dict[str, int]:
    """The counts of running and queued runs, where there are any, and of all that have ended."""
    counted = dict.fromkeys(("running", "queued", "ended"), 0)
    for state, count in counts.items():
        counted[state if state in counted else "ended"] += count
    return {state: count for state, count in counted.items() if count}


def _lines(found: Sequence[Overview], shown: Shown, by_id: Mapping[str, Overview]) -> list[Line]:
    if not shown.groups:
        return list(found)
    lines = list[Line]()
    for group in run_groups.grouped(found, shown.groups, by_id):
        heading = Heading(group, group.key in shown.folded)
        lines += [heading] if heading.folded else [heading, *group.views]
    return lines


class RunList(RunKeys):
    """The list's state, which its keys change and the watch keeps up to date."""

    def __init__(self) -> None:
        super().__init__()
        self.listed = Listed()
        self.shown = Shown()
        self.marked: list[str] = []

    def show_as(self, shown: Shown) -> None:
        """From now on the runs are listed so; they are read at once."""
        self.shown = shown
        self.read_again()

    def read_again(self) -> None:
        self.watch_with(partial(self._read, self.shown), self.show_listed)

    def _read(self, shown: Shown, db: sqlite3.Connection) -> Listed:
        return read(db, self.deck.home, shown, self.listed.views)

    def show_listed(self, listed: Listed) -> None:
        self.listed = listed
        self.marked = [run_id for run_id in self.marked if run_id in listed.views]
        self.show_rows()
        self.keys_changed()
        if not listed.is_whole:
            self.read_again()

    def show_rows(self) -> None:
        listed, table = self.listed, self.query_one(Table)
        # Only now is it known; a store that can't be read is not an empty one.
        table.empty = self._none_match if listed.views else self._none_yet
        table.change_columns(WITH_TAGS if listed.has_tags else COLUMNS)
        ascii_only = self.deck.ascii_only
        table.update_rows(RunRows(listed.lines, listed.places, self.marked, ascii_only=ascii_only))
        self.show_title()

    def show_title(self) -> None:
        width = self.query_one("#heading").content_size.width
        self.title_line(_title(self.listed, self.shown, len(self.marked), self.key_of("resume"), width))

    @property
    def _none_match(self) -> str:
        change, away = self.key_of("filter"), self.key_of("back")
        return f"No run is like that: {change} changes the filter, {away} takes it away."

    @property
    def _none_yet(self) -> str:
        new, leave = self.key_of("new_run"), self.key_of("back")
        return f"No runs yet. Press {new} to set one up, or leave with {leave} and try `tunedeck demo`."

    @property
    def chosen_line(self) -> Line | None:
        place = self.listed.places.get(self.query_one(Table).cursor_key or "")
        return None if place is None else self.listed.lines[place]

    @property
    def chosen(self) -> Overview | None:
        """The run under the cursor, where there is one."""
        line = self.chosen_line
        return line if isinstance(line, Overview) else None

    @property
    def chosen_run(self) -> Run | None:
        return self.chosen.run if self.chosen else None

    @property
    def meant(self) -> list[Overview]:
        """The marked runs in the order of their marks, else the one under the cursor."""
        if self.marked:
            return [self.listed.views[run_id] for run_id in self.marked]
        return [self.chosen] if self.chosen else []

    def why_not(self, action: str) -> str:
        """Why a key does nothing for the run under the cursor."""
        if self.chosen is not None:
            return why_not(action, self.chosen.run)
        if self.chosen_line is not None:
            return _NOT_RUNS
        return self._none_match if self.listed.views else f"There is no run yet: {self.key_of('new_run')} sets one up."

    def change(self, action: Callable[[sqlite3.Connection], str]) -> None:
        """Do something to runs, say what came of it, and show it at once."""
        self.act(action, then=self.read_again)


def _title(listed: Listed, shown: Shown, marked: int, resume_key: str, width: int) -> str:
    """The counts; then what the list is like, of which the most obvious gives way where it is narrow."""
    counts = [f"{listed.states[state]} {state}" for state in ("running", "queued", "ended") if state in listed.states]
    told = [
        Fact("RUNS"),
        Fact(", ".join(counts) or "none yet"),
        Fact(f"{marked} marked" if marked else "", 1),
        Fact(f"{listed.matching} of them: {shown.text[:_FILTER_CELLS]}" if shown.conditions else "", 2),
        Fact(f"by {shown.order}" if shown.order != run_filter.ORDERS[0] else "", 3),
        Fact(f"in groups by {shown.groups}" if shown.groups else "", 4),
        Fact(f"The queue rests: {resume_key} on a queued run lets it go on." if listed.queue_rests else ""),
    ]
    return fitted(told, width, "   ")
