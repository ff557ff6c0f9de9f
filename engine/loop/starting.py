"""The model that a run starts with: loaded, given its labels and its dropout, and made trainable by the method."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import TaskType
from torch import nn
from transformers import PreTrainedModel

from ...store.config import RunConfig
from ...store.errors import ConfigError
from ..methods import adapter, continued
from ..methods.adapter import Trainable
from ..methods.backbone import frozen_backbone, keep_still
from ..methods.dropout import set_dropout
from ..methods.freeze import freeze
from ..methods.noise import add_noise
from ..methods.quantization import quantization
from ..methods.start import CHANGE_THE_BASE
from ..model import heads, models
from ..model.models import ModelSource
from ..model.precision import Arithmetic
from ..session import Session
from ..tasks.task import Task
from .memory import checkpoint_activations


@dataclass(frozen=True)
class Start:
    """The model, and the names of weights that its files lacked, such as those of a new head."""

    model: Trainable
    new_weights: frozenset[str]


@dataclass(frozen=True)
class Starter:
    """Makes the model of one attempt; `checkpoint` is the folder that the run goes on from, None for its beginning."""

    config: RunConfig
    task: Task
    source: ModelSource
    arithmetic: Arithmetic
    session: Session
    checkpoint: Path | None

    def start(self) -> Start:
        """Load and prepare the model on the CPU.

        Raises:
            ModelError: it can't be loaded; ConfigError: a knob asks for what the model or the machine hasn't got.
        """
        labels = self._labels()
        base, new_weights = self._loaded(labels)
        config = self.config
        self._say(set_dropout(base, config.hidden_dropout, config.attention_dropout, config.classifier_dropout))
        model = self._adapted(base, labels, new_weights)
        if self.arithmetic.bf16:
            adapter.take_inputs_as_they_are(model)
        if config.gradient_checkpointing == "on":
            checkpoint_activations(model)
        if config.neftune_noise_alpha:
            add_noise(model, config.neftune_noise_alpha)
        backbone = frozen_backbone(model)
        if backbone and not (config.hidden_dropout or config.attention_dropout):
            keep_still(backbone)
        return Start(model, frozenset(new_weights))

    def _say(self, sentence: str) -> None:
        if sentence:
            self.session.event(sentence)

    def _labels(self) -> heads.Labels:
        """The labels that the model comes with: those of its head, else those that a new head gets."""
        if not self.task.names:
            return ()
        head_class = self.task.auto_class.removeprefix("AutoModel")
        return heads.labels_of(self.source, models.load_config(self.source), head_class) or self.task.names

    @property
    def _is_full(self) -> bool:
        return self.config.method == "full"

    @property
    def _merges(self) -> bool:
        """Whether an earlier run's adapter becomes a part of the weights."""
        return bool(self.source.adapter) and (self._is_full or self.config.start_adapter == "merge")

    def _loaded(self, labels: heads.Labels) -> tuple[PreTrainedModel, set[str]]:
        options: dict[str, Any] = self.task.model_options() | heads.options(labels)
        packed = quantization(self.config, self.arithmetic.device)
        if packed and self._merges:
            raise ConfigError(
                "start_adapter is merge: an adapter can't be merged into weights in 4 bits.",
                "Choose continue, or method lora.",
                field="start_adapter",
            )
        if packed:
            options["quantization_config"] = packed
        # Frozen weights may rest in bf16; those that are trained, or added to, need the small steps of fp32.
        changes = self._is_full or self._merges or self.config.init_lora_weights in CHANGE_THE_BASE
        dtype = torch.float32 if changes else self.arithmetic.dtype
        base, new_weights = models.load_with_gaps(self.source, dtype, self.task.auto_class, options)
        embeddings = base.get_input_embeddings()
        # Where pad is the turn's end too, as in SmolLM2, torch would give that token's embedding no gradient.
        if isinstance(embeddings, nn.Embedding) and embeddings.padding_idx == self.task.tokenizer.eos_token_id:
            embeddings.padding_idx = None
        return base, new_weights

    def _adapted(self, base: PreTrainedModel, labels: heads.Labels, new_weights: set[str]) -> Trainable:
        if self.source.adapter and not self._merges:
            return self._continued(base, Path(self.source.adapter), labels, new_weights)
        if self.source.adapter:
            base = continued.merged(base, Path(self.source.adapter))
            self._say(f"the adapter of {self.config.model} is merged into the weights")
        self._say(heads.relabel(base, labels, self.task.names))
        if self._is_full:
            self._say(freeze(base, self.config.freeze, self.config.freeze_layers))
            return base
        if self.source.adapter:
            base = self._kept(base)
        return adapter.with_method(
            base, self.config, TaskType(self.task.peft_type), new_layers=new_weights, checkpoint=self.checkpoint
        )

    def _continued(self, base: PreTrainedModel, folder: Path, labels: heads.Labels, new_weights: set[str]) -> Trainable:
        model = continued.take_up(base, folder, TaskType(self.task.peft_type), new_layers=new_weights)
        self._say(f"the adapter of {self.config.model} is trained on, with the rank and the layers that it has")
        self._say(heads.relabel(model, labels, self.task.names))
        return model

    def _kept(self, base: PreTrainedModel) -> PreTrainedModel:
        """What the new adapter belongs to lies nowhere else: it is kept beside the run, whole or not at all."""
        folder = self.session.folder.base
        temporary = folder.with_suffix(".tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        base = base.to(self.arithmetic.dtype)  # pyright: ignore[reportArgumentType]
        base.save_pretrained(str(temporary))
        self.task.tokenizer.save_pretrained(str(temporary))
        temporary.rename(folder)
        base.name_or_path = str(folder)
        return base
