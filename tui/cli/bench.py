"""`tunedeck bench`: how fast Tunedeck trains here, beside transformers' Trainer and TRL on the same work."""

from typing import Any

import click

from ...store import benches
from ...store.paths import Home
from ..comparison import PEERS, TITLES, WORKS, cells, compared, ratios, sentences
from .output import JSON_OPTION, moment, say, say_json, say_table

_BAR_CELLS = 30


@click.command()
@click.option("--work", type=click.Choice([*WORKS]), default="chat-lora", show_default=True, help="What is trained.")
@click.option("--against", default=",".join(PEERS), show_default=True, help="The peers, apart by commas.")
@click.option("--repeat", default=5, show_default=True, help="How many times each trains, in turns.")
@click.option(
    "--updates",
    type=int,
    help="Updates of each training; the first is not counted.  [default: 12, of classify-head 150]",
)
@click.option("--past", is_flag=True, help="Train nothing: list what was found before.")
@JSON_OPTION
def bench(work: str, against: str, repeat: int, updates: int | None, past: bool, as_json: bool) -> None:
    """Train the same rows with Tunedeck and with other trainers, in turns, and say how many times faster it is.

    The peers are an extra: pip install 'tunedeck[bench]'. With --json the last line is one object; its `ratios` are
    Tunedeck's examples per second over each peer's, null where a peer reached a loss that is better by over 1%. What
    was found is kept beside the store; --past lists it.
    """
    if past:
        return _tell_past(as_json)
    options = [f"--work={work}", f"--against={against}", f"--repeat={repeat}"]
    options += [f"--updates={updates}"] if updates is not None else []
    for told in compared(Home.default(), options):
        if "progress" in told:
            say(str(told["progress"]), err=True)
        elif as_json:
            say_json(told)
        else:
            _tell(told)


def _tell(facts: dict[str, Any]) -> None:
    trained, *rest = sentences(facts)
    say(trained)
    say_table(TITLES, cells(facts, _BAR_CELLS))
    for sentence in [*rest, facts["kept"]]:
        say(sentence)


def _tell_past(as_json: bool) -> None:
    found = benches.past(Home.default())
    if as_json:
        say_json(found)
    elif found:
        say_table(("when", "work", "updates", "repeats", "times the speed of"), map(_past_cells, found))
    else:
        say("Nothing was compared yet: `tunedeck bench` does it.")


def _past_cells(facts: dict[str, Any]) -> tuple[str, ...]:
    return moment(facts["at"]), facts["work"], str(facts["updates"]), str(facts["repeats"]), ratios(facts)
