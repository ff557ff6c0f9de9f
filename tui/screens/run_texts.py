"""The panes of a run that are text: samples, errors, events, configuration and checkpoints, as the watch reads them."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from ...store import attempts, checkpoints, events, runs, samples
from ...store.errors import NotFoundError
from ...store.paths import Home
from .. import predictions
from ..words import figure, written

EMPTY = {
    "scores": "No evaluation yet: each one scores the model on the held-out rows.",
    "samples": "No samples yet: the base model answers the prompts before step 1.",
    "errors": "No evaluation yet: each one leaves here the held-out rows that the model got most wrong.",
    "log": "Nothing logged yet: the engine has not started.",
    "events": "Nothing has happened yet.",
    "config": "",
    "checkpoints": "No checkpoint yet: save_steps says how often one is written, {save} writes one now.",
    "lineage": "",
}


def score_text(db: sqlite3.Connection, home: Home, run_id: str) -> str:
    """The metrics, and what the predictions of the newest evaluation say: by class, by entity, by question."""
    from ..outcome import telling

    try:
        return telling.of_run(db, home, runs.get(db, run_id))
    except (NotFoundError, OSError) as error:
        return str(error)  # also where the run goes into the trash at this moment


def lineage_text(db: sqlite3.Connection, home: Home, run_id: str) -> str:
    """What the run came from, and what came from it."""
    from ..kinship import telling

    return telling.of_run(db, run_id)


def sample_text(db: sqlite3.Connection, home: Home, run_id: str) -> str:
    """Each prompt with its answers: the base model's first, then the newest, then those between."""
    told = sorted(samples.of_run(db, run_id), key=lambda sample: sample.prompt)
    parts = []
    for prompt, group in groupby(told, key=lambda sample: sample.prompt):
        answers = {sample.step: sample.answer for sample in group}
        newest_first = sorted(answers, key=lambda step: (step != 0, -step))
        lines = [f"  {'base' if step == 0 else f'step {step}':<10} {_indented(answers[step])}" for step in newest_first]
        parts.append("\n".join([f"> {_indented(prompt, 2)}", *lines]))
    return "\n\n".join(parts)


def _indented(text: str, by: int = 13) -> str:
    return ("\n" + " " * by).join(text.strip().splitlines()) or "(nothing)"


def error_text(db: sqlite3.Connection, home: Home, run_id: str) -> str:
    """The held-out rows that the newest evaluation got most wrong, the worst first."""
    folder = home.run(run_id)
    steps = predictions.steps(folder)
    if not steps:
        return ""
    try:
        rows = predictions.worst(folder)
    except (NotFoundError, OSError) as error:
        return str(error)  # also where the run goes into the trash at this moment
    step = steps[-1]
    head = f"the {len(rows)} worst held-out rows {f'at step {step}' if step else 'of the base model'}"
    return "\n\n".join([head, *map(predictions.told, rows)])


def event_text(db: sqlite3.Connection, home: Home, run_id: str) -> str:
    """One line an event: when, at which step, what."""
    marks = {"warning": "! ", "error": "x "}
    return "\n".join(
        f"{_clock(event.at)}  {'' if event.step is None else event.step:>6}  {marks.get(event.level, '  ')}{event.text}"
        for event in events.of_run(db, run_id)
    )


def config_text(db: sqlite3.Connection, home: Home, run_id: str) -> str:
    """Every knob, those that differ from their default marked; then the libraries and where the files lie."""
    # pydantic takes 0.1 s to import; this runs in the watch's thread.
    from ...store.config import SECTIONS, knobs

    run = runs.get(db, run_id)
    values, lines = json.loads(run.config), []
    for section in SECTIONS:
        lines.append(f"{section}")
        for knob in (knob for knob in knobs() if knob.section == section):
            mark = "*" if values.get(knob.name) != knob.default else " "
            lines.append(f" {mark} {knob.name:<28} {written(values.get(knob.name)) or '-'}")
    versions = ", ".join(f"{name} {version}" for name, version in json.loads(run.versions).items())
    told = [
        "* not the default",
        f"data     {run.fingerprint}",
        f"made by  {versions}",
        f"files    {home.run(run.id).root}",
    ]
    return "\n".join([*lines, "", *told])


def checkpoint_text(db: sqlite3.Connection, home: Home, run_id: str) -> str:
    """The checkpoints kept, newest first, and the attempts that wrote them."""
    lines = []
    for state in ("complete", "bad"):
        for saved in checkpoints.of_run(db, run_id, state=state):
            size, best = f"{(saved.size_bytes or 0) / 1e6:,.1f} MB", "  best" if saved.best else ""
            when, loss = _clock(saved.created_at), figure(saved.eval_loss)
            lines.append(f"step {saved.step:>7}  {when}  eval loss {loss}  {size:>12}  {state}{best}")
    if not lines:
        return ""
    starts = [
        f"attempt {n}: from step {a.start_step}, {_clock(a.started_at)}"
        for n, a in enumerate(attempts.of_run(db, run_id), 1)
    ]
    return "\n".join([*lines, "", *starts])


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at).strftime("%m-%d %H:%M:%S")


READ: dict[str, Callable[..., str]] = {
    "scores": score_text,
    "samples": sample_text,
    "errors": error_text,
    "events": event_text,
    "config": config_text,
    "checkpoints": checkpoint_text,
    "lineage": lineage_text,
}
