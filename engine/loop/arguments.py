"""The knobs as transformers' TrainingArguments."""

from pathlib import Path

from transformers import TrainingArguments

from ...store.config import RunConfig
from ..methods.schedule import scheduler_kwargs
from ..model.precision import Arithmetic


def training_arguments(config: RunConfig, folder: Path, arithmetic: Arithmetic) -> TrainingArguments:
    """The knobs under transformers' names; when to log, evaluate and save is told step by step by `StepFlow`."""
    return TrainingArguments(
        output_dir=str(folder),
        learning_rate=config.learning_rate,
        num_train_epochs=config.num_train_epochs,
        max_steps=config.max_steps or -1,
        per_device_train_batch_size=config.per_device_train_batch_size,
        optim=config.optim,
        adam_beta1=config.adam_beta1,
        adam_beta2=config.adam_beta2,
        adam_epsilon=config.adam_epsilon,
        lr_scheduler_type=config.lr_scheduler_type,
        lr_scheduler_kwargs=scheduler_kwargs(
            config.lr_scheduler_kwargs, config.lr_scheduler_type, config.learning_rate
        ),
        warmup_steps=config.warmup_steps,
        weight_decay=config.weight_decay,
        max_grad_norm=config.max_grad_norm,
        seed=config.seed,
        use_cpu=arithmetic.device == "cpu",
        logging_strategy="no",
        eval_strategy="no",
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        logging_nan_inf_filter=False,
        dataloader_pin_memory=arithmetic.device == "cuda",
        remove_unused_columns=False,
    )
