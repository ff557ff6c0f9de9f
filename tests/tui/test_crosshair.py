"""The crosshair stands on points, is followed by the window, and reads what each curve was at last."""

import every_state
import numpy as np
import pytest
from cockpit import Cockpit, opened
from hostile import SIGNS, check
from keyboard import open_run
from tunedeck.store.paths import Home
from tunedeck.tui.charts.alignment import ALIGNMENTS, STEPS, Alignment
from tunedeck.tui.charts.chart import Chart
from tunedeck.tui.points import LossPoints, RunPoints
from tunedeck.tui.screens.crosshair import moved, nearest, reading

Points = tuple[np.ndarray, np.ndarray]
NOTHING: Points = (np.empty(0), np.empty(0))
TRAIN: Points = (np.arange(1, 101), np.where(np.arange(1, 101) == 50, np.nan, np.arange(1, 101) / 10))


def points(alignment: Alignment = STEPS, train: Points = TRAIN, evaluation: Points = NOTHING) -> RunPoints:
    others = {"learning_rate": (train[0], train[1] * 1e-5), "eval_f1": evaluation}
    return RunPoints(LossPoints(train, evaluation, 200.0, alignment=alignment), others, ["loss"])


def test_it_reads_the_last_value_at_or_before_it() -> None:
    told = reading(points(evaluation=(np.array([0, 40]), np.array([9.0, 8.0]))), 49.0, 1)
    assert told == "step 49  train 4.9  eval 8  base 9  rate 4.9e-5  f1 8"
    assert reading(points(), 0.5, 1).startswith("step 0  train -  eval -  rate -")


def test_a_mean_leaves_out_what_is_not_finite() -> None:
    assert "train nan  mean of 10 4.5  " in reading(points(), 50, 10)


def test_it_says_how_far_along_the_axis_it_stands() -> None:
    tokens, time = ALIGNMENTS[1:]
    assert reading(points(tokens), 60_000, 1).startswith("60,000 tokens  ")
    assert reading(points(time), 90, 1).startswith("after 1m30s  ")


@pytest.mark.parametrize(
    ("cursor", "length", "by", "found"),
    [
        (50.0, 200.0, 1, 54.0),
        (50.0, 200.0, -1, 46.0),
        (50.0, 20.0, 1, 51.0),
        (100.0, 200.0, 1, 100.0),
        (2.0, 200.0, -1, 1.0),
    ],
)
def test_it_moves_from_point_to_point(cursor: float, length: float, by: int, found: float) -> None:
    assert moved(TRAIN, cursor, length, by) == found


def test_without_points_it_stays_where_it_is() -> None:
    assert moved(NOTHING, 3.0, 9.0, 1) == nearest(NOTHING, 3.0) == 3.0
    assert nearest(TRAIN, 1e9) == 100.0


async def test_zooming_goes_to_where_it_stands_and_the_window_follows_it(seeded: Home) -> None:
    async with opened(seeded, (120, 40)) as cockpit:
        await open_run(cockpit, every_state.by_name(seeded)["finished"])
        await cockpit.until_shown("loss   ─ train")
        await cockpit.press("x", *["less_than_sign"] * 30)
        await cockpit.until_shown("step 80  train")
        await cockpit.press("plus", "plus")
        assert cockpit.status == "1/4 of what was trained, around the crosshair."
        assert window(cockpit) == (50.0, 100.0)
        await cockpit.press(*["less_than_sign"] * 10)
        assert window(cockpit) == (50.0, 100.0)
        await cockpit.press(*["less_than_sign"] * 30)
        await cockpit.until_shown("step 40  train")
        assert window(cockpit) == (20.0, 70.0)
        await cockpit.press("x")
        assert window(cockpit) == (150.0, 200.0)
        await cockpit.press("x", "0")
        assert window(cockpit) == (0.0, 200.0)


def window(cockpit: Cockpit) -> tuple[float, float]:
    frame = cockpit.app.screen.query_one("#loss", Chart)._frame
    return frame.x_min, frame.x_max


@pytest.mark.parametrize("kind", every_state.HOSTILE)
async def test_hostile_metrics_are_read_as_text(kind: str, home: Home) -> None:
    every_state.fill_hostile(home, every_state.HOSTILE[kind])
    let_go = every_state.hold(home)
    run = next(run for name, run in every_state.by_name(home).items() if name.startswith("ended"))
    async with opened(home, (160, 48)) as cockpit:
        await open_run(cockpit, run)
        await cockpit.until_shown("─ train")
        await cockpit.press("x", "less_than_sign")
        await cockpit.until_shown("step 36  train ")
        await check(cockpit, SIGNS[kind])
    let_go()
