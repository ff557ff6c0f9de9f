"""Rows as a file for other programs: JSON Lines, CSV or Parquet, in the columns that they have."""

import csv
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from ...store import checkpoints
from ...store.errors import ConfigError, DataError
from ..data import rows_file
from ..data.rows_file import PAGE_ROWS, RowRecord

Page = list[dict[str, Any]]
Types = Mapping[str, pa.DataType]


def write(rows: Path, to: Path, *, overwrite: bool = False) -> None:
    """Write the usable rows of a rows file in the format of the suffix; the file appears whole or not at all.

    What a cell of CSV can't hold, lists and objects, is JSON there; so is what Parquet has no single type for.

    Raises:
        ConfigError: the suffix is of no such format, the file is there, or can't be written.
        DataError: a row has no columns, or values that the format can't hold.
    """
    writer = WRITERS.get(to.suffix.lower())
    if writer is None:
        raise ConfigError(f"{to.name} is of no format that is written.", f"End it in {', '.join(WRITERS)}.", field="to")
    try:
        if to.exists() and not overwrite:
            raise ConfigError(f"{to} is there already.", "Name another file, or give --overwrite.", field="to")
        with tempfile.TemporaryDirectory(prefix=".making-", dir=to.parent) as folder:
            aside = Path(folder, to.name)
            writer(rows, aside)
            checkpoints.sync(aside)
            aside.replace(to)
    except pa.ArrowException as error:
        reason = str(error).partition("\n")[0][:200]
        raise DataError(f"The rows can't be written as Parquet: {reason}.", "Write them as .jsonl.") from error
    except OSError as error:
        raise ConfigError(f"{to} can't be written: {error.strerror or error}.", field="to") from error


def _usable(rows: Path) -> Iterator[RowRecord]:
    return (record for record in rows_file.read(rows) if not record.fault)


def _pages(rows: Path) -> Iterator[Page]:
    usable = _usable(rows)
    while page := [_columns(record) for record in islice(usable, PAGE_ROWS)]:
        yield page


def _columns(record: RowRecord) -> dict[str, Any]:
    value = record.value
    if not isinstance(value, dict):
        raise DataError(f"The row of line {record.line:,} is no object, so it has no columns.", "Write it as .jsonl.")
    return value


def _write_lines(rows: Path, to: Path) -> None:
    with to.open("w", encoding="utf-8") as file:
        file.writelines(f"{record.row}\n" for record in _usable(rows))


def _write_csv(rows: Path, to: Path) -> None:
    columns = list(dict.fromkeys(name for page in _pages(rows) for row in page for name in row))
    with to.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_text(row.get(name)) for name in columns] for page in _pages(rows) for row in page)


def _write_parquet(rows: Path, to: Path) -> None:
    schema = pa.schema(_types(rows))
    with parquet.ParquetWriter(to, schema, compression="zstd") as writer:
        for page in _pages(rows):
            columns = [_array([row.get(field.name) for row in page], field.type) for field in schema]
            writer.write_batch(pa.record_batch(columns, schema=schema))


def _types(rows: Path) -> Types:
    """The type of each column over all rows; text where no other one holds all its values."""
    types: dict[str, pa.DataType] = {}
    for page in _pages(rows):
        for name in dict.fromkeys(name for row in page for name in row):
            types[name] = _common(types.get(name, pa.null()), [row.get(name) for row in page])
    return {name: pa.string() if pa.types.is_null(kind) else kind for name, kind in types.items()}


def _common(known: pa.DataType, values: list[Any]) -> pa.DataType:
    try:
        found = [pa.schema({"": known}), pa.schema({"": pa.array(values).type})]
        return pa.unify_schemas(found, promote_options="permissive").field(0).type
    except (pa.ArrowException, OverflowError, UnicodeEncodeError):
        return pa.string()


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_string(kind):
        values = [None if value is None else _text(value) for value in values]
    elif pa.types.is_floating(kind):
        values = [None if value is None else float(value) for value in values]
    return pa.array(values, kind)


def _text(value: object) -> str:
    """Text as it is, but for halves of surrogate pairs; nothing for null; all else as JSON."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return "" if value is None else json.dumps(value, ensure_ascii=False)


WRITERS: Mapping[str, Callable[[Path, Path], None]] = {
    ".jsonl": _write_lines,
    ".csv": _write_csv,
    ".parquet": _write_parquet,
}
