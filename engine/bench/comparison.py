"""All contenders in turns, several times, and how many times faster ours is than each of the others."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from ...store.config import RunConfig
from ...store.errors import StateError
from .contender import CONTENDERS
from .job import Job
from .trained import Trained

OURS = "tunedeck"
# A peer whose weights are better by more than this was not beaten by being faster.
LOSS_TOLERANCE = 0.01


@dataclass(frozen=True)
class Result:
    """Medians of one contender over the repeats; rates are per second, times in seconds.

    `ratio` is ours over its examples per second once the first update is made, `whole_ratio` its time from the start of
    the process to the last update over ours. `why_void` says why they say nothing.
    """

    contender: str
    repeats: int
    examples_per_second: float
    tokens_per_second: float
    first_update_at: float
    last_update_at: float
    total_seconds: float
    eval_share: float
    peak_bytes: int
    eval_loss: float
    mfu: float
    chosen: str
    ratio: float | None
    whole_ratio: float | None
    why_void: str

    def facts(self) -> dict[str, object]:
        return dict(self.__dict__)


def trainings(
    config: RunConfig, names: Sequence[str], repeats: int, judge: Callable[[Path], float]
) -> Iterator[Trained]:
    """Each contender `repeats` times, in turns whose order goes round, so that what else happens here meets all."""
    for repeat in range(repeats):
        for place in range(len(names)):
            yield _trained(config, names[(place + repeat) % len(names)], judge)


def _trained(config: RunConfig, name: str, judge: Callable[[Path], float]) -> Trained:
    folder = Path(tempfile.mkdtemp(prefix="tunedeck-bench-"))
    try:
        trained = Trained.of(_told(name, Job(config, folder, time.time(), best=CONTENDERS[name][1])))
        return trained.scored(judge(Path(trained.weights)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _told(name: str, job: Job) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "tunedeck.engine.bench.contender", name]
    with (job.folder / "log.txt").open("w+", encoding="utf-8") as log:
        done = subprocess.run(
            command, input=job.written(), stdout=subprocess.PIPE, stderr=log, text=True, env=_environment(), check=False
        )
        lines = done.stdout.strip().splitlines()
        told = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
        if "contender" in told:
            return told
        log.seek(0)
        said = told.get("error") or (log.read().strip().splitlines() or ["nothing"])[-1]
    raise StateError(f"{name} could not train this work: {said}")


def _environment() -> dict[str, str]:
    """Without what our own processes set for themselves: a peer gets what its users get."""
    own = {"GOMP_SPINCOUNT", "TRANSFORMERS_VERBOSITY", "TOKENIZERS_PARALLELISM", "HF_HUB_DISABLE_PROGRESS_BARS"}
    return {name: value for name, value in os.environ.items() if name not in own}


def results(trained: Sequence[Trained], flops: float, peak: float) -> list[Result]:
    """The medians by contender, ours first; `flops` are those of a token, `peak` those of this machine a second."""
    by_name: dict[str, list[Trained]] = {}
    for one in trained:
        by_name.setdefault(one.contender, []).append(one)
    ours = by_name.get(OURS, [])
    order = sorted(by_name, key=lambda name: name != OURS)
    return [_result(by_name[name], ours, flops / peak) for name in order]


def _result(runs: Sequence[Trained], ours: Sequence[Trained], seconds_per_token: float) -> Result:
    tokens = _median(runs, "tokens_per_second")
    void = _why_void(ours, runs)
    rate = _median(runs, "examples_per_second")
    known = ours and runs[0].contender != OURS and not void
    return Result(
        contender=runs[0].contender,
        repeats=len(runs),
        examples_per_second=rate,
        tokens_per_second=tokens,
        first_update_at=_median(runs, "first_update_at"),
        last_update_at=_median(runs, "last_update_at"),
        total_seconds=_median(runs, "total_seconds"),
        eval_share=_median(runs, "eval_share"),
        peak_bytes=int(_median(runs, "peak_bytes")),
        eval_loss=_median(runs, "eval_loss"),
        mfu=tokens * seconds_per_token,
        chosen=runs[0].chosen,
        ratio=_median(ours, "examples_per_second") / rate if known else None,
        whole_ratio=_median(runs, "last_update_at") / _median(ours, "last_update_at") if known else None,
        why_void=void,
    )


def _why_void(ours: Sequence[Trained], theirs: Sequence[Trained]) -> str:
    if not ours or theirs[0].contender == OURS:
        return ""
    loss, other = _median(ours, "eval_loss"), _median(theirs, "eval_loss")
    # So written a loss that is not a number voids too.
    if not loss <= other * (1 + LOSS_TOLERANCE):
        return f"our held-out loss {loss:.4f} is more than {LOSS_TOLERANCE:.0%} above its {other:.4f}"
    return ""


def _median(runs: Sequence[Trained], name: str) -> float:
    return median(getattr(run, name) for run in runs)


def ratios(found: Sequence[Result]) -> Mapping[str, float | None]:
    """By peer, how many times its examples per second ours are; None where that is void."""
    return {result.contender: result.ratio for result in found if result.contender != OURS}
