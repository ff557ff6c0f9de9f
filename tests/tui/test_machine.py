"""What is told of the machine: devices by NVML's own functions, whose processes, what is left, what is taken.

There is no device here, and none where the tests of a change run. So NVML is stood in for at its own interface: a copy
of the module `pynvml`, with its errors and constants, whose functions answer as a box of two cards would.
"""

import os
import pwd
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import every_state
import psutil
import pynvml
import pytest
from tunedeck.store import attempts, checkpoints, locks, runs
from tunedeck.store.paths import Home
from tunedeck.store.processes import Identity
from tunedeck.tui.machine import disk, processes, taken, telling
from tunedeck.tui.machine.devices import NO_DRIVER, Devices
from tunedeck.tui.machine.machine import Machine, short
from tunedeck.tui.machine.reader import Reader

GIB = 1 << 30


def box(**answers: Any) -> SimpleNamespace:
    """The module of a box with an H100 that is busy with these processes and one that tells little."""

    def unsupported(*arguments: object) -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)

    def only_first(answer: object) -> Any:
        return lambda handle, *more: answer if handle == 0 else unsupported()

    functions = {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetName": lambda handle: ("NVIDIA H100 80GB HBM3", b"NVIDIA GB10")[handle],
        "nvmlDeviceGetMemoryInfo": only_first(SimpleNamespace(used=61 * GIB, free=19 * GIB, total=80 * GIB)),
        "nvmlDeviceGetUtilizationRates": only_first(SimpleNamespace(gpu=97, memory=40)),
        "nvmlDeviceGetTemperature": only_first(66),
        "nvmlDeviceGetPowerUsage": only_first(641_500),
        "nvmlDeviceGetEnforcedPowerLimit": only_first(700_000),
        "nvmlDeviceGetComputeRunningProcesses": lambda handle: [],
        "nvmlDeviceGetGraphicsRunningProcesses": unsupported,
    }
    return SimpleNamespace(**vars(pynvml) | functions | answers)


