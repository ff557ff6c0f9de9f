"""The engine's verbs: each is asked for by name, answers as JSON lines, and ends with an exit code."""

import importlib
import json
import os
import sys

from ..store.errors import UserError

VERBS = (
    "train", "check", "tokens", "rows", "report", "derive", "diff", "handout", "hub", "fetch", "suggest", "export",
    "doctor", "models", "estimate", "play", "bench",
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
    # Read by the OpenMP of torch. A thread that spins while it waits keeps its brother from a busy core: with other
    # programs on the box a step took 50 s by the default, and 12 s so.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
