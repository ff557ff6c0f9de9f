"""Kinship: which runs, sweeps, exports and versions of data came from which run or base model, as trees.

A run stands under the run whose weights it starts from, else under the one that it was set up like, else under its
base model.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from . import datasets, exports, lineage, runs, scores
from .datasets import Dataset
from .exports import Export
from .records import Run, Sweep
from .scores import Best

Link = Literal["base", "weights", "set-up", "part"]


@dataclass(frozen=True)
class Base:
    """A model that no run has made, as the knob `model` names it."""

    model: str


@dataclass(frozen=True)
class Gone:
    """A run that was deleted for good, whose weights another run started from."""

    run_id: str


@dataclass(frozen=True)
class Kin:
    """A run with what the tree tells of it; `origin` is whose weights it starts from, `pattern` what it is set up like.

    `model` and `data` are its knobs, `resumed` the steps at which it was resumed.
    """

    run: Run
    model: str
    data: str
    origin: Run | None = None
    pattern: Run | None = None
    resumed: tuple[int, ...] = ()
    best: Best | None = None

    @property
    def link(self) -> Link:
        """How it hangs on what it stands under."""
        if lineage.is_run(self.model):
            return "weights"
        return "set-up" if self.pattern else "base"

    @property
    def stem(self) -> Run | None:
        """The run that it stands under."""
        return self.origin or (None if self.link == "weights" else self.pattern)


Subject = Base | Gone | Kin | Sweep | Export | Dataset


@dataclass
class Node:
    """A place in a tree; `count` is how many runs stand below it, at any depth."""

    key: str
    subject: Subject
    children: list["Node"] = field(default_factory=list)
    count: int = 0

    @property
    def link(self) -> Link:
        if isinstance(self.subject, Sweep):
            first = self.children[0].subject
            return first.link if isinstance(first, Kin) else "base"
        return self.subject.link if isinstance(self.subject, Kin) else "part"


class KinshipReader:
    """Reads the trees again and again: what has ended is read once, and trees that would be the same are kept."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[object, ...]] = {}
        self._kin: dict[str, Kin] = {}
        self._more: object = None
        self._roots: list[Node] = []

    def read(self, db: sqlite3.Connection) -> list[Node]:
        """A tree for each base model, that of the newest run first, and in each the newest runs first.

        Runs in the trash are left out, unless a run that is not there came from them.
        """
        rows = db.execute("SELECT id, state, deleted_at FROM run ORDER BY number DESC").fetchall()
        now = {row["id"]: tuple(row) for row in rows}
        changed = [key for key, seen in now.items() if self._seen.get(key) != seen or seen[1] not in runs.ENDED]
        read = _read(db, changed)
        sweeps = {row["id"]: Sweep.of(row) for row in db.execute("SELECT * FROM sweep")}
        more = (sweeps, _parts(db))
        is_same = now == self._seen and more == self._more and all(self._kin[key] == read[key] for key in read)
        if not is_same:
            self._kin = {key: read.get(key) or self._kin[key] for key in now}
            self._seen, self._more = now, more
            self._roots = _grown(_related(self._kin), *more)
        return self._roots


def _read(db: sqlite3.Connection, run_ids: Collection[str]) -> dict[str, Kin]:
    """The runs of these ids, without their relatives."""
    asked = (json.dumps(list(run_ids)),)
    found = [Run.of(row) for row in db.execute(f"SELECT * FROM run WHERE id {_AMONG}", asked)]
    resumed: dict[str, list[int]] = defaultdict(list)
    for row in db.execute(f"SELECT run_id, start_step FROM attempt WHERE run_id {_AMONG} ORDER BY id", asked):
        resumed[row["run_id"]].append(row["start_step"])
    bests = scores.bests(db, run_ids)
    configs = {run.id: json.loads(run.config) for run in found}
    return {
        run.id: Kin(
            run,
            configs[run.id]["model"],
            configs[run.id]["data"],
            resumed=tuple(step for step in resumed[run.id][1:] if step),
            best=bests.get(run.id),
        )
        for run in found
    }


_AMONG = "IN (SELECT value FROM json_each(?))"


