"""The loss: the plain one where it is computed, and the same however an update is cut into batches (FAULTS 17)."""

from collections.abc import Iterator

import pytest
import torch
from bench import Bench
from torch.nn import functional
from transformers import LlamaForCausalLM
from tunedeck.engine import models, precision, sources
from tunedeck.engine.collate import collate
from tunedeck.engine.loss import token_loss
from tunedeck.engine.material import Material, prepare
from tunedeck.engine.measured import Measured
from tunedeck.engine.session import Session
from tunedeck.engine.tasks.causal_lm import IGNORED, Example
from tunedeck.engine.trainer import TuneTrainer
from tunedeck.store import attempts


@pytest.fixture(scope="module")
def session(bench: Bench) -> Iterator[Session]:
    run = bench.queue(method="full")
    made = Session(bench.home, run.id, attempts.start(bench.db, run.id).id)
    yield made
    made.close()


@pytest.fixture(scope="module")
def material(bench: Bench, session: Session) -> Material:
    return prepare(bench.config(), sources.resolve(str(bench.model)), session)


@pytest.fixture
def examples(material: Material) -> list[Example]:
    """Six rows of ragged lengths: one whole window of four, and a partial one of two."""
    rows = sorted(material.train.dataset, key=lambda row: len(row.input_ids))  # pyright: ignore[reportArgumentType]
    chosen = [rows[0], rows[-1], rows[10], rows[20], rows[5], rows[-2]]
    assert len({row.trained_tokens for row in chosen}) > 3
    return chosen


def test_it_is_the_plain_cross_entropy(bench: Bench, examples: list[Example]) -> None:
    model = LlamaForCausalLM.from_pretrained(bench.model).eval()
    batch = collate(examples, pad_id=0)
    fast = token_loss(model, **batch)
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits[:, :-1]
    targets = batch["labels"][:, 1:]
    plain = functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="sum")
    torch.testing.assert_close(fast.total, plain, rtol=1e-6, atol=1e-6)
    assert fast.tokens == (targets != IGNORED).sum() == sum(row.trained_tokens for row in examples)
    assert fast.correct == ((logits.argmax(-1) == targets) & (targets != IGNORED)).sum()


def test_padding_changes_nothing(bench: Bench, examples: list[Example]) -> None:
    model = LlamaForCausalLM.from_pretrained(bench.model).eval()
    together = token_loss(model, **collate(examples, pad_id=0, pad_to_multiple_of=128)).total
    alone = sum(token_loss(model, **collate([row], pad_id=0, pad_to_multiple_of=1)).total for row in examples)
    torch.testing.assert_close(together, alone, rtol=1e-5, atol=1e-5)


def test_a_batch_without_a_trained_token_has_no_loss(bench: Bench) -> None:
    model = LlamaForCausalLM.from_pretrained(bench.model)
    nothing = token_loss(model, **collate([Example([5, 6, 7], [IGNORED] * 3, 1)], pad_id=0))
    assert (nothing.total.item(), int(nothing.tokens), int(nothing.correct)) == (0.0, 0, 0)


def update(trainer: TuneTrainer, batches: list[dict[str, torch.Tensor]]) -> tuple[float, list[torch.Tensor]]:
    """Loss and gradients of one update, through Trainer's own counting and accumulation."""
    samples, tokens = trainer.get_batch_samples(iter(batches), len(batches), torch.device("cpu"))
    trainer.current_gradient_accumulation_steps = len(samples)
    trainer.model.zero_grad()
    loss = sum(float(trainer.training_step(trainer.model, dict(batch), tokens)) for batch in samples)
    return loss, [weight.grad.clone() for weight in trainer.model.parameters() if weight.grad is not None]


def test_four_rows_at_once_are_one_row_four_times(
    bench: Bench, session: Session, material: Material, examples: list[Example]
) -> None:
    config = bench.config(method="full", gradient_accumulation_steps=4)
    model = models.load_model(sources.resolve(str(bench.model)), torch.float32)
    trainer = TuneTrainer(model, config, material, precision.choose(config, Measured(session.folder.measured)), session)
    for window in (examples[:4], examples[4:]):
        at_once, gradients = update(trainer, [collate(window, pad_id=0)])
        summed, accumulated = update(trainer, [collate([row], pad_id=0) for row in window])
        assert summed == pytest.approx(at_once, rel=1e-5) and len(gradients) > 10
        for one, other in zip(gradients, accumulated, strict=True):
            torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-5)
