"""The verb `train RUN_ID ATTEMPT_ID`: what the runner starts; everything it says goes to rows and to result.json."""

import os
import signal
import sys

from ...store.paths import Home
from .. import log


def run(arguments: list[str]) -> None:
    run_id, attempt_id = arguments
    log.forgive()
    # Kept back until the session can obey it: the libraries take seconds to import, and SIGTERM would kill meanwhile.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    # With several GPUs in sight Trainer would spread each batch over all of them by nn.DataParallel, which is slower
    # than one. torch reads this when it is imported, so that comes after.
    os.environ["CUDA_VISIBLE_DEVICES"] = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]
    from ..train import train

    outcome = train(Home.default(), run_id, int(attempt_id))
    print(f"{outcome.state} {outcome.cause}".strip(), flush=True)
    sys.exit(0 if outcome.state in ("completed", "stopped") else 1)
