"""The engine's last word, and the sentences for what ends a run."""

import json
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import torch

from ..store import checkpoints
from ..store.errors import UserError
from .session import Session


@dataclass(frozen=True)
class Outcome:
    """How a run ended: its state, the cause in a sentence, and its figures."""

    state: str
    cause: str = ""
    summary: dict[str, object] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """Leave it as `result.json`, whole or not at all."""
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(self.__dict__), encoding="utf-8")
        checkpoints.sync(temporary)
        temporary.replace(path)
        checkpoints.sync(path.parent)


def failure(error: BaseException, session: Session) -> Outcome:
    """What an error means to the user; its traceback goes to the run's log, on standard error."""
    if isinstance(error, UserError):
        return Outcome("failed", str(error))
    traceback.print_exception(error)
    if isinstance(error, torch.OutOfMemoryError):
        return Outcome("failed", _out_of_memory(session))
    if isinstance(error, MemoryError):
        return Outcome(
            "failed", f"out of memory while {session.phase}. Lower per_device_train_batch_size or max_length."
        )
    first_line = (str(error).strip() or "no message").splitlines()[0][:300]
    return Outcome("failed", f"{type(error).__name__} while {session.phase}: {first_line}. The log has the traceback.")


def _out_of_memory(session: Session) -> str:
    free, total = torch.cuda.mem_get_info() if torch.cuda.is_available() else (0, 0)
    config = json.loads(session.run.config)
    rows = config["per_device_train_batch_size"]
    return (
        f"out of GPU memory at step {session.step + 1} while {session.phase}: {rows} rows"
        f" of up to {config['max_length']} tokens at once, {free / 2**30:.1f} of {total / 2**30:.1f} GiB free."
        " Halve per_device_train_batch_size and double gradient_accumulation_steps: the same update in less memory."
    )
