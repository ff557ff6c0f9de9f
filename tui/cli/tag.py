"""`tunedeck tag`: words on runs."""

import click

from ...store import database, runs, tags
from ...store.paths import Home
from .. import tagging
from .output import JSON_OPTION, say, say_json, say_table


# Without it click would take -x for an option that it does not know.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="[RUN]... [[+]TAG|-TAG]...")
@JSON_OPTION
def tag(words: tuple[str, ...], as_json: bool) -> None:
    """Put TAGs on each RUN, or with - before them take them off; without any word list all tags.

    \b
    tunedeck tag imdb-a good            put one on one run
    tunedeck tag imdb-a imdb-b +good -bad
    tunedeck tag imdb-a                 list those of a run

    Where a + or - stands before any word, the words without one are runs; else only the first is. A tag is one word of
    at most 24 characters. The tag `pinned` keeps a run at the head of the list.
    """
    db = database.connect(Home.default())
    signed = [word for word in words if word.startswith(("+", "-"))]
    references = [word for word in words if word not in signed] if signed else list(words[:1])
    wanted = tags.read(signed or words[1:])
    if not words:
        _list(tags.counts(db), as_json)
        return
    if not references:
        raise click.UsageError("Say which runs: `tunedeck tag RUN +good`.")
    found = [runs.find(db, reference) for reference in references]
    told = tagging.change(db, found, wanted) if any(wanted) else _carried(found[0].name, tags.of_run(db, found[0].id))
    if as_json:
        say_json([{"run": run.id, "name": run.name, "tags": tags.of_run(db, run.id)} for run in found])
    else:
        say(told)


def _list(counts: dict[str, int], as_json: bool) -> None:
    if as_json:
        say_json(counts)
    elif counts:
        say_table(("tag", "runs"), [(name, str(count)) for name, count in counts.items()])
    else:
        say("No run has a tag yet. `tunedeck tag RUN good` puts one on.")


def _carried(name: str, carried: tuple[str, ...]) -> str:
    return f"{name}: {' '.join(carried) or 'no tag'}"
