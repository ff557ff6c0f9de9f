"""What earlier runs on this machine tell of the next one: how fast they were, and how much memory they took."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from statistics import median, quantiles
from typing import Any

from ...store import lineage, made, metrics, runs
from ...store.config import RunConfig
from ...store.records import Run

SPEED, MEMORY, EVALUATION = "tokens_per_second", "memory_bytes", "eval_seconds"
# Newer runs tell more, as the machine and its neighbours change.
MOST_RUNS = 10
_SHAPE = (
    "data", "columns", "per_device_train_batch_size", "max_length", "gradient_checkpointing", "r", "precision",
    "packing", "optim",
)  # fmt: skip


@dataclass(frozen=True)
class Speed:
    """Tokens a second: the median over runs, and between what most updates lay; and how many runs tell it.

    With `same_rows` those had the rows of the next one: short rows are padded more, long ones attend to more.
    """

    middle: float
    low: float
    high: float
    runs: int
    same_rows: bool = False


@dataclass(frozen=True)
class History:
    """The runs of the store beside the configuration of the next; `auto` is the device that `auto` means here."""

    db: sqlite3.Connection
    config: RunConfig
    device: str
    auto: str

    @cached_property
    def _configs(self) -> list[tuple[Run, dict[str, Any]]]:
        """Newest first, of those that have trained."""
        return [(run, json.loads(run.config)) for run in runs.listed(self.db) if run.kind != made.KIND]

    @cached_property
    def _models(self) -> dict[str, str]:
        return {run.id: str(config["model"]) for run, config in self._configs}

    def root(self, model: str) -> str:
        """The model that a chain of runs began with."""
        return lineage.root(model, self._models)

    @cached_property
    def like(self) -> list[tuple[Run, dict[str, Any]]]:
        """Runs of the same model, method and task on the same device."""
        mine = self.root(self.config.model)
        return [
            (run, config)
            for run, config in self._configs
            if (config.get("method"), config.get("task")) == (self.config.method, self.config.task)
            and self._device_of(config) == self.device
            and self.root(str(config.get("model"))) == mine
        ]

    def _device_of(self, config: dict[str, Any]) -> str:
        asked = config.get("device", "auto")
        return self.auto if asked == "auto" else str(asked)

    @cached_property
    def speed(self) -> Speed | None:
        """How fast runs like this one were, those on the same rows if there are any; None without one."""
        same = [run for run, config in self.like if config.get("data") == self.config.data]
        return self._speed(same, same_rows=True) or self._speed([run for run, _ in self.like], same_rows=False)

    def _speed(self, alike: Iterable[Run], *, same_rows: bool) -> Speed | None:
        told = (self._values(run, SPEED) for run in alike)
        found = list(islice((values for values in told if len(values) > 1), MOST_RUNS))
        if not found:
            return None
        quarters = [quantiles(values, n=4) for values in found]
        low, high = min(low for low, _, _ in quarters), max(high for _, _, high in quarters)
        return Speed(median(map(median, found)), low, high, len(found), same_rows)

    def others(self) -> Iterator[tuple[dict[str, Any], float]]:
        """The configurations of other runs on the device, with their tokens a second, newest first."""
        for run, config in self._configs:
            values = self._values(run, SPEED) if self._device_of(config) == self.device else []
            if values:
                yield config, median(values)

    @cached_property
    def evaluation_seconds(self) -> float | None:
        """What an evaluation takes in runs like this one."""
        told = (self._values(run, EVALUATION) for run, _ in self.like)
        found = [median(values) for values in islice(filter(None, told), MOST_RUNS)]
        return median(found) if found else None

    def peak_bytes(self, lines: int) -> int | None:
        """The most that runs took which had as many of the same rows at once, and read so many lines or more.

        On a processor one that read fewer may have been spared the longest: 40 updates of the demo take 6.5 GB, a
        whole epoch 9. Elsewhere every run tries the longest first.
        """
        mine = self.config.model_dump()
        alike = (one for one in self.like if all(one[1].get(knob) == mine[knob] for knob in _SHAPE))
        told = (self._values(run, MEMORY) for run, config in alike if self._has_read(run, config, lines))
        return int(max((max(values) for values in islice(filter(None, told), MOST_RUNS)), default=0)) or None

    def _has_read(self, run: Run, config: dict[str, Any], lines: int) -> bool:
        updates = max(metrics.series(self.db, run.id, MEMORY)[0], default=0)
        return self.device != "cpu" or updates * _effective_batch(config) >= lines

    def _values(self, run: Run, name: str) -> list[float]:
        return [value for value in metrics.series(self.db, run.id, name)[1] if value == value and value > 0]


def _effective_batch(config: dict[str, Any]) -> int:
    return int(config["per_device_train_batch_size"]) * int(config.get("gradient_accumulation_steps", 1))
