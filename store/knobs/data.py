"""Knobs of the rows: where they come from, which are held out, and how they are cut."""

from typing import Literal

from .knob import Section, knob


class DataKnobs(Section):
    """Sources, columns, split and lengths."""

    data: str = knob(..., "Training rows: a JSONL, JSON, CSV, TSV, Parquet or text file, or a demo part.")
    eval_data: str = knob("", "Held-out rows in a file of their own; empty splits them off the training rows.")
    eval_fraction: float = knob(
        0.1,
        "Share of the rows held out when there is no eval_data; 0.05 to 0.2 is usual.",
        minimum=0.01,
        maximum=0.5,
    )
    columns: str = knob(
        "", "Which column plays which role, such as text=review, label=rating; empty finds them by name and shape."
    )
    drop_duplicates: bool = knob(True, "Leave out rows that say the same as an earlier one.")
    on_bad_rows: Literal["refuse", "skip"] = knob(
        "refuse", "Refuse a file with bad rows, or skip them and list them in the events."
    )
    max_length: int = knob(
        512,
        "Longer rows are cut here, plain text and long contexts parted.",
        unit="tokens",
        minimum=8,
        maximum=131072,
        costs="Memory and time grow with it, for attention faster than in proportion.",
    )
    packing: bool = knob(
        False,
        "Put short rows one behind the other instead of padding; none sees another.",
        task="causal-lm",
        costs="Fewer, fuller batches: several times faster where rows are short, and no more memory.",
    )
    doc_stride: int = knob(
        128,
        "How much of a long context two neighbouring windows share.",
        unit="tokens",
        minimum=0,
        maximum=65536,
        task="question-answering",
        costs="The more they share, the more windows and the longer the run.",
    )
    max_target_length: int = knob(
        128,
        "Longer targets are cut here.",
        unit="tokens",
        minimum=4,
        maximum=131072,
        task="seq2seq-lm",
        costs="Memory and time grow with it.",
    )
    source_prefix: str = knob("", "Put before every source; T5 expects one, such as summarize:.", task="seq2seq-lm")
    mix_data: str = knob("", "General rows mixed into the training against forgetting; empty mixes in none.")
    mix_fraction: float = knob(
        0.1,
        "Share of mix_data in the rows that are trained; 0.05 to 0.3 is usual.",
        above=0.0,
        maximum=0.9,
        costs="The run gets longer by that share.",
    )
