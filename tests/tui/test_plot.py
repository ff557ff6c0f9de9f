"""The gate lets any data through as a chart of the right size, without colour codes or controls of the data's own."""

import re
from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len
from tunedeck.tui.charts import plot
from tunedeck.tui.charts.series import Frame, Mark, Series

COLOR = re.compile(r"\x1b\[[0-9;]*m")
STEPS = np.arange(1, 1001)
LOSS = Series("train", STEPS, 1 + 2 * np.exp(-STEPS / 200))
EVAL = Series("eval", STEPS[::200], 1.2 + 2 * np.exp(-STEPS[::200] / 200), "eval", "points")
BASE = Series("base", [0], [2.5], "base", "rule")
FRAME = Frame(width=60, height=14, x_max=2000, title="loss")


def plain(*series: Series, frame: Frame = FRAME, ascii: bool = False) -> list[str]:
    return plot.draw(series, frame, ascii=ascii, color=False)


def test_the_legend_maps_mark_word_and_last_value() -> None:
    assert plain(BASE, LOSS, EVAL)[0] == "loss   ┄ base 2.500   ─ train 1.013   ◆ eval 1.236"


def test_the_chart_has_its_planned_end_and_round_ticks() -> None:
    lines = plain(LOSS)
    assert lines[-1].split() == ["0", "500", "1k", "1.5k", "2k"]
    assert [line.split("┤")[0].strip() for line in lines if "┤" in line] == ["3.0", "2.5", "2.0", "1.5", "1.0"]
    assert len(lines) == FRAME.height


def test_the_base_score_is_a_dashed_line_over_the_full_width() -> None:
    [row] = [line for line in plain(BASE, LOSS)[1:] if line.count("┄") > 20]
    assert row.rstrip().endswith("┄" * 30) and len(row.rstrip()) == FRAME.width


def test_every_evaluation_is_a_diamond_on_its_line() -> None:
    assert sum(line.count("◆") for line in plain(EVAL)[1:]) == 5


def test_marks_have_their_words_above() -> None:
    lines = plain(LOSS, frame=replace(FRAME, marks=(Mark(500, "ckpt"), Mark(1500, "resumed"), Mark(1540, "late"))))
    assert lines[1].split() == ["ckpt", "resumed"]
    assert lines[2].index("┊") == lines[1].index("ckpt")


def test_marks_at_one_place_share_it_and_the_last_ends_with_the_chart() -> None:
    marks = (Mark(1000, "resumed"), Mark(1000, "best"), Mark(1000), Mark(FRAME.x_max, "end"))
    words = plain(LOSS, frame=replace(FRAME, marks=marks))[0]
    assert words.split("  ")[-1].strip() == "end" and "resumed, best " in words
    assert len(words) == FRAME.width


@pytest.mark.parametrize("height", [6, 20])
def test_words_of_marks_take_a_line_only_where_the_legend_leaves_no_room(height: int) -> None:
    frame = replace(FRAME, height=height)
    behind, none, below = (
        plain(LOSS, frame=replace(frame, marks=marks)) for marks in ((Mark(1900, "best"),), (), (Mark(9, "best"),))
    )
    assert behind[0].endswith("best") and behind[1].endswith(none[1][-1]) and "best" not in "".join(behind[1:])
    assert len(behind) == len(none) == len(below) == height
    assert below[0] == none[0] and ("best" in below[1]) == (height > 8)


def test_seconds_are_told_as_clocks_tell_them() -> None:
    lines = plain(replace(LOSS, steps=np.asarray(LOSS.steps) * 3.5), frame=replace(FRAME, x_max=7000, x_time=True))
    assert lines[-1].split() == ["0", "30m", "1h", "1h30m", "1h56m"]


def test_runs_that_did_the_same_can_be_told_apart_too() -> None:
    same = [replace(EVAL, label=letter, marker=letter) for letter in "ABC"]
    lines = "".join(plain(*same, frame=replace(FRAME, x_max=1000))[1:])
    assert all(lines.count(letter) >= 1 for letter in "ABC") and sum(map(lines.count, "ABC")) == 5
    lines = "".join(plain(*(replace(LOSS, label=letter, marker=letter) for letter in "ABC"))[1:])
    assert all(lines.count(letter) >= 1 for letter in "ABC")


def test_ascii_charts_are_ascii() -> None:
    frame = replace(FRAME, title="Verlust ─ größe", marks=(Mark(500, "ckpt"),))
    assert "".join(plain(BASE, LOSS, EVAL, frame=frame, ascii=True)).isascii()


def test_runs_can_be_told_apart_without_colour() -> None:
    lines = plain(
        replace(LOSS, label="one", marker="A"), replace(LOSS, label="two", values=LOSS.values + 1, marker="B")
    )
    assert lines[0].startswith("loss   A one")
    assert sum(line.count("A") for line in lines[1:]) >= 2 and sum(line.count("B") for line in lines[1:]) >= 2


def test_colours_are_the_terminals_own_by_default() -> None:
    text = "\n".join(plot.draw([BASE, LOSS, EVAL], FRAME))
    assert set(COLOR.findall(text)) == {"\x1b[0m", "\x1b[1m", "\x1b[38;5;12m", "\x1b[38;5;3m"}


