"""Going on with a run: the same data, the same weights, and a word on whatever is not the same."""

import json

from ...store import launch
from ...store.errors import DataError, StateError
from ...store.records import Checkpoint, Run
from ..session import Session


def check_data(run: Run, data: str) -> None:
    """Refuse to go on with other data than the run began with.

    Raises:
        StateError: the file has changed since the run was queued; DataError: it is gone.
    """
    try:
        now = launch.fingerprint(data)
    except OSError as error:
        raise DataError(f"{data} can't be read any more: {error.strerror}.", "Put it back, and resume.") from error
    if now != run.fingerprint:
        raise StateError(
            f"{data} has changed since this run was queued ({run.fingerprint[:19]}… then, {now[:19]}… now).",
            "Start a new run on the new data.",
        )


def report(session: Session, start: Checkpoint) -> None:
    """Say from where the run goes on, and which libraries differ: then the resume is approximate."""
    session.event(f"resumed from checkpoint {start.step}")
    then, now = json.loads(session.run.versions), launch.versions()
    changed = [f"{name} {then.get(name)} → {now[name]}" for name in now if then.get(name) != now[name]]
    if changed:
        session.event(f"resumed approximately: {', '.join(changed)}", level="warning")
