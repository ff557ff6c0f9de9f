"""transformers' Trainer on the same rows: as it comes, or with what its documentation offers for speed."""

from typing import Any

import torch
from transformers import DataCollatorForSeq2Seq, DataCollatorWithPadding, Trainer, TrainingArguments

from . import peer
from .job import Job
from .peer import Rows
from .trained import Trained

_SETTINGS = ("bf16", "train_sampling_strategy", "optim")


def train(job: Job, name: str) -> Trained:
    """Train as the job says, and leave the weights."""
    rows = Rows(job.config)
    trainer = Trainer(
        model=peer.trainable(rows, job.config),  # pyright: ignore[reportArgumentType] - Trainer takes a PeftModel too
        args=TrainingArguments(**peer.common(job), **(_best() if job.best else {})),
        train_dataset=rows.dataset(),
        data_collator=_collator(rows),
    )
    return peer.trained(trainer, job, name, _SETTINGS)


def _best() -> dict[str, Any]:
    fused = {"optim": "adamw_torch_fused"} if torch.cuda.is_available() else {}
    return {"bf16": True, "train_sampling_strategy": "group_by_length", **fused}


def _collator(rows: Rows) -> Any:
    tokenizer = rows.task.tokenizer
    if rows.task.labels_by_place or rows.task.auto_class == "AutoModelForSeq2SeqLM":
        return DataCollatorForSeq2Seq(tokenizer)
    return DataCollatorWithPadding(tokenizer)
