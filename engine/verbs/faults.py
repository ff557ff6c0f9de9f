"""The verb `faults`: faults injected into runs made for that, in a folder that is gone afterwards."""

import json
import os
import random
import secrets
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"fault", "tried", "lost", "losses"}` as each kind is done. Raises StateError when one takes too long.

    The secret that is looked for afterwards is the end of HF_TOKEN, from its last underscore on.
    """
    parser = VerbArguments(prog="faults", description="Inject faults into runs made for that.")
    parser.add_argument("--seed", type=int, default=0, help="which moments are taken for random")
    seed = parser.parse_args(arguments).seed
    # So that whoever ends this ends the runs, too.
    signal.signal(signal.SIGTERM, _leave)
    # Nothing here may need, or ask, a network.
    os.environ["HF_HUB_OFFLINE"] = "1"
    token = os.environ.setdefault("HF_TOKEN", f"hf_{secrets.token_hex(16)}")
    from ..faults import self_test

    with tempfile.TemporaryDirectory(prefix="tunedeck-self-test-", ignore_cleanup_errors=True) as folder:
        for trial in self_test.trials(Path(folder), token.rpartition("_")[2], random.Random(seed)):
            print(json.dumps(trial.facts()), flush=True)


def _leave(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)