def on_first(*pids: int) -> dict[str, Any]:
    """Processes on the first device, each with a GiB."""
    told = [SimpleNamespace(pid=pid, usedGpuMemory=GIB, gpuInstanceId=None) for pid in pids]
    return {"nvmlDeviceGetComputeRunningProcesses": lambda handle: told if handle == 0 else []}


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that leads a session, as engines do, with a child in it."""
    process = subprocess.Popen(["sh", "-c", "sleep 60 & wait"], start_new_session=True)
    yield process
    os.killpg(process.pid, 9)
    process.wait()


@pytest.fixture
def seeding(db: sqlite3.Connection, home: Home) -> every_state.Seeding:
    return every_state.Seeding(db, home)


def read(home: Home, db: sqlite3.Connection, nvml: object = None) -> Machine:
    return Reader(home, taken.Taken(home), nvml).read(db)


def line(machine: Machine, key: str) -> str:
    row = next(row for row in telling.rows(machine) if row.key == key)
    return "  ".join(cell if isinstance(cell, str) else cell[0] for cell in row.cells)


def test_without_a_driver_there_are_no_devices_and_one_says_so() -> None:
    def missing() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    devices = Devices(box(nvmlInit=missing))
    assert (devices.read(), devices.fault) == ((), NO_DRIVER)


def test_this_machine_is_read_without_a_crash(db: sqlite3.Connection, home: Home) -> None:
    machine = read(home, db)
    assert machine.processor.cores >= 1 and machine.memory.total_bytes > machine.memory.used_bytes > 0
    assert bool(machine.devices) != bool(machine.fault)
    assert telling.rows(machine) and "cpu " in short(machine)


def test_a_driver_that_fails_later_is_told_and_asked_again() -> None:
    lost = True

    def count() -> int:
        if lost:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return 1

    devices = Devices(box(nvmlDeviceGetCount=count))
    assert devices.read() == () and devices.fault == "the NVIDIA driver does not answer: GPU is lost"
    lost = False
    assert len(devices.read()) == 1 and devices.fault == ""


def test_devices_are_told_as_far_as_they_tell(db: sqlite3.Connection, home: Home) -> None:
    machine = read(home, db, box())
    assert line(machine, "gpu:0") == "gpu0  61.0/80 GiB  97%  66 C, 640/700 W, H100 80GB HBM3"
    assert line(machine, "gpu:1") == "gpu1  -  -  GB10"
    assert short(machine).startswith("gpu0 61/80G 97%  gpu1 -  cpu ")


def test_a_process_that_computes_and_draws_is_one() -> None:
    told = on_first(5)["nvmlDeviceGetComputeRunningProcesses"]
    device = Devices(box(nvmlDeviceGetComputeRunningProcesses=told, nvmlDeviceGetGraphicsRunningProcesses=told)).read()
    assert device[0].processes == ((5, GIB),)


def test_a_process_on_two_instances_of_a_card_has_the_memory_of_both() -> None:
    told = [SimpleNamespace(pid=5, usedGpuMemory=GIB), SimpleNamespace(pid=5, usedGpuMemory=2 * GIB)]
    unseen = [SimpleNamespace(pid=7, usedGpuMemory=None)]
    device = Devices(box(nvmlDeviceGetComputeRunningProcesses=lambda handle: told + unseen)).read()
    assert device[0].processes == ((5, 3 * GIB), (7, None))


def test_what_an_older_driver_does_not_know_hides_no_device() -> None:
    def unknown(handle: object) -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_FUNCTION_NOT_FOUND)

    device = Devices(box(nvmlDeviceGetEnforcedPowerLimit=unknown)).read()
    assert (device[0].watts_limit, device[0].busy_percent) == (None, 97)


def test_an_engine_and_what_it_started_belong_to_their_run(
    db: sqlite3.Connection, home: Home, seeding: every_state.Seeding, sleeper: subprocess.Popen[bytes]
) -> None:
    run, attempt = seeding.start("learns")
    attempts.set_process(db, attempt, Identity.of(sleeper.pid))
    child = _child(sleeper.pid)
    machine = read(home, db, box(**on_first(sleeper.pid, child, os.getpid())))
    assert [(one.pid, one.run) for one in machine.processes] == [
        (sleeper.pid, run.id), *sorted([(child, run.id), (os.getpid(), None)]),
    ]  # fmt: skip
    assert f"run learns, gpu0 1.0 GiB, since {time.strftime('%H:')}" in line(machine, f"pid:{sleeper.pid}")
    me = pwd.getpwuid(os.getuid()).pw_name
    assert f"not ours: {me}, gpu0 1.0 GiB" in line(machine, f"pid:{os.getpid()}")


def _child(pid: int) -> int:
    while not (children := psutil.Process(pid).children()):
        time.sleep(0.01)
    return children[0].pid


def test_a_stranger_with_the_id_of_an_engine_that_ended_is_not_ours(
    db: sqlite3.Connection, home: Home, seeding: every_state.Seeding, sleeper: subprocess.Popen[bytes]
) -> None:
    _, attempt = seeding.start("learns")
    attempts.set_process(db, attempt, Identity(sleeper.pid, "1", Identity.of(sleeper.pid).boot_id))
    assert [one.run for one in read(home, db, box(**on_first(sleeper.pid))).processes] == [None]


def test_a_process_that_cannot_be_seen_is_told_by_its_id(db: sqlite3.Connection, home: Home) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    told = line(read(home, db, box(**on_first(gone.pid))), f"pid:{gone.pid}")
    assert "not ours: ?, gpu0 1.0 GiB, not to be seen from here" in told


def test_the_runner_is_told_while_it_holds_its_lock(db: sqlite3.Connection, home: Home) -> None:
    lock = locks.try_lock(home.runner_lock)
    assert lock is not None
    os.write(lock, str(os.getpid()).encode())
    held = processes.ours(db, home).runner
    os.close(lock)
    assert (held, processes.ours(db, home).runner) == (os.getpid(), None)


def test_the_free_disk_is_counted_in_checkpoints_of_the_mean_size(db: sqlite3.Connection, home: Home) -> None:
    seeding = every_state.Seeding(db, home)
    assert disk.read(db, home).checkpoints_left is None
    run, attempt = seeding.start("learns")
    for step, size in ((10, 10**9), (20, 3 * 10**9)):
        checkpoints.begin(db, run.id, attempt, step)
        checkpoints.complete(db, run.id, step, "hash", size, None, None)
    checkpoints.begin(db, run.id, attempt, 30)
    assert checkpoints.mean_bytes(db) == 2 * 10**9
    place = disk.read(db, home)
    assert place.checkpoints_left == place.free_bytes // (2 * 10**9)
    assert telling.room(disk.Disk(214 * 10**9, 500 * 10**9, 15 * 10**9)) == "214 GB free = 14 checkpoints"


def test_what_is_taken_counts_a_file_of_two_names_once_and_follows_no_link(tmp_path: Path) -> None:
    folder = tmp_path / "runs"
    (folder / "one").mkdir(parents=True)
    (folder / "one" / "weights").write_bytes(b"x" * 100_000)
    os.link(folder / "one" / "weights", folder / "again")
    (folder / "elsewhere").symlink_to("/")
    blocks = sum(path.lstat().st_blocks for path in (folder, *folder.rglob("*"))) * 512
    twice = (folder / "again").stat().st_blocks * 512
    assert taken.size(folder) == blocks - twice
    shutil.rmtree(folder)
    assert taken.size(folder) == 0


def test_the_queue_stands_in_its_order(db: sqlite3.Connection, home: Home, seeding: every_state.Seeding) -> None:
    first, second = seeding.queue("first"), seeding.queue("second")
    assert runs.withdraw(db, first)
    runs.requeue(db, first)
    machine = read(home, db)
    assert [view.run.name for view in machine.queue] == ["second", "first"]
    assert line(machine, f"run:{second.id}").endswith("the next")
    assert line(machine, "rests") == f"the runner rests      `tunedeck resume {second.id}` lets the queue go on"


@pytest.mark.parametrize(
    ("size", "told"), [(214_300_000_000, "214 GB"), (2_540_000_000, "2.5 GB"), (37_000_000, "37 MB"), (8200, "8 kB")]
)
def test_sizes_are_told_as_people_count(size: int, told: str) -> None:
    assert telling.disk(size) == told
