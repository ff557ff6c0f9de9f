"""What a contender is told: the run's knobs, where to leave the weights, and since when its process runs."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ...store.config import RunConfig, checked


@dataclass(frozen=True)
class Job:
    """`began` is when it was told, by `time.time`, and `best` whether the contender may choose its settings."""

    config: RunConfig
    folder: Path
    began: float
    best: bool

    def written(self) -> str:
        return json.dumps(self.__dict__ | {"config": self.config.model_dump(), "folder": str(self.folder)})

    @classmethod
    def of(cls, text: str) -> Self:
        told: dict[str, Any] = json.loads(text)
        return cls(checked(told["config"]), Path(told["folder"]), told["began"], told["best"])

    @property
    def weights(self) -> Path:
        return self.folder / "weights"
