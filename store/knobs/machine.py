"""Knobs of checkpoints and of the machine."""

from typing import Literal

from .knob import Section, knob


class CheckpointKnobs(Section):
    """How often the state is saved, and how many are kept."""

    save_steps: int = knob(
        25,
        "Updates between two checkpoints.",
        unit="updates",
        minimum=1,
        maximum=1_000_000,
        costs="Saving takes seconds each, and the disk a checkpoint: twice the trained weights and more.",
    )
    save_total_limit: int = knob(
        3,
        "Checkpoints kept, the best one beside them; never under 2.",
        minimum=2,
        maximum=1000,
        costs="The disk takes so many checkpoints.",
    )
    on_full_disk: Literal["go on", "stop"] = knob(
        "go on",
        "What a run does when a checkpoint finds no room: train on without it, or stop, to be resumed.",
        costs="A run that goes on is resumed from an older checkpoint, should it be killed.",
    )


class HardwareKnobs(Section):
    """Where and in which arithmetic."""

    precision: Literal["auto", "fp32", "bf16"] = knob(
        "auto",
        "Arithmetic of the training; auto measures whether bf16 is faster here.",
        costs="bf16 halves the memory of activations, and on most GPUs more than doubles the speed.",
    )
    torch_compile: Literal["auto", "on", "off"] = knob(
        "auto",
        "Compile the model's blocks; auto tries it in a long run, and keeps it if it is faster.",
        costs="A few minutes before the first update, then less time for each; how much depends on model and machine.",
    )
    device: Literal["auto", "cpu", "cuda", "mps"] = knob("auto", "Where to train; auto takes a GPU where there is one.")
