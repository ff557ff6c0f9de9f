"""With what a run can be told besides, a resumed one is still the run that would have been (FAULTS 14)."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from bench import Bench, write_rows
from in_process import of_attempt, queue_unmeasured, resume_here, told, train_here
from scarce import activations_of_up_to, backward_passes_break_once
from tiny_models import save_bert
from tunedeck.store import attempts, metrics
from tunedeck.store.records import Run

# Four updates an epoch, the last one of a single batch of one row; saved and broken off inside the second.
KNOBS = {
    "gradient_accumulation_steps": 3, "max_steps": 8, "save_steps": 6, "eval_steps": 2, "warmup_steps": 2,
    "lora_dropout": 0.1, "attention_dropout": 0.1,
}  # fmt: skip
PAST, MIDDLE = ("loss", "grad_norm", "learning_rate", "num_input_tokens_seen"), 6


def queue(bench: Bench, **changes: object) -> Run:
    return queue_unmeasured(bench, **KNOBS | changes)


def resume_from_the_middle(bench: Bench, run: Run) -> Run:
    """Go on from the checkpoint before the last one, which is damaged."""
    newest = max((path for path in bench.home.run(run.id).checkpoints.iterdir()), key=lambda path: path.stat().st_mtime)
    for weights in newest.glob("*.safetensors"):
        weights.write_bytes(bytes(weights.stat().st_size))
    return resume_here(bench, run)


def assert_went_the_same_way(bench: Bench, run: Run, names: Sequence[str]) -> None:
    first, second = attempts.of_run(bench.db, run.id)
    assert second.start_step == MIDDLE, bench.told(run)
    for name in names:
        went, goes = of_attempt(bench, first.id, name), of_attempt(bench, second.id, name)
        assert goes == {step: value for step, value in went.items() if step > MIDDLE} and goes, name


def test_with_an_average_a_pull_to_the_start_and_a_measure_of_what_is_kept(own_bench: Bench) -> None:
    run = queue(own_bench, ema_decay=0.9, l2_sp_alpha=0.5, retention_data="", retention_rows=4)
    assert train_here(own_bench, run).state == "completed", own_bench.told(run)
    assert resume_from_the_middle(own_bench, run).state == "completed", own_bench.told(run)
    assert_went_the_same_way(own_bench, run, (*PAST, "eval_loss", "retention_loss", "retention_kl"))


def test_with_weights_of_classes(own_bench: Bench, tmp_path: Path) -> None:
    rows = [{"text": f"Ada wrote {'to ' * (row % 7)}Grace", "label": "bad" if row % 5 else "good"} for row in range(50)]
    run = queue(
        own_bench, task="sequence-classification", class_weight="balanced", model=str(save_bert(tmp_path / "bert")),
        data=str(write_rows(tmp_path / "labelled.jsonl", rows)), drop_duplicates=False, r_drop_alpha=1.0,
        label_smoothing_factor=0.1, hidden_dropout=0.2, prompts=[],
    )  # fmt: skip
    assert train_here(own_bench, run).state == "completed", own_bench.told(run)
    assert resume_from_the_middle(own_bench, run).state == "completed", own_bench.told(run)
    assert_went_the_same_way(own_bench, run, (*PAST, "eval_loss", "eval_f1_macro"))


def test_with_evaluations_that_count_towards_stopping_early(own_bench: Bench) -> None:
    run = queue(own_bench, early_stopping_patience=4, early_stopping_threshold=10.0, max_steps=20)
    straight = train_here(own_bench, run)
    assert resume_from_the_middle(own_bench, run).state == straight.state == "completed", own_bench.told(run)
    assert_went_the_same_way(own_bench, run, (*PAST, "eval_loss"))
    stopped = [text for text in told(own_bench, run) if text.startswith("stopped early at step 8: ")]
    assert len(stopped) == 2 and stopped[0] == stopped[1]
    assert metrics.series(own_bench.db, run.id, "loss")[0] == list(range(1, 9))


def test_in_smaller_parts_since_memory_ran_out(own_bench: Bench) -> None:
    run = queue(own_bench)
    with backward_passes_break_once():
        assert train_here(own_bench, run).state == "completed", own_bench.told(run)
    own_bench.db.execute("DELETE FROM fit")
    assert resume_from_the_middle(own_bench, run).state == "completed", own_bench.told(run)
    assert_went_the_same_way(own_bench, run, (*PAST, "eval_loss"))
    assert any("tokens at once, padding counted: more did not fit on cpu" in text for text in told(own_bench, run))


def test_in_smaller_parts_only_from_the_resume_on(own_bench: Bench) -> None:
    run = queue(own_bench, lora_dropout=0.0, attention_dropout=0.0)
    with activations_of_up_to(float("inf")) as activations:
        train_here(own_bench, run)
    with activations_of_up_to(0.7 * activations.peak):
        assert resume_from_the_middle(own_bench, run).state == "completed", own_bench.told(run)
    assert any("tokens at once, padding counted: the same" in text for text in told(own_bench, run))
    first, second = attempts.of_run(own_bench.db, run.id)
    for name in (*PAST, "eval_loss"):
        went, goes = of_attempt(own_bench, first.id, name), of_attempt(own_bench, second.id, name)
        assert goes == pytest.approx({step: went[step] for step in (7, 8) if step in went}, rel=1e-5), name
