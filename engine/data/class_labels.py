"""Class names that the datasets library keeps beside the numbers of a Parquet column."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .faults import RowFault


def label_names(metadata: Mapping[bytes, bytes]) -> dict[str, list[str]]:
    """By column the names of its classes, 0 first, from the `huggingface` entry of a schema's metadata."""
    try:
        features = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"]
        names = {column: _class_names(feature) for column, feature in features.items()}
    # Anybody may have written the entry, and rows are readable without it.
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
    return {column: found for column, found in names.items() if found}


def _class_names(feature: Any) -> list[str]:
    # A list of classes was written as [feature], later as {"feature": feature}.
    if isinstance(feature, list):
        return _class_names(feature[0])
    if "feature" in feature:
        return _class_names(feature["feature"])
    return [str(name) for name in feature["names"]] if feature.get("_type") == "ClassLabel" else []


def named(value: object, names: Sequence[str], column: str) -> object:
    """The class of a number, or the classes of a list of them; None where -1 says that it is unknown.

    Raises RowFault for a number beyond the names.
    """
    if isinstance(value, list):
        return [named(item, names, column) for item in value]
    if not isinstance(value, int):
        return value
    if value == -1:
        return None
    if not 0 <= value < len(names):
        raise RowFault(f"{column} is {value:,}, but the file names {len(names):,} classes")
    return names[value]
