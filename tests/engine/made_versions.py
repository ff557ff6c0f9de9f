"""Versions made of a few rows, and what stands in them."""

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from tunedeck.engine.curation import versions
from tunedeck.engine.data import rows_file
from tunedeck.engine.data.rows_file import RowRecord
from tunedeck.store.datasets import Dataset
from tunedeck.store.paths import Home


class Shelf:
    """A home with a source of rows in it, `rows.jsonl`."""

    def __init__(self, db: sqlite3.Connection, home: Home, folder: Path) -> None:
        self.db, self.home = db, home
        self.source = folder / "rows.jsonl"

    def imported(self, rows: Iterable[object]) -> Dataset:
        """A version of the rows, a text standing for a line as it is."""
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        self.source.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return self.made(str(self.source), op="import")[0]

    def made(self, parent: str, name: str = "", **operation: object) -> list[Dataset]:
        return versions.derive(self.db, self.home, parent, operation, name)

    def made_one(self, parent: str, **operation: object) -> Dataset:
        [made] = self.made(parent, **operation)
        return made

    def records(self, dataset: Dataset) -> list[RowRecord]:
        return list(rows_file.read(dataset.path(self.home)))

    def lines(self, dataset: Dataset) -> list[int]:
        return [record.line for record in self.records(dataset)]
