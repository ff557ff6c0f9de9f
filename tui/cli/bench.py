"""`tunedeck bench`: how fast Tunedeck trains here, beside transformers' Trainer and TRL on the same work."""

from typing import Any

import click

from ..engine_process import ask
from ..words import bar
from .output import JSON_OPTION, say, say_json, say_table

_WORKS = ("chat-lora", "classify-full", "classify-head", "seq2seq", "long")
_PEERS = ("hf_default", "hf_best", "trl_default", "trl_best")
_BAR_CELLS = 30


@click.command()
@click.option("--work", type=click.Choice(_WORKS), default="chat-lora", show_default=True, help="What is trained.")
@click.option("--against", default=",".join(_PEERS), show_default=True, help="The peers, apart by commas.")
@click.option("--repeat", default=5, show_default=True, help="How many times each trains, in turns.")
@click.option(
    "--updates",
    type=int,
    help="Updates of each training; the first is not counted.  [default: 12, of classify-head 150]",
)
@JSON_OPTION
def bench(work: str, against: str, repeat: int, updates: int | None, as_json: bool) -> None:
    """Train the same rows with Tunedeck and with other trainers, in turns, and say how many times faster it is.

    The peers are an extra: pip install 'tunedeck[bench]'. With --json the last line is one object; its `ratios` are
    Tunedeck's examples per second over each peer's, null where a peer reached a loss that is better by over 1%.
    """
    options = [f"--work={work}", f"--against={against}", f"--repeat={repeat}"]
    options += [f"--updates={updates}"] if updates is not None else []
    for answer in ask("bench", options):
        if "progress" in answer:
            say(str(answer["progress"]), err=True)
        elif as_json:
            say_json(answer)
        else:
            _tell(answer)


def _tell(facts: dict[str, Any]) -> None:
    found = facts["results"]
    fastest = max(one["examples_per_second"] for one in found)
    say(f"{facts['work']}, batches of {facts['batch']}, {facts['updates']} updates, medians of {facts['repeats']}:")
    titles = (
        "",
        "examples/s",
        "tokens/s",
        "",
        "times",
        "first update",
        "last update",
        "peak memory",
        "loss",
        "MFU",
        "evaluating",
    )
    say_table(titles, [_row(one, fastest) for one in found])
    for one in found:
        say(f"{one['contender']}: {one['chosen']}" + (f"; void: {one['why_void']}" if one["why_void"] else ""))
    say(f"{facts['device']}, {facts['threads']} threads, {facts['peak_flops'] / 1e12:.2f} TFLOP/s at most.")


def _row(one: dict[str, Any], fastest: float) -> tuple[str, ...]:
    return (
        one["contender"],
        f"{one['examples_per_second']:.2f}",
        f"{one['tokens_per_second']:,.0f}",
        bar(one["examples_per_second"] / fastest, _BAR_CELLS),
        "" if one["ratio"] is None else f"{one['ratio']:.2f}x",
        f"{one['first_update_at']:.1f} s",
        f"{one['last_update_at']:.1f} s",
        f"{one['peak_bytes'] / 1e9:.2f} GB",
        f"{one['eval_loss']:.4f}",
        f"{one['mfu']:.0%}",
        f"{one['eval_share']:.0%}",
    )
