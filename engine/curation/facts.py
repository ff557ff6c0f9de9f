"""What a report knows of every row, as a Parquet file beside the rows file: tokens, label and characters."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from ..tasks.sequence_classification import LabelledRow
from .lengths import UNKNOWN
from .reading import Material
from .texts import parts_of

PAGE_ROWS = 100_000


def write(path: Path, material: Material, tokens: NDArray[np.int32] | None) -> None:
    """Write the file, a row for each row of the source; a bad one has -1 tokens, no label and no characters."""
    characters = np.zeros(material.count, np.int32)
    labels = [""] * material.count
    for entry in material.entries:
        characters[entry.index] = sum(map(len, parts_of(entry.row)))
        if isinstance(entry.row, LabelledRow):
            labels[entry.index] = ", ".join(entry.row.labels)
    columns = {
        "tokens": np.full(material.count, UNKNOWN, np.int32) if tokens is None else tokens,
        "label": pa.array(labels, pa.string()),
        "characters": characters,
    }
    parquet.write_table(pa.table(columns), path, row_group_size=PAGE_ROWS)
