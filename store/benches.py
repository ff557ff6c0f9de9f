"""What `tunedeck bench` found on this machine: a file for each time, which nothing changes any more."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import StateError
from .paths import Home


def keep(home: Home, facts: Mapping[str, object]) -> Path:
    """Write the facts of a comparison that has just ended; where they lie.

    Raises:
        StateError: they can't be written.
    """
    at = time.time()
    place = home.benches / f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(at))}-{facts['work']}.json"
    try:
        home.benches.mkdir(parents=True, exist_ok=True)
        making = place.with_suffix(".making")
        making.write_text(json.dumps({"at": at, **facts}, indent=1), encoding="utf-8")
        making.replace(place)
    except OSError as error:
        raise StateError(f"What was found can't be kept in {home.benches}: {error.strerror}.") from error
    return place


def past(home: Home) -> list[dict[str, Any]]:
    """The facts of every comparison that was kept, the newest first.

    Raises:
        StateError: a file among them holds something else.
    """
    return [read(place) for place in sorted(home.benches.glob("*.json"), reverse=True)]


def read(place: Path) -> dict[str, Any]:
    """The facts of one comparison. Raises StateError where the file holds something else."""
    try:
        facts = json.loads(place.read_bytes())
        if not isinstance(facts, dict) or not {"at", "work", "results", "ratios"} <= facts.keys():
            raise ValueError("it holds no comparison")
    except (OSError, ValueError) as error:
        raise StateError(f"{place} can't be read: {error}.", "Delete the file; the others are not touched.") from error
    return facts
