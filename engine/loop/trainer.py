"""transformers' Trainer with what we add: our batches, loss, evaluation, checkpoints, and the line to the store."""

import contextlib
import math
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader
from transformers import PrinterCallback, Trainer, TrainerState
from transformers.trainer import TRAINER_STATE_NAME

from ...store.config import RunConfig
from ...store.errors import ConfigError
from ..batching.material import Material
from ..methods import adapter, masks
from ..methods.anchor import Anchor
from ..methods.average import Average
from ..methods.optimizer import optimizer_cls_and_kwargs
from ..model import compilation, heads
from ..model.precision import Arithmetic
from ..scoring import predictions
from ..scoring.evaluation import Evaluation, Score
from ..scoring.keeping import Keeping
from ..session import Session
from . import checkpoint, pruning
from .arguments import training_arguments
from .compiling import Compiling
from .memory import Memory
from .objective import training_loss
from .progress import Progress
from .saver import Saver
from .starting import Start
from .stepflow import StepFlow

AVERAGE = "average.safetensors"


class TuneTrainer(Trainer):
    """One attempt of a run, from its base or from a checkpoint to its last step."""

    def __init__(
        self, start: Start, config: RunConfig, material: Material, arithmetic: Arithmetic, session: Session
    ) -> None:
        self.config, self.material, self.task, self.session = config, material, material.task, session
        self.arithmetic = arithmetic
        self.tuned = start.model
        self.evaluation = Evaluation(
            self.task, material.evaluation, config.per_device_eval_batch_size, arithmetic, session
        )
        self.keeping = Keeping(material.probe, self.task, arithmetic, session)
        self.progress = Progress(config, session)
        # Before a checkpoint is loaded: the weights are those that the run started with.
        self.anchor = Anchor(start.model, config.l2_sp_alpha, start.new_weights) if config.l2_sp_alpha else None
        self.average = Average(start.model, config.ema_decay) if config.ema_decay else None
        # What the weights of the last evaluated step are worth; not its predictions, of which a run makes many.
        self._merits: dict[int, checkpoint.Merit] = {}
        self.pruned = ""
        self.saver = Saver(session, config)
        self._start_step = session.step
        self.feed = material.feed
        self.memory = Memory(config, start.model, self.feed, arithmetic.device, session)
        self.flow = StepFlow(config, session, self.feed.updates, arithmetic.device)
        arguments = training_arguments(config, session.folder.checkpoints, arithmetic)
        super().__init__(
            model=start.model,  # pyright: ignore[reportArgumentType] - Trainer takes a PeftModel too
            args=arguments,
            callbacks=[self.flow],
            optimizer_cls_and_kwargs=optimizer_cls_and_kwargs(start.model, arguments, config.layerwise_lr_decay),
        )
        self.remove_callback(PrinterCallback)
        # Our loss is divided by the weight of the whole update: Trainer divides no more.
        self.loss_is_scaled_for_ga = True

    def create_optimizer(self, *args: Any, **kwargs: Any) -> Optimizer:
        """The configured one, with what else acts on the weights at each update."""
        optimizer = super().create_optimizer(*args, **kwargs)
        if self.anchor:
            self.anchor.attach(optimizer)
        if self.average:
            self.average.attach(optimizer)
        return optimizer

    def averaged(self) -> contextlib.AbstractContextManager[None]:
        """The weights that are evaluated and exported: their running average, where one is kept."""
        return self.average.averaged() if self.average else contextlib.nullcontext()

    def get_train_dataloader(self) -> DataLoader:
        """Of row numbers: what Trainer takes for a batch is a whole update."""
        numbers = range(len(self.feed.lines))
        updates = DataLoader(numbers, batch_sampler=self.feed.updates, collate_fn=list)  # pyright: ignore[reportArgumentType]
        return self.accelerator.prepare(updates)

    @property
    def has_stepped(self) -> bool:
        """Whether this attempt has made an update of its own."""
        return self.session.step > self._start_step

    @property
    def was_cut_short(self) -> bool:
        """Whether somebody stopped it before its last step, and not its own early stopping."""
        return self.session.step < self.state.max_steps and not self.progress.stopped

    def tune(self, start: Path | None) -> None:
        """Train from the base, whose score comes first, or from the checkpoint in that folder.

        Raises:
            StopRequested: inside an evaluation, or before the first update.
        """
        self.session.enter("training", expect_seconds=120)
        if start is not None and (self._has_all_steps(start) or self.progress.stopped):
            # Trainer would make one update too many: it looks for the end only after a step.
            self._load_from_checkpoint(str(start))
            self.evaluate()
            return
        # Where a processor's memory runs out the kernel ends the process: there is nothing to try.
        if self.arithmetic.device != "cpu":
            self.try_heaviest()
        trial = partial(self._fitting, self.tuned)
        # What is compiled holds the dropout that it met.
        with masks.drawn_together():
            Compiling(self.config, self.tuned, self.feed, self.arithmetic.device, self.session, trial).settle()
        if start is None:
            self.evaluate()
        with masks.drawn_together():
            self.train(resume_from_checkpoint=str(start) if start else None)

    def _has_all_steps(self, start: Path) -> bool:
        self.state = TrainerState.load_from_json(str(start / TRAINER_STATE_NAME))
        return self.state.global_step >= self.state.max_steps

    def try_heaviest(self) -> None:
        """Find out how many tokens at once fit. Raises ConfigError where one row does not; StopRequested."""
        self.memory.try_heaviest(partial(self._update, self.tuned))
        self.session.enter("training", expect_seconds=120)

    def training_step(self, model: nn.Module, inputs: Any, num_items_in_batch: Tensor | int | None = None) -> Tensor:
        """A whole update: the loss of the rows with these numbers, and its gradients.

        Raises:
            ConfigError: it does not fit into memory, one row at once neither; what was reached before is saved.
        """
        try:
            loss = self._fitting(model, inputs)
        except ConfigError:
            if self.has_stepped:
                self.save_now()
            raise
        self.flow.count(self.feed.tokens(inputs))
        return loss

    def _fitting(self, model: nn.Module, numbers: list[int]) -> Tensor:
        return self.memory.fitting(partial(self._update, model), numbers)

    def _update(self, model: nn.Module, numbers: list[int], tokens_at_once: int) -> Tensor:
        """Its loss and gradients, from parts that add up: each is divided by what all of them weigh (FAULTS 17)."""
        # Of a try that broke off.
        model.zero_grad()
        batches = [self.feed.batch(part) for part in self.feed.parts(numbers, tokens_at_once)]
        weight = torch.stack([self.task.weight(batch) for batch in batches]).sum().to(self.args.device)
        step = super().training_step
        return torch.stack([step(model, batch, weight) for batch in batches]).sum()

    def autocast_smart_context_manager(self, cache_enabled: bool | None = True) -> torch.autocast:
        """Ours, as accelerate's copies all scores to fp32, not only those of trained tokens: 346 MB instead of 211."""
        return torch.autocast(self.arithmetic.device, torch.bfloat16, enabled=self.arithmetic.bf16)

    def _get_grad_norm(self, model: nn.Module, grad_norm: Tensor | float | None = None) -> Any:
        """The gradient's length; one without a finite length is dropped, as its update would leave no finite weight."""
        length: Any = super()._get_grad_norm(model, grad_norm)
        if not math.isfinite(length):
            model.zero_grad(set_to_none=True)
        return length

    def compute_loss(
        self,
        model: nn.Module,
        inputs: dict[str, Tensor | Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:
        """The batch's share of the update's loss."""
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
        with self.averaged(), compilation.eagerly():
            found = self._scored()
            self.answer_prompts()
            self.keeping.measure(self.tuned)
        seconds = time.monotonic() - before
        self.session.measure(eval_seconds=seconds)
        self.session.flush()
        self.progress.update(found)
        if self.progress.stopped:
            self.control.should_training_stop = self.control.should_save = True
        elif self.session.step < self.state.max_steps:
            self.flow.rhythm.evaluated(seconds)
            # A store that is busy just now: it is asked again at the next evaluation.
            with contextlib.suppress(sqlite3.OperationalError):
                self.pruned = pruning.reason(self.session.db, self.session.run, self.session.step)
            self.control.should_training_stop |= bool(self.pruned)
        self.session.enter(phase, expect_seconds=120)
        self.flow.restart_clock()
        # Else Trainer would evaluate once more where an epoch ends with this step.
        self.control.should_evaluate = False
        return {"eval_loss": found.loss}

    def _scored(self) -> Score:
        found = self.evaluation.score(self.tuned)
        self._merits = {self.session.step: self.progress.merit(found)}
        self.session.measure(eval_loss=found.loss, **{f"eval_{name}": value for name, value in found.metrics.items()})
        self.session.flush()
        predictions.keep(self.session, found.predictions)
        return found

    def answer_prompts(self) -> None:
        self.session.enter("answering the prompts", expect_seconds=120)
        told = self.evaluation.answers(self.tuned, self.material.prompts)
        for prompt, answer in zip(self.material.prompts, told, strict=True):
            self.session.sample(prompt, answer)

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        """Trainer's hook, made atomic."""
        phase = self.session.phase
        self.session.phase = "saving"
        self.session.beat(expect_seconds=300)
        merit = self._merits.get(self.session.step, checkpoint.Merit())
        stop = self.saver.save(self.state.global_step, self._write_checkpoint, merit)
        self.flow.broken = self.flow.broken or stop
        self.control.should_training_stop |= bool(self.flow.broken)
        self.session.phase = phase
        self.flow.restart_clock()

    def save_now(self) -> None:
        """A checkpoint of the present step, outside of the loop."""
        self._save_checkpoint(self.tuned, None)

    def export(self, folder: Path) -> None:
        """The final weights with their tokenizer, as other programs read them."""
        with self.averaged():
            self._write_weights(folder)
        self.task.tokenizer.save_pretrained(str(folder))

    def load_best(self) -> int:
        """Take the weights of the best checkpoint, and measure what they keep; the step that they are of."""
        best = checkpoint.best(self.session)
        if best is None or best[0].step == self.session.step:
            return self.session.step
        self._load_from_checkpoint(str(best[1]))
        with self.averaged(), compilation.eagerly():
            self.keeping.measure_again(self.tuned)
        self.session.event(f"the best weights are kept, those of step {best[0].step}")
        return best[0].step

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: nn.Module | None = None) -> None:
        folder = Path(resume_from_checkpoint)
        if isinstance(self.tuned, PeftModel):
            adapter.load(self.tuned, folder)
        else:
            super()._load_from_checkpoint(resume_from_checkpoint, model)
        if self.average:
            self.average.load(folder / AVERAGE)

    def _write_weights(self, folder: Path) -> None:
        adapter.save(self.tuned, folder)
        if isinstance(self.tuned, PeftModel):
            heads.describe(self.tuned, folder)

    def _write_checkpoint(self, folder: Path) -> None:
        self._write_weights(folder)
        if self.average:
            self.average.save(folder / AVERAGE)
        self._save_optimizer_and_scheduler(str(folder))
        self._save_scaler(str(folder))
        self._save_rng_state(str(folder))
        self.state.save_to_json(str(folder / TRAINER_STATE_NAME))
