"""The log of a run, as its engine writes it: what a full disk does not take of it is left out, and the run goes on."""

import io
import sys
from typing import Any, TextIO


class _Forgiving(io.FileIO):
    """A file whose writes never fail: a print that raised would end a training of hours for a line of its log."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data) or 0
        except OSError:
            return memoryview(data).nbytes


def forgive() -> None:
    """Have standard output and standard error of this process write so."""
    sys.stdout, sys.stderr = (_writer(descriptor) for descriptor in (1, 2))


def _writer(descriptor: int) -> TextIO:
    return io.TextIOWrapper(
        io.BufferedWriter(_Forgiving(descriptor, "w", closefd=False)),
        encoding="utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
