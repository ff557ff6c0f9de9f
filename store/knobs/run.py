"""Knobs of the run as a whole."""

from typing import Literal

from .knob import Section, knob

Task = Literal["causal-lm", "sequence-classification", "token-classification", "question-answering", "seq2seq-lm"]


class RunKnobs(Section):
    """What it is called, what is learned, and the seed."""

    name: str = knob("", "A label for people; empty takes the model's and the data's name.")
    task: Task = knob(
        "causal-lm",
        "What the model learns: to go on with text, to label texts or words, to find answers, to rewrite.",
    )
    seed: int = knob(42, "Fixes the split, the order of rows, dropout and new weights.", minimum=0, maximum=2**32 - 1)
