"""With every method and every regularisation at once a resumed run is still the run that would have been."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bench import Bench, chat_rows, write_rows
from in_process import of_attempt, resume_here, train_here
from safetensors.torch import load_file
from tunedeck.store import attempts, events

STEPS, MIDDLE = 6, 4
ALL = {
    "layerwise_lr_decay": 0.8,
    "weight_decay": 0.1,
    "attention_dropout": 0.1,
    "neftune_noise_alpha": 5.0,
    "l2_sp_alpha": 0.5,
    "ema_decay": 0.9,
    "lr_scheduler_type": "cosine_with_min_lr",
    "lr_scheduler_kwargs": ["min_lr_rate=0.1"],
}
METHODS = {
    "pissa": {"method": "lora", "init_lora_weights": "pissa", "use_dora": True, "r": 8},
    "olora": {"method": "lora", "init_lora_weights": "olora", "use_rslora": True, "r": 8},
    "full": {"method": "full", "freeze_layers": 1},
}


@pytest.fixture(params=METHODS)
def own_bench(
    request: pytest.FixtureRequest, tmp_path: Path, tiny_model: Path
) -> Iterator[tuple[Bench, dict[str, object]]]:
    made = Bench(tmp_path, tiny_model)
    write_rows(made.data, chat_rows(41))
    yield made, METHODS[request.param]
    made.close()


def test_a_resume_goes_the_same_way(own_bench: tuple[Bench, dict[str, object]]) -> None:
    bench, method = own_bench
    run = bench.queue(max_steps=STEPS, save_steps=MIDDLE, eval_steps=2, gradient_accumulation_steps=2, **ALL, **method)
    assert train_here(bench, run).state == "completed", bench.told(run)
    result = next(bench.home.run(run.id).adapter.glob("*model.safetensors"))
    straight = load_file(result)
    last = next((bench.home.run(run.id).checkpoints / f"checkpoint-{STEPS}").glob("*model.safetensors"))
    last.write_bytes(bytes(last.stat().st_size))
    assert resume_here(bench, run).state == "completed", bench.told(run)
    assert f"resumed from checkpoint {MIDDLE}" in [event.text for event in events.of_run(bench.db, run.id)]
    first, second = attempts.of_run(bench.db, run.id)
    for name in ("loss", "grad_norm", "learning_rate", "eval_loss"):
        went, goes = of_attempt(bench, first.id, name), of_attempt(bench, second.id, name)
        assert goes == {step: value for step, value in went.items() if step > MIDDLE}, name
    again = load_file(result)
    assert straight.keys() == again.keys()
    assert all(weight.equal(again[name]) for name, weight in straight.items())
