"""Knobs of what of the model is trained."""

from typing import Literal

from .knob import Section, knob

LORA = "lora qlora"


class MethodKnobs(Section):
    """Added matrices, or all weights, or some of them."""

    method: Literal["lora", "qlora", "full"] = knob(
        "lora",
        "lora trains small added matrices; qlora too, over weights in 4 bits (CUDA); full trains every weight.",
        costs="With AdamW full takes 16 bytes a weight, lora 2 to 4, qlora under 1 and is slower than lora.",
    )
    r: int = knob(
        16,
        "Rank of the added matrices; 8 to 64 is usual, more learns more.",
        minimum=1,
        maximum=1024,
        method=LORA,
        costs="Trained weights grow with it, a small part of all: 16 to 64 changes memory little.",
    )
    lora_alpha: int = knob(
        32, "Scale of the added matrices; twice the rank is usual.", minimum=1, maximum=4096, method=LORA
    )
    lora_dropout: float = knob(
        0.05,
        "Share of adapter inputs dropped while training; 0 to 0.1 is usual.",
        minimum=0.0,
        maximum=0.9,
        method=LORA,
    )
    target_modules: str = knob(
        "all-linear",
        "Layers that get an adapter: all-linear, or names separated by commas.",
        method=LORA,
        costs="Fewer layers: less memory and a little faster.",
    )
    use_rslora: bool = knob(
        False, "Scale by lora_alpha / sqrt(r), which lets a high rank learn as fast as a low one.", method=LORA
    )
    use_dora: bool = knob(
        False,
        "Train direction and length of the weights apart (DoRA): often better at a low rank.",
        method=LORA,
        costs="A step takes up to twice as long, in a little more memory.",
    )
    init_lora_weights: Literal["default", "gaussian", "orthogonal", "olora", "pissa", "pissa_niter_4"] = knob(
        "default",
        "Where the added matrices start; pissa takes the strongest directions of the weights.",
        method=LORA,
        costs="pissa takes minutes at the start of a large model, pissa_niter_4 seconds.",
    )
    freeze: Literal["nothing", "embeddings", "all-but-head"] = knob(
        "nothing",
        "What stays as it is: nothing, the embeddings, or all but the head.",
        method="full",
        costs="What stays takes no gradients and no optimizer state. With all-but-head it computes without dropout, and"
        " once for each row: by far the fastest.",
    )
    freeze_layers: int = knob(
        0,
        "The first layers that stay as they are, the embeddings below with them.",
        unit="layers",
        minimum=0,
        maximum=1000,
        method="full",
        costs="Frozen layers take no gradients, no optimizer state, and no time on the way back.",
    )
