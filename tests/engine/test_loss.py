"""The loss: the plain one where it is computed, and the same however an update is cut into batches (FAULTS 17)."""

from collections.abc import Iterator

import pytest
import torch
from bench import Bench
from torch.nn import functional
from transformers import LlamaForCausalLM
from tunedeck.engine import sources, tasks
from tunedeck.engine.batching.material import Material, prepare
from tunedeck.engine.encoding.example import IGNORED, Example
from tunedeck.engine.loop.starting import Start
from tunedeck.engine.loop.trainer import TuneTrainer
from tunedeck.engine.model import models, precision
from tunedeck.engine.model.measured import Measured
from tunedeck.engine.outputs.loss import right_items
from tunedeck.engine.session import Session
from tunedeck.engine.tasks.task import Task
from tunedeck.store import attempts
from tunedeck.store.records import Fit


@pytest.fixture(scope="module")
def session(bench: Bench) -> Iterator[Session]:
    run = bench.queue(method="full")
    made = Session(bench.home, run.id, attempts.start(bench.db, run.id).id)
    yield made
    made.close()


@pytest.fixture(scope="module")
def material(bench: Bench, session: Session) -> Material:
    config = bench.config()
    return prepare(config, tasks.of(config), models.load_tokenizer(sources.resolve(str(bench.model))), session)


@pytest.fixture
def examples(material: Material) -> list[Example]:
    """Six rows of ragged lengths: one whole window of four, and a partial one of two."""
    rows = sorted((row for [row] in material.feed.lines), key=lambda row: len(row.input_ids))
    chosen = [rows[0], rows[-1], rows[10], rows[20], rows[5], rows[-2]]
    assert len({row.trained_tokens for row in chosen}) > 3
    return chosen


def total(task: Task, model: LlamaForCausalLM, examples: list[Example]) -> torch.Tensor:
    return task.losses(task.score(model, task.collate(examples))).losses.sum()


def test_it_is_the_plain_cross_entropy(bench: Bench, material: Material, examples: list[Example]) -> None:
    model, task = LlamaForCausalLM.from_pretrained(bench.model).eval(), material.task
    batch = task.collate(examples)
    scored = task.score(model, batch)
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, :-1]
    targets = batch["labels"][:, 1:]
    plain = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum")
    torch.testing.assert_close(task.losses(scored).losses.sum(), plain, rtol=1e-6, atol=1e-6)
    assert task.weight(batch) == task.losses(scored).weights.sum() == (targets != IGNORED).sum()
    assert [row["items"] for row in right_items(scored, 6)] == [row.trained_tokens for row in examples]
    right = ((logits.argmax(-1) == targets) & (targets != IGNORED)).sum(dim=1)
    assert [row["correct"] for row in right_items(scored, 6)] == right.tolist()


def test_padding_changes_nothing(bench: Bench, material: Material, examples: list[Example]) -> None:
    model = LlamaForCausalLM.from_pretrained(bench.model).eval()
    alone = sum(total(material.task, model, [row]) for row in examples)
    torch.testing.assert_close(total(material.task, model, examples), alone, rtol=1e-5, atol=1e-5)


def test_a_batch_without_a_trained_token_has_no_loss(bench: Bench, material: Material) -> None:
    model = LlamaForCausalLM.from_pretrained(bench.model)
    assert total(material.task, model, [Example([5, 6, 7], [IGNORED] * 3, 1)]).item() == 0.0


def update(trainer: TuneTrainer, rows: list[int], rows_at_once: int) -> tuple[float, list[torch.Tensor]]:
    """Loss and gradients of one update."""
    trainer.memory.fit = Fit(rows_at_once, 1 if rows_at_once == 1 else max(trainer.feed.sizes), False)
    loss = float(trainer.training_step(trainer.tuned, rows))
    return loss, [weight.grad.clone() for weight in trainer.tuned.parameters() if weight.grad is not None]


def test_four_rows_at_once_are_one_row_four_times(
    bench: Bench, session: Session, material: Material, examples: list[Example]
) -> None:
    config = bench.config(method="full")
    model = models.load_model(sources.resolve(str(bench.model)), torch.float32)
    arithmetic = precision.choose(config, Measured(session.folder.measured))
    trainer = TuneTrainer(Start(model, frozenset()), config, material, arithmetic, session)
    numbers = [material.feed.lines.index([row]) for row in examples]
    for window in (numbers[:4], numbers[4:]):
        at_once, gradients = update(trainer, window, 4)
        summed, accumulated = update(trainer, window, 1)
        assert summed == pytest.approx(at_once, rel=1e-5) and len(gradients) > 10
        for one, other in zip(gradients, accumulated, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)
