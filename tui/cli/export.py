"""`tunedeck export`: take a run's weights away."""

import click

from ...store import database, runs, states
from ...store.paths import Home
from .. import actions
from .output import JSON_OPTION, say, say_json

KINDS = ("adapter", "merged", "gguf", "ollama")
DTYPES = ("float32", "float16", "bfloat16")


@click.command()
@click.argument("run")
@click.option("--step", default="", metavar="N|best|last", help="A checkpoint; the final weights without it.")
@click.option("--as", "kind", type=click.Choice(KINDS), help="The run's own form without it.")
@click.option("--to", default="", metavar="FOLDER", help="Empty or not there yet; NAME-STEP-KIND here without it.")
@click.option("--dtype", type=click.Choice(DTYPES), help="Of merged weights; the base's without it.")
@click.option(
    "--llama-cpp", default="", envvar="LLAMA_CPP_DIR", metavar="FOLDER", help="Where llama.cpp lies, for gguf."
)
@click.option("--overwrite", is_flag=True, help="Replace an earlier export.")
@JSON_OPTION
def export(
    run: str, step: str, kind: str | None, to: str, dtype: str | None, llama_cpp: str, overwrite: bool, as_json: bool
) -> None:
    """Take the weights of RUN to a folder of yours, with tokenizer and model card.

    adapter is small and needs its base; merged is a whole model for transformers; ollama adds a Modelfile; gguf needs
    llama.cpp's converter. What is merged is compared with adapter and base, and refused where it differs.
    """
    home = Home.default()
    db = database.connect(home)
    states.settle(db, home)
    found = runs.find(db, run)
    wishes = {"step": step, "as": kind or "", "to": to, "dtype": dtype or "", "llama-cpp": llama_cpp}
    for answer in actions.ask_export(found.id, wishes, overwrite=overwrite):
        if "progress" in answer:
            say(str(answer["progress"]), err=as_json)
        elif as_json:
            say_json(answer)
        else:
            _say_facts(answer)


def _say_facts(facts: dict) -> None:
    size = facts["size_bytes"]
    told = f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"
    say(f"\n{facts['name']} after {facts['step']} updates, as {facts['kind']}: {facts['folder']} ({told})")
    if facts["logit_difference_merging"] is not None:
        say(f"merging moved the logits by {facts['logit_difference_merging']:.1e} of the largest one")
    if facts["dtype"]:
        same, choices = facts["same_choices"]
        moved = f"{facts['logit_difference_storing']:.1e}"
        say(f"storing as {facts['dtype']} moved them by {moved}; {same} of {choices} likeliest choices are the same")
    for note in facts["notes"]:
        say(f"note: {note}")
    say("Its README.md says how it is used, and what it was made from.")
