"""The verb play: load a tuned model and its base once, then answer requests from stdin, a JSON line each."""

import json
import os
import sys
from threading import Lock
from typing import Any

from ...store import database, samples, states
from ...store.paths import Home
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"loading"}` lines, `{"ready": facts}`, then the answers with the ids of their requests.

    A request is `{"id", "prompt"}`, or with the fields of the task (`messages`; `text`, `text_pair`; `tokens`;
    `question`, `context`; `source`), and may say `which` (both, base, tuned), `temperature`, `top_p`, `seed` and
    `max_new_tokens`; `{"id", "stop": true}` ends its answer. Writers answer `{"id", "which", "piece"}` as they write;
    every answer ends in `{"id", "which", "done": true, "text", "seconds", ...}`. `{"id", "error"}` says what was wrong
    with a request, and the conversation goes on; it ends with stdin.

    Raises:
        UserError: there is no such run or model, or it can't be loaded.
    """
    options = _parser().parse_args(arguments)
    _say({"loading": f"looking for {options.what}"})
    home = Home.default()
    db = database.connect(home)
    # torch takes seconds to import: who waits has been told.
    from ..playing import players, subject
    from ..playing.conversation import Conversation

    found = subject.find(db, home, options.what, options.step)
    cast = players.load(found, home, lambda told: _say({"loading": told}), with_base=not options.no_base)
    trained = [run.name for run in states.claimed(db)]
    asked = [sample.prompt for sample in samples.of_run(db, found.run.id)] if found.run else []
    prompts = list(dict.fromkeys([*found.config.prompts, *asked]))
    notes = [f"{name} is training meanwhile: both are slower, and share the memory." for name in trained]
    db.close()
    _say({"ready": _facts(found, cast) | {"prompts": prompts, "notes": [*cast.notes, *notes]}})
    Conversation(cast, sys.stdin, _say).hold()
    # The thread that hears has ended with stdin; nothing else is left to be done.
    sys.stdout.flush()


def _facts(found: Any, cast: Any) -> dict[str, Any]:
    """What an asker wants to know before the first request."""
    return {
        "run": found.run.id if found.run else None,
        "name": found.name,
        "step": found.origin.step if found.origin else None,
        "base": found.base,
        "which": list(cast.by_name),
        "task": found.config.task,
        "labels": list(cast.task.names),
        "max_new_tokens": found.config.max_new_tokens,
        "seed": found.config.seed,
        "device": cast.arithmetic.device,
        "precision": "bf16" if cast.arithmetic.bf16 else "fp32",
        "parameters": cast.parameters,
        "models": len({id(player.model) for player in cast.by_name.values()}),
        "memory_bytes": cast.memory_bytes,
        "process": os.getpid(),
    }


_writing = Lock()


def _say(answer: dict[str, Any]) -> None:
    # From two threads: a line must not begin inside of another.
    with _writing:
        print(json.dumps(answer), flush=True)


def _parser() -> VerbArguments:
    parser = VerbArguments(prog="play", description="Ask a tuned model and its base.")
    parser.add_argument("what", help="a run (id, name, number, run:ID@25) or a model by its name")
    parser.add_argument("--step", default="", help="a checkpoint's step, best or last; the final weights without it")
    parser.add_argument("--no-base", action="store_true", help="load the tuned model alone")
    return parser
