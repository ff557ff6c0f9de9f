"""The predictions of each evaluation, kept beside the run as Parquet: for its errors, and to compare runs by row."""

from collections.abc import Sequence
from pathlib import Path

from ..data.row import Row
from ..session import Session
from ..tasks.task import Prediction, Task

ROWS = "rows.parquet"


def keep_rows(session: Session, task: Task, rows: Sequence[Row]) -> None:
    """Write the held-out rows themselves once: `row` (the line in its file), and what the task shows of it."""
    if not (session.folder.predictions / ROWS).exists():
        _write(session, ROWS, [{"row": row.line} | task.shown(row) for row in rows])


def keep(session: Session, predictions: Sequence[Prediction]) -> None:
    """Write the predictions of the present step: `row`, `loss` and the task's columns."""
    _write(session, f"step-{session.step:08d}.parquet", predictions)


def _write(session: Session, name: str, rows: Sequence[Prediction]) -> None:
    """A disk that is full costs the file and not the run."""
    from ..metrics import predictions

    folder: Path = session.folder.predictions
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        predictions.write(folder / name, rows)
    except OSError as error:
        session.event(f"{folder / name} could not be written: {error.strerror or error}", level="error")
