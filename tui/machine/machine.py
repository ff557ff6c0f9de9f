"""The machine at one moment, as one value: for the screen, for scripts, and in a few words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ...store.overview import Overview
from .devices import Device
from .disk import Disk
from .memory import Memory
from .processes import Process
from .processor import Processor

GIB = 1 << 30


@dataclass(frozen=True)
class Machine:
    """`fault` says why there are no devices, `taken` is None until it was measured, `queue` holds the first that wait,
    of `queued` in all."""

    devices: tuple[Device, ...]
    fault: str
    processes: tuple[Process, ...]
    processor: Processor
    memory: Memory
    disk: Disk
    taken: Mapping[str, int] | None
    running: tuple[Overview, ...]
    queue: tuple[Overview, ...]
    queued: int
    runner_works: bool

    @property
    def runs(self) -> dict[str, Overview]:
        """The runs that stand here, by their ids."""
        return {view.run.id: view for view in (*self.running, *self.queue)}

    def facts(self) -> dict[str, object]:
        """What a script wants to know; sizes in bytes, times in seconds since 1970."""
        return {
            "devices": [asdict(device) | {"processes": dict(device.processes)} for device in self.devices],
            "device_fault": self.fault,
            "processes": [asdict(process) | {"devices": dict(process.devices)} for process in self.processes],
            "processor": asdict(self.processor),
            "memory": asdict(self.memory),
            "disk": asdict(self.disk) | {"checkpoints_left": self.disk.checkpoints_left},
            "taken": None if self.taken is None else dict(self.taken),
            "running": [_of_run(view) for view in self.running],
            "queue": [_of_run(view) for view in self.queue],
            "queued": self.queued,
            "runner": {
                "works": self.runner_works,
                "pid": next((process.pid for process in self.processes if process.is_runner), None),
            },
        }


def _of_run(view: Overview) -> dict[str, object]:
    return {
        "run": view.run.id,
        "name": view.run.name,
        "state": view.state,
        "step": view.step,
        "total_steps": view.total_steps,
        "seconds_left": view.seconds_left,
    }


def short(machine: Machine) -> str:
    """A few words for a heading: `gpu0 61/80G 97%  cpu 40%  3 queued`."""
    return "  ".join(parts(machine))


def parts(machine: Machine) -> list[str]:
    """The devices in their order, the processor, and the queue where something waits."""
    words = [f"gpu{device.index} {_memory(device)}{_busy(device)}" for device in machine.devices]
    words.append(f"cpu {machine.processor.busy_percent:.0f}%")
    return words + ([f"{machine.queued} queued"] if machine.queued else [])


def _memory(device: Device) -> str:
    if device.used_bytes is None or device.total_bytes is None:
        return "-"
    return f"{device.used_bytes / GIB:.0f}/{device.total_bytes / GIB:.0f}G"


def _busy(device: Device) -> str:
    return "" if device.busy_percent is None else f" {device.busy_percent}%"
