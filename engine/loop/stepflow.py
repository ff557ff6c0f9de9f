"""What happens after each update: count, report, obey what is asked, and decide whether to evaluate and to save."""

import math
import time
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from ...store.config import RunConfig
from ..batching.batches import Updates
from ..scoring.rhythm import Rhythm
from ..session import Session
from .memory import peak_bytes

_BEAT_SECONDS = 0.25


class StepFlow(TrainerCallback):
    """Trainer asks it at every step; it answers by the flags of TrainerControl."""

    def __init__(self, config: RunConfig, session: Session, updates: Updates, device: str) -> None:
        self._config, self._session, self._updates, self._device = config, session, updates, device
        self.rhythm = Rhythm(config, session)
        self._clock = self._beat_at = time.monotonic()
        self._step_tokens = 0
        self._nonfinite_in_a_row = 0
        self.tokens, self.seconds = 0, 0.0
        self._tokens_before, self._seconds_before = 0, 0.0
        self.broken = ""

    def count(self, tokens: int) -> None:
        """The step's tokens, padding not among them."""
        self._step_tokens = tokens

    def restart_clock(self) -> None:
        """Time spent on evaluating and saving is no part of a step."""
        self._clock = time.monotonic()

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        self._session.planned(state.max_steps)
        self._tokens_before = int(self._session.last_value("num_input_tokens_seen") or 0)
        self._seconds_before = self._session.last_value("train_seconds") or 0.0
        self.restart_clock()

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        self._updates.set_epoch(int((state.epoch or 0.0) + 1e-6))

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        step, last = state.global_step, state.global_step >= state.max_steps
        self._session.step = step
        control.should_log = True
        asked_to_evaluate, asked_to_save = self._session.take("evaluate"), self._session.take("save")
        control.should_evaluate = last or self.rhythm.is_due(step) or asked_to_evaluate
        # The best weights are looked for among the saved ones.
        is_candidate = self._config.load_best_model_at_end and control.should_evaluate
        control.should_save = last or step % self._config.save_steps == 0 or asked_to_save or is_candidate
        if self._session.stop_asked() and not last:
            control.should_training_stop = control.should_save = True
            control.should_evaluate = False

    def report(self, logs: dict[str, float], control: TrainerControl) -> None:
        """Write the step's points; stop the run when its loss has not been finite for too many steps in a row."""
        seconds, tokens = time.monotonic() - self._clock, self._step_tokens
        self.tokens, self.seconds = self.tokens + tokens, self.seconds + seconds
        self.rhythm.updated(seconds)
        self.restart_clock()
        self._session.measure(
            loss=logs["loss"],
            learning_rate=logs["learning_rate"],
            grad_norm=logs.get("grad_norm", math.nan),
            tokens_per_second=tokens / seconds,
            num_input_tokens_seen=self._tokens_before + self.tokens,
            train_seconds=self._seconds_before + self.seconds,
            memory_bytes=peak_bytes(self._device),
        )
        self._beat(seconds)
        self._watch(logs, control)

    def _beat(self, step_seconds: float) -> None:
        if time.monotonic() - self._beat_at >= _BEAT_SECONDS:
            self._session.beat(10 + 5 * step_seconds, steps_per_second=1 / step_seconds)
            self._beat_at = time.monotonic()

    def _watch(self, logs: dict[str, float], control: TrainerControl) -> None:
        broken = next((name for name in ("loss", "grad_norm") if not math.isfinite(logs.get(name, 0.0))), None)
        if broken is None:
            self._nonfinite_in_a_row = 0
            return
        what = "loss" if broken == "loss" else "gradient"
        self._nonfinite_in_a_row += 1
        if self._nonfinite_in_a_row == 1:
            text = f"step {self._session.step}: {what} {logs[broken]:g}, not finite; the update was left out"
            self._session.event(text, level="warning")
        if self._nonfinite_in_a_row >= self._config.max_nonfinite_steps:
            self.broken = (
                f"the {what} was not finite for {self._nonfinite_in_a_row} updates in a row, up to step"
                f" {self._session.step}. Lower learning_rate, or look at the rows of those steps."
            )
            control.should_training_stop = True
            control.should_evaluate = control.should_save = False
