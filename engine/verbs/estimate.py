"""The verb `estimate CONFIG`: what a run will need, told before it is started."""

import json
from contextlib import closing

from ...store import database
from ...store.config import applied, checked
from ...store.paths import Home
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print one object: rows, steps, parameters, memory in bytes by kind, the device, and seconds with their bounds.

    What is not known is null, and `notes` say why. Raises UserError where the run would end in its first seconds.
    """
    parser = VerbArguments(prog="estimate", description="Say what a run will need.")
    parser.add_argument("config", help="a configuration as JSON")
    config = applied(checked(json.loads(parser.parse_args(arguments).config)))
    # Imports torch, which takes 2 s, and a mistake in the configuration is told before.
    from ..estimate.estimate import Estimator

    home = Home.default()
    with closing(database.connect(home)) as db:
        print(json.dumps(Estimator(config, db, home).estimate().told()), flush=True)
