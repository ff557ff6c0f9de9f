"""Memory that runs out: how it is known, that it is freed, what is tried next, and what is tried first."""

import re
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from bench import Bench, chat_rows, write_rows
from scarce import activations_of_up_to
from transformers import LlamaForCausalLM
from tunedeck.engine import sources, tasks
from tunedeck.engine.batching.material import prepare
from tunedeck.engine.loop.memory import checkpoint_activations, less, optimizer_bytes
from tunedeck.engine.loop.starting import Starter
from tunedeck.engine.loop.trainer import TuneTrainer
from tunedeck.engine.model import models, precision
from tunedeck.engine.model.measured import Measured
from tunedeck.engine.outputs.shortage import Shortage, unless_short
from tunedeck.engine.result import failure
from tunedeck.engine.session import Session
from tunedeck.store import attempts, events
from tunedeck.store.records import Fit


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of ..."),
        RuntimeError("CUDA error: out of memory\nCompile with `TORCH_USE_CUDA_DSA`."),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("MPS backend out of memory (MPS allocated: 5 GB, other allocations: 1 GB, max allowed: 6 GB)."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] . DefaultCPUAllocator: can't allocate memory: you tried ..."),
        RuntimeError("[enforce fail at alloc_cpu.cpp:124] data. DefaultCPUAllocator: not enough memory: you tried ..."),
        MemoryError(),
    ],
)
def test_a_shortage_is_known_by_what_is_said(error: Exception) -> None:
    shortage = Shortage.of(error, "cpu")
    assert shortage is not None and shortage.said and "\n" not in shortage.said
    assert 0 < shortage.free_bytes < shortage.total_bytes and str(shortage).endswith(" GiB free")


def test_other_errors_are_none_and_go_through() -> None:
    assert Shortage.of(RuntimeError("mat1 and mat2 shapes cannot be multiplied"), "cpu") is None
    with pytest.raises(ZeroDivisionError):
        unless_short(lambda: 1 / 0, "cpu")


def test_what_could_not_be_done_holds_no_memory() -> None:
    held: list[weakref.ref[torch.Tensor]] = []

    def work() -> None:
        large = torch.ones(1000)
        held.append(weakref.ref(large))
        torch.empty(2**60, dtype=torch.uint8)

    assert isinstance(unless_short(work, "cpu"), Shortage)
    assert held[0]() is None
    assert unless_short(lambda: "done", "cpu") == "done"


def all_tries(rows: int, *, may_checkpoint: bool) -> list[Fit]:
    asked = Fit(rows, 64, False)
    tries = [asked]
    while found := less(tries[-1], asked, may_checkpoint=may_checkpoint):
        tries.append(found)
    return tries


def test_rows_are_halved_down_to_one_and_then_once_more_with_checkpointing() -> None:
    plain = [Fit(rows, 64, False) for rows in (6, 3, 2, 1)]
    assert all_tries(6, may_checkpoint=False) == plain
    assert all_tries(6, may_checkpoint=True) == plain + [replace(fit, gradient_checkpointing=True) for fit in plain]


@pytest.mark.parametrize("name", ["adamw_torch", "adamw_torch_fused", "rmsprop", "adagrad", "sgd", "adafactor"])
def test_what_the_optimizer_will_keep_is_what_it_keeps(name: str, bench: Bench, session: Session) -> None:
    trainer = trainer_of(bench, session, optim=name, max_steps=1)
    asked = optimizer_bytes(trainer.tuned, name)
    trainer.create_optimizer()
    trainer.training_step(trainer.tuned, [0, 1])
    trainer.optimizer.step()
    states = [state for values in trainer.optimizer.state.values() for state in values.values()]
    kept = sum(state.nbytes for state in states if isinstance(state, torch.Tensor) and state.dim() > 0)
    assert kept == asked or (name == "adafactor" and kept < 0.1 * 4 * trainer.tuned.num_parameters())


def test_checkpointing_keeps_less_and_computes_the_same(tiny_model: Path) -> None:
    peaks, gradients = [], []
    for checkpointing in (False, True):
        model = LlamaForCausalLM.from_pretrained(tiny_model).train()
        if checkpointing:
            checkpoint_activations(model)
        with activations_of_up_to(float("inf")) as activations:
            model(torch.arange(40)[None]).logits.square().sum().backward()
        peaks.append(activations.peak)
        gradients.append([weight.grad for weight in model.parameters()])
    assert peaks[1] < 0.5 * peaks[0]
    assert all(one.equal(other) for one, other in zip(*gradients, strict=True))


