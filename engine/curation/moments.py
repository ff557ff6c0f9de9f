"""Times as they stand in data: dates in ISO 8601, or numbers that grow with time."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ...store.errors import DataError
from .subjects import Subject
from .wording import listed

_YEAR_AND_MONTH = len("2024-05")


class Moment(NamedTuple):
    """A time that can be compared with others of its kind: seconds since 1970 for a date, else the number itself."""

    is_date: bool
    at: float


def read(value: object) -> Moment | None:
    """The time that a value says; None where it says none. A date without a zone is taken as UTC."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
        return Moment(False, number) if math.isfinite(number) else None
    except (ValueError, OverflowError):
        return _date(str(value).strip())


def _date(text: str) -> Moment | None:
    try:
        date = datetime.fromisoformat(f"{text}-01" if len(text) == _YEAR_AND_MONTH else text)
    except ValueError:
        return None
    return Moment(True, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp())


def of_all(subjects: Sequence[Subject], column: str, label: str) -> list[float]:
    """The time of each row, by which rows of one version can be put in order.

    Raises:
        DataError: some can't be read, or are of the other kind than most; with their lines.
    """
    moments = [read(subject.value) for subject in subjects]
    dates = sum(moment is not None and moment.is_date for moment in moments)
    numbers = sum(moment is not None and not moment.is_date for moment in moments)
    are_dates = dates >= numbers
    lines = [
        subject.line
        for subject, moment in zip(subjects, moments, strict=True)
        if moment is None or moment.is_date != are_dates
    ]
    if lines:
        expected = "an ISO date, as 2024-05-20" if are_dates else "a number, as most rows have"
        raise DataError(
            f"{label} {listed(lines)}: {column} is not {expected}.", "Edit or drop these rows; nothing was made."
        )
    return [moment.at for moment in moments if moment]
