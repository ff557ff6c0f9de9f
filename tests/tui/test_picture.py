"""The picture of a comparison is SVG that any program reads, with a curve a run and names that are text."""

import sqlite3
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import every_state
import numpy as np
import pytest
from command import refused, say
from contrast import luminance
from tunedeck.store.paths import Home
from tunedeck.tui.charts.alignment import ALIGNMENTS
from tunedeck.tui.comparing.curves import Curves
from tunedeck.tui.comparing.picture import COLORS, WORDS, svg

STEPS = np.arange(1, 101)


def curves(count: int = 2, *, alignment: int = 0, metric: str = "loss") -> Curves:
    points = [(STEPS, 1 + place + np.exp(-STEPS / 20)) for place in range(count)]
    return Curves([metric], metric, ALIGNMENTS[alignment], points, 100.0)


def parsed(text: str) -> Element:
    root = ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    return root


def polylines(root: Element) -> list[list[tuple[float, ...]]]:
    told = [line.attrib["points"] for line in root.iter("{http://www.w3.org/2000/svg}polyline")]
    return [[tuple(map(float, place.split(","))) for place in points.split()] for points in told]


def texts(root: Element) -> list[str]:
    return [text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text")]


def test_there_is_a_polyline_a_run_with_every_point_inside_the_sheet() -> None:
    root = parsed(svg(curves(6), [f"run {place}" for place in range(6)]))
    lines = polylines(root)
    assert [len(line) for line in lines] == [100] * 6
    assert all(0 <= x <= 880 and 0 <= y <= float(root.attrib["height"]) for line in lines for x, y in line)
    strokes = [line.attrib["stroke"] for line in root.iter("{http://www.w3.org/2000/svg}polyline")]
    assert strokes == list(COLORS)


def test_runs_have_marks_of_different_shapes() -> None:
    root = parsed(svg(curves(6), list("ABCDEF")))
    shapes = {path.attrib["d"].split("m", 1)[1] for path in root.iter("{http://www.w3.org/2000/svg}path")}
    assert len(shapes) == 6


def test_gaps_stay_gaps_and_spikes_stay_spikes() -> None:
    steps = np.arange(1, 100_001)
    values = np.where(steps == 777, 50.0, 1.0)
    values[50_000:60_000] = np.nan
    lines = polylines(parsed(svg(Curves(["loss"], "loss", ALIGNMENTS[0], [(steps, values)], 100_000.0), ["one"])))
    assert len(lines) == 2 and sum(map(len, lines)) <= 2 * 802
    assert min(y for line in lines for _, y in line) == pytest.approx(70, abs=1)


def test_it_says_what_its_axes_are() -> None:
    assert "step" in texts(parsed(svg(curves(), ["a", "b"])))
    assert "tokens seen" in texts(parsed(svg(curves(alignment=1), ["a", "b"])))
    by_time = texts(parsed(svg(curves(alignment=2), ["a", "b"], span=10, log_y=True)))
    assert {"time spent on updates", "1m30s", "loss by time, means of 10 points"} <= set(by_time)


@pytest.mark.parametrize("kind", every_state.HOSTILE)
def test_hostile_names_are_text(kind: str) -> None:
    name = every_state.HOSTILE[kind] + "</text><script>alert(1)</script>&\x00\ud800\ufffe\n"
    written = svg(curves(metric=f"eval_{name}"), [name, "b"])
    root = parsed(written)
    assert "script" not in {element.tag.rpartition("}")[2] for element in root.iter()}
    assert written.encode().decode() == written and "\x1b" not in written
    assert any("<script>" in (title.text or "") for title in root.iter("{http://www.w3.org/2000/svg}title"))


@pytest.mark.parametrize("points", [([], []), ([1], [float("nan")]), ([1], [2.0]), ([1, 2], [1e300, -1e300])])
@pytest.mark.parametrize("log_y", [False, True])
def test_any_points_give_a_picture(points: tuple[list[float], list[float]], log_y: bool) -> None:
    one = (np.array(points[0], dtype=np.float64), np.array(points[1], dtype=np.float64))
    written = svg(Curves(["loss"], "loss", ALIGNMENTS[0], [one], 2.0), ["a"], log_y=log_y)
    assert "nan" not in written and "inf" not in written and parsed(written) is not None


def test_colours_can_be_read_on_white_and_on_black_paper() -> None:
    for color, least in [*((color, 3.0) for color in COLORS), (WORDS, 4.5)]:
        light = luminance(color)
        assert 1.05 / (light + 0.05) >= least and (light + 0.05) / 0.05 >= least, color


def test_the_command_line_writes_it(home: Home, db: sqlite3.Connection, tmp_path: Path) -> None:
    seeding = every_state.Seeding(db, home)
    for name in ("one", "two"):
        run, attempt = seeding.start(name)
        seeding.train(run, attempt, 60)
        seeding.end(run, attempt, "completed")
    page = tmp_path / "curves.svg"
    told = say("compare", "one", "two", "--to", str(page), "--metric", "loss", "--by", "tokens", "--smooth", "5")
    assert told.exit_code == 0 and f"lies in {page}" in told.stdout
    root = parsed(page.read_text())
    assert [len(line) for line in polylines(root)] == [60, 60]
    assert {"A one", "B two", "loss by tokens, means of 5 points", "tokens seen"} <= set(texts(root))
    other = str(tmp_path / "other.svg")
    assert "none of these runs has it" in refused("compare", "one", "two", "--to", other, "--metric", "nothing")
    db.execute("DELETE FROM metric WHERE key_id = (SELECT id FROM metric_key WHERE name = 'train_seconds')")
    assert "no run has it recorded" in refused("compare", "one", "two", "--to", other, "--by", "time")
