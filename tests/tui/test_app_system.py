"""The screen of the machine: what it shows, what its keys do, and that what rests is not written again."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import every_state
import psutil
import pytest
from cockpit import Cockpit, opened
from hostile import SIGNS, check, fuzzed
from keyboard import asked_of, covers, row_of, shown
from pictures import compare
from tunedeck.store import database, overview
from tunedeck.store.overview import Overview
from tunedeck.store.paths import Home
from tunedeck.tui.machine.devices import Device
from tunedeck.tui.machine.disk import Disk
from tunedeck.tui.machine.machine import Machine
from tunedeck.tui.machine.memory import Memory
from tunedeck.tui.machine.processes import Process
from tunedeck.tui.machine.processor import Processor
from tunedeck.tui.screens.ask import Ask
from tunedeck.tui.screens.playground import PlaygroundScreen
from tunedeck.tui.screens.run import RunScreen
from tunedeck.tui.screens.system import SystemScreen
from tunedeck.tui.widgets.table import Table

GIB, GB = 1 << 30, 10**9
MORNING = every_state.EPOCH


def views(home: Home) -> dict[str, Overview]:
    db = database.connect(home)
    try:
        return {view.run.name: view for view in overview.of_all(db)}
    finally:
        db.close()


def box(home: Home) -> Machine:
    """A box of two cards, one of them taken by a stranger, with runs of the seeded store."""
    found = views(home)
    learns = found["learns"].run.id
    return Machine(
        devices=(
            Device(0, "NVIDIA H100 80GB HBM3", 61 * GIB, 80 * GIB, 97, 66, 641.5, 700.0, ((812, 60 * GIB),)),
            Device(1, "NVIDIA H100 80GB HBM3", 12 * GIB, 80 * GIB, 0, 31, 71.0, 700.0, ((77, 12 * GIB),)),
        ),
        fault="",
        processes=(
            Process(812, learns, False, "you", "python", 99.0, 4 * GIB, MORNING, ((0, 60 * GIB),)),
            Process(800, None, True, "you", "python", 0.0, 12 << 20, MORNING),
            Process(77, None, False, "ann", "python3.12", 12.0, 2 * GIB, MORNING, ((1, 12 * GIB),)),
        ),
        processor=Processor(40.2, 16, 6.43),
        memory=Memory(31 * GIB, 128 * GIB),
        disk=Disk(214 * GB, 500 * GB, 15 * GB),
        taken={"runs": 120 * GB, "data": 3 * GB, "trash": 0, "store": 40_000_000, "cache": 9 * GB},
        running=(found["learns"], found["is stopping"]),
        queue=(found["waits"],),
        queued=1,
        runner_works=True,
    )


@asynccontextmanager
async def on_box(home: Home, *later: Machine, size: tuple[int, int] = (80, 24)) -> Iterator[Cockpit]:
    async with opened(home, size) as cockpit:
        cockpit.app.push_screen(SystemScreen(lambda: iter([box(home), *later])))
        await cockpit.until_shown("gpu0")
        yield cockpit


async def test_it_looks_as_it_did(seeded: Home) -> None:
    async with on_box(seeded) as cockpit:
        await compare(cockpit, "system")


async def test_of_eight_devices_the_title_has_those_that_fit_with_processor_and_queue(seeded: Home) -> None:
    machine = box(seeded)
    eight = tuple(replace(machine.devices[0], index=at) for at in range(8))
    async with on_box(seeded, replace(machine, devices=eight)) as cockpit:
        await cockpit.until(lambda: "gpu2" in cockpit.heading, "eight are shown")
        assert cockpit.heading == "SYSTEM   gpu0 61/80G 97%  gpu1 61/80G 97%  gpu2 61/80G 97%  cpu 40%  1 queued"
        await cockpit.pilot.resize_terminal(240, 24)
        await cockpit.until(lambda: "gpu7" in cockpit.heading, "there is room for all of them")


async def test_this_very_machine_is_shown(seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("8")
        await cockpit.until_shown("SYSTEM   ", "processor", "learns", "waits", "TUNEDECK TAKES", "runs")


@covers(SystemScreen, "enter")
async def test_enter_opens_the_run_of_a_process_and_of_the_queue(keys: tuple[str, ...], seeded: Home) -> None:
    for key in ("pid:812", f"run:{views(seeded)['waits'].run.id}"):
        async with on_box(seeded) as cockpit:
            await cockpit.go_to(key)
            await cockpit.press(*keys)
            await cockpit.until(shown(cockpit, RunScreen), "the run is open")


@covers(SystemScreen, "P")
async def test_the_model_of_the_run_of_a_process_is_asked(keys: tuple[str, ...], seeded: Home) -> None:
    async with on_box(seeded) as cockpit:
        await cockpit.go_to("pid:812")
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, PlaygroundScreen), "the playground is open")


@covers(SystemScreen, "s")
async def test_s_stops_what_is_ours_once_it_was_said_yes_to(keys: tuple[str, ...], seeded: Home) -> None:
    run = views(seeded)["learns"].run
    async with on_box(seeded) as cockpit:
        await cockpit.go_to("pid:812")
        await cockpit.press(*keys)
        await cockpit.until(shown(cockpit, Ask), "it asks")
        await cockpit.press("n")
        assert asked_of(seeded, run) == []
        await cockpit.press(*keys, "y")
        await cockpit.until(lambda: asked_of(seeded, run) == ["stop"], "it was asked to stop")
        await cockpit.go_to(f"run:{views(seeded)['waits'].run.id}")
        await cockpit.press(*keys, "y")
        await cockpit.until(lambda: row_of(seeded, views(seeded)["waits"].run).state == "stopped", "it left the queue")


async def test_what_is_not_ours_is_never_stopped(seeded: Home) -> None:
    async with on_box(seeded) as cockpit:
        for key, said in (
            ("pid:77", "! Process 77 belongs to ann: tunedeck stops only its own runs."),
            ("pid:800", "! The runner ends by itself when nothing is queued; on the line of a run s stops that."),
            ("disk", "! This line is no run: go to one with j or k."),
        ):
            await cockpit.go_to(key)
            await cockpit.press("s")
            assert cockpit.status == said


@covers(SystemScreen, "r")
async def test_r_measures_anew_what_is_taken(keys: tuple[str, ...], seeded: Home) -> None:
    async with opened(seeded) as cockpit:
        await cockpit.press("8")
        await cockpit.until_shown("TUNEDECK TAKES", "store")
        (seeded.datasets / "reviews").mkdir(parents=True)
        (seeded.datasets / "reviews" / "v1.parquet").write_bytes(b"x" * 7_000_000)
        await cockpit.press(*keys)
        await cockpit.until_shown("data", "7 MB")


@covers(SystemScreen, "y")
async def test_y_copies_the_id_of_the_process(keys: tuple[str, ...], seeded: Home) -> None:
    async with on_box(seeded) as cockpit:
        await cockpit.go_to("pid:77")
        await cockpit.press(*keys)
        await cockpit.until(lambda: cockpit.app.clipboard == "77", "it is copied")
        await cockpit.go_to("disk")
        await cockpit.press(*keys)
        await cockpit.until(lambda: "214 GB free = 14 checkpoints" in cockpit.app.clipboard, "the line is copied")


@covers(SystemScreen, "f", "T", "e")
async def test_keys_of_a_run_need_one(keys: tuple[str, ...], seeded: Home) -> None:
    async with on_box(seeded) as cockpit:
        await cockpit.go_to("gpu:0")
        for key in keys:
            await cockpit.press(key)
            assert cockpit.status == "! This line is no run: go to one with j or k."


async def test_a_reading_repaints_only_the_lines_that_changed(seeded: Home) -> None:
    first = box(seeded)
    async with on_box(seeded, size=(80, 24)) as cockpit:
        table = cockpit.app.screen.query_one(Table)
        await cockpit.until_still()
        painted: list[int] = []
        table.refresh = lambda *regions, **options: painted.extend(region.y for region in regions)  # type: ignore[method-assign]
        screen = cockpit.app.screen
        assert isinstance(screen, SystemScreen)
        screen._show(first)
        assert painted == []
        screen._show(replace(first, processor=Processor(41.0, 16, 6.41)))
        assert len(painted) == 1


async def test_the_machine_is_looked_at_only_while_the_screen_is_in_front(seeded: Home) -> None:
    looked: list[int] = []

    def follow() -> Iterator[Machine]:
        while True:
            looked.append(1)
            yield box(seeded)

    async with opened(seeded) as cockpit:
        cockpit.app.push_screen(SystemScreen(follow))
        await cockpit.until_shown("gpu0")
        await cockpit.press("question_mark")
        await cockpit.pilot.pause(0.2)
        count = len(looked)
        await cockpit.pilot.pause(0.2)
        assert len(looked) == count
        await cockpit.press("q")
        await cockpit.until(lambda: len(looked) > count, "it is looked at again")


@pytest.mark.parametrize("kind", every_state.HOSTILE)
@fuzzed(SystemScreen)
async def test_hostile_names_are_shown_as_text(kind: str, home: Home, tmp_path: Path) -> None:
    """Of runs, of users and of processes: anybody may name a program as he likes."""
    text = every_state.HOSTILE[kind]
    every_state.fill_hostile(home, text)
    running, ended = sorted(views(home).values(), key=lambda view: view.run.state, reverse=True)
    stranger = Process(5, None, False, f"user {text}", f"name {text}", 1.0, GIB, MORNING, ((0, GIB),))
    machine = Machine(
        (Device(0, f"card {text}"),), f"fault {text}", (stranger,), Processor(1, 1, 1), Memory(1, 2), Disk(1, 2, None),
        {}, (running,), (ended,), 1, True,
    )  # fmt: skip
    let_go = every_state.hold(home)
    async with opened(home, (160, 48)) as cockpit:
        cockpit.app.push_screen(SystemScreen(lambda: iter([machine])))
        await check(cockpit, SIGNS[kind])
        await cockpit.go_to("pid:5")
        await cockpit.press("s")
        await check(cockpit, SIGNS[kind])
    let_go()


def test_a_process_may_carry_a_hostile_name(tmp_path: Path) -> None:
    """The name of a process is its file's, cut at 15 bytes: the reason for the test above."""
    program = tmp_path / "\x1b[31mred"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", program)
    process = subprocess.Popen([os.fspath(program), "60"])
    assert psutil.Process(process.pid).name() == "\x1b[31mred"
    process.kill()
    process.wait()
