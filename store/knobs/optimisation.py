"""Knobs of the updates: how many, how large, by which optimizer."""

from typing import Literal

from .knob import Section, knob

Optimizer = Literal[
    "adamw_torch", "adamw_torch_fused", "adafactor", "sgd", "rmsprop", "adagrad", "adamw_8bit", "paged_adamw_8bit",
    "paged_adamw_32bit",
]  # fmt: skip
Scheduler = Literal[
    "linear", "cosine", "cosine_with_restarts", "cosine_with_min_lr", "polynomial", "inverse_sqrt", "constant",
    "constant_with_warmup", "warmup_stable_decay",
]  # fmt: skip


class OptimisationKnobs(Section):
    """Learning rate, batch and optimizer, under the names of transformers."""

    learning_rate: float = knob(
        2e-4,
        "Step size; LoRA most often 1e-4 to 5e-4, full weights 1e-5 to 5e-5.",
        above=0.0,
        maximum=1.0,
    )
    num_train_epochs: float = knob(
        3.0,
        "Passes over the training rows, when max_steps is 0.",
        above=0.0,
        maximum=1000.0,
        costs="Time grows with it; memory does not.",
    )
    max_steps: int = knob(
        0,
        "Updates to make; 0 goes by num_train_epochs.",
        unit="updates",
        minimum=0,
        maximum=10_000_000,
        costs="Time grows with it; memory does not.",
    )
    per_device_train_batch_size: int = knob(
        8,
        "Rows at once on one device; halve it when memory runs out.",
        unit="rows",
        minimum=1,
        maximum=4096,
        costs="Activations grow with it; more is faster until the device is busy.",
    )
    gradient_accumulation_steps: int = knob(
        1,
        "Batches added up into one update: more rows an update.",
        minimum=1,
        maximum=4096,
        costs="An update takes so many times as long, in the same memory.",
    )
    auto_find_batch_size: bool = knob(
        True, "When memory runs out, put long batches through in parts: the same updates in less memory."
    )
    gradient_checkpointing: Literal["auto", "on", "off"] = knob(
        "auto",
        "Compute activations twice instead of keeping them; auto only when memory runs out.",
        costs="on: a fraction of the activations' memory for about a third more time.",
    )
    lr_scheduler_type: Scheduler = knob("cosine", "How the learning rate falls over the run.")
    lr_scheduler_kwargs: list[str] = knob(
        [], "What the scheduler takes besides, such as min_lr_rate=0.1 or num_decay_steps=20."
    )
    warmup_steps: int = knob(
        5, "Updates over which the learning rate rises from 0.", unit="updates", minimum=0, maximum=1_000_000
    )
    layerwise_lr_decay: float = knob(
        1.0,
        "Each layer learns this much slower than the one above; 0.8 to 0.95 is usual, 1 is off.",
        above=0.0,
        maximum=1.0,
    )
    optim: Optimizer = knob(
        "adamw_torch",
        "The optimizer; those in 8 bits and paged ones need CUDA and bitsandbytes.",
        costs="Beside each trained weight AdamW keeps 8 bytes, in 8 bits 2, adafactor and sgd next to none.",
    )
    adam_beta1: float = knob(0.9, "How long AdamW remembers gradients.", minimum=0.0, maximum=0.99999)
    adam_beta2: float = knob(0.999, "How long AdamW remembers the squares of gradients.", minimum=0.0, maximum=0.999999)
    adam_epsilon: float = knob(1e-8, "What AdamW adds so as not to divide by 0.", above=0.0, maximum=0.1)
    max_grad_norm: float = knob(1.0, "Gradients longer than this are shortened to it.", above=0.0, maximum=1000.0)
    max_nonfinite_steps: int = knob(
        3,
        "Stop after this many updates in a row without a finite loss.",
        unit="updates",
        minimum=1,
        maximum=1000,
    )
