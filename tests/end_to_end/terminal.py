"""A terminal for tests: runs a command under a pty of its own and keeps every byte that it writes."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping

APP = (sys.executable, "-P", "-m", "tunedeck.tui")
ESCAPE = re.compile(rb"\x1b(?:\]22;[a-z-]*\x07|\[[0-?]*[ -/]*[@-~]|[()][0-9A-B]|[=>78DEHM])")
# Makes the pty the controlling terminal, as a login does: only then does its end bring SIGHUP.
_LOG_IN = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
if sys.argv[1] == "blocked":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
if sys.argv[1] == "ignored":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(sys.argv[2], sys.argv[2:])
"""


def of_terminal(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment as in a plain terminal with 256 colours; one thread, as cores are shared."""
    kept = {name: value for name, value in environment.items() if name not in ("NO_COLOR", "TMUX", "COLORTERM")}
    return kept | {"TERM": "xterm-256color", "OMP_NUM_THREADS": "1"}


class Terminal:
    """The command's window; what was read is in `seen`."""

    def __init__(self, *command: str, environment: dict[str, str], size: tuple[int, int] = (80, 24), hangup: str = ""):
        self._master, window = os.openpty()
        self.resize(size)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _LOG_IN, hangup or "default", *command],
            stdin=window, stdout=window, stderr=window, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(window)
        self.seen = b""

    def resize(self, size: tuple[int, int]) -> None:
        """The window has so many columns and lines now, and whoever is in front hears of it."""
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def read(self, seconds: float) -> bytes:
        """What comes within this time."""
        came, deadline = b"", time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and (part := self.read_some(left)):
            came += part
        return came

    def read_some(self, seconds: float) -> bytes:
        """What comes at once, or else first within this time."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            came = os.read(self._master, 65536)
        except OSError:
            return b""  # EIO: nobody has the other end open
        self.seen += came
        return came

    def until(self, text: str, seconds: float = 20.0) -> None:
        """Until this text was written since the last key."""
        deadline = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < deadline, f"{text!r} never came:\n{self.text}"
            self.read_some(0.05)

    def until_still(self, seconds: float = 0.5) -> None:
        while self.read(seconds):
            pass

    @property
    def text(self) -> str:
        return ESCAPE.sub(b"", self.seen).decode("utf-8", "replace")

    def press(self, keys: str) -> None:
        self.seen = b""
        os.write(self._master, keys.encode())

    def close(self) -> None:
        """The connection drops: the terminal is gone from one moment to the next."""
        os.close(self._master)

    def end(self) -> None:
        """End the command, and what it left behind on its terminal."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(5)


Open = Callable[..., Terminal]


def cpu_seconds(pid: int) -> float:
    """The processor time that the process has used."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123 - a file of the kernel
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
