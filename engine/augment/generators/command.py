"""The generator `command`: a program of the user's reads rows as JSON lines and writes one line for each."""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ....store.augment import AugmentKnobs
from ....store.errors import ConfigError, DataError, ModelError
from ...data.faults import RowFault
from ...data.jsonl import parsed
from ..loading import Loader
from .generator import Generator, Request, Variant, rewritten

_LOOK_SECONDS = 0.05
_MOST_BYTES = 64_000_000
_LOGGED_BYTES = 10_000


def generator(knobs: AugmentKnobs, loader: Loader) -> Generator:
    """Raises ConfigError for a line that is no command."""
    try:
        words = shlex.split(knobs.command)
    except ValueError as error:
        raise ConfigError(
            f"command is {knobs.command[:80]!r}: {error}.", "Close the quotes.", field="command"
        ) from error
    return Command(words, knobs.timeout_seconds, loader.session.check)


@dataclass(frozen=True)
class Command:
    """Started anew for every hundred rows, so that no program has to flush, and a stop loses no more than these.

    It reads `{"id", "row", "texts", "label", "variant", "seed"}` a line. It writes a line with the same id and one of
    `row` (the whole new row), `texts` (as many as it was given), `text` (where it was given one) and `fault` (why it
    made none). The last 10 kB of its stderr go to the run's log. Rows that it says nothing of have a fault.
    """

    words: Sequence[str]
    timeout_seconds: float
    check: Callable[[], None]
    rows_at_once: int = 100

    def variants(self, requests: Sequence[Request]) -> list[Variant]:
        with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
            asked.write(b"".join(map(_line, requests)))
            asked.seek(0)
            self._run(asked, told, said)
            told.seek(0)
            answers = self._answers(told, {request.number for request in requests})
        return [self._variant(request, answers.get(request.number)) for request in requests]

    @property
    def _name(self) -> str:
        return Path(self.words[0]).name

    def _run(self, asked: IO[bytes], told: IO[bytes], said: IO[bytes]) -> None:
        """Files and not pipes: neither side has to wait for the other, however much is written."""
        try:
            process = subprocess.Popen(self.words, stdin=asked, stdout=told, stderr=said, start_new_session=True)
        except OSError as error:
            reason = error.strerror or str(error)
            raise ConfigError(
                f"{self.words[0]} can't be started: {reason}.", "Name it by its whole path.", field="command"
            ) from error
        try:
            self._wait(process, (told, said))
        finally:
            _end(process)
            _log(said)
        if process.returncode:
            raise ModelError(f"{self._name} ended with {_ending(process.returncode)}.", "The run's log has its words.")

    def _wait(self, process: subprocess.Popen[bytes], written: Sequence[IO[bytes]]) -> None:
        ends_at = time.monotonic() + self.timeout_seconds
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_SECONDS)
            if any(os.fstat(file.fileno()).st_size > _MOST_BYTES for file in written):
                raise ModelError(f"{self._name} has written more than 64 MB for {self.rows_at_once} rows.")
            if process.returncode is not None:
                return
            self.check()
            if time.monotonic() > ends_at:
                raise ModelError(
                    f"{self._name} took longer than {self.timeout_seconds:g} s for {self.rows_at_once} rows.",
                    "Raise timeout_seconds.",
                )

    def _answers(self, told: IO[bytes], expected: set[int]) -> dict[int, dict[str, Any]]:
        """The answers by the number of their request. Raises DataError naming the line that is none."""
        answers: dict[int, dict[str, Any]] = {}
        for number, line in enumerate(told, start=1):
            if not line.strip():
                continue
            answer = _parsed(line)
            if answer is None or answer.get("id") not in expected - answers.keys():
                raise DataError(
                    f"Line {number} of what {self._name} wrote is no answer: {line[:80].decode(errors='replace')!r}.",
                    'It is {"id": 7, "text": "..."}, one for each row, with the id that the row was given.',
                )
            answers[answer["id"]] = answer
        return answers

    def _variant(self, request: Request, answer: dict[str, Any] | None) -> Variant:
        how = f"command:{self._name}"
        if answer is None:
            return Variant(None, how, "the command gave no answer")
        if answer.get("row") is not None:
            return Variant(answer["row"], how)
        texts = [answer["text"]] if "text" in answer else answer.get("texts")
        expected = len(request.source.texts)
        if isinstance(texts, list) and len(texts) == expected and all(isinstance(text, str) for text in texts):
            return rewritten(request, texts, how)
        return Variant(None, how, str(answer.get("fault") or "the answer holds neither a row nor a text for each"))


def _line(request: Request) -> bytes:
    source = request.source
    asked = {
        "id": request.number, "row": source.value, "texts": source.texts, "label": source.label,
        "variant": request.variant, "seed": request.seed,
    }  # fmt: skip
    return json.dumps(asked).encode() + b"\n"


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        answer = parsed(line.decode("utf-8"))
    except (RowFault, UnicodeDecodeError):
        return None
    return answer if isinstance(answer, dict) and type(answer.get("id")) is int else None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Whatever it has started ends with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _log(said: IO[bytes]) -> None:
    """What it said last: a log must not grow by all that a program may say."""
    said.seek(-min(said.seek(0, os.SEEK_END), _LOGGED_BYTES), os.SEEK_END)
    sys.stderr.write(said.read().decode(errors="replace"))
    sys.stderr.flush()


def _ending(code: int) -> str:
    return f"exit code {code}" if code > 0 else f"signal {-code}"
