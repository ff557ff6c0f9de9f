"""What is known of a run's rows and model without weights: found with torch, which takes seconds, and kept."""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ...store import lineage, paths
from ...store.config import RunConfig
from ...store.errors import DataError
from ..data import hub, rows_cache, source
from .places import place_of

KEPT = 200
# What changes nothing here: how often, how fast and how long is trained, and what is told of it.
_IDLE = frozenset((
    "name", "learning_rate", "num_train_epochs", "max_steps", "gradient_accumulation_steps", "auto_find_batch_size",
    "lr_scheduler_type", "lr_scheduler_kwargs", "warmup_steps", "layerwise_lr_decay", "adam_beta1", "adam_beta2",
    "adam_epsilon", "max_grad_norm", "max_nonfinite_steps", "weight_decay", "eval_steps", "save_steps",
    "save_total_limit", "per_device_eval_batch_size", "prompts", "max_new_tokens", "metric_for_best_model",
    "load_best_model_at_end", "early_stopping_patience", "early_stopping_threshold", "retention_data",
    "retention_rows", "on_full_disk",
))  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """Rows, the lines of an epoch (rows, their parts, or packs), sizes, and bytes by kind; None where not known."""

    device: str
    rows: int | None = None
    train_rows: int | None = None
    eval_rows: int | None = None
    lines: int | None = None
    tokens_a_line: float | None = None
    median_tokens: int | None = None
    longest_tokens: int | None = None
    parameters: int | None = None
    trained: int | None = None
    memory: dict[str, int] | None = None
    notes: list[str] = field(default_factory=list)


def looked(config: RunConfig, look: Callable[[], Looked]) -> Looked:
    """What was found before of the same rows, model and knobs, or what `look` finds now. Raises as `look` does."""
    key = _key(config)
    file = paths.cache_folder() / "estimates" / f"{key}.json"
    if key and (known := _read(file)):
        return known
    found = look()
    # What is not here yet may be the next time.
    if key and found.memory is not None:
        # Where nothing can be written it is found anew each time.
        with contextlib.suppress(OSError):
            _keep(file, found)
    return found


def _key(config: RunConfig) -> str:
    """Empty where it can't be told whether the same would be found again."""
    names = [name for name in (config.data, config.eval_data, config.mix_data) if name]
    if lineage.is_run(config.model) or any(map(hub.is_hub, names)):
        return ""
    knobs = {name: value for name, value in config.model_dump().items() if name not in _IDLE}
    try:
        files = [rows_cache.key_of(source.find(name)) for name in names if not _is_absent(name)]
        place = Path(config.model)
        changed = place.stat().st_mtime_ns if place.exists() else 0
    except (DataError, OSError):
        return ""  # `look` says what is wrong
    return hashlib.sha256(json.dumps([2, knobs, files, changed], default=str).encode()).hexdigest()[:32]


def _is_absent(name: str) -> bool:
    return name.startswith("demo:") and place_of(name) is None


def _read(file: Path) -> Looked | None:
    try:
        return Looked(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None  # never kept, or by another version


def _keep(file: Path, found: Looked) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = file.with_suffix(f".{os.getpid()}")
    making.write_text(json.dumps(asdict(found)), encoding="utf-8")
    making.replace(file)
    oldest_first = sorted(file.parent.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in oldest_first[:-KEPT]:
        path.unlink(missing_ok=True)
