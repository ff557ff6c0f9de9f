"""TRL's SFTTrainer on the same conversations: as it comes, or with what its documentation offers for speed."""

from typing import Any

import torch
from datasets import Dataset
from transformers.utils.import_utils import is_liger_kernel_available

from ...store.errors import ConfigError
from ..data.chat import ChatRow
from ..data.row import Row
from ..tasks.causal_lm import TextRow
from . import peer
from .job import Job
from .peer import Rows
from .trained import Trained

_SETTINGS = ("bf16", "gradient_checkpointing", "train_sampling_strategy", "packing", "use_liger_kernel")


def train(job: Job, name: str) -> Trained:
    """Train as the job says, and leave the weights. Raises ConfigError where TRL is not installed."""
    try:
        from trl.trainer.sft_config import SFTConfig
        from trl.trainer.sft_trainer import SFTTrainer
    except ImportError as error:
        raise ConfigError("trl is not installed.", "Install it: pip install 'tunedeck[bench]'.") from error

    rows = Rows(job.config)
    trainer = SFTTrainer(
        model=peer.model(rows, job.config),
        args=SFTConfig(**peer.common(job), max_length=job.config.max_length, **(_best() if job.best else {})),
        train_dataset=_dataset(rows),
        processing_class=rows.task.tokenizer,
        peft_config=peer.lora(rows, job.config),
    )
    return peer.trained(trainer, job, name, _SETTINGS)


def _best() -> dict[str, Any]:
    settings: dict[str, Any] = {
        "bf16": True, "gradient_checkpointing": False, "train_sampling_strategy": "group_by_length",
    }  # fmt: skip
    if torch.cuda.is_available():
        settings |= {"packing": True, "padding_free": True, "optim": "adamw_torch_fused"}
        settings["use_liger_kernel"] = is_liger_kernel_available()
    return settings


def _dataset(rows: Rows) -> Dataset:
    """Conversations with their last answer as the completion, as TRL masks them; or plain texts."""
    return Dataset.from_list([_row(row) for row in rows.split.train])


def _row(row: Row) -> dict[str, Any]:
    if isinstance(row, TextRow):
        return {"text": row.text}
    assert isinstance(row, ChatRow)
    turns = [{"role": turn.role, "content": turn.content} for turn in row.messages]
    return {"prompt": turns[:-1], "completion": turns[-1:]}
