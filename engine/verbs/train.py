"""The verb `train RUN_ID ATTEMPT_ID`: what the runner starts; everything it says goes to rows and to result.json."""

import sys

from ...store.paths import Home
from ..train import train


def run(arguments: list[str]) -> None:
    run_id, attempt_id = arguments
    outcome = train(Home.default(), run_id, int(attempt_id))
    print(f"{outcome.state} {outcome.cause}".strip(), flush=True)
    sys.exit(0 if outcome.state in ("completed", "stopped") else 1)
