"""transformers' Trainer on the same rows: as it comes, or with what its documentation offers for speed."""

from typing import Any

import torch
from transformers import DataCollatorForSeq2Seq, DataCollatorWithPadding, Trainer, TrainingArguments

from . import peer
from .clock import Clock
from .job import Job
from .peer import Rows
from .trained import Trained

_SETTINGS = ("bf16", "train_sampling_strategy", "optim")


def train(job: Job, name: str) -> Trained:
    """Train as the job says, and leave the weights."""
    rows = Rows(job.config)
    clock = Clock(job.began)
    arguments = TrainingArguments(**peer.common(job), **(_best() if job.best else {}))
    trainer = Counting(
        clock,
        model=peer.trainable(rows, job.config),
        args=arguments,
        train_dataset=rows.dataset(),
        data_collator=_collator(rows),
        callbacks=[clock],
    )
    trainer.train()
    weights = peer.save(trainer.model, job.weights)
    chosen = peer.said(arguments, *_SETTINGS)
    return Trained(contender=name, eval_seconds=0.0, weights=weights, chosen=chosen, **clock.facts)


class Counting(Trainer):
    """Trainer, with its batches counted."""

    def __init__(self, clock: Clock, **options: Any) -> None:
        self._seen = clock
        super().__init__(**options)

    def training_step(self, model: Any, inputs: Any, *arguments: Any, **options: Any) -> torch.Tensor:
        self._seen.saw(inputs)
        return super().training_step(model, inputs, *arguments, **options)


def _best() -> dict[str, Any]:
    fused = {"optim": "adamw_torch_fused"} if torch.cuda.is_available() else {}
    return {"bf16": True, "train_sampling_strategy": "group_by_length", **fused}


def _collator(rows: Rows) -> Any:
    tokenizer = rows.task.tokenizer
    if rows.task.labels_by_place or rows.task.auto_class == "AutoModelForSeq2SeqLM":
        return DataCollatorForSeq2Seq(tokenizer)
    return DataCollatorWithPadding(tokenizer)
