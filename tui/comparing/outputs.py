"""What runs say to the same prompts, and of which held-out rows they say different things."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from ...store import samples
from ...store.records import Run
from .evaluated import Evaluated

SHOWN_ROWS = 200
_ANSWERS = ("predicted",)


def answers(db: sqlite3.Connection, runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """Each prompt that all runs were given, with the newest answer of each; before them the base's, where it is one."""
    told = [{sample.prompt: sample.answer for sample in samples.of_run(db, run.id)} for run in runs]
    return [(prompt, [one[prompt] for one in told]) for prompt in told[0] if all(prompt in one for one in told)]


def disagreements(evaluated: Sequence[Evaluated], keys: Sequence[str]) -> list[str]:
    """The keys of rows that the runs don't say the same of; where they don't speak, those whose losses are furthest
    apart, the furthest first."""
    rows = [[one.rows[key] for one in evaluated] for key in keys]
    if all(_said(row) is not None for row in rows[0]) if rows else False:
        return [key for key, told in zip(keys, rows, strict=True) if any(_said(row) != _said(told[0]) for row in told)]
    apart = {key: _spread([row["loss"] for row in told]) for key, told in zip(keys, rows, strict=True)}
    return sorted(apart, key=lambda key: -apart[key])[:SHOWN_ROWS]


def _said(row: Mapping[str, Any]) -> object:
    return next((row[name] for name in _ANSWERS if row.get(name) is not None), None)


def _spread(losses: Sequence[float | None]) -> float:
    known = [loss for loss in losses if loss is not None]
    return max(known) - min(known) if known else 0.0
