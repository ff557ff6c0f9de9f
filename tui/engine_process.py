"""The processes that the app starts: the runner, and short questions to the engine; never an import of it."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from queue import SimpleQueue
from types import MappingProxyType
from typing import IO, Any

from ..store import errors
from ..store.paths import Home

# Only these reach a run: a secret that somebody exported for another program does not.
_ALLOWED = {"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SHELL"}
_ALLOWED_PREFIXES = (
    "TUNEDECK_", "LC_", "XDG_", "HF_", "HUGGING", "TRANSFORMERS_", "TORCH", "PYTORCH_", "CUDA", "NVIDIA_", "NCCL_",
    "OMP_", "MKL_", "OPENBLAS_", "GOMP_", "KMP_", "PIP_", "SSL_CERT_", "REQUESTS_CA_", "CURL_CA_", "ROCR_", "HIP_",
)  # fmt: skip
_PROXIES = {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"}


def environment(planted: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """What of our environment the engine gets; `planted` is looked at as if it stood there too."""
    allowed = {
        name: value
        for name, value in (os.environ | planted).items()
        if name in _ALLOWED or name.startswith(_ALLOWED_PREFIXES) or name.upper() in _PROXIES
    }
    # A folder named `tunedeck` or a file `json.py` where the user stands must never be imported.
    return allowed | {"PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}


def _command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", f"tunedeck.{module}", *arguments]


def start_runner(home: Home) -> None:
    """Have a runner work the queue; one that lives already makes this a matter of 30 ms."""
    with home.runner_log.open("ab") as log:
        runner = subprocess.Popen(
            _command("engine.runner"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment() | {"TUNEDECK_HOME": str(home.root)},
            cwd=home.root,
        )
    # It ends long before or long after us; who waits for it leaves no zombie.
    threading.Thread(target=runner.wait, daemon=True).start()


class Ending:
    """By which a question to the engine is given up from another thread than the one that reads the answers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_wanted = False

    def holds(self, process: subprocess.Popen[str]) -> None:
        """It is this process that answers."""
        with self._lock:
            self._process = process
            if self._is_wanted:
                process.terminate()

    def end(self) -> None:
        """Want no more answers: the process ends at once, or as soon as it has begun."""
        with self._lock:
            self._is_wanted = True
            if self._process is not None:
                self._process.terminate()


def ask(
    verb: str,
    arguments: Sequence[str] = (),
    *,
    show_progress: bool = False,
    ending: Ending | None = None,
    planted: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[dict[str, object]]:
    """Ask the engine a short question; its answers as they come. With `show_progress` its stderr is the terminal's.

    `planted` are variables that are treated as if they stood in our environment.

    Raises:
        UserError: what the engine said went wrong, as the class that it was there.
    """
    # A file, since a pipe that nobody reads while we read the answers would hold the engine up after 64 KB.
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            _command("engine", verb, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=None if show_progress else told,
            env=environment(planted),
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        if ending is not None:
            ending.holds(process)
        with process:
            assert process.stdout is not None
            for line in process.stdout:
                yield _answer(line)
        if process.returncode:
            raise _unexpected_end(verb, process.returncode, told)


class Conversation:
    """An engine that is asked again and again, and lives as long as somebody listens: it ends with its stdin.

    `heard` is told each answer, and `ended` why no more come, None where nobody wanted more; both from a thread.
    """

    def __init__(
        self,
        verb: str,
        arguments: Sequence[str],
        heard: Callable[[dict[str, Any]], None],
        ended: Callable[[errors.UserError | None], None],
    ) -> None:
        self._verb, self._arguments = verb, arguments
        self._heard, self._ended = heard, ended
        self._requests: SimpleQueue[Mapping[str, object] | None] = SimpleQueue()
        self._closed = False
        self.process: subprocess.Popen[str] | None = None
        threading.Thread(target=self._hold, daemon=True).start()

    def say(self, request: Mapping[str, object]) -> None:
        """Put a request; one that is longer than the pipe waits in a thread, not here."""
        self._requests.put(request)

    def close(self) -> None:
        """Want no more answers; the engine ends at once, whatever it does."""
        self._closed = True
        self._requests.put(None)
        if self.process is not None:
            self.process.terminate()

    def _hold(self) -> None:
        try:
            with tempfile.TemporaryFile() as told:
                reason = self._held(told)
        except OSError as error:
            reason = errors.UserError(f"The engine can't be started: {error}.")
        self._ended(None if self._closed else reason)

    def _held(self, told: IO[bytes]) -> errors.UserError:
        with subprocess.Popen(
            _command("engine", self._verb, *self._arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            env=environment(),
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as process:
            self.process = process
            if self._closed:
                process.terminate()
            threading.Thread(target=self._write, args=(process.stdin,), daemon=True).start()
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    self._heard(_answer(line))
            except errors.UserError as error:
                process.terminate()
                return error
            except ValueError as error:
                process.terminate()
                return errors.UserError(f"The engine said what is not JSON: {error}.")
            finally:
                self._requests.put(None)
        return _unexpected_end(self._verb, process.returncode, told)

    def _write(self, requests: IO[str]) -> None:
        try:
            with requests:
                while (request := self._requests.get()) is not None:
                    requests.write(json.dumps(request) + "\n")
                    requests.flush()
        except (BrokenPipeError, ValueError):
            return  # the engine has ended, and its pipe is closed: who reads its answers tells why


def _unexpected_end(verb: str, code: int, told: IO[bytes]) -> errors.UserError:
    return errors.UserError(f"The engine's {verb} ended with exit code {code}: {_last_line(told)}")


def _last_line(told: IO[bytes]) -> str:
    told.seek(0)
    lines = told.read().decode("utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _answer(line: str) -> dict[str, object]:
    answer = json.loads(line)
    if isinstance(answer, dict) and isinstance(fault := answer.get("error"), dict):
        kind = getattr(errors, str(fault.get("kind")), errors.UserError)
        raise kind(str(fault.get("what")), str(fault.get("next_step") or ""))
    return answer
