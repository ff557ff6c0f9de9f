"""`tunedeck demo`: the whole path on real weights and data, from fetching them to the tuned model's answers."""

import json
import math
import sqlite3
import sys

import click

from ...store import catalog, database, overview, runs, samples
from ...store.config import RunConfig, checked
from ...store.overview import Overview
from ...store.paths import Home
from .. import actions
from ..engine_process import ask
from ..follow import follow
from ..words import figure, perplexity
from .output import JSON_OPTION, say, say_json
from .pictures import loss_chart

STEPS = 40


@click.command()
@click.option("--steps", type=click.IntRange(1, 10_000), default=STEPS, show_default=True, help="Updates to make.")
@click.option("--headless", is_flag=True, help="Print progress lines instead of opening the app.")
@JSON_OPTION
def demo(steps: int, headless: bool, as_json: bool) -> None:
    """Fine-tune SmolLM2-135M on 900 questions and answers, with LoRA, on whatever this machine has.

    Exit code 0 only if the run completed and the tuned model's loss is below the base model's.
    """
    fetch_parts(quiet=as_json)
    home = Home.default()
    db = database.connect(home)
    run = actions.start(db, home, demo_config(steps))
    if not (headless or as_json) and sys.stdin.isatty() and sys.stdout.isatty():
        from ..app import open_app

        sys.exit(open_app(run.id) or _last_words(db, run.id))
    sys.exit(_follow(db, home, run.id, as_json))


def demo_config(steps: int = STEPS) -> RunConfig:
    """The demo's run: 16 rows an update, evaluated five times."""
    return checked(
        {
            "name": "demo",
            "data": "demo:chat",
            "model": "demo:smollm2",
            "max_steps": steps,
            # 8 at once, not 16: 4 GB instead of 10 for the longest rows, and no slower on two cores.
            "per_device_train_batch_size": 8,
            "gradient_accumulation_steps": 2,
            "learning_rate": 5e-4,
            "lora_dropout": 0.0,
            "warmup_steps": min(5, steps // 10),
            "eval_steps": -(-steps // 4),
            "save_steps": -(-steps // 4),
            "max_new_tokens": 32,
        }
    )


def fetch_parts(*, quiet: bool) -> None:
    """Have model and data in the cache; nothing is fetched that is there."""
    for answer in ask("fetch", [part.name for part in catalog.PARTS], show_progress=True):
        if "progress" in answer:
            say(str(answer["progress"]), err=quiet)


def _follow(db: sqlite3.Connection, home: Home, run_id: str, as_json: bool) -> int:
    try:
        view = follow(db, home, run_id, lambda text: say(text, err=as_json))
    except KeyboardInterrupt:
        say(f"Detached: the run goes on. `tunedeck` brings you back, `tunedeck stop {run_id}` ends it.", err=True)
        return 130
    better = is_better(view)
    if as_json:
        say_json(result(view))
    else:
        _say_result(db, view, better)
    return 0 if view.run.state == "completed" and better else 1


def _last_words(db: sqlite3.Connection, run_id: str) -> int:
    """What is left on the terminal when the app was left, and the exit code."""
    view = overview.of_run(db, runs.get(db, run_id))
    better = is_better(view)
    if view.run.state in runs.ENDED:
        _say_result(db, view, better)
    return 0 if view.run.state == "completed" and better else 1


def is_better(view: Overview) -> bool:
    """Whether the tuned model's loss on the held-out rows is below the base model's."""
    base, tuned = view.base_eval_loss, view.eval_loss
    return base is not None and tuned is not None and math.isfinite(tuned) and tuned < base


def result(view: Overview) -> dict[str, object]:
    """The run and its figures, as one object."""
    keys = ("base_eval_loss", "tuned_eval_loss", "steps", "seconds", "tokens_per_second", "adapter")
    summary = json.loads(view.run.summary or "{}")
    cause = {"cause": view.run.cause} if view.run.cause else {}
    return {"run": view.run.id, "state": view.run.state, **cause, **{key: summary.get(key) for key in keys}}


def _say_result(db: sqlite3.Connection, view: Overview, better: bool) -> None:
    if view.run.state != "completed":
        say(f"\nThe run is {view.run.state}: {view.run.cause or 'see its log'}")
        say(f"`tunedeck show {view.run.id}` says more.")
        return
    for line in loss_chart(db, view):
        click.echo(line)
    _say_answers(db, view)
    base, tuned = view.base_eval_loss, view.eval_loss
    say(f"\nevaluation loss   base {figure(base)}   tuned {figure(tuned)}")
    say(f"perplexity        base {figure(perplexity(base), 1)}   tuned {figure(perplexity(tuned), 1)}")
    facts = result(view)
    say(
        f"{facts['steps']} updates in {facts['seconds']} s, {facts['tokens_per_second']} tokens a second while training"
    )
    say(f"adapter           {facts['adapter']}")
    if not better:
        say("The tuned model is no better than the base: more --steps would help.")


def _say_answers(db: sqlite3.Connection, view: Overview) -> None:
    told = samples.of_run(db, view.run.id)
    for prompt in dict.fromkeys(sample.prompt for sample in told):
        answers = [sample for sample in told if sample.prompt == prompt]
        say(f"\n> {prompt}")
        say(f"  base   {_one_line(answers[0].answer)}")
        say(f"  tuned  {_one_line(answers[-1].answer)}")


def _one_line(text: str) -> str:
    return " ".join(text.split()) or "(nothing)"
