"""What the peers share: the rows as we divide and encode them, the model as transformers loads it, and plain LoRA."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from datasets import Dataset
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel, TrainingArguments

from ...store.config import RunConfig
from .. import sources, tasks
from ..data.division import divide
from ..data.row import Row
from ..data.split import Split
from ..encoding.example import Example
from ..methods.freeze import freeze
from ..model import models
from ..report import say_nothing
from ..tasks.task import Task
from .job import Job


class Rows:
    """The rows of a run, divided as ours are; `task` has learned from them and has the tokenizer."""

    def __init__(self, config: RunConfig) -> None:
        self.source = sources.resolve(config.model, config.revision)
        self.task: Task = tasks.of(config)
        self.split: Split[Row] = divide(config, self.task, _unheard).split
        self.task.use(models.load_tokenizer(self.source), say_nothing)

    def examples(self) -> Sequence[Example]:
        """The training rows, tokenised, with what is trained of them."""
        return self.task.encode_all(self.split.train).examples

    def dataset(self) -> Dataset:
        """The same as a transformers trainer reads them."""
        return Dataset.from_list(
            [{"input_ids": one.input_ids, "labels": one.labels, **one.more} for one in self.examples()]
        )


def _unheard(text: str, *, level: str = "info") -> None:
    """The rows were told of when our own run read them."""


def model(rows: Rows, config: RunConfig) -> PreTrainedModel:
    """As `from_pretrained` gives it, in fp32, with the parts frozen that the run freezes."""
    load = getattr(transformers, rows.task.auto_class).from_pretrained
    loaded = load(rows.source.path_or_id, dtype=torch.float32, **rows.task.model_options())
    freeze(loaded, config.freeze, config.freeze_layers)
    return loaded


def lora(rows: Rows, config: RunConfig) -> LoraConfig | None:
    """The run's adapter; None where all weights are trained."""
    if config.method == "full":
        return None
    return LoraConfig(
        r=config.r,
        lora_alpha=config.lora_alpha,
        lora_dropout=config.lora_dropout,
        target_modules=config.target_modules,
        task_type=rows.task.peft_type,
    )


def trainable(rows: Rows, config: RunConfig) -> PreTrainedModel | PeftModel:
    """The model with the run's adapter on it, where it has one."""
    adapter = lora(rows, config)
    return get_peft_model(model(rows, config), adapter) if adapter else model(rows, config)  # pyright: ignore[reportReturnType]


def common(job: Job) -> dict[str, Any]:
    """Arguments that decide what is learned, the same for all; those that decide how fast are each peer's own."""
    config = job.config
    return {
        "output_dir": str(job.folder / "peer"),
        "max_steps": config.max_steps,
        "per_device_train_batch_size": config.per_device_train_batch_size,
        "learning_rate": config.learning_rate,
        "lr_scheduler_type": config.lr_scheduler_type,
        "warmup_steps": config.warmup_steps,
        "weight_decay": config.weight_decay,
        "seed": config.seed,
        "report_to": [],
        "disable_tqdm": True,
        "save_strategy": "no",
        "use_cpu": not torch.cuda.is_available(),
    }


def said(arguments: TrainingArguments, *names: str) -> str:
    """The settings of these names, in words."""
    return ", ".join(f"{name} {getattr(arguments, name)}" for name in names)


def save(trained: Any, folder: Path) -> str:
    """Leave the weights as transformers and peft read them."""
    trained.save_pretrained(str(folder))
    return str(folder)
