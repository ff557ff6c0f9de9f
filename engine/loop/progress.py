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
        for value in self._session.past(f"eval_{self.metric}").values():
            self._stopping.update(value)

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
        if self._stopping.update(self.value(score)) and not self.stopped:
            patience = self._config.early_stopping_patience
            self.stopped = (
                f"stopped early at step {self._session.step}: {self.metric} was not better than"
                f" {self._stopping.reached:.4g} for {patience} evaluations"
            )
            self._session.event(self.stopped)
        self._watch_overfitting()

    def _watch_overfitting(self) -> None:
        """Say so once when it begins; the charts show how it goes on."""
        held_out = self._session.past("eval_loss")
        steps = [step for step in held_out if step > 0]
        told = diagnosis(self._train_losses(steps), [held_out[step] for step in steps], self._config.method)
        if told and not self._overfits:
            self._session.event(told, level="warning")
        self._overfits = bool(told)

    def _train_losses(self, steps: list[int]) -> list[float]:
        """The mean of the training loss between each evaluation and the one before."""
        past = self._session.past("loss")
        losses = np.array(list(past.values()))
        places = np.searchsorted(np.array(list(past)), steps, side="right")
        parts = np.split(losses, places)[: len(steps)]
        return [float(np.nanmean(part)) if np.isfinite(part).any() else math.nan for part in parts]
