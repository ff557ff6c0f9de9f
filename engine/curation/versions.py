"""Making versions: a source is imported, an operation makes new ones of it, and each appears whole or not at all."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...store import datasets, locks
from ...store.datasets import Dataset, NewDataset
from ...store.errors import DataError, NotFoundError
from ...store.paths import Home
from ..data import rows_file, source
from ..data.rows_file import Written
from ..report import Report, say_nothing
from . import operations
from .operation import Derived, Operation, Parent
from .wording import counted

_PREFIXES = ("demo:", "hub:")
_EVALUATION_SUFFIX = "-eval"
_NAME_CHARACTERS = 60
_MAKING = ".making-"


def derive(
    db: sqlite3.Connection, home: Home, parent: str, asked: object, name: str = "", report: Report = say_nothing
) -> list[Dataset]:
    """Make the versions that an operation asks for; `parent` is a version or any source, which is imported first.

    They follow on the parent's name unless given another. What is set apart for evaluation is listed before the rest,
    so that nothing is ever trained of which the evaluation rows were lost.

    Raises:
        UserError: the source can't be read, or the operation can't be done; then no version is made.
    """
    operation = operations.read(asked)
    with _aside(home) as folder:
        dataset = found(db, parent) or _imported(db, home, parent, name, folder, report)
        if isinstance(operation, operations.Import):
            return [dataset]
        kin = [each.path(home) for each in datasets.of_source(db, dataset.source)]
        derived_rows = operation.derive(Parent(dataset, dataset.path(home), kin, report))
        made = [(derived, folder / f"{number}.parquet") for number, derived in enumerate(derived_rows)]
        written = [rows_file.write(path, derived.records) for derived, path in made]
        finished = [
            (_new(dataset, operation, derived, count, name), path)
            for (derived, path), count in zip(made, written, strict=True)
        ]
        return datasets.add_all(db, home, finished)


def found(db: sqlite3.Connection, name: str) -> Dataset | None:
    """The version of that name, with or without `data:` before it; None where it names something else.

    Raises:
        NotFoundError: it names a version that isn't there.
    """
    try:
        return datasets.find(db, name)
    except NotFoundError:
        if datasets.is_dataset(name) or not _may_be_source(name):
            raise
        return None


def are_kin(db: sqlite3.Connection, first: Dataset, second: Dataset) -> bool:
    """Whether a line means the same row in both: they were made, in whatever steps, of one imported version."""
    known = {dataset.label: dataset for dataset in datasets.of_source(db, first.source)}

    def root(dataset: Dataset) -> str:
        while dataset.parent in known:
            dataset = known[dataset.parent]
        return dataset.parent or dataset.label

    return root(first) == root(second)


def _may_be_source(name: str) -> bool:
    return name.startswith(_PREFIXES) or Path(name).suffix != "" or source.local(name) is not None


def _imported(db: sqlite3.Connection, home: Home, name: str, asked_name: str, folder: Path, report: Report) -> Dataset:
    """The version that holds the source as it is now: made, unless there is one that says the same."""
    whole_name, opened = source.opened(name, report=report)
    dataset_name = asked_name or named_after(name)
    for known in datasets.of_all(db):
        if (known.name, known.parent, known.sha256) == (dataset_name, None, opened.sha256):
            return known
    bad = f", {opened.bad_rows:,} of them can't be used" if opened.bad_rows else ""
    counts = {"rows": opened.rows, "bad_rows": opened.bad_rows}
    sentence = f"{counted(opened.rows)} read from {Path(name).name}{bad}"
    operation = json.dumps({"op": "import", "sentence": sentence, "counts": counts})
    copied = Path(shutil.copyfile(opened.path, folder / "import.parquet"))
    new = NewDataset(dataset_name, "", None, operation, whole_name, opened.rows, opened.bad_rows, opened.sha256)
    return datasets.add(db, home, new, copied)


def named_after(source_name: str) -> str:
    """What a data set is called after its source: `reviews` for `/data/reviews.csv`, `drug-reviews` for the demo's."""
    if source_name.startswith(_PREFIXES):
        return datasets.slug(source_name.partition(":")[2])
    return datasets.slug(Path(source_name).name.partition(".")[0])


def _new(parent: Dataset, operation: Operation, derived: Derived, written: Written, asked_name: str) -> NewDataset:
    name = asked_name or parent.name
    return NewDataset(
        name=name[: _NAME_CHARACTERS - len(_EVALUATION_SUFFIX)] + _EVALUATION_SUFFIX if derived.is_set_aside else name,
        role=parent.role if derived.role is None else derived.role,
        parent=parent.label,
        operation=json.dumps(operation.told(derived)),
        source=parent.source,
        rows=written.rows,
        bad_rows=written.bad_rows,
        sha256=written.sha256,
    )


@contextmanager
def _aside(home: Home) -> Iterator[Path]:
    """A folder for files in the making, gone afterwards; what a killed process left of its own goes first."""
    home.datasets.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Held while folders are made and swept, so that none is swept before it is locked.
    with locks.waiting(home.datasets / ".making.lock"):
        for left in home.datasets.glob(f"{_MAKING}*"):
            if not locks.is_held(left / "lock"):
                shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_MAKING, dir=home.datasets))
        lock = locks.try_lock(folder / "lock")
    try:
        yield folder
    except OSError as error:
        raise DataError(
            f"No version can be written in {home.datasets}: {error.strerror or error}.",
            "Free some space there; no version was made.",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)
