"""The engine's last word, and the sentences for what ends a run."""

import json
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError

import torch

from ..store import checkpoints
from ..store.errors import UserError
from .outputs.full_disk import is_full
from .outputs.shortage import Shortage
from .session import Session

_ROOM_SECONDS = 2.0
_NOT_OURS = "What no run of ours writes could run code, and is not loaded: resume from a checkpoint of your own."
# Batches that are too large are halved where they are made: what gets here is the weights themselves, or what an
# optimizer keeps of them.
_ADVICE = "Take a smaller model or method qlora, or end other programs that hold memory."


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its state, the cause in a sentence, and its figures."""

    state: str
    cause: str = ""
    summary: dict[str, object] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Leave it as `result.json`, whole or not at all; on a full disk that is as soon as there is room."""
        while True:
            try:
                return self._write(path)
            except OSError as error:
                if not is_full(error):
                    raise
                time.sleep(_ROOM_SECONDS)

    def _write(self, path: Path) -> None:
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(self.__dict__), encoding="utf-8")
        checkpoints.sync(temporary)
        temporary.replace(path)
        checkpoints.sync(path.parent)


def failure(error: BaseException, session: Session) -> Outcome:
    """What an error means to the user; its traceback goes to the run's log, on standard error."""
    if isinstance(error, UserError):
        return Outcome("failed", str(error))
    if isinstance(error, UnpicklingError):
        return Outcome("failed", f"a state of the checkpoint holds more than numbers. {_NOT_OURS}")
    traceback.print_exception(error)
    shortage = Shortage.of(error, "cuda" if torch.cuda.is_available() else "cpu")
    if shortage:
        return Outcome("failed", f"out of memory while {session.phase} ({shortage}). {_ADVICE}")
    if is_full(error):
        where = session.folder.root
        return Outcome("failed", f"the disk of {where} is full while {session.phase}. Free some space, and resume.")
    first_line = (str(error).strip() or "no message").splitlines()[0][:300]
    return Outcome("failed", f"{type(error).__name__} while {session.phase}: {first_line}. The log has the traceback.")
