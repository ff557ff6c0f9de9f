"""What a comparison with other trainers found, for tests: figures that were measured once."""

from typing import Any

_COMMON = {"repeats": 5, "total_seconds": 60.0, "whole_ratio": None, "why_void": ""}


def facts(work: str = "chat-lora", *, chosen: str = "bf16 True", device: str = "a processor") -> dict[str, Any]:
    """Of ours, a slower peer, and one whose weights were better."""
    results = [
        _result("tunedeck", 6.3, chosen=chosen),
        _result("hf_best", 2.5, ratio=2.52),
        _result("trl_best", 2.1, why_void="our held-out loss 1.9300 is more than 1% above its 1.8000"),
    ]
    return {
        "at": 1_763_900_000.0, "work": work, "updates": 12, "repeats": 5, "batch": 8, "device": device, "threads": 2,
        "peak_flops": 4.1e11, "results": results, "ratios": {"hf_best": 2.52, "trl_best": None},
    }  # fmt: skip


def _result(contender: str, rate: float, **other: object) -> dict[str, object]:
    measured = {
        "examples_per_second": rate, "tokens_per_second": rate * 80, "first_update_at": 9.5,
        "last_update_at": 9.5 + 96 / rate, "eval_share": 0.2, "peak_bytes": 1_300_000_000, "eval_loss": 1.93,
        "mfu": rate / 12, "ratio": None, "chosen": "bf16 True",
    }  # fmt: skip
    return _COMMON | measured | {"contender": contender} | other
