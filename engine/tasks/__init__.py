"""The tasks, one file each: what a family of models needs to be trained for one purpose."""

import importlib

from ...store.config import RunConfig
from .task import Task


def of(config: RunConfig) -> Task:
    """The configured task, fresh: the class `TASK` of the file that bears its name."""
    module = importlib.import_module(f".{config.task.replace('-', '_')}", __package__)
    return module.TASK(config)
