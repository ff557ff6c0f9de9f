"""What a home could do without: shown with its size before anything of it is freed."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .. import checkpoints, locks, runs, trash
from ..database import transaction
from ..paths import Home, cache_folder
from ..records import Checkpoint, Run
from .orphans import leftovers, remove, remove_leftovers, unlisted_trash

_BACKUPS_KEPT = 2
# An app opens a file a moment after it was told of it, and what it has open it reads on, freed or not.
_UNUSED_SECONDS = 3600


@dataclass(frozen=True)
class Spare:
    """Things of one kind; `cost` says what is lost with them, `always` that nobody will miss them."""

    kind: str
    what: str
    cost: str
    paths: tuple[Path, ...]
    size_bytes: int
    free: Callable[[], object]
    always: bool = True


def found(db: sqlite3.Connection, home: Home) -> list[Spare]:
    """What could be freed, a kind each; the sizes are those of the files, so this takes as long as to look at them."""
    resting = [run for run in runs.listed(db) if not locks.is_held(home.run(run.id).lock)]
    spared = {run.id for run in trash.spared(db)}
    deleted = [path for path in sorted(home.trash.glob("*")) if path.name not in spared]
    half = [path for run in resting for path in leftovers(db, home, run)]
    spent = [(run, saved) for run in resting if run.state == "completed" for saved in _spent(db, run)]
    return [
        _spare(
            "trash",
            f"runs in the trash{f' but for {len(spared)} that other runs lie on' if spared else ''}",
            "They can't be taken out again.",
            deleted,
            partial(_empty, db, home),
        ),
        _spare(
            "leftovers",
            "half-written checkpoints of engines that were killed",
            "",
            half,
            partial(_remove_leftovers, db, home, resting),
        ),
        _spare(
            "cache",
            "opened sources, tokenised rows, reports and estimates that nobody has asked for in the last hour",
            "They are made again when they are asked for.",
            _cached(),
        ),
        _spare("backups", f"backups of the store but for {_BACKUPS_KEPT}", "", _old_backups(home)),
        _spare(
            "checkpoints",
            "checkpoints of completed runs but for the best, the last, and those that something starts from",
            "No run can start from them, and no export be made of them.",
            [_place(home, run, saved) for run, saved in spent],
            partial(_drop, db, home, spent),
            always=False,
        ),
    ]


def size(path: Path) -> int:
    """The bytes of a file, or of all files below a folder; links are not followed."""
    try:
        if path.is_symlink() or not path.is_dir():
            return path.lstat().st_size
        return sum(size(inside) for inside in path.iterdir())
    except FileNotFoundError:
        return 0  # gone, or going: another process frees it


def _spare(
    kind: str, what: str, cost: str, paths: Iterable[Path], free: Callable[[], object] | None = None, *,
    always: bool = True,
) -> Spare:  # fmt: skip
    places = tuple(paths)
    return Spare(kind, what, cost, places, sum(map(size, places)), free or partial(_remove, places), always)


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        remove(path)


def _empty(db: sqlite3.Connection, home: Home) -> None:
    trash.empty(db, home)
    _remove(unlisted_trash(db, home))


def _remove_leftovers(db: sqlite3.Connection, home: Home, resting: Iterable[Run]) -> None:
    for run in resting:
        remove_leftovers(db, home, run)


def _cached() -> Iterator[Path]:
    """A file and what is known of it, beside it under the same stem, go together, or stay."""
    for folder in ("rows", "examples", "reports", "estimates"):
        found = sorted((cache_folder() / folder).glob("*"))
        used_at: dict[str, float] = {}
        for path in found:
            used_at[path.stem] = max(used_at.get(path.stem, 0.0), _changed_at(path))
        yield from (path for path in found if time.time() - used_at[path.stem] > _UNUSED_SECONDS)


def _changed_at(path: Path) -> float:
    """When it was written or used last; of a folder in which something is being made, that."""
    try:
        return max(place.lstat().st_mtime for place in (path, *(path.iterdir() if path.is_dir() else ())))
    except FileNotFoundError:
        return 0.0


def _old_backups(home: Home) -> list[Path]:
    return sorted(home.backups.glob("*.db"), key=_changed_at)[:-_BACKUPS_KEPT]


def _spent(db: sqlite3.Connection, run: Run) -> list[Checkpoint]:
    return [saved for saved in checkpoints.of_run(db, run.id)[1:] if not (saved.best or saved.pinned)]


def _place(home: Home, run: Run, saved: Checkpoint) -> Path:
    return home.run(run.id).checkpoints / checkpoints.folder_name(saved.step)


def _drop(db: sqlite3.Connection, home: Home, spent: Iterable[tuple[Run, Checkpoint]]) -> None:
    for run, saved in spent:
        # Off the list first: what is listed is whole, whenever we are killed.
        if _taken_off(db, run, saved):
            _remove([_place(home, run, saved)])


def _taken_off(db: sqlite3.Connection, run: Run, saved: Checkpoint) -> bool:
    """Whether it is off the list now; something that starts from it may have been queued since it was found."""
    with transaction(db, durable=True):
        is_spent = saved.id in {other.id for other in _spent(db, run)}
        if is_spent:
            db.execute("UPDATE checkpoint SET state = 'deleted' WHERE id = ?", (saved.id,))
    return is_spent
