"""Following a run on the command line: a line for whatever happens, until it ends."""

import sqlite3
import time
from collections.abc import Callable

from ..store import database, events, metrics, overview, runs, states
from ..store.overview import Overview
from ..store.paths import Home
from .words import duration, figure

_LOOK_SECONDS = 0.25
_STEP_LINE_SECONDS = 5.0


def follow(db: sqlite3.Connection, home: Home, run_id: str, say: Callable[[str], None]) -> Overview:
    """Say what happens to the run until it has ended; the run as it is then."""
    follower = _Follower(db, run_id, say)
    version = -1
    while True:
        # data_version is blind to what this connection writes itself.
        settled = states.settle(db, home)
        if (now := database.data_version(db)) != version or settled:
            version = now
            view = overview.of_run(db, runs.get(db, run_id))
            follower.look(view)
            if view.run.state in runs.ENDED:
                return view
        time.sleep(_LOOK_SECONDS)


class _Follower:
    """What was said already."""

    def __init__(self, db: sqlite3.Connection, run_id: str, say: Callable[[str], None]) -> None:
        self._db, self._run_id, self._say = db, run_id, say
        self._event_id = 0
        self._evaluated_step = -1
        self._phase = ""
        self._step_said_at = 0.0

    def look(self, view: Overview) -> None:
        for event in events.of_run(self._db, self._run_id, after_id=self._event_id):
            self._event_id = event.id
            self._say(event.text)
        self._say_phase(view)
        self._say_evaluations()
        if view.phase == "training" and view.loss is not None:
            self._say_step(view)

    def _say_phase(self, view: Overview) -> None:
        if view.phase and view.phase != self._phase and view.phase != "training":
            self._say(f"{view.phase} …")
        self._phase = view.phase

    def _say_evaluations(self) -> None:
        steps, losses = metrics.series(self._db, self._run_id, "eval_loss", after_step=self._evaluated_step)
        for step, loss in zip(steps, losses, strict=True):
            self._evaluated_step = step
            who = "the base model" if step == 0 else f"step {step}"
            self._say(f"evaluation of {who}: loss {figure(loss)}")

    def _say_step(self, view: Overview) -> None:
        if time.monotonic() - self._step_said_at < _STEP_LINE_SECONDS:
            return
        self._step_said_at = time.monotonic()
        left = f", {duration(view.seconds_left)} left" if view.seconds_left is not None else ""
        self._say(f"step {view.step}/{view.total_steps}: loss {figure(view.loss)}{left}")
