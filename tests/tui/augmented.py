"""An augmentation for the tests of its screens: a version, its evaluation rows, and synthetic rows of every verdict."""

import json
import sqlite3
from pathlib import Path

from tunedeck.engine.data import rows_file
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.store import attempts, database, datasets, launch, made, runs
from tunedeck.store.augment import checked as checked_knobs
from tunedeck.store.config import checked
from tunedeck.store.datasets import Dataset, NewDataset
from tunedeck.store.made import MadeRow
from tunedeck.store.paths import Home
from tunedeck.store.records import Run

TEXTS = (
    "It helped my back pain within a day, and I slept through the night.",
    "Not what I expected. The headaches were worse than before.",
    "It did neither good nor harm; I stopped after two weeks.",
)
LABELS = ("positive", "negative", "neutral")


def version(db: sqlite3.Connection, home: Home, name: str, role: str, first: int) -> Dataset:
    """Thirty labelled rows."""
    path = home.root / f"{name}.parquet"
    values = [{"review": f"{TEXTS[row % 3]} ({first + row})", "label": LABELS[row % 3]} for row in range(30)]
    rows = [RowRecord(line, json.dumps(value)) for line, value in enumerate(values, start=1)]
    written = rows_file.write(path, rows)
    operation = json.dumps({"op": "import", "sentence": "30 rows imported"})
    new = NewDataset(name, role, None, operation, "reviews.csv", written.rows, written.bad_rows, written.sha256)
    return datasets.add(db, home, new, path)


def rows(count: int = 12) -> list[MadeRow]:
    """Every third one is left out by a filter, and the last could not be made."""
    kinds = (("edits:swap", "kept"), ("edits:typo", "kept"), ("edits:swap", "near-duplicate"))
    found = []
    for number in range(1, count + 1):
        line = number % 30 + 1
        text = f"{TEXTS[(line - 1) % 3]} ({line - 1})".replace("helped", "heplde").replace("worse", "wrose")
        generator, verdict = kinds[number % 3]
        note = "" if verdict == "kept" else "0.98 like its source"
        value = {"review": text, "label": LABELS[(line - 1) % 3]}
        found.append(MadeRow(number, line, value, generator, verdict, note))  # type: ignore[arg-type]
    return [*found[:-1], MadeRow(count, 3, None, "edits:delete", "unreadable", "it has one word only")]


def fill(home: Home, model: Path | str = "demo:minilm", *, state: str = "completed", eval_data: bool = True) -> Run:
    """A store with the augmentation; its run has ended in that state, or runs."""
    db = database.connect(home)
    try:
        train = version(db, home, "reviews", "train", 0)
        held_out = version(db, home, "reviews-eval", "evaluation", 100)
        values = {
            "name": "reviews", "data": train.reference, "model": str(model), "task": "sequence-classification",
            "columns": "text=review, label=label", "eval_data": held_out.reference if eval_data else "",
        }  # fmt: skip
        run = launch.queue_augmentation(db, home, checked(values), checked_knobs({"generator": "edits"}))
        assert runs.claim(db) is not None
        attempt = attempts.start(db, run.id)
        runs.set_total_steps(db, run.id, 30)
        made.append(home.run(run.id), rows())
        if state != "running":
            attempts.end(db, attempt.id, 0)
            runs.finish(db, run.id, state, cause="8 of 12 synthetic rows kept")
        db.execute("UPDATE run SET created_at = 1780000000.0")
        return runs.get(db, run.id)
    finally:
        db.close()
