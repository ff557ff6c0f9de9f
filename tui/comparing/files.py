"""A comparison written to files: a page, a table, and the curves as a picture."""

from itertools import chain, count
from pathlib import Path

from . import picture, telling
from .comparison import Comparison
from .curves import Curves

SUFFIXES = (".md", ".csv", ".svg")


def content(suffix: str, found: Comparison, curves: Curves, *, span: int = 1, log_y: bool = False) -> str:
    """What stands in the file of that kind."""
    if suffix == ".svg":
        return picture.svg(curves, found.names, span=span, log_y=log_y)
    return telling.markdown(found) if suffix == ".md" else telling.csv_text(found)


def write_all(found: Comparison, curves: Curves, *, span: int = 1, log_y: bool = False) -> str:
    """One file of each kind in the present folder, under a name that none has yet; where they lie, in a sentence."""
    name = "-".join(["compare", *(run.id for run in found.runs)])
    stem = next(stem for stem in chain([name], (f"{name}-{number}" for number in count(2))) if not _is_taken(stem))
    for suffix in SUFFIXES:
        Path(stem + suffix).write_text(content(suffix, found, curves, span=span, log_y=log_y), encoding="utf-8")
    return f"The comparison lies in {Path(stem).absolute()}.md, .csv and .svg."


def _is_taken(stem: str) -> bool:
    return any(Path(stem + suffix).exists() for suffix in SUFFIXES)
