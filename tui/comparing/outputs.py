"""What runs say to the same prompts, and of which held-out rows they say different things."""

import sqlite3
from collections.abc import Sequence

from ...store import samples
from ...store.records import Run
from .evaluated import Evaluated


def answers(db: sqlite3.Connection, runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """Each prompt that all runs were given, with the newest answer of each."""
    told = [{sample.prompt: sample.answer for sample in samples.of_run(db, run.id)} for run in runs]
    return [(prompt, [one[prompt] for one in told]) for prompt in told[0] if all(prompt in one for one in told)]


def disagreements(evaluated: Sequence[Evaluated], keys: Sequence[str]) -> list[str]:
    """The keys of rows that the runs don't say the same of; where they say nothing of a row but its loss, all keys,
    those whose losses are furthest apart first."""
    rows = {key: [one.rows[key] for one in evaluated] for key in keys}
    if all(row.get("predicted") is not None for told in rows.values() for row in told):
        return [key for key, told in rows.items() if any(row["predicted"] != told[0]["predicted"] for row in told)]
    apart = {key: _spread([row["loss"] for row in told]) for key, told in rows.items()}
    return sorted(apart, key=lambda key: -apart[key])


def _spread(losses: Sequence[float | None]) -> float:
    known = [loss for loss in losses if loss is not None]
    return max(known) - min(known) if known else 0.0
