"""What a run will need: rows and steps, memory by kind, and time by the runs that this machine has seen."""

import math
import sqlite3
from dataclasses import asdict, dataclass, field
from typing import Any

from ...store.config import RunConfig
from ...store.paths import Home
from ..scoring.rhythm import asked_steps
from . import device
from .duration import Duration, Work, duration
from .history import History
from .looked import Looked, looked


@dataclass
class Estimate:
    """The answer of the verb, by the names that it has there; None where something is not known."""

    effective_batch: int
    device: str
    total_bytes: int
    free_bytes: int
    rows: int | None = None
    train_rows: int | None = None
    tokens_per_row: int | None = None
    steps: int | None = None
    parameters: int | None = None
    trained_parameters: int | None = None
    memory: dict[str, int] | None = None
    fits: bool | None = None
    seconds: float | None = None
    seconds_low: float | None = None
    seconds_high: float | None = None
    like: int = 0
    tokens_per_second: float | None = None
    notes: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        return asdict(self)


class Estimator:
    """Puts together what is known of the rows and the model, the device, and earlier runs."""

    def __init__(self, config: RunConfig, db: sqlite3.Connection, home: Home) -> None:
        self._config, self._db, self._home = config, db, home
        self._batch = config.per_device_train_batch_size * config.gradient_accumulation_steps

    def estimate(self) -> Estimate:
        """Nothing is fetched, and no weights are loaded. Raises UserError where the run would end at once."""
        found = looked(self._config, self._look)
        here = device.of_kind(found.device)
        auto = here.kind if self._config.device == "auto" else device.best().kind
        past = History(self._db, self._config, here.kind, auto)
        made = Estimate(
            self._batch,
            here.name,
            here.total_bytes,
            here.free_bytes,
            rows=found.rows,
            train_rows=found.train_rows,
            tokens_per_row=found.median_tokens,
            steps=self._steps(found.lines),
            parameters=found.parameters,
            trained_parameters=found.trained,
            notes=list(found.notes),
        )
        if found.memory:
            self._add_memory(made, found, found.memory, past)
            self._add_time(made, found, past)
        return made

    def _look(self) -> Looked:
        from .look import look

        root = History(self._db, self._config, "", "").root(self._config.model)
        return look(self._config, root, self._db, self._home)

    def _steps(self, lines: int | None) -> int | None:
        """Updates of all epochs: the last one of an epoch may have fewer rows."""
        if self._config.max_steps or not lines:
            return self._config.max_steps or None
        return math.ceil(self._config.num_train_epochs * math.ceil(lines / self._batch))

    def _add_memory(self, made: Estimate, found: Looked, kinds: dict[str, int], past: History) -> None:
        peak = past.peak_bytes(self._lines_read(made, found))
        total = peak or sum(kinds.values())
        made.memory = {**kinds, "total": total}
        made.fits = total <= made.free_bytes
        if peak:
            made.notes.append("The total of the memory is what a run like this one took; its parts are estimated.")
        elif found.longest_tokens:
            rows = self._config.per_device_train_batch_size
            longest = f"the {rows} longest rows" if rows > 1 else "the longest row"
            made.notes.append(f"Memory is reckoned for {longest} at once, up to {found.longest_tokens:,} tokens each.")
        if not peak and not made.fits and self._config.auto_find_batch_size:
            made.notes.append(self._smaller(kinds, made.free_bytes))

    def _lines_read(self, made: Estimate, found: Looked) -> int:
        """How many different ones: after an epoch the memory has seen them all."""
        wanted = (made.steps or 0) * self._batch
        return min(wanted, found.lines or wanted)

    def _smaller(self, kinds: dict[str, int], free_bytes: int) -> str:
        """What auto_find_batch_size will come to; activations grow with the rows that are there at once."""
        whole = at_once = self._config.per_device_train_batch_size
        fixed = sum(kinds.values()) - kinds["activations"]
        while at_once > 1:
            at_once = -(-at_once // 2)
            if fixed + kinds["activations"] * at_once / whole <= free_bytes:
                rows = "1 row" if at_once == 1 else f"{at_once} rows"
                return f"With {rows} at once it would fit; on a GPU a run goes down to that by itself."
        return "One row at once does not fit either: lower max_length, or choose lora or a smaller model."

    def _add_time(self, made: Estimate, found: Looked, past: History) -> None:
        if not (made.steps and found.parameters and found.tokens_a_line):
            return
        every = asked_steps(self._config)
        evaluations = 1 + math.ceil(made.steps / every) if every else None
        tokens = found.tokens_a_line * min(self._batch, found.lines or self._batch)
        work = Work(made.steps, tokens, evaluations, found.tokens_a_line * (found.eval_rows or 0))
        told = duration(work, past, found.parameters)
        if told is None:
            made.notes.append("No run has trained on this machine yet: the time is not known.")
        else:
            _add_duration(made, told)


def _add_duration(made: Estimate, found: Duration) -> None:
    made.seconds, made.seconds_low, made.seconds_high = found.seconds, found.low, found.high
    made.tokens_per_second, made.like = found.speed.middle, found.speed.runs
    if found.is_rough:
        made.notes.append("No run like this one yet: the time is a rough guess by runs of other models.")
    elif not found.speed.same_rows:
        made.notes.append("The time is told by runs on other rows, and longer rows are slower.")
