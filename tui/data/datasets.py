"""What people do to versions of data sets, the same for the app's keys and the command line's verbs."""

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...store import datasets
from ...store.datasets import Dataset
from ...store.errors import NotFoundError
from ..engine_process import ask
from ..words import counted


def meant(db: sqlite3.Connection, name: str) -> str:
    """The data that is meant by a name: a version may be named without `data:`, where no file is called so."""
    if datasets.is_dataset(name) or Path(name).exists():
        return name
    try:
        return datasets.find(db, name).reference
    except NotFoundError:
        return name


def derive(
    parent: str, operation: Mapping[str, Any], name: str = "", tell: Callable[[str], None] = lambda progress: None
) -> list[Dataset]:
    """Have the engine make new versions of a version or of any source; blocks, so the app asks in a thread.

    `operation` is what the engine's verb derive takes: `{"op": "drop", "rows": [3], "reason": "empty"}`; a list may be
    an array of numpy. `tell` is given sentences while it works. Of a split the evaluation rows come first.

    Raises:
        UserError: it can't be done; then no version is made.
    """
    with tempfile.NamedTemporaryFile("w", prefix="tunedeck-", suffix=".json", encoding="utf-8") as file:
        json.dump(operation, file, default=_listed)
        file.flush()
        named = [f"--name={name}"] if name else []
        made = []
        for answer in ask("derive", [f"--op-file={file.name}", *named, "--", parent]):
            if "progress" in answer:
                tell(str(answer["progress"]))
            else:
                made.append(_dataset(answer))
        return made


def _listed(array: Any) -> list[Any]:
    return array.tolist()


def _dataset(answer: Mapping[str, Any]) -> Dataset:
    return Dataset(**answer["dataset"])


def sentence(dataset: Dataset) -> str:
    """What made the version, for people."""
    return str(json.loads(dataset.operation)["sentence"])


def told(dataset: Dataset) -> str:
    """A version that was just made: `reviews@v3 has 24,173 rows. 412 rows dropped: 412 exact duplicates.`"""
    made = sentence(dataset)
    return f"{dataset.label} has {_counted(dataset)}. {made[:1].upper()}{made[1:]}."


def _counted(dataset: Dataset) -> str:
    bad = f", {dataset.bad_rows:,} of which can't be used" if dataset.bad_rows else ""
    return counted(dataset.rows, "row") + bad


def facts(dataset: Dataset) -> dict[str, Any]:
    """A version as JSON has it, its operation opened up."""
    return vars(dataset) | {"reference": dataset.reference, "operation": json.loads(dataset.operation)}


def versions(db: sqlite3.Connection, name: str = "") -> list[Dataset]:
    """All versions, or those of one data set, the newest first.

    Raises:
        NotFoundError: there is no data set of that name.
    """
    listed = [each for each in datasets.of_all(db) if name in ("", each.name, each.label)]
    if name and not listed:
        raise NotFoundError(f"There is no data set {name[:80]}.", "tunedeck data versions lists them.")
    return listed


def ask_diff(first: str, second: str, *, by: str = "", rows: int = 20) -> Iterator[dict[str, Any]]:
    """What differs: indices and counts in one answer, then so many rows with what differs in them.

    Raises:
        UserError: there is no such version, or its rows can't be read.
    """
    chosen = [f"--by={by}"] if by else []
    return ask("diff", [f"--rows={rows}", *chosen, "--", first, second])


def hand_out(version: str, to: str, *, overwrite: bool = False) -> dict[str, Any]:
    """Have the engine write a version as JSON Lines, CSV or Parquet: `{"path", "rows", "left_out"}`.

    Raises:
        UserError: it can't be written so; then the file is as it was.
    """
    return list(ask("handout", [*(["--overwrite"] if overwrite else []), "--", version, to]))[-1]


def delete(db: sqlite3.Connection, name: str) -> Dataset:
    """Put a version into the trash; runs that name it still find its rows."""
    dataset = datasets.find(db, name)
    datasets.delete(db, dataset)
    return dataset


def restore(db: sqlite3.Connection, name: str) -> Dataset:
    """Take a version out of the trash."""
    return datasets.restore(db, name)
