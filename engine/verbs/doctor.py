"""The verb `doctor`: what this machine's libraries and devices are, measured where it matters."""

import json
import os
import platform

import torch

from ...store import launch
from ..model import precision
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print one object of facts."""
    VerbArguments(prog="doctor", description="Tell what this machine can do.").parse_args(arguments)
    gpus = [torch.cuda.get_device_properties(index) for index in range(torch.cuda.device_count())]
    facts: dict[str, object] = {
        "python": platform.python_version(),
        "versions": launch.versions(),
        "threads": torch.get_num_threads(),
        "processors": os.cpu_count(),
        "gpus": [{"name": gpu.name, "memory_gib": round(gpu.total_memory / 2**30, 1)} for gpu in gpus],
        "bf16_speedup_cpu": round(precision.bf16_speedup(), 2),
    }
    print(json.dumps(facts), flush=True)
