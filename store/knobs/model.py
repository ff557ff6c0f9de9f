"""Knobs of the weights that a run starts from."""

from typing import Literal

from .knob import Section, knob


class ModelKnobs(Section):
    """The model, and what is made of an earlier run's adapter."""

    model: str = knob(
        ..., "Starting weights: demo:smollm2, a folder, a .gguf file, a hub id, or run:ID of an earlier run."
    )
    revision: str = knob("", "Branch, tag or commit of a hub id; empty is its main branch.")
    start_adapter: Literal["continue", "merge"] = knob(
        "continue",
        "With run:ID of a LoRA run: train its adapter on, or merge it into the weights and lay a new one on.",
    )
    problem_type: Literal["auto", "single_label_classification", "multi_label_classification", "regression"] = knob(
        "auto", "One label a row, several, or a number; auto looks at the labels.", task="sequence-classification"
    )
