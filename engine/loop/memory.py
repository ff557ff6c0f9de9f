"""Memory that runs out: the same work with fewer tokens at once, found by trying and remembered."""

import contextlib
import re
import resource
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import torch
from transformers import set_seed

from ...store import fits
from ...store.config import RunConfig
from ...store.errors import ConfigError
from ...store.fits import Setting
from ...store.records import Fit
from ..batching.feed import Feed
from ..methods.adapter import Trainable
from ..model.measured import Measured
from ..outputs.shortage import Shortage, free_and_total, unless_short
from ..session import Session

# What the optimizer keeps of each trained weight from its first update on; others keep little, or on the host.
_OPTIMIZER_BYTES = {"adamw_torch": 8, "adamw_torch_fused": 8, "adamw_8bit": 2, "rmsprop": 4, "adagrad": 4}

_HIGH_WATER = re.compile(r"VmHWM:\s*(\d+) kB")

Result = TypeVar("Result")


def less(tried: Fit, asked: Fit, *, may_checkpoint: bool) -> Fit | None:
    """What takes less memory: half the rows; from one row on all of them with gradient checkpointing, if that may be.

    None where nothing is left to try.
    """
    if tried.rows > 1:
        return replace(tried, rows=-(-tried.rows // 2))
    return replace(asked, gradient_checkpointing=True) if may_checkpoint and not tried.gradient_checkpointing else None


def checkpoint_activations(model: Trainable) -> None:
    """Have the model compute its activations again in the backward pass instead of keeping them."""
    # Older transformers know it by its second name alone.
    enable = getattr(model, "activation_checkpointing_enable", None) or model.gradient_checkpointing_enable
    enable({"use_reentrant": False})


def peak_bytes(device: str) -> int:
    """The most that this process has had of the device's memory so far, told in 50 microseconds.

    On CUDA what its tensors took, elsewhere its resident set.
    """
    if device == "cuda":
        return torch.cuda.max_memory_allocated()
    # On Linux getrusage tells the peak of the process that started this one, where that is higher.
    if sys.platform == "linux" and (found := _HIGH_WATER.search(Path("/proc/self/status").read_text())):
        return int(found[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # In kilobytes, but on macOS in bytes.
    return peak if sys.platform == "darwin" else peak * 1024


def optimizer_bytes(model: torch.nn.Module, optim: str) -> int:
    """What the optimizer will keep beside the weights, once it has made an update."""
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    return trained * _OPTIMIZER_BYTES.get(optim, 0)


class Memory:
    """How many tokens go through the model at once, padding counted: fewer from each time on that memory runs out.

    A batch of more goes in parts, while one of short rows stays whole. Its gradients are the sum of its parts', so the
    updates stay the same. What fitted is kept for the run, and in the store for runs like it.
    """

    def __init__(self, config: RunConfig, model: Trainable, feed: Feed, device: str, session: Session) -> None:
        """`model` is on the device already."""
        self._config, self._model, self._session, self._device = config, model, session, device
        self._feed, self._measured = feed, Measured(session.folder.measured)
        self._free_bytes = free_and_total(device)[0]
        name = torch.cuda.get_device_name() if device == "cuda" else device
        self._setting = Setting(config.model, config.method, config.task, name)
        checkpoints = config.gradient_checkpointing == "on"
        # What no batch exceeds.
        self.fit = self._asked = Fit(config.per_device_train_batch_size, max(feed.sizes), checkpoints)
        if config.auto_find_batch_size:
            self._start()

    def _start(self) -> None:
        """Begin where the run, or one like it, has ended up before."""
        earlier = self._earlier()
        rows = self._measured("rows_at_once", lambda: earlier.rows)
        length = self._measured("tokens_a_row", lambda: earlier.length)
        checkpoints = self._measured("gradient_checkpointing", lambda: earlier.gradient_checkpointing)
        fit = Fit(int(rows), int(length), bool(checkpoints))
        if fit != self.fit:
            self._take(fit)
            self._session.event(f"{self._words}: more did not fit on {self._setting.device} before")

    def _earlier(self) -> Fit:
        found = None
        # No more than a hint: without it the run finds out by itself.
        with contextlib.suppress(sqlite3.OperationalError):
            found = fits.known(self._session.db, self._setting, self._asked.length, self._free_bytes)
        checkpointing = self._config.gradient_checkpointing
        if found is None or checkpointing not in ("auto", "on" if found.gradient_checkpointing else "off"):
            return self._asked
        if found.tokens < self._asked.tokens:
            return found
        return replace(self._asked, gradient_checkpointing=found.gradient_checkpointing)

    def fitting(self, work: Callable[[list[int], int], Result], update: list[int]) -> Result:
        """What `work(update, tokens at once)` gives, called again with fewer tokens each time that memory runs out.

        Raises:
            ConfigError: it does not fit with one row either, or auto_find_batch_size is off.
        """
        failed = ""
        while isinstance(done := unless_short(partial(work, update, self.fit.tokens), self._device), Shortage):
            tried = self._tried(update)
            failed = failed or _failed(tried, done)
            self._take(self._smaller(tried, done))
        if failed:
            self._remember(failed)
        return done

    def _tried(self, update: list[int]) -> Fit:
        """The part of the update with the most tokens; of those with several rows, as one row can't be parted."""
        blocks = map(self._feed.block, self._feed.parts(update, self.fit.tokens))
        rows, length = max(blocks, key=lambda block: (block[0] > 1, block[0] * block[1]))
        return Fit(rows, length, self.fit.gradient_checkpointing)

    def try_heaviest(self, make: Callable[[list[int], int], object]) -> None:
        """Make the updates of the batches that fill the memory most, by their lines, and keep nothing (FAULTS 9).

        Raises ConfigError where they don't fit, one row at once neither; StopRequested.
        """
        self._session.enter("trying the longest rows", expect_seconds=120)
        rows = self._asked.rows
        for batch in self._feed.heaviest(rows):
            self.fitting(partial(self._with_optimizer, make), batch)
        if self.fit.tokens < self._asked.tokens:
            # Of short rows, which stay together, more may be trained at once than of those.
            for batch in self._feed.heaviest(rows, self.fit.tokens // rows):
                self.fitting(partial(self._with_optimizer, make), batch)
        self._model.zero_grad()
        # As if no dropout had been drawn.
        set_seed(self._config.seed)

    def _with_optimizer(self, make: Callable[[list[int], int], object], update: list[int], tokens_at_once: int) -> None:
        """Beside what the optimizer will take."""
        taken = torch.empty(optimizer_bytes(self._model, self._config.optim), dtype=torch.uint8, device=self._device)
        make(update, tokens_at_once)
        del taken

    def _remember(self, failed: str) -> None:
        self._session.event(f"{failed}: {self._words}: the same updates in less memory", level="warning")
        self._measured.keep(
            rows_at_once=self.fit.rows,
            tokens_a_row=self.fit.length,
            gradient_checkpointing=self.fit.gradient_checkpointing,
        )
        # No more than a hint, for other runs.
        with contextlib.suppress(sqlite3.OperationalError):
            fits.remember(self._session.db, self._setting, self.fit, self._free_bytes)

    def _smaller(self, tried: Fit, shortage: Shortage) -> Fit:
        """Raises ConfigError where nothing smaller is left."""
        found = None
        if self._config.auto_find_batch_size:
            is_able = getattr(self._model, "supports_gradient_checkpointing", False)
            may_checkpoint = self._config.gradient_checkpointing == "auto" and is_able
            found = less(tried, self._asked, may_checkpoint=may_checkpoint)
        if found is None:
            what = f"step {self._session.step + 1}: {_failed(tried, shortage)}."
            raise ConfigError(what, self._advice, field="per_device_train_batch_size")
        return found

    def _take(self, fit: Fit) -> None:
        if fit.gradient_checkpointing and not self.fit.gradient_checkpointing:
            checkpoint_activations(self._model)
        self.fit = fit

    @property
    def _words(self) -> str:
        is_cut = self.fit.tokens < self._asked.tokens
        at_once = f"{self.fit.tokens:,} tokens at once, padding counted" if is_cut else "whole batches at once"
        return at_once + (", with gradient checkpointing" if self.fit.gradient_checkpointing else "")

    @property
    def _advice(self) -> str:
        if not self._config.auto_find_batch_size:
            return (
                "Set auto_find_batch_size to true, or halve per_device_train_batch_size and double"
                " gradient_accumulation_steps: the same updates in less memory."
            )
        if self._config.gradient_checkpointing == "off":
            return "Set gradient_checkpointing to auto, lower max_length, or choose method lora or qlora."
        return "Lower max_length, choose method lora or qlora, or take a smaller model."


def _failed(tried: Fit, shortage: Shortage) -> str:
    rows = "1 row" if tried.rows == 1 else f"{tried.rows} rows"
    return f"out of memory with {rows} of up to {tried.length:,} tokens at once ({shortage})"
