"""The predictions of a run, row by row, as the engine leaves them in Parquet files beside it; read in threads only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..store.errors import NotFoundError
from ..store.paths import RunFolder

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray
    from pyarrow import Table
    from pyarrow.parquet import ParquetFile

WORST = 50
_ROWS = "rows.parquet"
# A prediction has more to it than the eye can use.
_HIDDEN = {"row", "loss", "weight"}
_TEXTS = {"text", "target"}
_SHORT, _LONGEST = 40, 600


def steps(folder: RunFolder) -> list[int]:
    """The steps whose predictions lie there, in order."""
    return sorted(int(path.stem.removeprefix("step-")) for path in folder.predictions.glob("step-*.parquet"))


def of_step(folder: RunFolder, step: int) -> Path:
    return folder.predictions / f"step-{step:08d}.parquet"


def rows_file(folder: RunFolder) -> Path:
    """The held-out rows themselves, in the order of their lines."""
    return folder.predictions / _ROWS


def files(folder: RunFolder) -> list[Path]:
    """The held-out rows, and the newest evaluation's predictions; none before the first evaluation."""
    newest = [of_step(folder, step) for step in steps(folder)[-1:]]
    return [rows_file(folder), *newest] if newest else []


def columns(path: Path, *names: str) -> list[list[Any]]:
    """Whole columns of a file, in the order of its rows. Raises NotFoundError where it can't be read."""
    table = _read(path, names)
    return [table.column(name).to_pylist() for name in names]


def names(path: Path) -> set[str]:
    """The names of its columns. Raises NotFoundError where it can't be read."""
    with _opened(path) as file:
        return {*file.schema_arrow.names}


def numbers(path: Path, name: str) -> "NDArray[float64]":
    """A column of lists of numbers, laid end to end. Raises NotFoundError where it can't be read."""
    import pyarrow

    lists = _read(path, [name]).column(name)
    return pyarrow.concat_arrays([chunk.flatten() for chunk in lists.chunks]).to_numpy(zero_copy_only=False)


def rows(path: Path) -> list[dict[str, Any]]:
    """All rows of a file. Raises NotFoundError where it can't be read."""
    return _read(path).to_pylist()


def worst(folder: RunFolder, count: int = WORST) -> list[dict[str, Any]]:
    """The rows of the newest evaluation with the highest loss, the highest first, each with its text.

    NaN is worse than any loss. Raises NotFoundError where there is no evaluation, or a file can't be read.
    """
    newest = steps(folder)[-1:]
    if not newest:
        raise NotFoundError(f"{folder.predictions} has no predictions.", "Each evaluation writes some.")
    path = of_step(folder, newest[0])
    return _worst(path, rows_file(folder), path.stat().st_mtime_ns, count)


# The pane asks as often as the store changes, and the answer changes with each evaluation only.
@lru_cache(4)
def _worst(predictions: Path, rows: Path, changed_ns: int, count: int) -> list[dict[str, Any]]:
    import numpy as np

    found = _read(predictions)
    losses = found.column("loss").to_numpy(zero_copy_only=False)
    order = np.argsort(-np.where(np.isnan(losses), np.inf, losses), kind="stable")[:count]
    chosen = found.take(order).to_pylist()
    texts = _texts(rows, {row["row"] for row in chosen}) if rows.exists() else {}
    return [texts.get(row["row"], {}) | row for row in chosen]


def _texts(path: Path, lines: set[int]) -> dict[int, dict[str, Any]]:
    table = _read(path)
    places = [place for place, line in enumerate(table.column("row").to_pylist()) if line in lines]
    return {row["row"]: row for row in table.take(places).to_pylist()}


def _read(path: Path, names: Sequence[str] | None = None) -> "Table":
    with _opened(path) as file:
        return file.read(columns=None if names is None else list(names))


@contextmanager
def _opened(path: Path) -> Iterator["ParquetFile"]:
    # 0.2 s, which neither the first paint nor the event loop must wait for.
    import pyarrow
    from pyarrow import parquet

    try:
        # Not read_table: it makes columns of folders that are called `name=value`.
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise NotFoundError(
            f"{path} can't be read: {reason}.", "The run's next evaluation writes a new one."
        ) from error


def told(row: dict[str, Any]) -> str:
    """A row for the eye: its line in the data file, loss and scores where it has them, then its texts, a line each."""
    said = {name: text for name, value in row.items() if name not in _HIDDEN and (text := _said(value))}
    if said.get("target") in (said.get("label"), said.get("tags")):
        said.pop("target", "")
    long = {name for name, text in said.items() if name in _TEXTS or len(text) > _SHORT}
    head = [
        f"line {row.get('row')}",
        *([_lost(row["loss"])] if "loss" in row else []),
        *(f"{name} {said[name]}" for name in said if name not in long),
    ]
    return "\n".join(["   ".join(head), *(f"  {name:<10} {said[name]}" for name in said if name in long)])


def _lost(loss: float | None) -> str:
    return "no loss" if loss is None else f"loss {loss:.3f}"


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        # Probabilities say little to the eye where the predicted class stands beside them.
        return ", ".join(map(str, value))[:_LONGEST] if all(isinstance(part, str) for part in value) else ""
    text = " ".join(str(value).split()) if value is not None else ""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
