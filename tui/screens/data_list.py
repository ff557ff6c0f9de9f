"""What the Data screen lists: versions of data sets, what earlier runs have used, and the demo parts."""

import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ...store import catalog, runs
from ...store import datasets as store
from ...store.datasets import Dataset
from ...store.records import Run
from ..data import datasets
from ..data.sources import name_of
from ..widgets.cells import Cell, Column, Row
from ..words import duration

COLUMNS = (
    Column("data", 20, flex=1),
    Column("role", 5, drop=3),
    Column("rows", 9, align="right"),
    Column("what it is", 20, flex=4),
    Column("parent", 15, drop=4),
    Column("age", 6, align="right", drop=1),
)
_KNOBS = ("data", "eval_data", "mix_data")
_ROLES = {"evaluation": "eval"}


@dataclass(frozen=True)
class Entry:
    """Something that can be opened by its `source`; `version` is None where it is no version."""

    source: str
    cells: tuple[Cell, ...]
    what: str
    version: Dataset | None = None

    @property
    def row(self) -> Row:
        return Row(self.source, self.cells)


@dataclass(frozen=True)
class Group:
    """Entries of one kind under a heading; the note says what to do where there are none."""

    heading: str
    entries: list[Entry]
    note: str = ""

    @property
    def rows(self) -> Iterator[Row]:
        note = "" if self.entries else self.note
        yield Row(f"[{self.heading}]", ((self.heading, "strong"), "", "", (note, "dim"), "", ""))
        yield from (entry.row for entry in self.entries)


def read(db: sqlite3.Connection, *, import_key: str) -> list[Group]:
    """All that there is to open, as it stands in the store; the key is that which makes a first version."""
    used = {entry.source: entry for run in reversed(runs.listed(db)) for entry in _used_by(run)}
    newest_first = list(reversed(used.values()))
    parts = [
        Entry(part.name, _cells(part.name, part.what), f"{part.what}.") for part in catalog.PARTS if part.kind == "data"
    ]
    groups = [Group("versions", _versions(store.of_all(db)), f"None yet: {import_key} makes the first.")]
    groups += [Group("used by earlier runs", newest_first)] if newest_first else []
    return [*groups, Group("demo parts", parts)]


def _versions(newest_first: list[Dataset]) -> list[Entry]:
    """Those of one name together, the name with the newest version first."""
    names = list(dict.fromkeys(version.name for version in newest_first))
    together = sorted(newest_first, key=lambda version: names.index(version.name))
    return [
        _version(version, is_newest=place == 0)
        for _, versions in groupby(together, key=lambda version: version.name)
        for place, version in enumerate(versions)
    ]


def _version(version: Dataset, *, is_newest: bool) -> Entry:
    style = "" if is_newest else "dim"
    cells = (
        (f"  {version.label}", style),
        (_ROLES.get(version.role, version.role), "dim"),
        (f"{version.rows:,}", style),
        (datasets.sentence(version), style),
        (version.parent or "", "dim"),
        (duration(time.time() - version.created_at), "dim"),
    )
    origin = f"Made from {version.parent}. " if version.parent else ""
    return Entry(version.reference, cells, f"{datasets.told(version)} {origin}Source: {version.source}", version)


def _used_by(run: Run) -> Iterator[Entry]:
    """The sources of a run that stand nowhere else in the list."""
    config = json.loads(run.config)
    for knob in _KNOBS:
        source = config.get(knob)
        if isinstance(source, str) and source and not source.startswith(("demo:", store.PREFIX)):
            age = duration(time.time() - run.created_at)
            yield Entry(
                source, _cells(name_of(source), f"{knob} of {run.name}", age), f"{knob} of {run.name}: {source}"
            )


def _cells(name: str, what: str, age: str = "") -> tuple[Cell, ...]:
    return (f"  {name}", "", "", (what, "dim"), "", (age, "dim"))