def _related(kin: Mapping[str, Kin]) -> dict[str, Kin]:
    """Each with its relatives, which are always older, so that there are no circles."""

    def older(run: Run, key: str | None) -> Run | None:
        other = kin.get(key or "")
        return other.run if other and other.run.number < run.number else None

    return {
        key: replace(each, origin=older(each.run, each.run.parent_run), pattern=older(each.run, each.run.forked_from))
        for key, each in kin.items()
    }


def _parts(db: sqlite3.Connection) -> dict[str, list[Node]]:
    """By run, what was made of it: exports, and versions of data."""
    parts: dict[str, list[Node]] = defaultdict(list)
    for export in exports.of_all(db):
        parts[export.run_id].append(Node(f"export:{export.id}", export))
    for dataset in datasets.of_all(db):
        if run_id := _maker(dataset):
            parts[run_id].append(Node(dataset.reference, dataset))
    return parts


def _maker(dataset: Dataset) -> str:
    """The id of the run that made the rows which the version adds; "" where none did."""
    operation = json.loads(dataset.operation)
    reason = str(operation.get("reason", ""))
    return reason.removeprefix("run ") if operation.get("op") == "add" and reason.startswith("run ") else ""


def _grown(kin: Mapping[str, Kin], sweeps: Mapping[str, Sweep], parts: Mapping[str, list[Node]]) -> list[Node]:
    """The trees of these runs, newest first: a run comes before what it stands under, so one look at each is enough."""
    nodes = {key: Node(key, each, list(parts.get(key, ()))) for key, each in kin.items()}
    roots: dict[str, Node] = {}
    wanted: set[str] = set()
    newest: dict[str, int] = defaultdict(int)
    for key, each in kin.items():
        if each.run.deleted_at is not None and key not in wanted:
            continue
        if each.stem:
            wanted.add(each.stem.id)
            above = nodes[each.stem.id]
        else:
            root = _root(each)
            above = roots.setdefault(root.key, root)
        newest[above.key] = max(newest[above.key], newest[key], each.run.number)
        above.count += nodes[key].count + 1
        if sweep := sweeps.get(each.run.sweep_id or ""):
            above = _part_of(above, sweep, nodes)
            above.count += nodes[key].count + 1
        above.children.append(nodes[key])
    return sorted(roots.values(), key=lambda root: -newest[root.key])


def _root(kin: Kin) -> Node:
    if lineage.is_run(kin.model):
        run_id, _ = lineage.parted(kin.model)
        return Node(f"gone:{run_id}", Gone(run_id))
    return Node(f"base:{kin.model}", Base(kin.model))


def _part_of(above: Node, sweep: Sweep, nodes: dict[str, Node]) -> Node:
    """The place under the node at which the sweep's runs stand."""
    key = f"sweep:{sweep.id} {above.key}"
    if key not in nodes:
        nodes[key] = Node(key, sweep)
        above.children.append(nodes[key])
    return nodes[key]


# Each term by its own index: with all pairs of relatives put together first, 10,000 runs took 30 ms.
_FAMILY = """
WITH RECURSIVE
  older (id) AS (
    SELECT :run
    UNION SELECT run.parent_run FROM older JOIN run ON run.id = older.id WHERE run.parent_run IS NOT NULL
    UNION SELECT run.forked_from FROM older JOIN run ON run.id = older.id WHERE run.forked_from IS NOT NULL),
  younger (id) AS (
    SELECT :run
    UNION SELECT run.id FROM younger JOIN run ON run.parent_run = younger.id
    UNION SELECT run.id FROM younger JOIN run ON run.forked_from = younger.id)
SELECT id FROM run WHERE id IN (SELECT id FROM older UNION SELECT id FROM younger) ORDER BY number DESC
"""


def family(db: sqlite3.Connection, run_id: str) -> list[Node]:
    """The trees of only what the run came from, and what came from it; sweeps have no place of their own in them."""
    ids = [row["id"] for row in db.execute(_FAMILY, {"run": run_id})]
    found = _read(db, ids)
    return _grown(_related({key: found[key] for key in ids}), {}, _parts(db))
