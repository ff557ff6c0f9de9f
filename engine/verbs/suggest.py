"""The verb `suggest SWEEP_ID`: what the runner asks when a sweep by Optuna waits for its next run."""

import json

from ...store import database, sweeps, trials
from ...store.paths import Home
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Queue the sweep's next run: `{"run"}`, which is null where there is none to be made; then the sweep is ended.

    Raises:
        NotFoundError: there is no such sweep; ConfigError: optuna is missing, or the run can't be made.
    """
    parser = VerbArguments(prog="suggest", description="Queue the next run of a sweep by Optuna.")
    parser.add_argument("sweep")
    reference = parser.parse_args(arguments).sweep
    home = Home.default()
    db = database.connect(home)
    sweep = sweeps.find(db, reference)
    try:
        from ..search.tpe import suggested
    except ImportError as error:
        raise trials.no_optuna() from error
    values = suggested(db, sweep) if sweeps.wants_another(db, sweep) else None
    queued = trials.queue_next(db, home, sweep, values) if values else None
    if values is None:
        sweeps.finish(db, sweep)
    print(json.dumps({"run": queued.id if queued else None}), flush=True)
