"""`tunedeck play`: ask a tuned model and its base, by prompts given or line by line."""

import sys
from collections.abc import Iterable, Iterator
from queue import SimpleQueue
from typing import Any

import click

from ...store.errors import ConfigError, UserError
from ..clean import clean, clean_line
from ..engine_process import Conversation
from ..playing import answer_text, telling
from ..playing.exchange import Exchange
from ..playing.settings import PlaySettings
from .output import JSON_OPTION, say, say_json

Answers = SimpleQueue[dict[str, Any] | UserError | None]


@click.command()
@click.argument("run")
@click.option("--prompt", "prompts", multiple=True, metavar="TEXT", help="Ask this; without it each line of stdin.")
@click.option("--step", default="", metavar="N|best|last", help="A checkpoint; the final weights without it.")
@click.option("--temperature", type=float, default=0.0, show_default=True, help="0 takes the likeliest word each time.")
@click.option("--top-p", type=float, default=1.0, show_default=True, help="Draw from the likeliest of this share.")
@click.option("--seed", type=int, help="The same one draws the same words; the run's without it.")
@click.option("--max-new-tokens", type=int, help="The longest answer; the run's without it.")
@click.option("--no-base", is_flag=True, help="Load the tuned model alone.")
@JSON_OPTION
def play(
    run: str,
    prompts: tuple[str, ...],
    step: str,
    temperature: float,
    top_p: float,
    seed: int | None,
    max_new_tokens: int | None,
    no_base: bool,
    as_json: bool,
) -> None:
    """Ask RUN, or a model by its name, and the base that it came from.

    A prompt is what the run's own prompts are: for question answering the question, \\n, and its context.
    """
    given = {"temperature": temperature, "top_p": top_p, "seed": seed, "max_new_tokens": max_new_tokens}
    typed = " ".join(f"{name}={value}" for name, value in given.items() if value is not None)
    # Before anything is loaded: what is out of range is told at once.
    PlaySettings().with_typed(typed)
    options = [*(["--step", step] if step else []), *(["--no-base"] if no_base else [])]
    heard: Answers = SimpleQueue()
    talk = Conversation("play", [*options, "--", run], heard.put, heard.put)
    refused = 0
    try:
        facts = _ready(heard, quiet=as_json)
        settings = PlaySettings(seed=facts["seed"], max_new_tokens=facts["max_new_tokens"]).with_typed(typed)
        asked = (prompt.replace("\\n", "\n") for prompt in prompts) if prompts else _lines(is_quiet=as_json)
        for number, prompt in enumerate(asked, start=1):
            exchange = Exchange(number, prompt, settings, tuple(facts["which"]))
            talk.say(exchange.request)
            _follow(exchange, heard, facts, as_json=as_json)
            refused += bool(exchange.error)
    finally:
        talk.close()
    if refused:
        sys.exit(ConfigError.exit_code)


def _next(heard: Answers) -> dict[str, Any]:
    """The next answer. Raises UserError where the engine has ended."""
    answer = heard.get()
    if not isinstance(answer, dict):
        raise answer or UserError("The engine has ended.")
    return answer


def _ready(heard: Answers, *, quiet: bool) -> dict[str, Any]:
    while "ready" not in (answer := _next(heard)):
        say(f"{answer['loading']}...", err=True)
    facts = answer["ready"]
    say(telling.memory(facts), err=True)
    if facts["notes"]:
        say(telling.notes(facts), err=True)
    return facts


def _lines(*, is_quiet: bool) -> Iterator[str]:
    """The lines of stdin that are not empty; at a terminal with a sign that one is waited for."""
    is_terminal = sys.stdin.isatty()
    while True:
        if is_terminal and not is_quiet:
            click.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip().replace("\\n", "\n")


def _follow(exchange: Exchange, heard: Answers, facts: dict[str, Any], *, as_json: bool) -> None:
    """Print the answers as they are written, or why there are none."""
    begun = ""
    while not exchange.is_over:
        answer = _next(heard)
        exchange.hear(answer)
        if exchange.error:
            say(f"tunedeck: {clean_line(exchange.prompt)[:60]!r}: {exchange.error.rstrip('.')}.", err=True)
            return
        which = str(answer["which"])
        if as_json:
            continue
        if which != begun:
            say(f"\n[{telling.side(which, facts)}]")
            begun = which
        if "piece" in answer:
            click.echo(clean(answer["piece"]), nl=False)
        else:
            _end(exchange, which)
    if as_json:
        say_json(exchange.record(facts) | {"answers": {which: told.facts for which, told in exchange.told.items()}})


def _end(exchange: Exchange, which: str) -> None:
    told = exchange.told[which]
    if told.pieces:
        say()
    else:
        say(_plain(answer_text.of_answer(told.text, told.facts)))
    click.echo(f"({told.pace})", err=True)


def _plain(parts: Iterable[answer_text.Part]) -> str:
    return "".join(part.text for part in parts).rstrip()
