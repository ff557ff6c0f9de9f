"""The engine's verbs: each is asked for by name, answers as JSON lines, and ends with an exit code."""

import contextlib
import importlib
import json
import os
import sys

from ..store.errors import UserError
from ..store.paths import cache_folder, home_folder

VERBS = (
    "train", "check", "tokens", "rows", "report", "derive", "diff", "handout", "hub", "fetch", "suggest", "export",
    "doctor", "models", "estimate", "play", "bench", "faults",
)  # fmt: skip


def main() -> None:
    """Run the verb that the command line names; a fault is one JSON line and an exit code."""
    os.umask(0o077)
    quiet_libraries()
    verb, *arguments = sys.argv[1:] or [""]
    try:
        if verb not in VERBS:
            raise UserError(f"The engine has no verb {verb!r}.", f"It has {', '.join(VERBS)}.")
        importlib.import_module(f".verbs.{verb}", __package__).run(arguments)
    except UserError as error:
        fault = {"what": error.what, "next_step": error.next_step, "kind": type(error).__name__}
        print(json.dumps({"error": fault}), flush=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader has gone (`| head`): point stdout elsewhere, or the interpreter complains at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def quiet_libraries() -> None:
    """Set what the libraries read from the environment when they are imported; a user's own settings win."""
    # Read by the libraries when they are imported; none of them may phone home or draw bars into a log.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Read by the OpenMP of torch: so many turns a thread waits for its brothers before it sleeps. On two cores SmolLM2
    # made 6.3 examples a second so, 3.8 without any turn, as sleepers have to be woken thousands of times in a step,
    # and 5.9 with the default of 300,000; beside two programs that want both cores 1.3, 2.6 and 0.7.
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    _keep_what_is_compiled()


def _keep_what_is_compiled() -> None:
    """Torch's default lies where others may write, under a name that they can guess; it is made, and settled, as soon
    as torch's compiler is imported."""
    for parent in (cache_folder(), home_folder()):
        # Where the cache can't be written, the runs can.
        with contextlib.suppress(OSError):
            (parent / "compiled").mkdir(parents=True, exist_ok=True)
            os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(parent / "compiled"))
            return
