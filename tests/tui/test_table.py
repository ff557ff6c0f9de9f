"""The table keeps its cursor, repaints what changed only, and does not feel its length."""

import time
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from tunedeck.tui.widgets.cells import Column, Row, fit_columns, fit_text
from tunedeck.tui.widgets.table import Table

COLUMNS = (
    Column("state", 6),
    Column("name", 8, flex=1),
    Column("task", 6, drop=2),
    Column("loss", 6, align="right", drop=1),
)


def row(index: int, loss: str = "1.204") -> Row:
    return Row(f"r{index}", (("● run", "state-running"), f"run {index}", "chat", loss))


class WatchedTable(Table):
    """Remembers which regions it asked to have repainted."""

    repainted: list[Region] = []  # noqa: RUF012

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "WatchedTable":
        self.repainted = [*self.repainted, *(regions or [self.size.region])]
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class TableApp(App[None]):
    """One table on a screen, and what it told."""

    def __init__(self, **options: bool) -> None:
        super().__init__(**options)
        self.told: list[tuple[str, str | None]] = []

    def compose(self) -> ComposeResult:
        yield WatchedTable(COLUMNS, empty="no runs yet")

    def on_table_opened(self, event: Table.Opened) -> None:
        self.told.append(("opened", event.key))

    def on_table_highlighted(self, event: Table.Highlighted) -> None:
        self.told.append(("highlighted", event.key))

    @property
    def table(self) -> WatchedTable:
        return self.query_one(WatchedTable)

    def lines(self) -> list[str]:
        return [self.table.render_line(y).text.rstrip() for y in range(self.table.size.height)]


@pytest.fixture
def app() -> TableApp:
    return TableApp()


async def test_an_empty_table_says_so(app: TableApp) -> None:
    async with app.run_test(size=(40, 5)):
        assert app.lines()[1] == "no runs yet"


async def test_rows_stand_under_their_titles(app: TableApp) -> None:
    async with app.run_test(size=(40, 5)) as pilot:
        app.table.update_rows([row(0), row(1)])
        await pilot.pause()
        assert app.lines()[:2] == [
            "state   name             task      loss",
            "● run   run 0            chat     1.204",
        ]


async def test_vim_keys_arrows_and_pages_move_the_cursor(app: TableApp) -> None:
    async with app.run_test(size=(40, 11)) as pilot:
        app.table.update_rows([row(index) for index in range(100)])
        app.table.focus()
        for keys, key in [
            ("j j down k", "r2"),
            ("ctrl+d", "r7"),
            ("pagedown", "r17"),
            ("ctrl+u up", "r11"),
            ("G", "r99"),
            ("j", "r99"),
            ("pageup", "r89"),
            ("g", "r0"),
            ("k end", "r99"),
            ("home", "r0"),
        ]:
            await pilot.press(*keys.split())
            assert app.table.cursor_key == key, keys
            assert any(f"run {key[1:]} " in line for line in app.lines()), keys


async def test_enter_and_the_cursor_tell_the_key(app: TableApp) -> None:
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.update_rows([row(0), row(1)])
        app.table.focus()
        await pilot.press("j", "enter")
        assert app.told == [("highlighted", "r0"), ("highlighted", "r1"), ("opened", "r1")]


async def test_the_cursor_stays_on_its_key(app: TableApp) -> None:
    async with app.run_test(size=(40, 8)) as pilot:
        app.table.update_rows([row(index) for index in range(5)])
        app.table.move_to("r3")
        app.table.update_rows([row(9), *(row(index) for index in range(5))])
        await pilot.pause()
        assert app.table.cursor_key == "r3"
        app.table.update_rows([row(0)])
        assert app.table.cursor_key == "r0"
        app.table.update_rows([])
        assert app.table.cursor_key is None


async def test_one_changed_cell_repaints_one_cell(app: TableApp) -> None:
    async with app.run_test(size=(40, 10)) as pilot:
        rows = [row(index) for index in range(50)]
        app.table.update_rows(rows)
        await pilot.pause()
        app.table.repainted = []
        app.table.update_rows([rows[0], row(1, "0.9"), *rows[2:40], row(40, "0.1"), *rows[41:]])
        assert app.table.repainted == [Region(33, 2, 6, 1)]


async def test_equal_rows_repaint_nothing(app: TableApp) -> None:
    async with app.run_test(size=(40, 10)) as pilot:
        app.table.update_rows([row(index) for index in range(50)])
        await pilot.pause()
        app.table.repainted = []
        app.table.update_rows([row(index) for index in range(50)])
        assert app.table.repainted == []


async def test_a_hundred_thousand_rows_answer_at_once(app: TableApp) -> None:
    rows = [row(index) for index in range(100_000)]
    async with app.run_test(size=(120, 40)) as pilot:
        app.table.update_rows(rows)
        app.table.focus()
        await pilot.press("G")
        start = time.perf_counter()
        app.table.update_rows([*rows[:-1], replace(rows[-1])])
        await pilot.press("k", "k")
        assert app.table.cursor_key == "r99997"
        assert time.perf_counter() - start < 0.5


async def test_the_cursor_is_reverse_video_where_colours_are_few() -> None:
    app = TableApp(ansi_color=True)
    async with app.run_test(size=(40, 5)) as pilot:
        app.theme = "ansi-dark"
        app.table.update_rows([row(0), row(1)])
        await pilot.pause()
        looks = [
            [bool(segment.style and segment.style.reverse) for segment in app.table.render_line(y)] for y in (1, 2)
        ]
        assert all(looks[0]) and not any(looks[1])


async def test_hostile_cells_are_shown_as_text(app: TableApp) -> None:
    async with app.run_test(size=(40, 5)) as pilot:
        app.table.update_rows([Row("x", ("[/]", "a\x1b[2J\nb", "\u202ex", "日本語日本語"))])
        await pilot.pause()
        assert app.lines()[1] == "[/]     a[2J b           x       日本 …"


def test_columns_drop_out_in_the_given_order() -> None:
    assert [at for at, _ in fit_columns(COLUMNS, 40)] == [0, 1, 2, 3]
    assert [at for at, _ in fit_columns(COLUMNS, 30)] == [0, 1, 3]
    assert [at for at, _ in fit_columns(COLUMNS, 20)] == [0, 1]
    assert fit_columns(COLUMNS, 50) == ((0, 6), (1, 26), (2, 6), (3, 6))


def test_a_text_fills_its_cells_exactly() -> None:
    assert fit_text("ab", 4) == "ab  "
    assert fit_text("ab", 4, "right") == "  ab"
    assert fit_text("abcdef", 4) == "abc…"
    assert fit_text("日本語", 4) == "日 …"
    assert fit_text("ab", 0) == ""


async def test_each_drawing_has_the_style_of_its_moment(app: TableApp) -> None:
    async with app.run_test(size=(40, 5)) as pilot:
        app.table.update_rows([row(0), row(1)])
        await pilot.pause()
        for color in ("#102030", "#405060"):
            app.table.styles.background = color
            (drawn,) = app.table.render_lines(Region(0, 2, 20, 1))
            plain = app.table.render_line(2).crop(0, 20)
            backgrounds = {
                style and style.bgcolor and style.bgcolor.name for strip in (drawn, plain) for _, style, _ in strip
            }
            assert backgrounds == {color}
