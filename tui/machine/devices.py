"""The NVIDIA devices: memory, use, heat, power, and which processes are on them, as NVML tells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

NO_DRIVER = "no NVIDIA driver found"


@dataclass(frozen=True)
class Device:
    """One device at one moment; None for what its driver does not tell.

    `busy_percent` is the share of the last moment in which a kernel ran; `processes` are bytes by process id.
    """

    index: int
    name: str
    used_bytes: int | None = None
    total_bytes: int | None = None
    busy_percent: int | None = None
    celsius: int | None = None
    watts: float | None = None
    watts_limit: float | None = None
    processes: tuple[tuple[int, int | None], ...] = ()


class Devices:
    """NVML, held open from the first reading on, as opening it anew takes up to seconds; `nvml` is its module."""

    def __init__(self, nvml: Any = None) -> None:
        self._nvml: Any = nvml
        self._is_open = False
        self.fault = ""
        """Why the last reading found nothing, in a few words; empty where it did."""

    def read(self) -> tuple[Device, ...]:
        """The devices as they are now; none, and `fault` says why, where NVML does not answer."""
        if self._nvml is None:
            import pynvml

            self._nvml = pynvml
        try:
            if not self._is_open:
                self._nvml.nvmlInit()
                self._is_open = True
            found = tuple(self._device(index) for index in range(self._nvml.nvmlDeviceGetCount()))
        except self._nvml.NVMLError as error:
            self.close()
            missing = isinstance(error, self._nvml.NVMLError_LibraryNotFound)
            self.fault = NO_DRIVER if missing else f"the NVIDIA driver does not answer: {error}"
            return ()
        self.fault = "" if found else "the NVIDIA driver knows no device"
        return found

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            self._told(self._nvml.nvmlShutdown)

    def _device(self, index: int) -> Device:
        nvml = self._nvml
        handle = nvml.nvmlDeviceGetHandleByIndex(index)
        memory = self._told(nvml.nvmlDeviceGetMemoryInfo, handle)
        use = self._told(nvml.nvmlDeviceGetUtilizationRates, handle)
        watts = self._told(nvml.nvmlDeviceGetPowerUsage, handle)
        limit = self._told(nvml.nvmlDeviceGetEnforcedPowerLimit, handle)
        return Device(
            index=index,
            name=_text(nvml.nvmlDeviceGetName(handle)),
            used_bytes=memory and int(memory.used),
            total_bytes=memory and int(memory.total),
            busy_percent=use and int(use.gpu),
            celsius=self._told(nvml.nvmlDeviceGetTemperature, handle, nvml.NVML_TEMPERATURE_GPU),
            watts=watts and watts / 1000,
            watts_limit=limit and limit / 1000,
            processes=self._processes(handle),
        )

    def _processes(self, handle: object) -> tuple[tuple[int, int | None], ...]:
        """A process that computes and draws is told twice, with the same memory; on MIG once for each instance."""
        nvml = self._nvml
        found: dict[int, int | None] = {}
        for ask in (nvml.nvmlDeviceGetComputeRunningProcesses, nvml.nvmlDeviceGetGraphicsRunningProcesses):
            told: dict[int, int | None] = {}
            for one in self._told(ask, handle) or ():
                # None where the driver doesn't tell it, as in a container or under WDDM.
                known = told.get(one.pid)
                told[one.pid] = one.usedGpuMemory if known is None else known + (one.usedGpuMemory or 0)
            found |= told
        return tuple(found.items())

    def _told(self, ask: Callable[..., Any], *arguments: object) -> Any:
        """What NVML answers; None for what this device or driver does not tell, as laptops their power."""
        try:
            return ask(*arguments)
        except self._untold:
            return None

    @property
    def _untold(self) -> tuple[type[Exception], ...]:
        """Of this device, of an older driver, of somebody without rights: N/A, and no fault of all devices."""
        nvml = self._nvml
        return nvml.NVMLError_NotSupported, nvml.NVMLError_NoPermission, nvml.NVMLError_FunctionNotFound


def _text(name: str | bytes) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name
