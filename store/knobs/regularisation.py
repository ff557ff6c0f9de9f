"""Knobs against overfitting and against forgetting."""

from typing import Literal

from .knob import Section, knob


class RegularisationKnobs(Section):
    """Dropout, decay, smoothing, and when to stop."""

    weight_decay: float = knob(
        0.0, "Pull of the weights, not of norms and biases, towards 0; 0 to 0.1 is usual.", minimum=0.0, maximum=1.0
    )
    hidden_dropout: float | None = knob(
        None, "Share of hidden values dropped while training; empty leaves it as the model has it.",
        minimum=0.0, maximum=0.9,
    )  # fmt: skip
    attention_dropout: float | None = knob(
        None, "Share of attention weights dropped; empty leaves it as the model has it.", minimum=0.0, maximum=0.9
    )
    classifier_dropout: float | None = knob(
        None,
        "Share of the head's inputs dropped; empty leaves it as the model has it.",
        minimum=0.0,
        maximum=0.9,
        task="sequence-classification token-classification",
    )
    label_smoothing_factor: float = knob(
        0.0, "Share of the target spread over all classes or tokens; 0 to 0.1 is usual.", minimum=0.0, maximum=0.9
    )
    class_weight: Literal["none", "balanced"] = knob(
        "none",
        "balanced weighs each class against its share of the rows, for uneven classes.",
        task="sequence-classification token-classification",
    )
    neftune_noise_alpha: float = knob(
        0.0, "Noise on the embeddings while training (NEFTune); 5 to 15 is usual, 0 is off.", minimum=0.0, maximum=100.0
    )
    r_drop_alpha: float = knob(
        0.0,
        "Two passes with different dropout shall agree (R-Drop); 0.5 to 5 is usual, 0 is off.",
        minimum=0.0,
        maximum=100.0,
        task="sequence-classification token-classification",
        costs="Any but 0: twice the time, twice the activations.",
    )
    l2_sp_alpha: float = knob(
        0.0, "Pull of the weights towards where they started (L2-SP); 0.01 to 0.1 is usual, 0 is off.",
        minimum=0.0, maximum=1.0, costs="Any but 0: a copy of the trained weights in memory.",
    )  # fmt: skip
    ema_decay: float = knob(
        0.0, "Evaluate and keep a running average of the weights; 0.99 to 0.9999 is usual, 0 is off.",
        minimum=0.0, maximum=0.99999, costs="Any but 0: a copy of the trained weights in memory.",
    )  # fmt: skip
    early_stopping_patience: int = knob(
        0, "Stop after this many evaluations without a better one; 0 goes on to the end.",
        unit="evaluations", minimum=0, maximum=1000, costs="Saves the time of a run that gets no better.",
    )  # fmt: skip
    early_stopping_threshold: float = knob(
        0.0, "What an evaluation must be better by, to count as better.", minimum=0.0, maximum=100.0
    )
