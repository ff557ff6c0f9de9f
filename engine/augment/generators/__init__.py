"""What makes synthetic rows: rules, models, and other programs, one file each with a function `generator`."""

import importlib

from ....store.augment import AugmentKnobs
from ..loading import Loader
from .generator import Generator


def of(knobs: AugmentKnobs, loader: Loader) -> Generator:
    """The generator that the knobs name.

    Raises:
        UserError: what it works with is not there, or doesn't fit.
    """
    module = importlib.import_module(f".{knobs.generator.replace('-', '_')}", __package__)
    return module.generator(knobs, loader)
