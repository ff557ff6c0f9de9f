"""The models of a conversation in memory: the tuned one and its base, in one set of weights where they share it."""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from peft import PeftModel, TaskType
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ...store.config import RunConfig
from ...store.errors import ModelError, UserError
from ...store.paths import Home
from .. import tasks
from ..methods import continued
from ..methods.start import CHANGE_THE_BASE
from ..model import heads, models, precision
from ..model.measured import Measured
from ..model.models import ModelSource
from ..model.precision import Arithmetic
from ..outputs.evaluating import evaluating
from ..report import Report
from ..tasks.task import Task
from .request import Which
from .subject import Subject


@dataclass(frozen=True)
class Player:
    """One of the models; `without_adapter` where it is what lies under the adapter."""

    model: PreTrainedModel | PeftModel
    arithmetic: Arithmetic
    without_adapter: bool = False

    @contextlib.contextmanager
    def asked(self) -> Iterator[nn.Module]:
        """The model in the state in which an evaluation asks it."""
        with self._switched(), evaluating(self.model, self.arithmetic):
            yield self.model

    def _switched(self) -> contextlib.AbstractContextManager[None]:
        if self.without_adapter:
            assert isinstance(self.model, PeftModel)
            return self.model.disable_adapter()
        return contextlib.nullcontext()


@dataclass(frozen=True)
class Players:
    """Who can be asked, what for, and what is to be known of them, in sentences."""

    task: Task
    arithmetic: Arithmetic
    by_name: Mapping[Which, Player]
    notes: list[str] = field(default_factory=list)

    @property
    def memory_bytes(self) -> int:
        """What the weights take, those that are shared once."""
        different = {id(player.model): player.model for player in self.by_name.values()}
        weights = {id(weight): weight for model in different.values() for weight in model.parameters()}
        return sum(weight.numel() * weight.element_size() for weight in weights.values())

    @property
    def parameters(self) -> int:
        """The weights of one model, with what an adapter adds."""
        return sum(weight.numel() for weight in next(iter(self.by_name.values())).model.parameters())


def load(subject: Subject, home: Home, report: Report, *, with_base: bool = True) -> Players:
    """Read the weights, onto the device that the run's configuration chooses.

    Raises:
        ModelError: they can't be loaded, or don't fit into memory.
    """
    try:
        return _Loading(subject, home, report).players(with_base=with_base)
    except torch.OutOfMemoryError as error:
        raise ModelError(
            f"{subject.name} does not fit into the memory that is free.", "Stop what holds it, or wait for its end."
        ) from error


class _Loading:
    """What is needed in more than one place while the weights are read."""

    def __init__(self, subject: Subject, home: Home, report: Report) -> None:
        self.subject, self.report = subject, report
        self.task = tasks.of(subject.config)
        self.arithmetic = _arithmetic(subject, home)
        self.notes: list[str] = []

    def players(self, *, with_base: bool) -> Players:
        origin = self.subject.origin
        if origin is None:
            found = self._plain()
        elif origin.is_adapter:
            found = self._with_adapter(origin.folder, with_base=with_base)
        else:
            found = self._whole(origin.folder, with_base=with_base)
        return Players(self.task, self.arithmetic, found, self.notes)

    def _plain(self) -> dict[Which, Player]:
        source = self.subject.source
        self.task.recall(models.load_config(source), ())
        self._use(source)
        self.report(f"loading {self.subject.name}")
        return {"base": self._player(self._base(self.arithmetic.dtype)[0])}

    def _with_adapter(self, folder: Path, *, with_base: bool) -> dict[Which, Player]:
        config = heads.described(folder) or models.load_config(self.subject.source)
        self.task.recall(config, self.subject.targets)
        self._use(folder)
        self.report(f"loading {self.subject.base}")
        changes = self.subject.config.init_lora_weights in CHANGE_THE_BASE
        base, gaps = self._base(torch.float32 if changes else self.arithmetic.dtype)
        self.report("laying the adapter on it")
        model = continued.take_up(base, folder, TaskType(self.task.peft_type), new_layers=gaps)
        tuned = self._player(model)
        under = {"base": Player(model, self.arithmetic, without_adapter=True)} if with_base else {}
        return {"tuned": tuned, **under}  # pyright: ignore[reportReturnType]

    def _whole(self, folder: Path, *, with_base: bool) -> dict[Which, Player]:
        source = ModelSource(str(folder))
        self.task.recall(models.load_config(source), self.subject.targets)
        self._use(folder)
        self.report(f"loading {self.subject.name}")
        # As it was trained: its weights in fp32, whatever the products are made in.
        tuned, gaps = models.load_with_gaps(source, torch.float32, self.task.auto_class, self.task.model_options())
        if gaps:
            raise ModelError(f"{folder} lacks {len(gaps)} weights of the model ({min(gaps)}, say).")
        found: dict[Which, Player] = {"tuned": self._player(tuned)}
        if with_base:
            self.report(f"loading {self.subject.base}")
            try:
                found["base"] = self._player(self._base(torch.float32)[0])
            except UserError as error:
                self.notes.append(f"The base can't be asked: {error}")
        return found

    def _base(self, dtype: torch.dtype) -> tuple[PreTrainedModel, set[str]]:
        """The base with a head for the labels of the task, and the names of weights that its files lacked."""
        source, task = self.subject.source, self.task
        labels = ()
        if task.names:
            own = heads.labels_of(source, models.load_config(source), task.auto_class.removeprefix("AutoModel"))
            labels = own or task.names
        # The head that a base lacks is drawn by chance, here as when the run began: by the same seed each time.
        torch.manual_seed(self.subject.config.seed)
        options = task.model_options() | heads.options(labels)
        model, gaps = models.load_with_gaps(source, dtype, task.auto_class, options)
        if source.adapter:
            model = continued.merged(model, Path(source.adapter))
        heads.relabel(model, labels, task.names)
        if gaps and not source.adapter:
            self.notes.append(f"{self.subject.base} has no head for this task: what it answers is drawn by chance.")
        return model, gaps

    def _use(self, where: Path | ModelSource) -> None:
        """Give the task the tokenizer: that beside the weights, else the base's, of which it is a copy."""
        beside = where if isinstance(where, ModelSource) else ModelSource(str(where))
        has_own = (Path(beside.path_or_id) / "tokenizer_config.json").is_file()
        tokenizer: PreTrainedTokenizerBase = models.load_tokenizer(beside if has_own else self.subject.source)
        self.task.use(tokenizer, lambda told: self.notes.append(f"{told[:1].upper()}{told[1:]}."))

    def _player(self, model: PreTrainedModel | PeftModel) -> Player:
        nn.Module.to(model, self.arithmetic.device)
        return Player(model.eval(), self.arithmetic)  # pyright: ignore[reportArgumentType]


def _arithmetic(subject: Subject, home: Home) -> Arithmetic:
    """That of the run, on a device that is here now."""
    config: RunConfig = subject.config
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not present.get(config.device, True):
        config = config.model_copy(update={"device": "auto"})
    if subject.run:
        return precision.choose(config, Measured(home.run(subject.run.id).measured))
    with tempfile.TemporaryDirectory() as folder:
        return precision.choose(config, Measured(Path(folder) / "measured.json"))
