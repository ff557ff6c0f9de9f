"""Which device and which arithmetic a run uses, measured where it can't be known."""

import time
from dataclasses import dataclass

import torch

from ...store.config import RunConfig
from ...store.errors import ConfigError
from .measured import Measured

# Below this the conversions between the formats eat what the faster product gains.
_WORTH_IT = 1.3


@dataclass(frozen=True)
class Arithmetic:
    """The device, whether products are made in bfloat16, and why, in words."""

    device: str
    bf16: bool
    reason: str

    @property
    def dtype(self) -> torch.dtype:
        return torch.bfloat16 if self.bf16 else torch.float32


def choose(config: RunConfig, measured: Measured) -> Arithmetic:
    """What the configuration asks for, `auto` settled by looking at this machine.

    Raises:
        ConfigError: the device asked for is not here.
    """
    device = _device(config.device)
    if config.precision != "auto":
        return Arithmetic(device, config.precision == "bf16", "as configured")
    if device == "cuda":
        supported = torch.cuda.is_bf16_supported(including_emulation=False)
        return Arithmetic(device, supported, "the GPU computes bf16" if supported else "the GPU has no bf16")
    if device == "mps":
        return Arithmetic(device, False, "fp32 is the safe choice on MPS")
    ratio = measured("bf16_speedup", bf16_speedup)
    return Arithmetic(device, ratio > _WORTH_IT, f"bf16 products measured {ratio:.1f} times as fast as fp32 here")


def _device(asked: str) -> str:
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if asked == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if present[name])
    if not present[asked]:
        raise ConfigError(f"device is {asked}: this machine has none.", "Choose auto or cpu.", field="device")
    return asked


def bf16_speedup() -> float:
    """How many times faster this processor makes a product of matrices in bfloat16 than in float32."""
    fp32, bf16 = _product_seconds(torch.float32), _product_seconds(torch.bfloat16)
    return fp32 / bf16


def _product_seconds(dtype: torch.dtype) -> float:
    # 512 tokens through a small model's widest layer: about 10 ms on two cores in fp32.
    left, right = torch.ones(512, 768, dtype=dtype), torch.ones(768, 2048, dtype=dtype)
    seconds = []
    for _ in range(6):
        start = time.perf_counter()
        left @ right
        seconds.append(time.perf_counter() - start)
    return min(seconds)
