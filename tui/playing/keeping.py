"""Where exchanges are kept: among the run's samples, or in a file of JSON lines."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...store import attempts, samples
from ...store.datasets import slug
from ...store.errors import StateError
from .exchange import Exchange


def as_samples(db: sqlite3.Connection, exchange: Exchange, facts: Mapping[str, Any]) -> str:
    """Keep the answers beside those of the evaluations, the base's at step 0; what was done, in words.

    Raises:
        StateError: the run has made no attempt yet, or has these samples already.
    """
    run_id, step = str(facts["run"]), int(facts["step"])
    made = attempts.of_run(db, run_id)
    if not made:
        raise StateError(f"{facts['name']} was never started: it has no samples.")
    known = {(sample.step, sample.prompt) for sample in samples.of_run(db, run_id)}
    steps = {"base": 0, "tuned": step}
    new = [which for which in exchange.told if (steps[which], exchange.prompt) not in known]
    if not new:
        raise StateError(f"{facts['name']} has answers to this prompt at step {step} already.")
    for which in sorted(new):
        samples.write(db, run_id, made[-1].id, steps[which], exchange.prompt, exchange.told[which].text)
    return f"Kept among the samples of {facts['name']}: step {step:,} and the base. Its evaluations don't ask it again."


def append(exchange: Exchange, facts: Mapping[str, Any], folder: Path) -> Path:
    """Add the exchange to the run's file in the folder; where it lies.

    Raises:
        OSError: the file can't be written.
    """
    file = folder / f"playground-{slug(str(facts['name']))}.jsonl"
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(exchange.record(facts)) + "\n")
    return file
