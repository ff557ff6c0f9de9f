"""Whether a run's blocks are compiled: tried on a typical update, where the run is long enough to pay for it."""

import contextlib
import json
import math
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

import torch

from ...store import runs
from ...store.config import RunConfig
from ...store.records import Run
from ..batching.feed import Feed
from ..methods.adapter import Trainable
from ..model import compilation
from ..model.measured import Measured
from ..session import Session

# Below this it is not worth that a compiled update rounds otherwise.
_WORTH_IT = 1.05
# The six trial updates are a fiftieth of so many.
_FEWEST_UPDATES = 300
# The shortest run that is asked to pay: compiling SmolLM2-135M took 153 s on two busy cores.
_LONG_SECONDS = 600
_EXPECTED_SECONDS = 300
_LOOKED_AT = 20
# What makes an update take as long as another run's.
_SHAPE = (
    "model", "method", "task", "data", "per_device_train_batch_size", "gradient_accumulation_steps", "max_length", "r",
    "target_modules", "precision", "packing", "gradient_checkpointing",
)  # fmt: skip


class Pace(NamedTuple):
    """Seconds of a typical update without compiled blocks, and with them; None where that was not tried."""

    eager: float
    compiled: float | None = None


@dataclass(frozen=True)
class Compiling:
    """Makes a typical update, by `make` of its lines, as often as is needed.

    Nothing is kept of these updates: the weights are not changed, and dropout is drawn as if they had not been.
    """

    config: RunConfig
    model: Trainable
    feed: Feed
    device: str
    session: Session
    make: Callable[[list[int]], object]

    def settle(self) -> None:
        """Compile the blocks, or don't; what was chosen stays so for the life of the run.

        Raises:
            StopRequested.
        """
        asked = self.config.torch_compile
        if asked == "off":
            return
        phase = self.session.phase
        chosen = self._measured("compiled", lambda: asked == "on" or self._pays())
        if chosen and not compilation.is_compiled(self.model):
            self._compile()
        self.session.enter(phase, expect_seconds=120)

    @property
    def _measured(self) -> Measured:
        return Measured(self.session.folder.measured)

    @cached_property
    def _updates(self) -> int:
        """How many the run still has to make."""
        whole = self.config.max_steps or math.ceil(self.config.num_train_epochs * len(self.feed.updates))
        return whole - self.session.step

    @cached_property
    def _typical(self) -> list[int]:
        """The lines of the update with the middle number of tokens."""
        return sorted(self.feed.updates, key=self.feed.tokens)[len(self.feed.updates) // 2]

    def _pays(self) -> bool:
        # MPS has no generator that could be put back.
        if self._updates < _FEWEST_UPDATES or self.device == "mps":
            return False
        known = self._known()
        pace = known or Pace(self._seconds())
        if pace.eager * self._updates < _LONG_SECONDS:
            self._keep(pace)
            self._say(f"not compiled: {self._updates:,} updates of {pace.eager:.2g} s are made before it would pay")
            return False
        if pace.compiled is None:
            if not self._compile():
                return False
            pace = Pace(pace.eager, self._seconds())
        self._keep(pace)
        return self._is_faster(pace, "before" if pace == known else "here")

    def _is_faster(self, pace: Pace, where: str) -> bool:
        ratio = pace.eager / (pace.compiled or pace.eager)
        self._say(f"compiled blocks measured {ratio:.2f} times as fast {where}")
        if ratio < _WORTH_IT:
            compilation.undo(self.model)
        return ratio >= _WORTH_IT

    def _compile(self) -> bool:
        """Whether it could be done; where not, a sentence says why, and the run goes on without."""
        self.session.enter("compiling", expect_seconds=_EXPECTED_SECONDS)
        began = time.monotonic()
        try:
            compilation.compile_blocks(self.model)
            self._update()
        except compilation.COMPILE_ERRORS as error:
            compilation.undo(self.model)
            self._say(f"not compiled: {compilation.reason(error)}", level="warning")
            return False
        compilation.forgive_later_faults()
        self._say(f"the blocks are compiled, in {time.monotonic() - began:.0f} s")
        return True

    def _seconds(self) -> float:
        """The better of two updates, after one that warms up."""
        self._update()
        return min(self._update() for _ in range(2))

    def _update(self) -> float:
        """The seconds of one update, of which no trace is left."""
        self.session.check()
        with torch.random.fork_rng():
            began = time.perf_counter()
            self.make(self._typical)
            if self.device == "cuda":
                torch.cuda.synchronize()
            taken = time.perf_counter() - began
        self.model.zero_grad()
        return taken

    # what is remembered

    def _known(self) -> Pace | None:
        """What a run like this one measured; no more than a hint, so that a busy store does no harm."""
        with contextlib.suppress(sqlite3.OperationalError):
            alike = (run for run in runs.listed(self.session.db) if self._is_like(run))
            for run in islice(alike, _LOOKED_AT):
                kept = Measured(self.session.home.run(run.id).measured)
                if eager := kept.known(self._name("update_seconds")):
                    return Pace(eager, kept.known(self._name("compiled_update_seconds")))
        return None

    def _is_like(self, run: Run) -> bool:
        config = json.loads(run.config)
        same = all(config.get(knob) == value for knob, value in self.config.model_dump(include=set(_SHAPE)).items())
        return same and run.versions == self.session.run.versions

    def _keep(self, pace: Pace) -> None:
        self._measured.keep(**{self._name("update_seconds"): pace.eager})
        if pace.compiled:
            self._measured.keep(**{self._name("compiled_update_seconds"): pace.compiled})

    def _name(self, figure: str) -> str:
        """Runs of several boxes may lie in one home."""
        device = torch.cuda.get_device_name() if self.device == "cuda" else f"{torch.get_num_threads()} threads"
        return f"{figure} ({device})"

    def _say(self, sentence: str, *, level: str = "info") -> None:
        self.session.event(sentence, level=level)
