"""Secrets planted in the environment, and every place in which one could be found again."""

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path

_PART_BYTES = 2**20


def in_files(folder: Path, secrets: Sequence[str]) -> Iterator[tuple[Path, list[str]]]:
    """Every file below the folder, and where in it which secret stands; in plain text, or in base64."""
    wanted = [form for secret in secrets for form in (secret.encode(), base64.b64encode(secret.encode()).rstrip(b"="))]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, [f"{path} holds a planted secret"] if _holds(path, wanted) else []


def _holds(path: Path, wanted: Sequence[bytes]) -> bool:
    before = b""
    with path.open("rb") as file:
        while part := file.read(_PART_BYTES):
            if any(form in before + part for form in wanted):
                return True
            # A secret may lie across two parts.
            before = part[-200:]
    return False


def in_process(pid: int, secrets: Sequence[str], *, allowed: Sequence[str] = ()) -> list[str]:
    """Where the command line of a process, or its environment but for the allowed variables, holds one."""
    process = Path(f"/proc/{pid}")
    found = ["the command line of a process"] if _has(process / "cmdline", secrets) else []
    variables = (process / "environ").read_bytes().split(b"\0")
    for name, _, value in (variable.partition(b"=") for variable in variables):
        if name.decode(errors="replace") not in allowed and any(secret.encode() in value for secret in secrets):
            found.append(f"the variable {name.decode(errors='replace')} of a process")
    return [f"{place} holds a planted secret" for place in found]


def _has(path: Path, secrets: Sequence[str]) -> bool:
    content = path.read_bytes()
    return any(secret.encode() in content for secret in secrets)
