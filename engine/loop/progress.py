"""What the evaluations of a run say of it: whether to go on, whether it overfits, what was gained and what was lost."""

import math

import numpy as np

from ...store.config import RunConfig
from ...store.errors import ConfigError
from ...store.scores import lower_is_better
from ..methods.early_stopping import EarlyStopping
from ..methods.overfit import diagnosis
from ..scoring.evaluation import Score
from ..session import Session
from .checkpoint import Merit


class Progress:
    """Follows the metric that makes a checkpoint the best; told anew what the store has, it goes on where it was."""

    def __init__(self, config: RunConfig, session: Session) -> None:
        self._config, self._session = config, session
        self.metric = config.metric_for_best_model.removeprefix("eval_") or "loss"
        self._stopping = EarlyStopping(
            config.early_stopping_patience,
            config.early_stopping_threshold,
            greater_is_better=not lower_is_better(self.metric),
        )
        self.stopped = ""
        self._overfits = False
        self._train_losses, self._eval_losses, self._read_step = list[float](), list[float](), 0
        self._counted_step = -1
        for step, value in self._session.past(f"eval_{self.metric}").items():
            self._count(step, value)

    def _count(self, step: int, value: float) -> None:
        """Each evaluation once: a run that goes on from its last one evaluates there again."""
        if step > self._counted_step:
            self._counted_step = step
            self.stopped = self._sentence(step) if self._stopping.update(value) else ""

    def _sentence(self, step: int) -> str:
        return (
            f"stopped early at step {step}: {self.metric} was not better than"
            f" {self._stopping.reached:.4g} for {self._config.early_stopping_patience} evaluations"
        )

    def merit(self, score: Score) -> Merit:
        """What a checkpoint of the evaluated weights is worth."""
        value = self.value(score)
        rank = value if lower_is_better(self.metric) else -value
        return Merit(
            score.loss if math.isfinite(score.loss) else None,
            rank if math.isfinite(value) and math.isfinite(score.loss) else None,
        )

    def value(self, score: Score) -> float:
        """The metric that makes a checkpoint the best.

        Raises:
            ConfigError: the task has no such metric.
        """
        if self.metric == "loss":
            return score.loss
        if self.metric not in score.metrics:
            raise ConfigError(
                f"metric_for_best_model is {self.metric}: this task has no such metric.",
                f"It has loss, {', '.join(score.metrics)}.",
                field="metric_for_best_model",
            )
        return score.metrics[self.metric]

    def update(self, score: Score) -> None:
        """Take in an evaluation that the store has been told of."""
        was_stopped = bool(self.stopped)
        self._count(self._session.step, self.value(score))
        if self.stopped and not was_stopped:
            self._session.event(self.stopped)
        self._watch_overfitting()

    def _watch_overfitting(self) -> None:
        """Say so once when it begins; the charts show how it goes on."""
        self._read_losses()
        told = diagnosis(self._train_losses, self._eval_losses, self._config.method)
        if told and not self._overfits:
            self._session.event(told, level="warning")
        self._overfits = bool(told)

    def _read_losses(self) -> None:
        """The held-out losses since the last reading, each with the mean of the training losses before it.

        All of them are read once in an attempt only: 100,000 updates take 0.2 s.
        """
        past, held_out = (self._session.past(name, after_step=self._read_step) for name in ("loss", "eval_loss"))
        places = np.searchsorted(np.array(list(past)), list(held_out), side="right")
        parts = np.split(np.array(list(past.values())), places)[: len(held_out)]
        self._train_losses += [float(np.nanmean(part)) if np.isfinite(part).any() else math.nan for part in parts]
        self._eval_losses += held_out.values()
        self._read_step = max(held_out, default=self._read_step)
