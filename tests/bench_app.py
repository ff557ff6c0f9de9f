"""Measures the app in a real terminal: first paint, bytes when idle and live, from key to paint, with a full store.

`python tests/bench_app.py --folder FOLDER` keeps the store of 10,000 runs, one of them of a million points, for the
next time. These are figures to be looked at, not tests: other work on the machine makes them worse, so the first paint
is told in those of an empty Textual app too. The promises are those of the dashboard: a first paint within 300 ms, from
key to paint less than 50 ms for 19 keys in 20, nothing written when idle, at most 10 KB a second while a run is live.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.append(str(Path(__file__).parent / "end_to_end"))

import every_state
import full_store
from figure import Figure
from terminal import APP, Terminal, cpu_seconds, of_terminal
from tunedeck.store.paths import Home

PAINTED = "painted"
# What Textual itself takes: below it no app can be.
_EMPTY_APP = f"""
from textual.app import App
from textual.widgets import Static

class Empty(App):
    def compose(self):
        yield Static("{PAINTED}")

Empty().run()
"""
EMPTY_APP = (sys.executable, "-P", "-c", _EMPTY_APP)
RUNS, POINTS = 10_000, 1_000_000
SMALL, LARGE = (80, 24), (160, 48)
STEPS_PER_SECOND = 10.0
IDLE_SECONDS, LIVE_SECONDS = 10.0, 15.0
LIVE_VIEWS = (("runs and preview", ""), ("charts of the run", "\r"), ("charts by time, zoomed", "\raa++"))
# What a key causes comes in one burst; the preview, which is drawn where the cursor rests, comes 100 ms later.
_QUIET_SECONDS = 0.05


class Bench:
    """Opens the app, in a terminal of all colours, with a configuration of its own."""

    def __init__(self, folder: Path, starts: int) -> None:
        self._folder, self._starts = folder, starts

    @contextlib.contextmanager
    def open(self, home: Home, size: tuple[int, int], until: str, command: Sequence[str] = APP) -> Iterator[Terminal]:
        terminal = Terminal(*command, environment=self._environment(home), size=size)
        try:
            terminal.until(until, 60.0)
            yield terminal
        finally:
            terminal.end()

    def _environment(self, home: Home) -> dict[str, str]:
        folders = {"TUNEDECK_HOME": home.root, "TUNEDECK_CONFIG": self._folder / "config"}
        told = {name: str(folder) for name, folder in folders.items()}
        return of_terminal(os.environ) | {"COLORTERM": "truecolor"} | told

    def first_paint(self, home: Home, size: tuple[int, int], until: str, command: Sequence[str] = APP) -> float:
        """The median of the seconds from the start of the process, after once more, which warms the caches."""

        def paint(command: Sequence[str], until: str) -> float:
            began = time.monotonic()
            with self.open(home, size, until, command):
                return time.monotonic() - began

        def median(command: Sequence[str], until: str) -> float:
            return statistics.median([paint(command, until) for _ in range(self._starts + 1)][1:])

        # Half of what is taken off is the start of the Python that makes the terminal.
        return median(command, until) - median(("/bin/echo", PAINTED), PAINTED)


def _seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def starting(bench: Bench, home: Home) -> Iterator[Figure]:
    """From the start of the process until the oldest run of the list stands there."""
    empty = bench.first_paint(home, SMALL, PAINTED, EMPTY_APP)
    painted = bench.first_paint(home, SMALL, "lost")
    yield Figure("an empty Textual app, first paint", empty * 1000, "ms")
    yield Figure("first paint", painted * 1000, "ms", 300)
    yield Figure("first paint, in those of an empty app", painted / empty, "x")


def idling(bench: Bench, home: Home) -> Iterator[Figure]:
    for name, keys in (("runs", ""), ("run", "\r"), ("new run", "n"), ("data", "3"), ("system", "8")):
        with bench.open(home, SMALL, "lost") as terminal:
            terminal.press(keys)
            # What the machine is used for is told once a second.
            most = 1000.0 if name == "system" else 0.0
            yield Figure(f"idle, {name}", _rate(terminal, IDLE_SECONDS), "B/s", most)


def _rate(terminal: Terminal, seconds: float) -> float:
    """Bytes a second, once what was pressed before is read and painted."""
    terminal.read(4.0)
    return len(terminal.read(seconds)) / seconds


def living(bench: Bench, home: Home) -> Iterator[Figure]:
    """With a run that makes ten steps a second, fed by a process of its own."""
    looked_at = 2 * len(LIVE_VIEWS) * (LIVE_SECONDS + 20)
    full_store.start_live_run(home, looked_at)
    with subprocess.Popen([sys.executable, __file__, "--train", str(home.root), str(looked_at)]) as engine:
        for size in (LARGE, SMALL):
            shape = f"{size[0]}x{size[1]}"
            for name, keys in LIVE_VIEWS:
                with bench.open(home, size, full_store.LIVE_RUN) as terminal:
                    for key in keys:
                        terminal.press(key)
                        terminal.until_still()
                    most = 10_000.0 if size == LARGE else None
                    yield Figure(f"live {shape}, {name}", _rate(terminal, LIVE_SECONDS), "B/s", most)
        engine.terminate()


def full(bench: Bench, home: Home) -> Iterator[Figure]:
    newest = full_store.LONG_RUN
    yield Figure("first paint, 10,000 runs", bench.first_paint(home, LARGE, newest) * 1000, "ms")
    with bench.open(home, LARGE, newest) as terminal:
        # What is read and imported after the first paint is over.
        terminal.read(3.0)
        yield from pressing(terminal, "a step in the list", "jk" * 50)
        yield from pressing(terminal, "half a page in the list", "\x04\x04\x15\x15" * 12)
        yield from pressing(terminal, "ends of the list", "Gg" * 25)
        terminal.press("\r")
        began = time.monotonic()
        for what, words in (
            ("its title", "a-million-points"),
            ("its loss", "─ train"),
            ("all its charts", "per second"),
        ):
            terminal.until(words)
            yield Figure(f"a million points, {what}", 1000 * (time.monotonic() - began), "ms")
        yield from pressing(terminal, "next chart", "]" * 30)
        yield from pressing(terminal, "next pane", "\t" * 28)
        yield from pressing(terminal, "out of and into the run", "q\r" * 8)


class Paint(NamedTuple):
    """Seconds from a key to the first byte of what it caused, and to the last."""

    begun: float
    whole: float


def pressing(terminal: Terminal, what: str, keys: str) -> Iterator[Figure]:
    """What one key in twenty is slower than, and the median; what all the work behind one takes of a processor."""
    used = cpu_seconds(terminal.process.pid)
    paints = [key_to_paint(terminal, key) for key in keys]
    used = cpu_seconds(terminal.process.pid) - used
    begun, whole = sorted(paint.begun for paint in paints), sorted(paint.whole for paint in paints)
    yield Figure(f"{what}, p95", 1000 * _p95(begun), "ms", 50)
    yield Figure(f"{what}, to the last byte, p50", 1000 * statistics.median(whole), "ms")
    yield Figure(f"{what}, to the last byte, p95", 1000 * _p95(whole), "ms")
    yield Figure(f"{what}, processor", 1000 * used / len(keys), "ms")


def _p95(rising: Sequence[float]) -> float:
    return rising[int(0.95 * (len(rising) - 1))]


def key_to_paint(terminal: Terminal, key: str) -> Paint:
    terminal.until_still(0.2)
    terminal.press(key)
    pressed = last = time.monotonic()
    begun = 0.0
    while time.monotonic() - last < _QUIET_SECONDS or not begun:
        if terminal.read_some(_QUIET_SECONDS):
            last = time.monotonic()
            begun = begun or last
        assert time.monotonic() - pressed < 10, f"{key!r} paints nothing"
    return Paint(begun - pressed, last - pressed)


def storing(folder: Path) -> Figure:
    """What a point takes in the file: the difference that a hundred thousand make."""
    homes = {points: Home(folder / f"points-{points}") for points in (4, 100_000)}
    for points, home in homes.items():
        full_store.fill(home, 1, points)
    sizes = [home.store.stat().st_size for home in homes.values()]
    return Figure("store, a point", (sizes[1] - sizes[0]) / 99_996, "B")


def measured(folder: Path, starts: int, parts: Sequence[str]) -> Iterator[Figure]:
    """All figures, or those of the parts asked for; what can be kept for the next time lies in the folder."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        bench, few, kept = Bench(scratch, starts), Home(scratch / "few"), Home(folder / "full")
        every_state.fill(few)
        if not kept.store.exists() and "full" in parts:
            full_store.fill(kept, RUNS, POINTS)
        let_go = every_state.hold(few)
        yield from starting(bench, few) if "start" in parts else ()
        yield from idling(bench, few) if "idle" in parts else ()
        let_go()
        yield from full(bench, kept) if "full" in parts else ()
        yield from living(bench, Home(scratch / "live")) if "live" in parts else ()
        yield from [storing(scratch)] if "store" in parts else ()


PARTS = ("start", "idle", "full", "live", "store")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, help="where the full store is kept (180 MB)")
    parser.add_argument("--starts", type=int, default=7, help="of how many starts the median is taken")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--train", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.train:
        return full_store.train_live_run(Home(Path(asked.train[0])), float(asked.train[1]), STEPS_PER_SECOND)
    with tempfile.TemporaryDirectory() as passing:
        for figure in measured(asked.folder or Path(passing), asked.starts, asked.only):
            print(json.dumps(figure._asdict()) if asked.json else figure, flush=True)
    if not asked.json:
        print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
