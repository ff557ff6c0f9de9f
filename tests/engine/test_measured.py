"""What is measured once for a run and kept, and the attention chosen by it."""

from pathlib import Path

import pytest
import torch
from tunedeck.engine import sources
from tunedeck.engine.model import attention, models
from tunedeck.engine.model.measured import Measured
from tunedeck.engine.model.precision import Arithmetic
from tunedeck.engine.outputs.loss import next_token_scores

CPU = Arithmetic("cpu", False, "as configured")


def test_a_ratio_is_measured_once_in_the_life_of_a_run(tmp_path: Path) -> None:
    ratios = iter([2.0, 3.0])
    assert Measured(tmp_path / "measured.json")("ratio", lambda: next(ratios)) == 2.0
    assert Measured(tmp_path / "measured.json")("ratio", lambda: next(ratios)) == 2.0
    assert Measured(tmp_path / "measured.json")("other", lambda: next(ratios)) == 3.0


def test_a_file_that_was_cut_is_measured_anew(tmp_path: Path) -> None:
    (tmp_path / "measured.json").write_text("{")
    assert Measured(tmp_path / "measured.json")("ratio", lambda: 2.0) == 2.0


@pytest.mark.parametrize(("ratio", "chosen"), [(1.5, "eager"), (1.1, "sdpa")])
def test_the_attention_that_is_faster_here_is_taken(
    ratio: float, chosen: str, tiny_model: Path, tmp_path: Path
) -> None:
    model = models.load_model(sources.resolve(str(tiny_model)), torch.float32)
    measured = Measured(tmp_path / "measured.json")
    measured("eager_attention_speedup", lambda: ratio)
    assert f"{ratio} times as fast" in attention.choose(model, [20, 40], CPU, measured)
    assert model.config._attn_implementation == chosen


def test_long_rows_keep_the_fused_attention(tiny_model: Path, tmp_path: Path) -> None:
    model = models.load_model(sources.resolve(str(tiny_model)), torch.float32)
    assert attention.choose(model, [20, 2000], CPU, Measured(tmp_path / "measured.json")) == "attention: sdpa"


def test_both_attentions_give_the_same_scores(tiny_model: Path, tmp_path: Path) -> None:
    model = models.load_model(sources.resolve(str(tiny_model)), torch.float32)
    ids = torch.arange(40).reshape(2, 20) % model.config.vocab_size
    mask = torch.ones_like(ids)
    mask[1, 12:] = 0
    labels = torch.where(mask.bool(), ids, -100)
    fused = next_token_scores(model, labels, input_ids=ids, attention_mask=mask).scores
    model.set_attn_implementation("eager")
    plain = next_token_scores(model, labels, input_ids=ids, attention_mask=mask).scores
    torch.testing.assert_close(plain, fused, rtol=1e-5, atol=1e-5)


def test_the_measurement_itself_gives_a_ratio(tiny_model: Path, tmp_path: Path) -> None:
    model = models.load_model(sources.resolve(str(tiny_model)), torch.float32)
    measured = Measured(tmp_path / "measured.json")
    attention.choose(model, [16], CPU, measured)
    assert measured("eager_attention_speedup", lambda: -1.0) > 0
