"""Running verbs of the command line in tests, and looking at what they left in the queue."""

from click.testing import CliRunner, Result
from tunedeck.store import database, runs
from tunedeck.store.paths import Home
from tunedeck.tui.cli.group import tunedeck


def say(*arguments: str) -> Result:
    return CliRunner().invoke(tunedeck, list(arguments))


def refused(*arguments: str, exit_code: int = 2) -> str:
    """The one line on standard error of a command that was refused."""
    told = say(*arguments)
    assert (told.exit_code, told.stdout) == (exit_code, ""), told.output
    assert told.stderr.startswith("tunedeck: ") and told.stderr.count("\n") == 1
    return told.stderr.removeprefix("tunedeck: ").rstrip()


def queued(home: Home) -> int:
    db = database.connect(home)
    try:
        return runs.queued_count(db)
    finally:
        db.close()
