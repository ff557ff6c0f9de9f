"""The machine in lines: a table of what is used and how busy it is, the same on the screen and on the command line."""

import time
from collections.abc import Iterator

from ..widgets.cells import Cell, Column, Row
from ..words import ASCII_MARKS, STATE_MARKS, counted, duration, share
from .devices import Device
from .disk import Disk
from .machine import GIB, Machine
from .processes import Process

COLUMNS = (
    Column("", 18, flex=1),
    Column("used", 14),
    Column("busy", 4, align="right"),
    Column("", 24, flex=4),
)
MEASURING = "being measured..."
_MIB, _GB, _MB = 1 << 20, 10**9, 10**6


def rows(machine: Machine, *, ascii_only: bool = False, new_key: str = "") -> list[Row]:
    """By keys that say what a line is: `gpu:0`, `pid:812`, `run:ID`; figures are rounded so that they rest.

    `new_key` is the key that sets up a run, where there are keys.
    """
    return [
        _heading("DEVICES"),
        *(_device(device) for device in machine.devices),
        *([Row("no-device", ("-", "", "", (machine.fault, "dim")))] if machine.fault else []),
        *([_heading("PROCESSES")] if machine.processes else []),
        *(_process(process, machine) for process in machine.processes),
        _heading("MACHINE"),
        *_machine(machine),
        _heading("TUNEDECK TAKES", MEASURING if machine.taken is None else disk(sum(machine.taken.values()))),
        *_taken(machine),
        _heading("QUEUE"),
        *_queue(machine, ASCII_MARKS if ascii_only else STATE_MARKS, new_key),
    ]


def _heading(title: str, used: str = "") -> Row:
    return Row(title, ((title, "strong"), used, "", ""))


def _device(device: Device) -> Row:
    """Heat and power stand before the name, of which there is room for a part."""
    heat = "" if device.celsius is None else f"{device.celsius} C"
    limit = f"/{device.watts_limit:.0f}" if device.watts_limit else ""
    power = "" if device.watts is None else f"{round(device.watts, -1):.0f}{limit} W"
    about = ", ".join(part for part in (heat, power, device.name.removeprefix("NVIDIA ")) if part)
    used = "-" if device.used_bytes is None else _of(device.used_bytes, device.total_bytes or 0)
    return Row(f"gpu:{device.index}", (f"gpu{device.index}", used, _percent(device.busy_percent), about))


def _process(process: Process, machine: Machine) -> Row:
    if not process.user:
        where = f"{_whose(process, machine)}{_on_devices(process)}, not to be seen from here"
        return Row(f"pid:{process.pid}", (f"{process.pid}", "", "", where))
    about = f"{_whose(process, machine)}{_on_devices(process)}, since {since(process.started_at)}"
    style = "state-running" if process.run or process.is_runner else ""
    name: Cell = (f"{process.pid} {process.name}", style)
    return Row(f"pid:{process.pid}", (name, memory(process.memory_bytes), _percent(process.busy_percent), about))


def _whose(process: Process, machine: Machine) -> str:
    if process.is_runner:
        return "the runner"
    if process.run is not None:
        view = machine.runs.get(process.run)
        return f"run {view.run.name if view else process.run}"
    return f"not ours: {process.user or '?'}"


def _on_devices(process: Process) -> str:
    return "".join(f", gpu{at}{'' if used is None else f' {memory(used)}'}" for at, used in process.devices)


def _machine(machine: Machine) -> Iterator[Row]:
    processor, used, total = machine.processor, machine.memory.used_bytes, machine.memory.total_bytes
    about = f"{counted(processor.cores, 'core')}, load {processor.load:.1f}"
    yield Row("processor", ("processor", "", _percent(processor.busy_percent), about))
    yield Row("memory", ("memory", _of(used, total), _percent(100 * used / total), f"{memory(total - used)} to be had"))
    place = machine.disk
    taken = place.total_bytes - place.free_bytes
    used_text = f"{taken / _GB:.0f}/{place.total_bytes / _GB:.0f} GB"
    yield Row("disk", ("disk", used_text, _percent(100 * taken / max(place.total_bytes, 1)), room(place)))


def room(place: Disk) -> str:
    """What is free, in checkpoints where their size is known: `214 GB free = 14 checkpoints`."""
    left = place.checkpoints_left
    return f"{disk(place.free_bytes)} free" + ("" if left is None else f" = {counted(left, 'checkpoint')}")


def _taken(machine: Machine) -> Iterator[Row]:
    for name, size in (machine.taken or {}).items():
        if size:
            yield Row(f"taken:{name}", (name, disk(size), "", ""))


def _queue(machine: Machine, marks: dict[str, str], new_key: str) -> Iterator[Row]:
    for view in machine.running:
        steps = f"{view.step}/{view.total_steps}" if view.total_steps else "-"
        left = f"{duration(view.seconds_left)} left" if view.seconds_left is not None else view.phase
        done = _percent(100 * share(view.step, view.total_steps))
        yield Row(f"run:{view.run.id}", ((f"{marks['running']} {view.run.name}", "state-running"), steps, done, left))
    for place, view in enumerate(machine.queue, 1):
        about = "the next" if place == 1 else f"number {place}"
        yield Row(f"run:{view.run.id}", (f"{marks['queued']} {view.run.name}", "queued", "", about))
    if more := machine.queued - len(machine.queue):
        yield Row("more", (f"and {more:,} more", "", "", ""))
    if machine.queued and not machine.runner_works:
        cure = "resuming a queued run in Runs" if new_key else f"`tunedeck resume {machine.queue[0].run.id}`"
        yield Row("rests", ("the runner rests", "", "", f"{cure} lets the queue go on"))
    elif not machine.running and not machine.queued:
        yield Row("empty", (("nothing", "dim"), "", "", (f"{new_key} sets up a run" if new_key else "", "dim")))


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}%"


def _of(used: int, total: int) -> str:
    return f"{used / GIB:.1f}/{total / GIB:.0f} GiB"


def memory(size: int) -> str:
    """Bytes of memory as people count them: `61.2 GiB`, `340 MiB`."""
    return f"{size / GIB:.1f} GiB" if size >= GIB else f"{round(size / _MIB, -1):.0f} MiB"


def disk(size: int) -> str:
    """Bytes of a disk as people count them: `214 GB`, `2.5 GB`, `37 MB`, `8 kB`."""
    if size >= 100 * _GB:
        return f"{size / _GB:,.0f} GB"
    if size >= _GB:
        return f"{size / _GB:.1f} GB"
    return f"{size / _MB:.0f} MB" if size >= _MB else f"{size / 1000:.0f} kB"


def since(at: float) -> str:
    """A moment of the past as a clock shows it, with the day where that is not today: it never changes."""
    moment, now = time.localtime(at), time.localtime()
    today = (moment.tm_year, moment.tm_yday) == (now.tm_year, now.tm_yday)
    return time.strftime("%H:%M" if today else "%b %d %H:%M", moment)
