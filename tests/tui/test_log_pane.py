"""The text pane shows the end of files of any size, follows them, and shows nothing but text."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from tunedeck.tui.widgets.log import TextPane
from tunedeck.tui.widgets.tail import BYTE_LIMIT, LINE_LIMIT, Tail, read_tail


class PaneApp(App[None]):
    """One pane on a screen."""

    def compose(self) -> ComposeResult:
        yield TextPane(empty="no log yet")

    @property
    def pane(self) -> TextPane:
        return self.query_one(TextPane)

    def lines(self) -> list[str]:
        return [self.pane.render_line(y).text.rstrip() for y in range(self.pane.size.height)]


@pytest.fixture
def app() -> PaneApp:
    return PaneApp()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "log.txt"
    path.write_text("".join(f"line {index}\n" for index in range(100)))
    return path


async def until(pilot: Pilot[None], line: str) -> None:
    for _ in range(200):
        if any(shown == line for shown in pilot.app.lines()):  # type: ignore[attr-defined]
            return
        await pilot.pause(0.02)
    raise AssertionError(f"{line!r} never came")


async def test_the_end_of_a_file_is_shown_and_followed(app: PaneApp, file: Path) -> None:
    async with app.run_test(size=(30, 6)) as pilot:
        app.pane.show_file(file)
        await until(pilot, "line 99")
        with file.open("a") as log:
            log.write("line 100\n")
        await until(pilot, "line 100")
        assert app.lines() == [f"line {index}" for index in range(95, 101)]


async def test_scrolling_up_ends_following_and_the_end_resumes_it(app: PaneApp, file: Path) -> None:
    async with app.run_test(size=(30, 6)) as pilot:
        app.pane.show_file(file)
        app.pane.focus()
        await until(pilot, "line 99")
        await pilot.press("g", "j")
        with file.open("a") as log:
            log.write("line 100\n")
        for _ in range(100):
            await pilot.pause(0.02)
            if app.pane.text.endswith("100"):
                break
        assert app.lines()[0] == "line 1"
        await pilot.press("G")
        assert app.lines()[-1] == "line 100"
        await pilot.press("ctrl+u", "k")
        assert app.lines()[-1] == "line 96"


async def test_a_missing_file_is_told_and_shown_once_it_is_there(app: PaneApp, tmp_path: Path) -> None:
    async with app.run_test(size=(30, 6)) as pilot:
        app.pane.show_file(tmp_path / "later.txt")
        await until(pilot, "no log yet")
        (tmp_path / "later.txt").write_text("here\n")
        await until(pilot, "here")


async def test_text_is_folded_and_never_markup(app: PaneApp) -> None:
    async with app.run_test(size=(11, 6)) as pilot:
        app.pane.show_text("[bold]\x1b[2Jx\n日本語日本語\n\ta")
        await pilot.pause()
        assert app.lines() == ["[bold][2Jx", "日本語日本", "語", "    a", "", ""]
        await pilot.resize_terminal(20, 6)
        await pilot.pause()
        assert app.lines()[1] == "日本語日本語"
        assert app.pane.text == "[bold][2Jx\n日本語日本語\n\ta"


async def test_a_text_is_shown_from_its_start(app: PaneApp) -> None:
    async with app.run_test(size=(30, 6)) as pilot:
        app.pane.show_text("\n".join(f"line {index}" for index in range(100)))
        await pilot.resize_terminal(40, 8)
        await pilot.pause()
        assert app.lines()[0] == "line 0"


def test_only_the_end_of_a_big_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    path.write_bytes("".join(f"é {index}\n" for index in range(400_000)).encode())
    tail = read_tail(path)
    assert len(tail.lines) == LINE_LIMIT and tail.lines[-1] == "é 399999"
    path.write_bytes(b"x" * (BYTE_LIMIT * 2))
    assert len(read_tail(path).partial) <= 4000


def test_new_lines_are_added_and_half_lines_completed(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"one\nhal")
    first = read_tail(path)
    assert (first.lines, first.partial) == (("one",), "hal")
    assert read_tail(path, first) is first
    with path.open("ab") as log:
        log.write(b"f\nthree\n")
    assert read_tail(path, first).lines == ("one", "half", "three")


def test_a_file_that_was_cut_or_replaced_is_read_anew(tmp_path: Path) -> None:
    path, other = tmp_path / "log.txt", tmp_path / "other.txt"
    path.write_text("a long first line\n")
    tail: Tail = read_tail(path)
    path.write_text("cut\n")
    tail = read_tail(path, tail)
    assert tail.lines == ("cut",)
    other.write_text("replaced by a longer one\n")
    other.replace(path)
    assert read_tail(path, tail).lines == ("replaced by a longer one",)


def test_a_progress_bar_leaves_its_last_state(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_bytes(b" 10%\r 50%\r100%\r\ndone\r\n")
    assert read_tail(tmp_path / "log.txt").lines == ("100%", "done")
