"""One attempt of a run, from its row in the store to its last word: read this top to bottom."""

import faulthandler
import json
import signal
import time

import huggingface_hub
import transformers
from torch import nn

from ..store import runs
from ..store.config import applied, checked
from ..store.paths import Home
from . import sources, tasks
from .augment import job
from .batching.material import prepare, read_by
from .ending import ending
from .frozen.features import remembered
from .loop import checkpoint, identity, lr_range, resume
from .loop.starting import Starter
from .loop.trainer import TuneTrainer
from .methods import adapter
from .methods.parts import base_model
from .model import attention, models, precision
from .model.measured import Measured
from .result import Outcome, failure
from .scoring import predictions
from .session import Session, StopRequested


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
    config = applied(checked(json.loads(session.run.config)))
    if session.run.kind == job.KIND:
        return job.augmented(config, session)
    resume.check_data(session.run, config.data)
    checkpoint.tidy(session)
    has_trained = runs.has_trained(session.db, session.run.id)
    saved, saved_in = checkpoint.newest_valid(session) if has_trained else (None, None)
    session.started_at(saved.step if saved else 0)
    transformers.set_seed(config.seed)

    session.enter("reading the data", expect_seconds=600)
    task = tasks.of(config)
    own = sources.own_base(session.folder)
    source = own or sources.resolve(config.model, config.revision, home=session.home, report=session.event)
    identity.check(session, config, None if own else source)
    task.check_model(models.load_config(source))
    material = prepare(config, task, models.load_tokenizer(source), session)
    predictions.keep_rows(session, task, material.held_out)

    session.enter("loading the model", expect_seconds=300)
    measured = Measured(session.folder.measured)
    arithmetic = precision.choose(config, measured)
    session.event(f"{arithmetic.device}, {'bf16' if arithmetic.bf16 else 'fp32'}: {arithmetic.reason}")
    start = Starter(config, task, source, arithmetic, session, saved_in).start()
    base = base_model(start.model)
    session.event(attention.choose(base, material.feed.lengths, arithmetic, measured))
    nn.Module.to(start.model, arithmetic.device)
    material = read_by(base, material, session)
    session.event(adapter.sizes(start.model))
    material = remembered(start.model, material, config, arithmetic, session)
    huggingface_hub.constants.HF_HUB_OFFLINE = True  # what is needed is here: nothing is asked of the network now

    if session.run.kind == lr_range.KIND:
        return lr_range.find(start, config, material, arithmetic, session)
    trainer = TuneTrainer(start, config, material, arithmetic, session)
    if saved:
        resume.report(session, saved)
    try:
        trainer.tune(saved_in)
    except StopRequested:
        # Asked inside an evaluation, where the weights are those of the step just made.
        if not trainer.has_stepped:
            raise
        trainer.save_now()
        return ending(trainer, time.monotonic() - began, stopped=True)
    return ending(trainer, time.monotonic() - began, stopped=trainer.was_cut_short)
