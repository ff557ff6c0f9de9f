"""A look at a run's rows and model: what takes torch, whose import alone takes 2 s."""

import sqlite3

from ...store import paths
from ...store.config import RunConfig
from ...store.paths import Home
from .. import tasks
from ..model import models, precision
from ..model.measured import Measured
from ..report import say_nothing
from . import located, memory, rows
from .looked import Looked
from .skeleton import skeleton


def look(config: RunConfig, root: str, db: sqlite3.Connection, home: Home) -> Looked:
    """Count rows, tokens and weights; `root` is the model that a chain of runs began with. Nothing is fetched.

    Raises UserError where the run would end in its first seconds.
    """
    cache = paths.cache_folder()
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    arithmetic = precision.choose(config, Measured(cache / "measured.json"))
    task = tasks.of(config)
    counted = rows.count(config, task)
    notes = list(counted.notes)
    source = located.find(config.model, config.revision, root, db, home)
    if source is None:
        notes.append(f"{config.model} is not on this machine yet: what it needs is known once it is fetched.")
        return Looked(
            arithmetic.device, counted.rows, counted.train_rows, counted.eval_rows, counted.train_rows, notes=notes
        )
    if counted.sample:
        task.use(models.load_tokenizer(source), say_nothing)
    lines = rows.lines(config, task, counted) if counted.sample else None
    made = skeleton(config, task, source, arithmetic)
    batches = lines.heaviest(config.per_device_train_batch_size) if lines else ()
    return Looked(
        arithmetic.device,
        counted.rows,
        counted.train_rows,
        counted.eval_rows,
        lines=lines.an_epoch if lines else None,
        tokens_a_line=lines.tokens_a_line if lines else None,
        median_tokens=lines.median_tokens if lines else None,
        longest_tokens=max(lines.fed.lengths) if lines else None,
        parameters=made.parameters,
        trained=made.trained,
        memory=memory.use(config, task, made, batches, arithmetic)._asdict() if lines else None,
        notes=notes,
    )
