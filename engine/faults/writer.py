"""A process that saves checkpoints and does nothing else, so that whoever kills it meets it in mid-save."""

import os
import sys
from itertools import count
from pathlib import Path

from ...store import checkpoints
from ...store.paths import Home
from ..loop import checkpoint
from ..loop.checkpoint import Merit
from ..session import Session

_FILES = ("adapter_model.safetensors", "optimizer.pt", "rng_state.pth", "trainer_state.json")
_FILE_BYTES = 2**18


def main() -> None:
    """Go on from the newest checkpoint of the run; a line on standard output says that another is begun."""
    home, run_id, attempt_id = Home(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
    session = Session(home, run_id, attempt_id)
    checkpoint.tidy(session)
    newest = next(iter(checkpoints.of_run(session.db, run_id)), None)
    for step in count(newest.step + 1 if newest else 1):
        print(step, flush=True)
        checkpoint.save(session, step, _write, Merit())
        checkpoint.rotate(session, 2)


def _write(folder: Path) -> None:
    for name in _FILES:
        (folder / name).write_bytes(os.urandom(_FILE_BYTES))


if __name__ == "__main__":
    main()
