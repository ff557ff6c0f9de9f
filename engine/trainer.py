"""transformers' Trainer with what we add: our batches, loss, evaluation, checkpoints, and the line to the store."""

import math
import time
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from transformers import PrinterCallback, Trainer, TrainerState
from transformers.trainer import TRAINER_STATE_NAME

from ..store.config import RunConfig
from . import checkpoint, resume
from .adapter import Trainable
from .arguments import training_arguments
from .evaluation import Evaluation, Score
from .material import Material
from .objective import training_loss
from .precision import Arithmetic
from .session import Session
from .stepflow import StepFlow


class TuneTrainer(Trainer):
    """One attempt of a run, from its base or from a checkpoint to its last step."""

    def __init__(
        self, model: Trainable, config: RunConfig, material: Material, arithmetic: Arithmetic, session: Session
    ) -> None:
        self.config, self.material, self.task, self.session = config, material, material.task, session
        self.tuned = model
        self.evaluation = Evaluation(
            self.task, material.evaluation, config.per_device_eval_batch_size, arithmetic, session
        )
        self.scores: dict[int, Score] = {}
        self._start_step = session.step
        self.flow = StepFlow(config, session, material.batches)
        super().__init__(
            model=model,  # pyright: ignore[reportArgumentType] - Trainer takes a PeftModel too
            args=training_arguments(config, session.folder.checkpoints, arithmetic),
            callbacks=[self.flow],
        )
        self.remove_callback(PrinterCallback)
        # Our loss is divided by the weight of the whole update: Trainer adds it up, and divides no more.
        self.model_accepts_loss_kwargs = True
        self.loss_is_scaled_for_ga = True

    def get_train_dataloader(self) -> DataLoader:
        return self.accelerator.prepare(self.material.train)

    @property
    def has_stepped(self) -> bool:
        """Whether this attempt has made an update of its own."""
        return self.session.step > self._start_step

    def tune(self, start: Path | None) -> None:
        """Train from the base, whose score comes first, or from the checkpoint in that folder.

        Raises:
            StopRequested: inside an evaluation, or before the first update.
        """
        self.session.enter("training", expect_seconds=120)
        if start is None:
            self.evaluate()
        if start is not None and self._has_all_steps(start):
            # Trainer would make one update too many: it compares with max_steps only after a step.
            self._load_from_checkpoint(str(start))
            self.evaluate()
        else:
            self.train(resume_from_checkpoint=str(start) if start else None)

    def _has_all_steps(self, start: Path) -> bool:
        self.state = TrainerState.load_from_json(str(start / TRAINER_STATE_NAME))
        return self.state.global_step >= self.state.max_steps

    def _get_num_items_in_batch(self, batch_samples: list[dict[str, Tensor]], device: torch.device) -> Tensor | None:
        """What the items of a whole update weigh together, over all its batches (FAULTS 17)."""
        weights = [self.task.weight(batch) for batch in batch_samples]
        return torch.stack(weights).sum().to(device) if weights else None

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Tensor | Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:
        """The batch's share of the update's loss."""
        self.flow.count(inputs["attention_mask"])
        weight = self.task.weight(inputs) if num_items_in_batch is None else num_items_in_batch
        loss = training_loss(self.task, model, inputs) / weight
        return (loss, None) if return_outputs else loss

    def log(self, logs: dict[str, float], *args: Any, **kwargs: Any) -> None:
        """Trainer's measurements of a step, as metric points; its own summary at the end is not one."""
        if "loss" in logs:
            # Trainer empties its sum by subtracting it from itself, which leaves a NaN there for good.
            self._tr_loss.zero_()
            self.flow.report(logs, self.control)

    def evaluate(self, *args: Any, **kwargs: Any) -> dict[str, float]:
        """Score the held-out rows, answer the prompts, and report both at the present step."""
        before, phase = time.monotonic(), self.session.phase
        self.session.enter("evaluating", expect_seconds=60)
        found = self.evaluation.score(self.tuned)
        self.scores[self.session.step] = found
        self.session.measure(eval_loss=found.loss, **{f"eval_{name}": value for name, value in found.metrics.items()})
        self.session.flush()
        self.answer_prompts()
        self.session.measure(eval_seconds=time.monotonic() - before)
        self.session.enter(phase, expect_seconds=120)
        self.flow.restart_clock()
        # Else Trainer would evaluate once more where an epoch ends with this step.
        self.control.should_evaluate = False
        return {"eval_loss": found.loss}

    def answer_prompts(self) -> None:
        self.session.enter("answering the prompts", expect_seconds=120)
        told = self.evaluation.answers(self.tuned, self.material.prompts)
        for prompt, answer in zip(self.material.prompts, told, strict=True):
            self.session.sample(prompt, answer)

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        """Trainer's hook, made atomic; a disk that is full costs the checkpoint and not the run (FAULTS 6)."""
        phase = self.session.phase
        self.session.phase = "saving"
        self.session.beat(expect_seconds=300)
        found = self.scores.get(self.session.step)
        eval_loss = found.loss if found and math.isfinite(found.loss) else None
        try:
            checkpoint.save(self.session, self.state.global_step, self._write_checkpoint, eval_loss)
            checkpoint.rotate(self.session, self.config.save_total_limit)
        except checkpoint.DiskFull as error:
            self.session.event(str(error), level="error")
        self.session.phase = phase
        self.flow.restart_clock()

    def save_now(self) -> None:
        """A checkpoint of the present step, outside of the loop."""
        self._save_checkpoint(self.tuned, None)

    def export(self, folder: Path) -> None:
        """The final weights with their tokenizer, as other programs read them."""
        self.tuned.save_pretrained(str(folder))
        self.task.tokenizer.save_pretrained(str(folder))

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: nn.Module | None = None) -> None:
        super()._load_from_checkpoint(resume_from_checkpoint, model)
        resume.check_adapter(self.tuned, resume_from_checkpoint)

    def _write_checkpoint(self, folder: Path) -> None:
        self.tuned.save_pretrained(str(folder))
        self._save_optimizer_and_scheduler(str(folder))
        self._save_scaler(str(folder))
        self._save_rng_state(str(folder))
        self.state.save_to_json(str(folder / "trainer_state.json"))
