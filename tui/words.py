"""Facts of a run in words and figures, the same in the app and on the command line."""

import json
import math

from ..store.scores import LOSS, Best

STATE_MARKS = {
    "queued": "◌", "running": "●", "completed": "✓", "stopped": "■", "failed": "✗", "killed": "✗", "interrupted": "!",
}  # fmt: skip
ASCII_MARKS = {
    "queued": "o", "running": ">", "completed": "+", "stopped": "#", "failed": "x", "killed": "x", "interrupted": "!",
}  # fmt: skip


def counted(count: int, noun: str) -> str:
    """So many of them: `1 row`, `2,025 rows`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def figure(value: float | None, digits: int = 3) -> str:
    """A loss or a score; a dash where there is none."""
    if value is None:
        return "-"
    return f"{value:.{digits}f}" if math.isfinite(value) else f"{value}"


# As people write them where there is little room.
_SHORT = {"f1_macro": "F1", "f1": "F1", "chrf": "chrF", "pearsonr": "r", "exact_match": "EM", "bleu": "BLEU"}


def best_figure(best: Best | None) -> str:
    """`1.204@400` of a loss, `F1 .921@400` of a score; a dash where there is none."""
    if best is None:
        return "-"
    value, label = figure(best.value), best.label
    told = value if best.name == LOSS else f"{_SHORT.get(label, label)} {value.removeprefix('0')}"
    return f"{told}@{best.step}"


def written(value: object) -> str:
    """The value of a knob as one would type it, a list as TOML; empty for none."""
    if value is None or value == []:
        return ""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def megabytes(size_bytes: int) -> str:
    """Bytes in decimal units, as disks are sold: 0.3 MB, 12.5 MB, 1.2 GB."""
    return f"{size_bytes / 1e9:,.1f} GB" if size_bytes >= 1e9 else f"{size_bytes / 1e6:,.1f} MB"


def size(count: float) -> str:
    """Bytes as people say them: 25 kB, 870 MB, 6.5 GB."""
    if count < 999_500:
        return f"{count / 1e3:,.0f} kB"
    if count >= 100_000_000_000:
        return f"{count / 1e9:,.0f} GB"
    return f"{count / 1e9:.1f} GB" if count >= 999_500_000 else f"{count / 1e6:,.0f} MB"


def many(count: int | None) -> str:
    """A number of weights as people say it: 135M, 1.5B."""
    if count is None:
        return "?"
    for unit, name in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if count >= unit:
            return f"{count / unit:.{0 if count >= 10 * unit else 1}f}{name}"
    return str(count)


def perplexity(loss: float | None) -> float | None:
    """exp(loss), the loss being in nats per token; infinite where it is beyond a float."""
    if loss is None or math.isnan(loss):
        return loss
    return math.exp(loss) if loss < 700 else math.inf


def duration(seconds: float) -> str:
    """Seconds as people say them: 45s, 12m, 3h05m, 2d04h."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s" if whole < 600 else f"{whole // 60}m"
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}h{minutes:02d}m" if hours < 24 else f"{hours // 24}d{hours % 24:02d}h"


def share(done: int, total: int | None) -> float:
    """How much of the run is done, from 0 to 1."""
    return min(1.0, done / total) if total else 0.0


def bar(part: float, width: int, *, ascii_only: bool = False) -> str:
    """A progress bar of that many cells."""
    full = round(part * width)
    return ("#" if ascii_only else "█") * full + ("." if ascii_only else "░") * (width - full)
