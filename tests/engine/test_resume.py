"""A resumed run is the run that would have been, or it says why it can't be (FAULTS 11, 12, 14, 15)."""

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from bench import Bench, chat_rows, write_rows
from in_process import copy_of, of_attempt, resume_here, train_here
from tunedeck.engine.loop.memory import peak_bytes
from tunedeck.store import attempts, checkpoints, events, metrics
from tunedeck.store.records import Run

STEPS, MIDDLE = 12, 6
Straight = tuple[Bench, Run]


@pytest.fixture(scope="module", params=["lora", "full"])
def finished(request: pytest.FixtureRequest, bench: Bench) -> Straight:
    """A straight run: 4 updates an epoch, the last of fewer batches, saved inside the second and at the end."""
    write_rows(bench.data, chat_rows(41))
    run = bench.queue(
        name=request.param, method=request.param, max_steps=STEPS, save_steps=MIDDLE, eval_steps=MIDDLE,
        gradient_accumulation_steps=3, lr_scheduler_type="cosine", warmup_steps=2, weight_decay=0.1,
    )  # fmt: skip
    ended = train_here(bench, run)
    assert ended.state == "completed", bench.told(run)
    return bench, ended


@pytest.fixture
def straight(finished: Straight, tmp_path: Path) -> Iterator[Straight]:
    """A copy of that run, to be harmed."""
    copied = copy_of(finished[0], tmp_path / "copy")
    yield copied, finished[1]
    copied.close()


def weights(bench: Bench, run: Run, step: int) -> Path:
    return next((bench.home.run(run.id).checkpoints / f"checkpoint-{step}").glob("*.safetensors"))


def zero_a_page(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(4096) + content[8192:])


def told(bench: Bench, run: Run) -> list[str]:
    return [event.text for event in events.of_run(bench.db, run.id)]


def test_from_an_older_checkpoint_it_goes_the_same_way(straight: Straight) -> None:
    bench, run = straight
    zero_a_page(weights(bench, run, STEPS))
    assert resume_here(bench, run).state == "completed", bench.told(run)
    first, second = attempts.of_run(bench.db, run.id)
    assert second.start_step == MIDDLE
    for name in ("loss", "learning_rate", "grad_norm", "eval_loss", "num_input_tokens_seen"):
        went, goes = of_attempt(bench, first.id, name), of_attempt(bench, second.id, name)
        assert list(goes) == [step for step in went if step > MIDDLE], name
        assert goes == pytest.approx({step: went[step] for step in goes}, rel=1e-6), name
    assert metrics.series(bench.db, run.id, "loss")[0] == list(range(1, STEPS + 1))
    damaged = f"checkpoint {STEPS} can't be used: {weights(bench, run, STEPS).name} is damaged"
    assert damaged in told(bench, run) and f"resumed from checkpoint {MIDDLE}" in told(bench, run)
    assert [saved.step for saved in checkpoints.of_run(bench.db, run.id)] == [STEPS, MIDDLE]


def test_the_time_spent_on_updates_goes_on_where_it_was(straight: Straight) -> None:
    bench, run = straight
    zero_a_page(weights(bench, run, STEPS))
    ran = metrics.series(bench.db, run.id, "train_seconds")[1]
    assert resume_here(bench, run).state == "completed", bench.told(run)
    steps, seconds = metrics.series(bench.db, run.id, "train_seconds")
    assert steps == list(range(1, STEPS + 1)) and seconds == sorted(seconds)
    assert seconds[:MIDDLE] == ran[:MIDDLE] and seconds[MIDDLE] > ran[MIDDLE - 1]
    # The updates alone: to start the second time took longer than all of them.
    seen, rates = (metrics.series(bench.db, run.id, name)[1] for name in ("num_input_tokens_seen", "tokens_per_second"))
    tokens = [after - before for before, after in pairwise([0.0, *seen])]
    assert seconds[-1] == pytest.approx(sum(count / rate for count, rate in zip(tokens, rates, strict=True)))


def test_memory_is_what_the_process_has_had_at_most(straight: Straight) -> None:
    bench, run = straight
    peaks = metrics.series(bench.db, run.id, "memory_bytes")[1]
    assert len(peaks) == STEPS and peaks == sorted(peaks)
    assert peaks[-1] <= peak_bytes("cpu") < psutil.virtual_memory().total


def test_at_the_last_step_it_makes_none_more(straight: Straight) -> None:
    bench, run = straight
    before = of_attempt(bench, attempts.of_run(bench.db, run.id)[0].id, "eval_loss")
    kept = weights(bench, run, STEPS).read_bytes()
    ended = resume_here(bench, run)
    second = attempts.of_run(bench.db, run.id)[1]
    assert ended.state == "completed" and second.start_step == STEPS, bench.told(run)
    assert of_attempt(bench, second.id, "loss") == {}
    assert of_attempt(bench, second.id, "eval_loss") == pytest.approx({STEPS: before[STEPS]}, rel=1e-6)
    assert next(bench.home.run(run.id).adapter.glob("*.safetensors")).read_bytes() == kept


