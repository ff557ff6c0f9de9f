"""Knobs of what of the model is trained."""

from typing import Literal

from .knob import Section, knob

LORA = "lora qlora"


class MethodKnobs(Section):
    """Added matrices, or all weights, or some of them."""

    method: Literal["lora", "qlora", "full"] = knob(
        "lora",
        "lora trains small added matrices; qlora too, over weights in 4 bits (CUDA); full trains every weight.",
    )
    r: int = knob(
        16,
        "Rank of the added matrices; 8 to 64 is usual, more learns more and costs more.",
        minimum=1,
        maximum=1024,
        method=LORA,
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
        "all-linear", "Layers that get an adapter: all-linear, or names separated by commas.", method=LORA
    )
    use_rslora: bool = knob(
        False, "Scale by lora_alpha / sqrt(r), which lets a high rank learn as fast as a low one.", method=LORA
    )
    use_dora: bool = knob(
        False,
        "Train direction and length of the weights apart (DoRA): often better at a low rank, slower.",
        method=LORA,
    )
    init_lora_weights: Literal["default", "gaussian", "orthogonal", "olora", "pissa", "pissa_niter_4"] = knob(
        "default", "Where the added matrices start; pissa takes the strongest directions of the weights.", method=LORA
    )
    freeze: Literal["nothing", "embeddings", "all-but-head"] = knob(
        "nothing", "What stays as it is: nothing, the embeddings, or all but the head.", method="full"
    )
    freeze_layers: int = knob(
        0,
        "The first layers that stay as they are, the embeddings below with them.",
        unit="layers",
        minimum=0,
        maximum=1000,
        method="full",
    )
