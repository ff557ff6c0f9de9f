"""Which weights of a run are taken away: the final ones, or those of a whole checkpoint."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from ...store import checkpoints
from ...store.config import RunConfig, checked
from ...store.errors import NotFoundError, StateError
from ...store.paths import Home
from ...store.records import Checkpoint, Run

ADAPTER_CONFIG = "adapter_config.json"
ADAPTER_WEIGHTS = "adapter_model.safetensors"


@dataclass(frozen=True)
class Origin:
    """The folder of the weights, and the step after which they were saved."""

    run: Run
    config: RunConfig
    folder: Path
    step: int
    is_final: bool

    @property
    def is_adapter(self) -> bool:
        """Whether these are added matrices; else they are a whole model."""
        return (self.folder / ADAPTER_CONFIG).is_file()

    @property
    def words(self) -> str:
        return f"{'its result' if self.is_final else 'a checkpoint'}, the weights after {self.step:,} updates"


def find(db: sqlite3.Connection, home: Home, run: Run, which: str = "") -> Origin:
    """The weights that are meant by a step, `best`, `last`, or nothing: the final ones, else the newest checkpoint.

    Raises:
        NotFoundError: the run has no such checkpoint; StateError: it has saved none, or that one is damaged.
    """
    config = checked(json.loads(run.config))
    kept = checkpoints.of_run(db, run.id)
    final = _final_step(home, run, config, kept)
    wants_final = not which or (which == str(final) and all(saved.step != final for saved in kept))
    if final is not None and wants_final:
        return Origin(run, config, home.run(run.id).adapter, final, is_final=True)
    if not kept:
        raise StateError(f"{run.name} has saved no weights yet: it is {run.state}.", "Export it after a checkpoint.")
    saved = _chosen(run, kept, which or "last")
    folder = home.run(run.id).checkpoints / checkpoints.folder_name(saved.step)
    if fault := checkpoints.fault(folder, saved.manifest_hash or ""):
        raise StateError(f"Checkpoint {saved.step} of {run.name} can't be used: {fault}.", _others(kept, saved))
    return Origin(run, config, folder, saved.step, is_final=False)


def _final_step(home: Home, run: Run, config: RunConfig, kept: list[Checkpoint]) -> int | None:
    # Written before the run is called completed, so in any other state the folder may be half of something.
    if run.state != "completed" or not home.run(run.id).adapter.is_dir():
        return None
    best = next((saved.step for saved in kept if saved.best), None)
    if config.load_best_model_at_end and best is not None:
        return best
    return int(json.loads(run.summary or "{}").get("steps") or run.total_steps or 0)


def _chosen(run: Run, kept: list[Checkpoint], which: str) -> Checkpoint:
    if which == "last":
        return kept[0]
    found = next((saved for saved in kept if (saved.best if which == "best" else str(saved.step) == which)), None)
    if found is None:
        what = "no checkpoint that was evaluated" if which == "best" else f"no whole checkpoint {which}"
        raise NotFoundError(f"{run.name} has {what}.", _others(kept))
    return found


def _others(kept: list[Checkpoint], without: Checkpoint | None = None) -> str:
    steps = [str(saved.step) for saved in reversed(kept) if saved != without]
    return f"It has {', '.join(steps)}." if steps else "It has no other."
