"""How an attempt ends: the result is written, and what was gained and what was lost is said."""

import math

from ..store.scores import lower_is_better
from .loop.trainer import TuneTrainer
from .result import Outcome
from .retention.sentence import sentence
from .session import Session


def ending(trainer: TuneTrainer, seconds: float, *, stopped: bool) -> Outcome:
    """Export the result of a run that has made all its steps, and sum up the weights that it keeps."""
    session, flow = trainer.session, trainer.flow
    summary: dict[str, object] = {
        "steps": session.step,
        "seconds": round(seconds, 1),
        "tokens_per_second": round(flow.tokens / flow.seconds, 1) if flow.seconds else None,
    }
    if flow.broken:
        return Outcome("failed", flow.broken, _losses(session, session.step) | summary)
    if trainer.pruned:
        return Outcome("stopped", trainer.pruned, _losses(session, session.step) | summary)
    if stopped:
        cause = f"you stopped it at step {session.step}; its state is saved"
        return Outcome("stopped", cause, _losses(session, session.step) | summary)
    # All steps are made and scored: whoever asks to stop now gets the result, a moment later.
    session.phase = "saving the result"
    session.beat(expect_seconds=300)
    kept_step = trainer.load_best() if trainer.config.load_best_model_at_end else session.step
    summary = _losses(session, kept_step) | summary | _told(trainer, kept_step)
    trainer.export(session.folder.adapter)
    return Outcome("completed", trainer.progress.stopped, summary | {"adapter": str(session.folder.adapter)})


def _losses(session: Session, until: int) -> dict[str, object]:
    """Of the base, and of the newest weights that were scored up to that step."""
    scored = session.past("eval_loss")
    tuned = [loss for step, loss in scored.items() if 0 < step <= until]
    return {"base_eval_loss": scored.get(0), "tuned_eval_loss": tuned[-1] if tuned else None}


def _told(trainer: TuneTrainer, kept_step: int) -> dict[str, object]:
    """Gain and retention of the weights that are kept, in one sentence; nothing where either was not measured."""
    retention, gain = trainer.keeping.retention, _gain(trainer, kept_step)
    if retention is None or gain is None:
        return {}
    said = sentence(gain, trainer.task.headline, retention)
    trainer.session.event(said)
    return {"gain": said}


def _gain(trainer: TuneTrainer, kept_step: int) -> float | None:
    """By how much the task's headline metric is better than before the run."""
    name = trainer.task.headline
    scored = trainer.session.past(f"eval_{name}")
    gain = scored.get(kept_step, math.nan) - scored.get(0, math.nan)
    if not math.isfinite(gain):
        return None
    return -gain if lower_is_better(name) else gain
