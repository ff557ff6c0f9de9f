"""The examples file: what a tokenizer made of rows as a Parquet file, from which the very same examples are read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from ...store import checkpoints
from ..data.row import Row
from .example import Encoded, Example

# What is in memory twice while a file is written or read.
PAGE_EXAMPLES = 1000
# Class numbers, -100, and the tokens of the largest vocabularies.
_LEAST, _MOST = -128, 2**18

NumbersOf = Callable[[Any], Mapping[str, Any] | None]
NotesAgain = Callable[[Row, Mapping[str, Any]], Any]


def write(path: Path, encoded: Encoded, numbers_of: NumbersOf) -> None:
    """Write the examples and have them on the disk: of their rows the places, of their notes what `numbers_of` keeps.

    Raises OSError where it can't be written, pa.ArrowException for examples that are not alike.
    """

    def page(start: int) -> list[dict[str, Any]]:
        part = slice(start, start + PAGE_EXAMPLES)
        pairs = zip(encoded.places[part], encoded.examples[part], strict=True)
        return [_record(place, example, numbers_of) for place, example in pairs]

    schema = pa.Table.from_pylist(page(0)).schema
    with parquet.ParquetWriter(path, schema, compression="zstd", write_statistics=False) as writer:
        for start in range(0, len(encoded.examples), PAGE_EXAMPLES):
            writer.write_table(pa.Table.from_pylist(page(start), schema))
    checkpoints.sync(path)


def _record(place: int, example: Example, numbers_of: NumbersOf) -> dict[str, Any]:
    # An object without fields can't be written.
    return {
        "place": place,
        "input_ids": example.input_ids,
        "labels": example.labels,
        "truncated": example.truncated,
        "more": dict(example.more) or None,
        "numbers": numbers_of(example.notes),
    }


def read(path: Path, rows: Sequence[Row], notes_again: NotesAgain) -> Encoded:
    """The examples of these very rows.

    Raises OSError or pa.ArrowException where it can't be read, KeyError or IndexError where it is of something else.
    """
    places, examples = list[int](), list[Example]()
    with parquet.ParquetFile(path, memory_map=True) as file:
        for batch in file.iter_batches(PAGE_EXAMPLES, use_threads=False):
            columns = {name: _values(batch[name]) for name in batch.schema.names}
            places += columns["place"]
            examples += _examples(columns, rows, notes_again)
    return Encoded(rows, examples, places)


def _examples(columns: Mapping[str, list[Any]], rows: Sequence[Row], notes_again: NotesAgain) -> Iterator[Example]:
    names = ("place", "input_ids", "labels", "truncated", "more", "numbers")
    for place, input_ids, labels, truncated, more, numbers in zip(*map(columns.__getitem__, names), strict=True):
        row = rows[place]
        yield Example(input_ids, labels, row.line, truncated, more or {}, notes_again(row, numbers or {}))


def _values(column: Any) -> list[Any]:
    """What the column holds as Python has it: ten times as fast as `to_pylist` where it is lists of numbers."""
    kind = column.type
    if pa.types.is_struct(kind):
        fields = [_values(part) for part in column.flatten()]
        names = [field.name for field in kind]
        return [dict(zip(names, values, strict=True)) for values in zip(*fields, strict=True)]
    if pa.types.is_list(kind):
        items, borders = _values(column.flatten()), column.offsets.to_pylist()
        return [items[start - borders[0] : end - borders[0]] for start, end in pairwise(borders)]
    return _shared(column.to_numpy()) if pa.types.is_integer(kind) else column.to_pylist()


def _shared(numbers: NDArray[np.int64]) -> list[int]:
    """The same number is the same object everywhere: a token takes 8 bytes instead of 36."""
    if numbers.size and (numbers.min() < _LEAST or numbers.max() >= _MOST):
        return numbers.tolist()
    return _objects()[numbers - _LEAST].tolist()


@cache
def _objects() -> NDArray[np.object_]:
    return np.arange(_LEAST, _MOST).astype(object)