def test_a_model_that_does_not_fit_at_all_is_one_sentence(session: Session) -> None:
    session.phase = "loading the model"
    cause = failure(torch.OutOfMemoryError("CUDA out of memory."), session).cause
    assert re.fullmatch(
        r"out of memory while loading the model \([\d.]+ of [\d.]+ GiB free\)\. Take a smaller model or method qlora,"
        r" or end other programs that hold memory\.",
        cause,
    )


# What is tried first


@pytest.fixture
def session(bench: Bench) -> Iterator[Session]:
    run = bench.queue()
    made = Session(bench.home, run.id, attempts.start(bench.db, run.id).id)
    yield made
    made.close()


def trainer_of(bench: Bench, session: Session, **changes: object) -> TuneTrainer:
    config = bench.config(**{"method": "full", "per_device_train_batch_size": 8} | changes)
    task, source = tasks.of(config), sources.resolve(str(bench.model))
    material = prepare(config, task, models.load_tokenizer(source), session)
    arithmetic = precision.choose(config, Measured(session.folder.measured))
    start = Starter(config, task, source, arithmetic, session, None).start()
    return TuneTrainer(start, config, material, arithmetic, session)


def test_the_longest_rows_are_tried_before_the_first_update(bench: Bench, session: Session, tmp_path: Path) -> None:
    rows = chat_rows(41)
    rows[30]["completion"] = "Yes. " * 60
    data = str(write_rows(tmp_path / "rows.jsonl", rows))
    trainer = trainer_of(bench, session, data=data, max_length=256, attention_dropout=0.5)
    before = {name: weight.clone() for name, weight in trainer.tuned.named_parameters()}
    drawn = torch.get_rng_state()
    with activations_of_up_to(1.2e7):
        trainer.try_heaviest()
    assert trainer.memory.fit == Fit(2, 256, False)
    told = [event.text for event in events.of_run(bench.db, session.run.id) if event.level == "warning"]
    assert told[0] == "1 training row is cut at 256 tokens" and len(told) == 2
    assert told[1].startswith("out of memory with 8 rows of up to 256 tokens at once (")
    assert torch.get_rng_state().equal(drawn) and session.step == 0
    for name, weight in trainer.tuned.named_parameters():
        assert weight.equal(before[name]) and weight.grad is None, name


def test_short_rows_stay_together_where_long_ones_had_to_be_parted(
    bench: Bench, session: Session, tmp_path: Path
) -> None:
    rows = chat_rows(41)
    for row in rows[20:28]:
        row["completion"] = "Yes. " * 60
    trainer = trainer_of(bench, session, data=str(write_rows(tmp_path / "rows.jsonl", rows)), max_length=256)
    feed = trainer.feed
    by_size = sorted(range(len(feed.lines)), key=feed.sizes.__getitem__)
    update = by_size[-8:] + by_size[:8]
    whole = trainer.training_step(trainer.tuned, update)
    gradients = [weight.grad.clone() for weight in trainer.tuned.parameters() if weight.grad is not None]
    with activations_of_up_to(1.2e7):
        trainer.try_heaviest()
    assert [len(part) for part in feed.parts(update, trainer.memory.fit.tokens)] == [2, 2, 2, 2, 8]
    torch.testing.assert_close(trainer.training_step(trainer.tuned, update), whole, rtol=1e-5, atol=0)
    found = [weight.grad for weight in trainer.tuned.parameters() if weight.grad is not None]
    for one, other in zip(gradients, found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_rows_with_much_to_train_are_tried_as_well_as_long_ones(bench: Bench, session: Session, tmp_path: Path) -> None:
    rows = chat_rows(41)
    rows[3]["prompt"], rows[4]["completion"] = "Where? " * 30, "There. " * 20
    trainer = trainer_of(bench, session, data=str(write_rows(tmp_path / "rows.jsonl", rows)), max_length=512)
    heaviest = trainer.feed.heaviest(1)
    asked = [trainer.task.as_trained(trainer.feed.lines[number][0]) for [number] in heaviest]
    assert asked[0].count("Where?") == 30 and asked[1].count("There.") == 20
    assert len(trainer.feed.heaviest(len(trainer.feed.lines))) == 1
