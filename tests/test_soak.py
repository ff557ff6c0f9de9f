"""The soak, minutes of it on demand, and whether it would see a leak."""

import os
from pathlib import Path

import pytest
import soak
from soak_samples import Sample, growth, ratio_of_quarters

MINUTES = float(os.environ.get("TUNEDECK_SOAK_MINUTES", "3"))
TIMES = [float(second) for second in range(100)]


def test_a_leak_is_seen_and_a_warm_up_and_noise_are_not() -> None:
    noise = [second * 37 % 5 for second in range(100)]
    warm = [100 - 100 / (1 + second / 5) for second in range(100)]
    assert growth(TIMES, [100.0 + second for second in range(100)]) == pytest.approx(69)
    assert abs(growth(TIMES, noise)) < 1 and growth(TIMES, warm) < 12
    assert growth(TIMES[:9], TIMES[:9]) == 0


def test_steps_that_get_slower_are_seen() -> None:
    assert ratio_of_quarters([1.0] * 50 + [2.0] * 50) == 2 and ratio_of_quarters([1.0] * 100) == 1
    assert ratio_of_quarters([1.0, 9.0]) == 1


def test_a_zombie_is_one_that_stays() -> None:
    samples = [Sample(float(at), (), frozenset({7} | ({9} if at == 3 else set())), 0, 0) for at in range(10)]
    assert soak.lasting_zombies(samples) == {7}


@pytest.mark.slow
def test_nothing_grows_is_lost_or_left(tmp_path: Path) -> None:
    figures = soak.soaked(tmp_path, MINUTES)
    print(*figures, sep="\n")
    assert [str(figure) for figure in figures if figure.is_missed] == []
