"""What has to hold for every task, and an evaluation as a run makes it."""

import contextlib
import signal
from collections.abc import Iterator, Sequence

import pytest
import torch
from bench import Bench
from torch import Tensor, nn
from tunedeck.engine.encoding.example import Example
from tunedeck.engine.model.precision import Arithmetic
from tunedeck.engine.scoring.evaluation import Evaluation, Score
from tunedeck.engine.session import Session
from tunedeck.engine.tasks.task import Task
from tunedeck.store import attempts, runs

PROCESSOR = Arithmetic("cpu", False, "as configured")


def update(task: Task, model: nn.Module, examples: Sequence[Example], batch_size: int) -> tuple[float, Tensor]:
    """The loss and the gradient of one update, added up over its batches."""
    batches = [task.collate(examples[start : start + batch_size]) for start in range(0, len(examples), batch_size)]
    weight = torch.stack([task.weight(batch) for batch in batches]).sum()
    model.zero_grad()
    total = 0.0
    for batch in batches:
        loss = task.losses(task.score(model, batch)).losses.sum() / weight
        loss.backward()
        total += loss.item()
    return total, torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])


def assert_same_in_any_batches(task: Task, model: nn.Module, examples: Sequence[Example]) -> None:
    """One batch of ragged rows, rows one by one without padding, and a last batch that is not full."""
    assert len({len(example.input_ids) for example in examples}) > 1 and len(examples) % 2
    model.train()
    loss, gradient = update(task, model, examples, len(examples))
    for batch_size in (1, 2):
        other_loss, other_gradient = update(task, model, examples, batch_size)
        assert other_loss == pytest.approx(loss, abs=1e-5)
        torch.testing.assert_close(other_gradient, gradient, rtol=1e-4, atol=1e-5)


@contextlib.contextmanager
def a_session(bench: Bench) -> Iterator[Session]:
    """The session of a run that trains nothing."""
    run = bench.queue()
    assert runs.claim(bench.db) is not None
    handler = signal.getsignal(signal.SIGTERM)
    session = Session(bench.home, run.id, attempts.start(bench.db, run.id).id)
    try:
        yield session
    finally:
        session.close()
        signal.signal(signal.SIGTERM, handler)
        bench.db.execute("UPDATE run SET state = 'stopped' WHERE id = ?", (run.id,))


def evaluated(bench: Bench, task: Task, model: nn.Module, examples: Sequence[Example]) -> Score:
    """The score of the model, in batches of two."""
    with a_session(bench) as session:
        return Evaluation(task, examples, 2, PROCESSOR, session).score(model)
