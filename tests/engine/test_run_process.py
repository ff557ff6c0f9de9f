"""Whole runs through the real runner and engine, in the order of the queue, with all that they leave behind."""

import itertools
import json
import math

import pytest
from bench import Bench, chat_rows
from peft import PeftModel
from transformers import AutoTokenizer, LlamaForCausalLM
from tunedeck.store import attempts, checkpoints, events, heartbeats, locks, metrics, processes, samples
from tunedeck.store.records import Run


@pytest.fixture(scope="module")
def worked(bench: Bench) -> dict[str, Run]:
    """Three runs queued at once and worked by one runner: a good one, one with a bad row, and one of all weights."""
    bad = bench.data.with_name("bad.jsonl")
    bad.write_text(json.dumps(chat_rows(1)[0]) + '\n{"messages": [{"role": "user", "content": 7}]}\n')
    queued = [
        bench.queue(name="good"),
        bench.queue(name="bad rows", data=str(bad)),
        bench.queue(name="full", method="full", max_steps=2, save_steps=2),
    ]
    bench.start_runner()
    return {run.name: bench.wait_until_ended(run) for run in queued}


def test_a_run_completes_and_beats_its_base(worked: dict[str, Run], bench: Bench) -> None:
    run = worked["good"]
    assert (run.state, run.cause, run.total_steps) == ("completed", None, 8), bench.told(run)
    steps, losses = bench.steps_and_losses(run)
    assert steps == list(range(1, 9)) and all(map(math.isfinite, losses))
    steps, losses = bench.steps_and_losses(run, "eval_loss")
    assert steps == [0, 4, 8] and losses[-1] < losses[0]
    assert set(metrics.names(bench.db, run.id)) == {
        "loss", "learning_rate", "grad_norm", "tokens_per_second", "num_input_tokens_seen", "train_seconds",
        "memory_bytes", "eval_loss", "eval_token_accuracy", "eval_seconds",
    }  # fmt: skip


def test_its_checkpoints_are_whole_and_its_best_is_marked(worked: dict[str, Run], bench: Bench) -> None:
    run = worked["good"]
    listed = checkpoints.of_run(bench.db, run.id)
    assert [(saved.step, saved.best) for saved in listed] == [(8, 1), (4, 0)]
    for saved in listed:
        folder = bench.home.run(run.id).checkpoints / checkpoints.folder_name(saved.step)
        assert checkpoints.fault(folder, saved.manifest_hash or "") == ""
        assert saved.size_bytes == sum(p.stat().st_size for p in folder.iterdir() if p.name != checkpoints.MANIFEST)
        assert not {"training_args.bin"} & {path.name for path in folder.iterdir()}
    assert sorted(p.name for p in bench.home.run(run.id).checkpoints.iterdir()) == ["checkpoint-4", "checkpoint-8"]


def test_its_adapter_is_one_that_others_can_load(worked: dict[str, Run], bench: Bench) -> None:
    folder = bench.home.run(worked["good"].id).adapter
    tuned = PeftModel.from_pretrained(LlamaForCausalLM.from_pretrained(bench.model), folder)
    changed = [weight.abs().sum() for name, weight in tuned.named_parameters() if "lora_B" in name]
    assert len(changed) == 14 and all(total > 0 for total in changed)
    assert AutoTokenizer.from_pretrained(folder).chat_template


def test_all_weights_are_a_model_of_their_own(worked: dict[str, Run], bench: Bench) -> None:
    run = worked["full"]
    assert run.state == "completed", bench.told(run)
    tuned = LlamaForCausalLM.from_pretrained(bench.home.run(run.id).adapter)
    base = LlamaForCausalLM.from_pretrained(bench.model)
    assert not tuned.lm_head.weight.equal(base.lm_head.weight)


def test_base_and_tuned_model_answer_the_same_prompts(worked: dict[str, Run], bench: Bench) -> None:
    told = samples.of_run(bench.db, worked["good"].id)
    assert [(sample.step, sample.prompt) for sample in told] == [(step, "Where is Rome?") for step in (0, 4, 8)]


def test_what_was_done_is_told_as_events(worked: dict[str, Run], bench: Bench) -> None:
    told = [event.text for event in events.of_run(bench.db, worked["good"].id)]
    assert told[0] == "43 rows in rows.jsonl: 3 duplicates dropped, 40 left"
    assert told[1] == "36 rows to train on and 4 held out; no question is in both"
    assert told[2] == "cpu, fp32: as configured" and told[3].startswith("attention: ")
    assert "weights are trained" in told[4] and told[-1] == "completed"


def test_its_last_word_and_its_description_lie_beside_its_files(worked: dict[str, Run], bench: Bench) -> None:
    run = worked["good"]
    folder = bench.home.run(run.id)
    said = json.loads(folder.result.read_text())
    assert said["state"] == "completed" and said["summary"] == json.loads(run.summary or "")
    base, tuned = (bench.steps_and_losses(run, "eval_loss")[1][at] for at in (0, -1))
    assert (said["summary"]["base_eval_loss"], said["summary"]["tuned_eval_loss"]) == (base, tuned)
    assert said["summary"]["steps"] == 8 and said["summary"]["adapter"] == str(folder.adapter)
    assert json.loads(folder.description.read_text()) == run.__dict__
    assert "completed" in folder.log.read_text() and not folder.spool.exists()


def test_its_process_is_known_and_gone(worked: dict[str, Run], bench: Bench) -> None:
    run = worked["good"]
    [attempt] = attempts.of_run(bench.db, run.id)
    beat = heartbeats.of_run(bench.db, run.id)
    assert (attempt.exit_code, attempt.start_step) == (0, 0) and attempt.ended_at is not None
    assert not processes.Identity(attempt.pid or 0, attempt.process_start or "", attempt.boot_id or "").alive()
    assert beat is not None and (beat.phase, beat.step) == ("saving the result", 8)
    assert not locks.is_held(bench.home.run(run.id).lock)


def test_bad_rows_end_a_run_with_their_place_and_no_traceback(worked: dict[str, Run], bench: Bench) -> None:
    run = worked["bad rows"]
    assert run.state == "failed"
    assert run.cause == (
        "data: bad.jsonl line 2: messages[0].content is a number, expected text."
        ' Mend this row, or leave them out with on_bad_rows = "skip".'
    )
    assert "Traceback" not in bench.home.run(run.id).log.read_text()
    assert bench.attempt(run).exit_code == 1 and checkpoints.of_run(bench.db, run.id) == []


def test_the_queue_was_worked_in_order_one_run_at_a_time(worked: dict[str, Run], bench: Bench) -> None:
    spans = [bench.attempt(worked[name]) for name in ("good", "bad rows", "full")]
    for earlier, later in itertools.pairwise(spans):
        assert earlier.ended_at is not None and earlier.ended_at <= later.started_at


def test_nothing_that_a_run_leaves_can_be_read_by_others(worked: dict[str, Run], bench: Bench) -> None:
    made = [path for run in worked.values() for path in bench.home.run(run.id).root.rglob("*")]
    assert len(made) > 30 and [path for path in made if path.stat().st_mode & 0o077] == []


def test_a_runner_with_nothing_to_do_ends(worked: dict[str, Run], bench: Bench) -> None:
    assert bench.start_runner().wait(timeout=20) == 0
    bench.until(lambda: not locks.is_held(bench.home.runner_lock), "the runners have ended", seconds=20)
