"""The demo of a chat model: SmolLM2-135M learns short answers, with LoRA."""

import json
import math
import sqlite3
from collections.abc import Sequence

import click

from ....store import samples
from ....store.config import RunConfig, checked
from ....store.overview import Overview
from ....store.paths import Home
from ...words import figure, perplexity
from ..output import say
from ..pictures import loss_chart
from .demo import Demo, Result, Views, facts, one_line, tell_cost


class ChatDemo(Demo):
    """900 questions and answers; the tuned model's loss on the held-out ones is to be below the base model's."""

    parts = ("demo:smollm2", "demo:chat")
    steps = 40

    def config(self, steps: int, earlier: Sequence[str]) -> RunConfig:
        """16 rows an update, evaluated five times."""
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
                # A quarter of the time went into evaluating; half the texts tell as much here.
                "retention_rows": 16,
            }
        )

    def result(self, db: sqlite3.Connection, home: Home, views: Views) -> Result:
        view = views[0]
        summary = json.loads(view.run.summary or "{}")
        losses = {key: summary.get(key) for key in ("base_eval_loss", "tuned_eval_loss")}
        return facts(view) | losses | {"better": _is_better(view)}

    def tell(self, db: sqlite3.Connection, home: Home, views: Views, result: Result) -> None:
        view = views[0]
        for line in loss_chart(db, view):
            click.echo(line)
        _tell_answers(db, view)
        base, tuned = view.base_eval_loss, view.eval_loss
        say(f"\nevaluation loss   base {figure(base)}   tuned {figure(tuned)}")
        say(f"perplexity        base {figure(perplexity(base), 1)}   tuned {figure(perplexity(tuned), 1)}")
        tell_cost(view)
        if not result["better"]:
            say("The tuned model is no better than the base: more --steps would help.")


def _is_better(view: Overview) -> bool:
    """Whether the tuned model's loss on the held-out rows is below the base model's."""
    base, tuned = view.base_eval_loss, view.eval_loss
    return base is not None and tuned is not None and math.isfinite(tuned) and tuned < base


def _tell_answers(db: sqlite3.Connection, view: Overview) -> None:
    told = samples.of_run(db, view.run.id)
    for prompt in dict.fromkeys(sample.prompt for sample in told):
        answers = [sample for sample in told if sample.prompt == prompt]
        say(f"\n> {prompt}")
        say(f"  base   {one_line(answers[0].answer)}")
        say(f"  tuned  {one_line(answers[-1].answer)}")


DEMO = ChatDemo()