def test_without_a_whole_checkpoint_it_refuses(straight: Straight) -> None:
    bench, run = straight
    for step in (MIDDLE, STEPS):
        zero_a_page(weights(bench, run, step))
    ended = resume_here(bench, run)
    assert ended.state == "failed"
    assert (
        ended.cause == "None of the 2 checkpoints of this run is whole. Start the run anew; its log names the faults."
    )
    assert of_attempt(bench, attempts.of_run(bench.db, run.id)[1].id, "loss") == {}
    assert [saved.step for saved in checkpoints.of_run(bench.db, run.id, state="bad")] == [STEPS, MIDDLE]


def test_on_other_data_it_refuses(straight: Straight) -> None:
    bench, run = straight
    before = bench.data.read_bytes()
    bench.data.write_bytes(before + b'{"prompt": "a", "completion": "b"}\n')
    changed = resume_here(bench, run)
    bench.data.unlink()
    gone = resume_here(bench, run)
    bench.data.write_bytes(before)
    assert f"{bench.data} has changed since this run was queued" in (changed.cause or "")
    assert f"{bench.data} can't be read any more: No such file or directory." in (gone.cause or "")
    assert {changed.state, gone.state} == {"failed"}


def test_other_libraries_make_it_approximate_and_it_says_so(straight: Straight) -> None:
    bench, run = straight
    bench.db.execute("""UPDATE run SET versions = json_set(versions, '$.peft', '0.0.1')""")
    resume_here(bench, run)
    assert any(text.startswith("resumed approximately: peft 0.0.1 → ") for text in told(bench, run))


def test_what_a_killed_engine_left_is_removed(straight: Straight) -> None:
    bench, run = straight
    folder = bench.home.run(run.id).checkpoints
    (folder / "checkpoint-13.tmp").mkdir()
    (folder / "checkpoint-13").mkdir()
    checkpoints.begin(bench.db, run.id, 1, 13)
    resume_here(bench, run)
    assert sorted(path.name for path in folder.iterdir()) == [f"checkpoint-{STEPS}", f"checkpoint-{MIDDLE}"]
    assert checkpoints.of_run(bench.db, run.id, state="writing") == []


def test_on_another_model_or_other_held_out_rows_it_refuses(tmp_path: Path, tiny_model: Path) -> None:
    model = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    bench = Bench(tmp_path, model)
    held_out = write_rows(tmp_path / "eval.jsonl", chat_rows(4))
    run = train_here(bench, bench.queue(eval_data=str(held_out)))
    assert run.state == "completed", bench.told(run)
    (model / "config.json").write_text((model / "config.json").read_text() + " ")
    changed = resume_here(bench, run)
    assert changed.state == "failed" and changed.cause == (
        "Since this run began, the model's configuration changed: going on would not be the same run."
        f" Start a new one: tunedeck fork {run.id}."
    )
    write_rows(held_out, chat_rows(5))
    assert f"eval_data ({held_out}), the model's configuration changed" in (resume_here(bench, run).cause or "")
    (model / "tokenizer.json").write_text((model / "tokenizer.json").read_text() + " ")
    assert "the model's configuration, the tokenizer changed" in (resume_here(bench, run).cause or "")
    held_out.unlink()
    assert f"{held_out} can't be read: No such file or directory." in (resume_here(bench, run).cause or "")
    bench.close()


def test_a_run_that_had_stopped_early_makes_no_update_more(bench: Bench) -> None:
    write_rows(bench.data, chat_rows(12))
    run = bench.queue(early_stopping_patience=2, early_stopping_threshold=10.0, max_steps=12, eval_steps=2)
    stopped = train_here(bench, run)
    ended = resume_here(bench, run)
    assert stopped.cause is not None and stopped.cause.startswith("stopped early at step 4: ")
    assert (ended.state, ended.cause) == ("completed", stopped.cause), bench.told(run)
    assert metrics.series(bench.db, run.id, "loss")[0] == [1, 2, 3, 4]


def test_from_its_last_evaluation_it_counts_that_once(bench: Bench) -> None:
    write_rows(bench.data, chat_rows(12))
    run = bench.queue(early_stopping_patience=2, early_stopping_threshold=10.0, max_steps=2, eval_steps=2)
    assert not train_here(bench, run).cause
    ended = resume_here(bench, run)
    assert ended.state == "completed" and not ended.cause, bench.told(run)
