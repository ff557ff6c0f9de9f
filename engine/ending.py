"""How an attempt ends: the result is written, and what was gained and what was lost is said."""

import math

from ..store import metrics
from ..store.scores import lower_is_better
from .loop.trainer import TuneTrainer
from .result import Outcome
from .retention.sentence import sentence
from .session import Session


def ending(trainer: TuneTrainer, seconds: float, *, stopped: bool) -> Outcome:
    """Export the result of a run that has made all its steps, and sum it up."""
    session, flow = trainer.session, trainer.flow
    summary: dict[str, object] = {
        "base_eval_loss": _first(session, "eval_loss"),
        "tuned_eval_loss": _tuned_eval_loss(trainer),
        "steps": session.step,
        "seconds": round(seconds, 1),
        "tokens_per_second": round(flow.tokens / flow.seconds, 1) if flow.seconds else None,
    }
    if flow.broken:
        return Outcome("failed", flow.broken, summary)
    if trainer.pruned:
        return Outcome("stopped", trainer.pruned, summary)
    if stopped:
        return Outcome("stopped", f"you stopped it at step {session.step}; its state is saved", summary)
    summary |= _told(trainer)
    # All steps are made and scored: whoever asks to stop now gets the result, a moment later.
    session.phase = "saving the result"
    session.beat(expect_seconds=300)
    if trainer.config.load_best_model_at_end and (best := trainer.load_best()):
        session.event(best)
    trainer.export(session.folder.adapter)
    return Outcome("completed", trainer.progress.stopped, summary | {"adapter": str(session.folder.adapter)})


def _first(session: Session, name: str) -> float | None:
    values = metrics.series(session.db, session.run.id, name)[1]
    return values[0] if values else None


def _tuned_eval_loss(trainer: TuneTrainer) -> float | None:
    """The newest score of weights that were trained, by this attempt."""
    tuned = [score.loss for step, score in sorted(trainer.scores.items()) if step > 0]
    return tuned[-1] if tuned else None


def _told(trainer: TuneTrainer) -> dict[str, object]:
    """Gain and retention in one sentence; nothing where either was not measured."""
    retention, gain = trainer.keeping.retention, _gain(trainer)
    if retention is None or gain is None:
        return {}
    said = sentence(gain, trainer.task.headline, retention)
    trainer.session.event(said)
    return {"gain": said}


def _gain(trainer: TuneTrainer) -> float | None:
    """By how much the task's headline metric is better than before the run."""
    name = trainer.task.headline
    values = metrics.series(trainer.session.db, trainer.session.run.id, f"eval_{name}")[1]
    if len(values) < 2 or not math.isfinite(values[-1] - values[0]):
        return None
    return values[0] - values[-1] if lower_is_better(name) else values[-1] - values[0]
