"""Runs whose memory runs out: the same updates in smaller parts, remembered, or one sentence (FAULTS 8, 9)."""

import pytest
from bench import Bench, chat_rows, write_rows
from in_process import queue_unmeasured, resume_here, told, train_here
from safetensors.torch import load_file
from scarce import activations_of_up_to, backward_passes_break_once, evaluations_of_up_to
from torch import Tensor
from tunedeck.store import checkpoints, events
from tunedeck.store.records import Run

# Ragged rows, three updates an epoch: two batches, two batches, and one of five rows.
KNOBS = {
    "method": "full", "max_steps": 5, "save_steps": 3, "eval_steps": 5, "per_device_train_batch_size": 8,
    "gradient_accumulation_steps": 2, "weight_decay": 0.1,
}  # fmt: skip


def queue(bench: Bench, **changes: object) -> Run:
    return queue_unmeasured(bench, **KNOBS | changes)


def warnings(bench: Bench, run: Run) -> list[str]:
    return [event.text for event in events.of_run(bench.db, run.id) if event.level == "warning"]


def went(bench: Bench, run: Run) -> dict[str, dict[int, float]]:
    """What the run measured at each step."""
    names = ("loss", "learning_rate", "grad_norm", "num_input_tokens_seen", "eval_loss")
    return {name: dict(zip(*bench.steps_and_losses(run, name), strict=True)) for name in names}


def result(bench: Bench, run: Run) -> dict[str, Tensor]:
    return load_file(bench.home.run(run.id).adapter / "model.safetensors")


def assert_same_run(bench: Bench, run: Run, other: Run) -> None:
    """The weights differ by no more than AdamW makes of the rounding of gradients."""
    for name, values in went(bench, run).items():
        assert went(bench, other)[name] == pytest.approx(values, rel=1e-5), name
    weights = result(bench, other)
    for name, weight in result(bench, run).items():
        assert (weight - weights[name]).abs().max() < 1e-5, name


@pytest.mark.parametrize(("share", "tokens"), [(0.6, 4 * 68), (0.35, 2 * 68)])
def test_smaller_parts_make_the_same_updates(own_bench: Bench, share: float, tokens: int) -> None:
    with activations_of_up_to(float("inf")) as activations:
        plain = train_here(own_bench, queue(own_bench))
    with activations_of_up_to(share * activations.peak):
        healed = train_here(own_bench, queue(own_bench))
    assert plain.state == healed.state == "completed", own_bench.told(healed)
    assert_same_run(own_bench, plain, healed)
    [warning] = warnings(own_bench, healed)
    assert warning.startswith("out of memory with 8 rows of up to 68 tokens at once (")
    assert warning.endswith(f" GiB free): {tokens} tokens at once, padding counted: the same updates in less memory")


def test_what_a_broken_backward_pass_left_is_thrown_away(own_bench: Bench) -> None:
    plain = train_here(own_bench, queue(own_bench))
    with backward_passes_break_once():
        healed = train_here(own_bench, queue(own_bench))
    assert_same_run(own_bench, plain, healed)
    assert len(warnings(own_bench, healed)) == 1


def test_when_one_row_is_too_much_activations_are_computed_twice(own_bench: Bench) -> None:
    with activations_of_up_to(float("inf")) as activations:
        plain = train_here(own_bench, queue(own_bench))
    with activations_of_up_to(0.1 * activations.peak):
        healed = train_here(own_bench, queue(own_bench))
    assert_same_run(own_bench, plain, healed)
    assert " tokens at once, padding counted, with gradient checkpointing: the same" in warnings(own_bench, healed)[0]


def test_what_fitted_is_remembered_for_the_next_run_and_for_a_resume(own_bench: Bench) -> None:
    with activations_of_up_to(float("inf")) as activations:
        train_here(own_bench, queue(own_bench))
    with activations_of_up_to(0.35 * activations.peak):
        healed, again = (train_here(own_bench, queue(own_bench)) for _ in range(2))
        other = train_here(own_bench, queue(own_bench, per_device_train_batch_size=1))
        own_bench.db.execute("DELETE FROM fit")
        assert resume_here(own_bench, healed).state == "completed"
    assert len(warnings(own_bench, healed)) == 1 and not warnings(own_bench, again) + warnings(own_bench, other)
    known = "136 tokens at once, padding counted: more did not fit on cpu before"
    assert known in told(own_bench, again) and known in told(own_bench, healed) and known not in told(own_bench, other)


def test_a_batch_that_is_to_stay_as_it_is_ends_the_run_in_a_sentence(own_bench: Bench) -> None:
    with activations_of_up_to(1e6):
        run = train_here(own_bench, queue(own_bench, auto_find_batch_size=False))
    assert run.state == "failed" and run.cause
    assert run.cause.startswith("step 1: out of memory with 8 rows of up to 68 tokens at once (")
    assert run.cause.endswith(
        " GiB free). Set auto_find_batch_size to true, or halve per_device_train_batch_size and double"
        " gradient_accumulation_steps: the same updates in less memory."
    )


def test_a_row_that_never_fits_costs_no_step_made_before_it(own_bench: Bench) -> None:
    rows = chat_rows(41)
    rows[7]["completion"] = "Yes. " * 60
    write_rows(own_bench.data, rows)
    knobs = {"gradient_checkpointing": "off", "save_steps": 100, "seed": 2, "max_length": 256}
    with activations_of_up_to(1.5e6):
        run = train_here(own_bench, queue(own_bench, **knobs))
    made = len(went(own_bench, run)["loss"])
    assert made > 0 and run.state == "failed" and run.cause
    assert run.cause.startswith(f"step {made + 1}: out of memory with 1 row of up to 256 tokens at once (")
    assert run.cause.endswith(" Set gradient_checkpointing to auto, lower max_length, or choose method lora or qlora.")
    assert [saved.step for saved in checkpoints.of_run(own_bench.db, run.id)] == [made]
    assert resume_here(own_bench, run).state == "completed"
    assert list(went(own_bench, run)["loss"]) == [1, 2, 3, 4, 5]


def test_an_evaluation_is_halved_alone_and_says_the_same(own_bench: Bench) -> None:
    knobs = {"prompts": ["Where is Rome?", "Where is Bern?"], "eval_fraction": 0.3}
    plain = train_here(own_bench, queue(own_bench, **knobs))
    with evaluations_of_up_to(300):
        healed = train_here(own_bench, queue(own_bench, **knobs))
    assert_same_run(own_bench, plain, healed)
    halved = [warning.partition(" (")[0] for warning in warnings(own_bench, healed)]
    assert halved == [f"out of memory while evaluating with {rows} rows at once" for rows in (12, 6)]
    assert warnings(own_bench, healed)[-1].endswith(": 3 at once from here on, which changes no result")