@pytest.mark.parametrize("values", [[], [np.nan, np.inf]])
def test_no_points_give_one_sentence(values: list[float]) -> None:
    assert plain(Series("train", range(len(values)), values))[1] == plot.NO_POINTS


@pytest.mark.parametrize(("width", "height"), [(9, 20), (80, 3), (0, 0)])
def test_too_little_room_is_told(width: int, height: int) -> None:
    lines = plain(LOSS, frame=replace(FRAME, width=width, height=height))
    assert lines == ["needs 10x4"[:width]][:height]


def test_labels_give_way_to_the_plot_where_it_is_narrow() -> None:
    values = 0.123456 + np.arange(3) * 1e-7
    lines = plain(Series("train", [1, 2, 3], values), frame=replace(FRAME, width=10, x_max=3))
    assert "0.1234" not in "".join(lines[1:]) and {len(line) for line in lines[1:]} == {10}


def test_limits_follow_what_is_in_the_window() -> None:
    assert plot.limits([LOSS], FRAME) == (1.0, 3.0)
    assert plot.limits([LOSS], replace(FRAME, x_min=800)) != plot.limits([LOSS], FRAME)
    assert plot.limits([], FRAME) is None


def test_a_gap_is_left_empty() -> None:
    values = np.where((STEPS > 300) & (STEPS < 700), np.nan, 1.5)
    rows = plain(Series("train", STEPS, values), frame=replace(FRAME, x_max=1000, title=""))[1:-2]
    [drawn] = [row for row in rows if row[8:].strip()]
    assert not drawn[8 + 17 : 8 + 34].strip() and drawn[10:20].strip() and drawn[45:55].strip()


def hostile_series(chance: np.random.Generator) -> Series:
    count = int(chance.integers(0, 60))
    values = chance.normal(size=count) * 10.0 ** chance.integers(-300, 300)
    odd = chance.random(count) < 0.3
    values[odd] = chance.choice([np.nan, np.inf, -np.inf, 0, -1, 1e308, -1e308, 5e-324], size=count)[odd]
    steps = np.sort(chance.integers(-50, 200, size=count)) * float(chance.choice([0.01, 1, 1e9]))
    style = str(chance.choice(["line", "points", "rule"]))
    return Series(
        "\x1b[2Jlabel\n日本", steps, values, str(chance.choice(["train", "3", "#5fafff", "?"])), style, "日A"[count % 2]
    )  # type: ignore[arg-type]


def test_any_data_in_any_window_gives_a_chart_of_the_right_size() -> None:
    chance = np.random.default_rng(7)
    for _ in range(250):
        frame = Frame(
            width=int(chance.integers(1, 90)),
            height=int(chance.integers(1, 25)),
            x_max=float(chance.choice([0, 1, 100, 1e12, np.inf, np.nan, -5])),
            x_min=float(chance.choice([0, 50, -1e300, 1e12])),
            log_y=bool(chance.random() < 0.4),
            title="ti\x1b]0;tle\x07",
            marks=(Mark(float(chance.normal() * 100), "w\x1bord"), Mark(float("nan"), "x")),
        )
        series = [hostile_series(chance) for _ in range(chance.integers(0, 4))]
        lines = plot.draw(series, frame, ascii=bool(chance.random() < 0.3))
        bare = [COLOR.sub("", line) for line in lines]
        assert len(lines) <= frame.height
        assert all(line.isprintable() and cell_len(line) <= frame.width for line in bare), (frame, bare)


@pytest.mark.parametrize("noise", [0.0, 0.02, 1.0])
def test_each_column_shows_all_that_its_points_reach(noise: float) -> None:
    steps = np.arange(1, 5001)
    values = np.cos(steps / 700) + noise * np.random.default_rng(0).normal(size=5000)
    frame = replace(FRAME, width=80, height=24, x_max=5000, y_limits=(-2.0, 2.0))
    lines = [line[7:] for line in plain(Series("train", steps, values), frame=frame)[1:-2]]
    dots = np.array([[_dot(lines, column, row) for column in range(2 * 73)] for row in range(4 * len(lines))])
    places = np.rint((2 - values.clip(-2, 2)) / 4 * (len(dots) - 1)).astype(int)
    for column, part in enumerate(np.split(places, np.flatnonzero(np.diff(steps * 146 // 5000)) + 1)[:146]):
        near = dots[:, max(column - 1, 0) : column + 2].any(axis=1)
        # A dot or two are rounded away at each end.
        assert near[part.min() : part.max() + 1].sum() >= part.max() - part.min() - 3


def _dot(lines: list[str], column: int, row: int) -> bool:
    """Whether that dot of a braille picture is set."""
    line = lines[row // 4].ljust(column // 2 + 1)
    bit = ((0, 3), (1, 4), (2, 5), (6, 7))[row % 4][column % 2]
    return line[column // 2] >= "\u2800" and bool(ord(line[column // 2]) - 0x2800 >> bit & 1)
