"""What the peers share: the rows as we divide and encode them, the model as transformers loads it, and plain LoRA."""

from collections.abc import Sequence
from typing import Any

import torch
import transformers
from datasets import Dataset
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import PreTrainedModel, Trainer, set_seed

from ...store.config import RunConfig
from .. import sources, tasks
from ..data.division import divide
from ..data.row import Row
from ..data.split import Split
from ..encoding.example import Example
from ..loop.memory import peak_bytes
from ..methods.freeze import freeze
from ..model import models
from ..report import say_nothing
from ..tasks.task import Task
from .clock import Clock
from .job import Job
from .trained import Trained


class Rows:
    """The rows of a run, divided as ours are; `task` has learned from them and has the tokenizer."""

    def __init__(self, config: RunConfig) -> None:
        self.source = sources.resolve(config.model, config.revision)
        self.task: Task = tasks.of(config)
        self.split: Split[Row] = divide(config, self.task, say_nothing).split
        self.task.use(models.load_tokenizer(self.source), say_nothing)

    def examples(self) -> Sequence[Example]:
        """The training rows, tokenised, with what is trained of them."""
        return self.task.encode_all(self.split.train).examples

    def dataset(self) -> Dataset:
        """The same as a transformers trainer reads them."""
        return Dataset.from_list(
            [{"input_ids": one.input_ids, "labels": one.labels, **one.more} for one in self.examples()]
        )


def model(rows: Rows, config: RunConfig) -> PreTrainedModel:
    """As `from_pretrained` gives it, in fp32, with the parts frozen that the run freezes; new weights by its seed."""
    set_seed(config.seed)
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


def trained(trainer: Trainer, job: Job, name: str, settings: Sequence[str]) -> Trained:
    """Let the trainer train and leave its weights as transformers and peft read them; `settings` are told."""
    clock = Clock(job.began)
    trainer.add_callback(clock)
    trainer.train()
    trainer.model.save_pretrained(str(job.weights))  # pyright: ignore[reportOptionalMemberAccess, reportCallIssue]
    return Trained(
        contender=name,
        eval_seconds=0.0,
        peak_bytes=peak_bytes(trainer.args.device.type),
        weights=str(job.weights),
        chosen=", ".join(f"{setting} {getattr(trainer.args, setting)}" for setting in settings),
        **clock.facts,
    )
