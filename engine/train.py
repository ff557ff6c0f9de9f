"""One attempt of a run, from its row in the store to its last word: read this top to bottom."""

import faulthandler
import json
import signal
import time

import huggingface_hub
import torch
import transformers

from ..store import metrics, runs
from ..store.config import checked
from ..store.paths import Home
from . import adapter, attention, checkpoint, models, precision, resume, sources, tasks
from .material import prepare
from .measured import Measured
from .result import Outcome, failure
from .session import Session, StopRequested
from .trainer import TuneTrainer


def train(home: Home, run_id: str, attempt_id: int) -> Outcome:
    """Train the run and leave its outcome as result.json; whatever goes wrong becomes a sentence there."""
    # `kill -USR1` shows in the log where a run hangs (FAULTS 27).
    faulthandler.register(signal.SIGUSR1)
    session = Session(home, run_id, attempt_id)
    try:
        outcome = _attempt(session)
    except StopRequested:
        where = f"before step {session.step + 1}" if session.step else "before the first update"
        outcome = Outcome("stopped", f"you stopped it while {session.phase}, {where}")
    except BaseException as error:  # noqa: BLE001 - the last place that can turn it into a sentence
        outcome = failure(error, session)
    session.close()
    outcome.write(session.folder.result)
    return outcome


def _attempt(session: Session) -> Outcome:
    began = time.monotonic()
    config = checked(json.loads(session.run.config))
    resume.check_data(session.run, config.data)
    checkpoint.tidy(session)
    start = checkpoint.newest_valid(session) if runs.has_trained(session.db, session.run.id) else None
    session.started_at(start[0].step if start else 0)
    transformers.set_seed(config.seed)

    session.enter("reading the data", expect_seconds=600)
    task = tasks.of(config)
    source = sources.resolve(config.model, config.revision, report=session.event)
    task.check_model(models.load_config(source))
    material = prepare(config, task, models.load_tokenizer(source), session)

    session.enter("loading the model", expect_seconds=300)
    measured = Measured(session.folder.measured)
    arithmetic = precision.choose(config, measured)
    session.event(f"{arithmetic.device}, {'bf16' if arithmetic.bf16 else 'fp32'}: {arithmetic.reason}")
    # Frozen weights may rest in bf16; weights that are trained need fp32's small steps.
    resting = arithmetic.dtype if config.method == "lora" else torch.float32
    base = models.load_model(source, resting, task.auto_class, task.model_options())
    session.event(attention.choose(base, material.batches.lengths, arithmetic, measured))
    model = adapter.with_method(base, config)
    torch.nn.Module.to(model, arithmetic.device)
    session.event(adapter.sizes(model))
    huggingface_hub.constants.HF_HUB_OFFLINE = True  # what is needed is here: nothing is asked of the network now

    trainer = TuneTrainer(model, config, material, arithmetic, session)
    if start is not None:
        resume.report(session, start[0])
    try:
        trainer.tune(start[1] if start else None)
    except StopRequested:
        # Asked inside an evaluation, where the weights are those of the step just made.
        if not trainer.has_stepped:
            raise
        trainer.save_now()
        return _outcome(trainer, time.monotonic() - began, stopped=True)
    return _outcome(trainer, time.monotonic() - began, stopped=session.step < trainer.state.max_steps)


def _outcome(trainer: TuneTrainer, seconds: float, *, stopped: bool) -> Outcome:
    session, flow = trainer.session, trainer.flow
    base = metrics.series(session.db, session.run.id, "eval_loss")[1][:1]
    summary: dict[str, object] = {
        "base_eval_loss": base[0] if base else None,
        "tuned_eval_loss": _tuned_eval_loss(trainer),
        "steps": session.step,
        "seconds": round(seconds, 1),
        "tokens_per_second": round(flow.tokens / flow.seconds, 1) if flow.seconds else None,
    }
    if flow.broken:
        return Outcome("failed", flow.broken, summary)
    if stopped:
        return Outcome("stopped", f"you stopped it at step {session.step}; its state is saved", summary)
    # All steps are made and scored: whoever asks to stop now gets the result, a moment later.
    session.phase = "saving the result"
    session.beat(expect_seconds=300)
    trainer.export(session.folder.adapter)
    return Outcome("completed", "", summary | {"adapter": str(session.folder.adapter)})


def _tuned_eval_loss(trainer: TuneTrainer) -> float | None:
    """The newest score of weights that were trained, by this attempt."""
    tuned = [score.loss for step, score in sorted(trainer.scores.items()) if step > 0]
    return tuned[-1] if tuned else None
