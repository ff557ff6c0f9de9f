"""The verb `bench`: Tunedeck and other trainers at the same work, in turns; progress, then one object of facts."""

import argparse
import json
import platform
from collections.abc import Sequence

from ...store import launch, paths
from ...store.errors import ConfigError
from ..bench import comparison, work
from ..bench.contender import CONTENDERS
from ..bench.trained import Trained
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"progress"}` for each training, last the results. Raises ConfigError, StateError."""
    options = _parse(arguments)
    # Loads torch and transformers, which takes 10 s, and a mistake in the arguments is told before.
    from ..bench.judge import Judge

    chosen = work.of(options.work)
    config = chosen.config(paths.cache_folder(), options.updates)
    judge = Judge(config)
    _say({"progress": f"{options.work}: {chosen.what}; {options.updates} updates"})
    trained: list[Trained] = []
    for one in comparison.trainings(config, [comparison.OURS, *options.against], options.repeat, judge.loss):
        trained.append(one)
        _say({"progress": f"{one.contender}: {one.examples_per_second:.2f} examples/s, loss {one.eval_loss:.4f}"})
    asked = {"work": options.work, "updates": options.updates, "repeats": options.repeat}
    _say(asked | {"batch": config.per_device_train_batch_size} | _found(trained, judge.flops()))


def _found(trained: Sequence[Trained], flops_of_token: float) -> dict[str, object]:
    """The results, and the machine that they are of."""
    import torch

    from ..bench import flops

    on_gpu = torch.cuda.is_available()
    peak = flops.peak("cuda" if on_gpu else "cpu")
    found = comparison.results(trained, flops_of_token, peak)
    return {
        "device": torch.cuda.get_device_name() if on_gpu else platform.processor() or platform.machine(),
        "threads": torch.get_num_threads(),
        "peak_flops": peak,
        "versions": launch.versions(),
        "results": [result.facts() for result in found],
        "ratios": comparison.ratios(found),
    }


def _say(value: dict[str, object]) -> None:
    print(json.dumps(value), flush=True)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = VerbArguments(prog="bench", description="Hold Tunedeck against other trainers.")
    parser.add_argument("--work", default="chat-lora")
    parser.add_argument("--against", type=_names, default=_names("hf_default,hf_best,trl_default,trl_best"))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--updates", type=int)
    options = parser.parse_args(arguments)
    chosen = work.of(options.work)
    if options.updates is None:
        options.updates = chosen.updates
    if options.repeat < 1 or options.updates < 2:
        raise ConfigError("bench needs a repeat and two updates at least.", "The first update is not counted.")
    if chosen.knobs.get("task", "causal-lm") != "causal-lm":
        # TRL's trainer is one for text.
        options.against = [name for name in options.against if not name.startswith("trl")]
    return options


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if unknown := [name for name in names if name not in CONTENDERS or name == comparison.OURS]:
        raise argparse.ArgumentTypeError(f"there is no contender {unknown[0]}")
    return names
