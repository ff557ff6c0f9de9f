"""Saves the checkpoints of one attempt; a disk that is full is told when it becomes so, not at every save."""

from collections.abc import Callable
from pathlib import Path

from ...store.config import RunConfig
from ..session import Session
from . import checkpoint
from .checkpoint import DiskFull, Merit


class Saver:
    """A disk that is full costs the checkpoint and not the run, unless the run is configured to stop (FAULTS 6)."""

    def __init__(self, session: Session, config: RunConfig) -> None:
        self._session, self._keep, self._stops = session, config.save_total_limit, config.on_full_disk == "stop"
        self._has_room = True

    def save(self, step: int, write: Callable[[Path], None], merit: Merit) -> str:
        """Save and rotate; the cause for which the run is to stop, empty where it goes on."""
        try:
            checkpoint.save(self._session, step, write, merit)
            checkpoint.rotate(self._session, self._keep)
        except DiskFull as refusal:
            return self._refused(str(refusal))
        if not self._has_room:
            self._session.event(f"there is room again: checkpoint {step} is saved")
        self._has_room = True
        return ""

    def _refused(self, refusal: str) -> str:
        if self._stops:
            return f"{refusal}. Free some space, and resume."
        if self._has_room:
            self._session.event(f"{refusal}, training goes on", level="error")
        self._has_room = False
        return ""
