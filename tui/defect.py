"""What is said of a defect of ours: one sentence, and where its traceback lies for a report."""

import traceback

from ..store import paths
from .clean import clean


def told(error: BaseException) -> str:
    """The sentence; the traceback is written into the home, with no values of variables, which may be people's data."""
    return clean(f"{type(error).__name__}: {error}. That is a defect; {_kept(error)}")


def _kept(error: BaseException) -> str:
    place = paths.home_folder() / "defect.txt"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="backslashreplace")
    except OSError:
        return "its traceback could not be written."
    return f"{place} has the traceback for a report."
