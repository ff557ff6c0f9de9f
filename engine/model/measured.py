"""What was measured for a run, kept beside it: a resume that measured anew might choose, and compute, otherwise."""

import json
from collections.abc import Callable
from pathlib import Path


class Measured:
    """Figures by name; each is measured once in the life of a run."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, name: str, measure: Callable[[], float]) -> float:
        """The figure kept under the name, else what `measure` finds now."""
        kept = self._read()
        if name not in kept:
            kept[name] = measure()
            self.keep(**{name: kept[name]})
        return kept[name]

    def known(self, name: str) -> float | None:
        """The figure kept under the name, if any."""
        return self._read().get(name)

    def keep(self, **figures: float) -> None:
        """Put these in the place of what was kept under their names."""
        self._file.write_text(json.dumps(self._read() | figures, indent=1), encoding="utf-8")

    def _read(self) -> dict[str, float]:
        try:
            return dict(json.loads(self._file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError):
            return {}
