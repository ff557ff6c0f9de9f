"""The chart widget shows its series, and repaints nothing but what changed."""

from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip
from tunedeck.tui.charts import strips
from tunedeck.tui.charts.asked import Asked
from tunedeck.tui.charts.axis import Limits
from tunedeck.tui.charts.chart import Chart
from tunedeck.tui.charts.series import Series
from tunedeck.tui.charts.sparkline import sparkline
from tunedeck.tui.charts.strips import changed_span
from tunedeck.tui.themes import load_themes

STEPS = np.arange(1, 1001)
VALUES = 1 + 2 * np.exp(-STEPS / 200)


class WatchedChart(Chart):
    """Remembers which regions it asked to have repainted."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.repainted: list[Region] = []
        self.drawings = 0

    def _draw(self, asked: Asked, previous: Limits | None) -> None:
        self.drawings += 1
        super()._draw(asked, previous)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "WatchedChart":
        self.repainted += regions
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class ChartApp(App[None]):
    """One chart on a screen."""

    def compose(self) -> ComposeResult:
        yield WatchedChart("loss")


def show(chart: Chart, end: int) -> None:
    chart.show_series([Series("train", STEPS[:end], VALUES[:end])], x_max=1000)


async def settled(pilot: Pilot[None]) -> list[str]:
    """The lines of the chart once nothing is being drawn."""
    chart = pilot.app.query_one(WatchedChart)
    for _ in range(200):
        await pilot.pause(0.01)
        if not chart._drawing:
            break
    return [chart.render_line(y).text for y in range(chart.size.height)]


@pytest.fixture
def app() -> ChartApp:
    return ChartApp()


async def test_an_empty_chart_says_when_its_first_point_comes(app: ChartApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        assert not any(line.strip() for line in await settled(pilot))
        app.query_one(Chart).show_series([], x_max=1000)
        lines = await settled(pilot)
        assert lines[0].strip() == "loss"
        assert lines[1].strip() == "no points yet: the first comes with step 1"


async def test_a_series_is_drawn_at_the_size_of_the_widget(app: ChartApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        show(app.query_one(Chart), 500)
        for size in ((60, 12), (90, 20)):
            await pilot.resize_terminal(*size)
            lines = await settled(pilot)
            assert lines[0].startswith("loss   ─ train 1.164")
            assert lines[-1].split()[-1] == "1k"
            assert (len(lines[-1]), len(lines)) == size


async def test_only_changed_cells_are_repainted(app: ChartApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        chart = app.query_one(WatchedChart)
        show(chart, 600)
        await settled(pilot)
        chart.repainted.clear()
        show(chart, 620)
        await settled(pilot)
        assert 0 < sum(region.area for region in chart.repainted) <= 30


async def test_nothing_is_repainted_when_nothing_changed(app: ChartApp) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        chart = app.query_one(WatchedChart)
        show(chart, 600)
        await settled(pilot)
        chart.repainted.clear()
        show(chart, 600)
        await settled(pilot)
        assert chart.repainted == []


async def test_the_newest_of_many_series_is_what_stays(app: ChartApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        for end in range(10, 1001, 10):
            show(app.query_one(Chart), end)
        assert (await settled(pilot))[0].startswith("loss   ─ train 1.013")


async def test_a_hidden_chart_draws_nothing_until_it_is_shown(app: ChartApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        chart = app.query_one(WatchedChart)
        await settled(pilot)
        chart.display = False
        await pilot.pause()
        show(chart, 500)
        assert not chart._drawing
        chart.display = True
        await pilot.pause()
        assert (await settled(pilot))[0].startswith("loss   ─ train 1.164")


async def test_the_class_ascii_on_the_app_gives_an_ascii_chart(app: ChartApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        app.add_class("-ascii")
        show(app.query_one(Chart), 500)
        assert "".join(await settled(pilot)).isascii()


async def test_a_new_theme_redraws_with_its_colours(app: ChartApp) -> None:
    themes, _ = load_themes(Path("/nowhere"))
    async with app.run_test(size=(60, 12)) as pilot:
        show(app.query_one(Chart), 500)
        for name in ("deck-light", "deck-dark"):
            app.register_theme(themes[name].textual())
            app.theme = name
            await settled(pilot)
            styles = [segment.style for segment in app.query_one(Chart).render_line(0)]
            assert themes[name].chart.train.lower() in {style.color.name for style in styles if style and style.color}


async def test_hostile_titles_are_shown_as_text(app: ChartApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        app.query_one(Chart).show_series([Series("[red]x[/]\x1b[2J", [1], [1])], 10, title="[/]\x1b]0;t\x07")
        assert (await settled(pilot))[0].startswith("[/]]0;t   ─ [red]x[/][2J 1.000")


def test_the_changed_span_covers_wide_characters_whole() -> None:
    before, after = Strip([Segment("ab日本")]), Strip([Segment("ab日木")])
    assert changed_span(before, after) == (4, 6)
    assert changed_span(before, Strip([Segment("ab"), Segment("日本")])) is None


@pytest.mark.parametrize("text", ["", "─ train 1.2", "⣿⡇ │┤◆┊", "ab日本", "e\u0301", "日\u200b⣿", "🙂x", "\t"])
def test_as_many_cells_are_held_against_each_other_as_the_text_has(text: str) -> None:
    measured = [character for character in text for _ in range(cell_len(character))]
    assert [character for character, _ in strips._cells(Strip([Segment(text)]))] == measured


def test_a_sparkline_shows_gaps_and_falls_back_to_ascii() -> None:
    assert sparkline([3, 2, float("nan"), 1], 10) == "█▅ ▁"
    assert sparkline([3, 2, float("nan"), 1], 10, ascii=True).isascii()
    assert sparkline([1, 1, 1], 10) == "▁▁▁"
    assert len(sparkline(list(range(1000)), 8)) == 8
    assert sparkline([1e308, -1e308, float("inf")], 3) == "█▁ "
    assert sparkline([], 8) == sparkline([1], 0) == ""


async def test_what_was_drawn_is_not_drawn_again_at_either_size(app: ChartApp) -> None:
    async with app.run_test(size=(60, 12)) as pilot:
        chart = app.query_one(WatchedChart)
        show(chart, 1000)
        large = await settled(pilot)
        await pilot.resize_terminal(40, 12)
        small = await settled(pilot)
        assert (chart.drawings, small == large) == (2, False)
        chart.show_series([Series("train", STEPS.copy(), VALUES.copy())], x_max=1000)
        assert await settled(pilot) == small
        await pilot.resize_terminal(60, 12)
        assert (await settled(pilot), chart.drawings) == (large, 2)
        show(chart, 999)
        assert await settled(pilot) != large and chart.drawings == 3
        assert len(chart._drawn) == 1
