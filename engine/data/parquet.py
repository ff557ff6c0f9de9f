"""Parquet files, read a few rows at a time: the columns whose values JSON could hold as well."""

from collections.abc import Iterable, Iterator, Mapping
from typing import IO

import pyarrow as pa
from pyarrow import parquet, types

from ...store.errors import DataError
from .class_labels import label_names, named
from .faults import BadRow, RowFault
from .jsonl import JsonRow
from .lines import LIMIT_MEGABYTES, LINE_LIMIT_BYTES, DataFile, Digest, opened

# A value written once can be that of every row, so that memory grows with the rows held at a time.
BATCH_ROWS = 16
BUFFER_BYTES = 2**20


def read_parquet_rows(path: DataFile, digest: Digest | None = None) -> Iterator[JsonRow | BadRow]:
    """Yield every row as a dict by column, with its number from 1; classes by their names where the file has them.

    Columns of text, numbers, booleans, and lists and structs of these are read; dates and images, say, are not.

    Raises DataError where the file is missing, damaged, or needs more memory than there is.
    """
    with opened(path) as file:
        if digest:
            _feed(digest, file)
        try:
            yield from _rows(file)
        except MemoryError:
            raise DataError(
                f"{path.name} holds rows that need more memory than is free.", "Write it with shorter values."
            ) from None
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            reason = str(error).partition("\n")[0][:200].rstrip(".")
            raise DataError(
                f"{path.name} can't be read as Parquet: {reason}.", "It may be cut off; fetch or write it again."
            ) from error


def _feed(digest: Digest, file: IO[bytes]) -> None:
    while content := file.read(BUFFER_BYTES):
        digest.update(content)
    file.seek(0)


def _rows(file: IO[bytes]) -> Iterator[JsonRow | BadRow]:
    # Without a buffer of its own, the reader takes in whole columns of a row group, often a gigabyte.
    table = parquet.ParquetFile(file, buffer_size=BUFFER_BYTES)
    columns = [field.name for field in table.schema_arrow if _is_plain(field.type)]
    batches = table.iter_batches(BATCH_ROWS, columns=columns, use_threads=False)
    return rows_of(batches, label_names(table.schema_arrow.metadata or {}))


def rows_of(batches: Iterable[pa.RecordBatch], names: Mapping[str, list[str]]) -> Iterator[JsonRow | BadRow]:
    """Yield the rows of a table's batches, numbered from 1, without the columns that JSON can't hold.

    `names` are those of the classes, by column.
    """
    first = 1
    for batch in batches:
        columns = [field.name for field in batch.schema if _is_plain(field.type)]
        classes = {column: names[column] for column in columns if column in names}
        yield from _batch_rows(_without_dictionaries(batch.select(columns)), first, classes)
        first += batch.num_rows


def _is_plain(kind: pa.DataType) -> bool:
    if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind) or types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    if types.is_struct(kind):
        return all(_is_plain(field.type) for field in kind)
    is_text = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    return is_text or types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind) or types.is_null(kind)


def _without_dictionaries(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [column.dictionary_decode() if types.is_dictionary(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _batch_rows(batch: pa.RecordBatch, first: int, classes: Mapping[str, list[str]]) -> list[JsonRow | BadRow]:
    """The rows of a batch; one with a fault is halved until the faulty row is alone."""
    try:
        return [JsonRow(first + index, value) for index, value in enumerate(_values(batch, classes))]
    except RowFault as fault:
        if batch.num_rows == 1:
            return [BadRow(first, str(fault))]
    half = batch.num_rows // 2
    return [*_batch_rows(batch.slice(0, half), first, classes), *_batch_rows(batch.slice(half), first + half, classes)]


def _values(batch: pa.RecordBatch, classes: Mapping[str, list[str]]) -> list[dict[str, object]]:
    if batch.nbytes > LINE_LIMIT_BYTES:
        raise RowFault(f"the row is longer than {LIMIT_MEGABYTES} MB")
    try:
        values = batch.to_pylist()
    except UnicodeDecodeError as error:
        raise RowFault(f"a text holds byte 0x{error.object[error.start]:02X}, which is not UTF-8") from None
    for value in values:
        for name, names in classes.items():
            value[name] = named(value[name], names, name)
    return values
