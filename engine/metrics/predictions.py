"""Per-row predictions of an evaluation as a Parquet file: for browsing errors and for paired statistics."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
from pyarrow import parquet

from ...store.checkpoints import sync
from ...store.errors import DataError

Row = Mapping[str, Any]

MOST_CHARACTERS = 20_000

_TYPES = {"row": pyarrow.int64(), "loss": pyarrow.float64()}


def write(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows, whole or not at all; the same rows give the same bytes.

    Every row holds `row` (its line in the data file) and `loss`, and what the task adds: numbers, text, lists of them.
    NaN stays NaN, and a key that a row lacks is None. Text is cut at 20,000 characters, and half a surrogate pair,
    which can't be UTF-8, becomes U+FFFD.

    Raises:
        OSError: the disk does not take it; nothing is left of it.
    """
    names = dict.fromkeys([*_TYPES, *(name for row in rows for name in row)])
    columns = {name: pyarrow.array([_kept(row.get(name)) for row in rows], _TYPES.get(name)) for name in names}
    temporary = path.with_name(f"{path.name}.tmp")
    try:
        parquet.write_table(pyarrow.table(columns), temporary, compression="zstd", write_page_checksum=True)
        sync(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync(path.parent)


def _kept(value: object) -> object:
    """The value as Arrow takes it: text clean and bounded, arrays as lists."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_kept(item) for item in value]
    return _clean(value) if isinstance(value, str) else value


def _clean(text: str) -> str:
    short = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
    # By way of UTF-16, which joins the halves that belong together.
    return short if short.isascii() else short.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read(path: Path) -> list[dict[str, Any]]:
    """The rows in the order in which they were written.

    Raises:
        DataError: the file is not there, damaged, or not Parquet.
    """
    try:
        # Not read_table: it makes columns of folders that are called `name=value`.
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            return file.read().to_pylist()
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise DataError(
            f"{path} can't be read: {reason}.", "The next evaluation of the run writes a new one."
        ) from error
