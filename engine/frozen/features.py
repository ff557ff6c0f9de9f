"""What the frozen part of a model makes of each row, computed once: from then on only the head is at work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from torch import Tensor, nn

from ...store.config import RunConfig
from ..batching.material import Material
from ..encoding.example import Example
from ..methods.adapter import Trainable
from ..methods.backbone import frozen_backbone
from ..model.precision import Arithmetic
from ..outputs.evaluating import evaluating
from ..outputs.portions import Portions
from ..outputs.shortage import Shortage, free_and_total, unless_short
from ..session import Session
from ..tasks.task import Task
from .border import Border
from .reading import EVERY_PLACE, ONE_PLACE, Reading, reading_of

# Of the free memory of the host, where the states of all rows are kept.
_SHARE_OF_MEMORY = 0.25
# How many rows the head is asked about to find out what it reads of them.
_ASKED = 8
# Of what lies between rows; rounding in bf16 makes 2% of it, a wrong place all of it.
_TOLERANCE = 0.1


def remembered(
    model: Trainable, material: Material, config: RunConfig, arithmetic: Arithmetic, session: Session
) -> Material:
    """The material with the states of its rows, where that is the same training in less time; why not is an event.

    Raises StopRequested; ConfigError where a row does not fit into memory.
    """
    backbone = frozen_backbone(model)
    if backbone is None:
        return material
    session.enter("computing what is frozen", expect_seconds=120)
    reason = _reason_against(config, material)
    if not reason:
        filler = _Filler(model, backbone, material.task, arithmetic, session, config.per_device_eval_batch_size)
        made, reason = filler.of(material)
        if made:
            return made
    session.event(f"what is frozen is computed at each update: {reason}")
    return material


def _reason_against(config: RunConfig, material: Material) -> str:
    updates = config.max_steps or config.num_train_epochs * len(material.feed.updates)
    for knob in ("hidden_dropout", "attention_dropout", "neftune_noise_alpha"):
        if getattr(config, knob):
            return f"{knob} makes something else of a row each time"
    if material.feed.unpacked:
        return "several rows are packed into one"
    if updates <= len(material.feed.updates):
        return "no row is trained twice"
    return ""


@dataclass
class _Filler:
    """Fills the examples of a run with states, batch by batch."""

    model: nn.Module
    backbone: nn.Module
    task: Task
    arithmetic: Arithmetic
    session: Session
    rows: int

    def __post_init__(self) -> None:
        self.border = Border(self.model, self.backbone)

    def of(self, material: Material) -> tuple[Material | None, str]:
        """The material with states, or why there is none."""
        train = [example for [example] in material.feed.lines]
        examples = [*train, *material.evaluation]
        with evaluating(self.model, self.arithmetic):
            asked = unless_short(partial(self._reading, _spread(examples)), self.arithmetic.device)
            if isinstance(asked, Shortage):
                return None, f"out of memory with {_ASKED} rows at once ({asked})"
            reading, width_bytes = asked
            if reading is None:
                return None, "the head reads more than the frozen part hands on"
            needed = sum(len(range(*reading.places.indices(len(one.input_ids)))) for one in examples) * width_bytes
            free = free_and_total("cpu")[0]
            if needed > _SHARE_OF_MEMORY * free:
                return None, f"to keep it takes {needed / 2**30:.1f} of the {free / 2**30:.1f} GiB free"
            filled = self._filled(examples, reading)
        self.session.event(
            f"what is frozen is computed once, without dropout: of each of {len(examples):,} rows {reading.name} is"
            f" kept, {needed / 2**20:,.1f} MiB in all"
        )
        lines = [[example] for example in filled[: len(train)]]
        return replace(material, feed=replace(material.feed, lines=lines), evaluation=filled[len(train) :]), ""

    def _reading(self, examples: Sequence[Example]) -> tuple[Reading | None, int]:
        """What the head reads of a row, and the bytes of a place."""
        readings = (*ONE_PLACE, EVERY_PLACE) if self.task.labels_rows else (EVERY_PLACE,)
        states = self._states(examples)
        reading = reading_of(examples, states, readings, self._scores, _TOLERANCE)
        # A pooler's vector is as wide as a place.
        return reading, sum(state.shape[-1] * state.element_size() for state in states[0].values())

    def _scores(self, examples: Sequence[Example]) -> Tensor:
        return self.task.score(self.model, self._batch(examples)).scores

    def _batch(self, examples: Sequence[Example]) -> Mapping[str, Tensor]:
        return {name: tensor.to(self.arithmetic.device) for name, tensor in self.task.collate(examples).items()}

    def _states(self, examples: Sequence[Example]) -> list[dict[str, Tensor]]:
        made = self.border.made_in(lambda: self.task.score(self.model, self._batch(examples)))
        on_host = {name: tensor.cpu() for name, tensor in made.items()}
        return [{name: tensor[row] for name, tensor in on_host.items()} for row in range(len(examples))]

    def _filled(self, examples: Sequence[Example], reading: Reading) -> list[Example]:
        """The longest rows first; the order depends on the rows alone, so that a resumed run has the same states."""
        order = sorted(range(len(examples)), key=lambda row: len(examples[row].input_ids), reverse=True)
        filled: dict[int, Example] = {}

        def fill(rows: Sequence[int]) -> list[int]:
            part = [examples[row] for row in rows]
            cut = [reading.cut(*pair) for pair in zip(part, self._states(part), strict=True)]
            filled.update(zip(rows, cut, strict=True))
            return list(rows)

        for _ in Portions(self.rows, self.arithmetic.device, self.session).of(order, fill):
            pass
        return [filled[row] for row in range(len(examples))]


def _spread(examples: Sequence[Example]) -> list[Example]:
    """Some of the examples, of all lengths."""
    by_length = sorted(examples, key=lambda example: len(example.input_ids))
    step = max(1, (len(by_length) - 1) // (_ASKED - 1))
    return by_length[::step][:_ASKED]
