"""What the model keeps of what it knew, measured at each evaluation of a run."""

from collections.abc import Sequence

from torch import nn

from ...store.errors import StateError
from ..methods.backbone import frozen_backbone
from ..model.precision import Arithmetic
from ..retention.kinds import kind_of
from ..retention.meter import RetentionMeter
from ..retention.sentence import Retention
from ..session import Session
from ..tasks.task import Task

FILE = "retention.safetensors"


class Keeping:
    """Measures the base once in the life of a run, and the model against it; nothing without texts."""

    def __init__(self, texts: Sequence[str], task: Task, arithmetic: Arithmetic, session: Session) -> None:
        self._session = session
        self._file = session.folder.root / FILE
        self._meter = RetentionMeter(texts, task.tokenizer, arithmetic, self._each) if texts else None
        self._is_ready = False
        self._unmoved = dict[str, float]()

    def _each(self) -> None:
        self._session.beat(expect_seconds=60)
        self._session.check()

    def measure(self, model: nn.Module) -> None:
        """Report the model's figures at the present step. Raises StopRequested."""
        if self._meter is None:
            return
        self._session.enter("measuring what is kept", expect_seconds=120)
        self._session.measure(**self._figures(self._meter, model))

    def measure_again(self, model: nn.Module) -> None:
        """Measure weights of an earlier step, whose figures are reported already, for what is said at the end."""
        if self._meter and self._is_ready and not self._unmoved:
            self._meter.measure(model)

    def _figures(self, meter: RetentionMeter, model: nn.Module) -> dict[str, float]:
        if self._is_ready:
            return self._unmoved or meter.measure(model)
        self._is_ready = True
        if self._session.step:
            return self._resumed(meter, model)
        figures = meter.start(model)
        meter.save(self._file)
        if kind_of(model) == "embedding" and frozen_backbone(model):
            # What is not trained stays where it is.
            self._unmoved = figures
        return figures

    def _resumed(self, meter: RetentionMeter, model: nn.Module) -> dict[str, float]:
        try:
            meter.restore(self._file)
        except StateError as error:
            self._session.event(str(error), level="warning")
            self._meter = None
            return {}
        return meter.measure(model)

    @property
    def retention(self) -> Retention | None:
        """What became of the general texts by the last measurement."""
        return self._meter.retention if self._meter and self._is_ready else None
