"""Dropout's masks drawn four numbers at a time: the same distribution, gradient and generator as torch's."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional
from tunedeck.engine.methods.masks import drawn_together, dropout, mask

PLACES = 200_003
"""No multiple of the four numbers of a draw."""


@pytest.mark.parametrize("p", [0.02, 0.1, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_share_is_dropped_and_the_mean_stays(p: float, dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    made = mask(torch.empty(PLACES, dtype=dtype), p)
    assert made.dtype == dtype and set(made.unique().tolist()) == {0.0, torch.tensor(1 / (1 - p), dtype=dtype).item()}
    by_lane = [float((made[lane::4] == 0).float().mean()) for lane in range(4)]
    assert by_lane == pytest.approx([p] * 4, abs=5 * math.sqrt(p * (1 - p) / (PLACES / 4)))


def test_places_are_dropped_independently_of_their_neighbours() -> None:
    torch.manual_seed(0)
    dropped = (mask(torch.empty(PLACES), 0.5) == 0).float()
    for distance in (1, 2, 3, 4, 5):
        both = float((dropped[distance:] * dropped[:-distance]).mean())
        assert both == pytest.approx(0.25, abs=5 * 0.433 / math.sqrt(PLACES)), distance


def test_the_gradient_goes_where_the_values_went() -> None:
    torch.manual_seed(0)
    values = torch.ones(7, 11, requires_grad=True)
    left = dropout(values, 0.3)
    left.sum().backward()
    assert torch.equal(left, values.grad) and 0 < (left == 0).sum() < 77


def test_the_masks_follow_from_the_generator_that_a_checkpoint_saves() -> None:
    torch.manual_seed(0)
    state = torch.get_rng_state()
    first = dropout(torch.ones(50), 0.5)
    assert not torch.equal(first, dropout(torch.ones(50), 0.5))
    torch.set_rng_state(state)
    assert torch.equal(first, dropout(torch.ones(50), 0.5))


def of_seed(layer: nn.Module) -> torch.Tensor:
    torch.manual_seed(0)
    return layer(torch.ones(1000))


def test_the_modules_of_a_model_draw_so_inside_the_block_and_as_ever_outside() -> None:
    layer = nn.Dropout(0.5)
    before = of_seed(layer)
    with drawn_together():
        inside = of_seed(layer)
        assert torch.equal(of_seed(layer.eval()), torch.ones(1000))
    torch.manual_seed(0)
    assert torch.equal(inside, dropout(torch.ones(1000), 0.5)) and not torch.equal(inside, before)
    assert torch.equal(of_seed(layer.train()), before)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_all_or_nothing_is_left_to_torch(p: float) -> None:
    assert torch.equal(dropout(torch.ones(9), p), functional.dropout(torch.ones(9), p))
