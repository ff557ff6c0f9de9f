"""Arguments of a verb; a mistake in them is an error like any other."""

import argparse
from typing import NoReturn

from ...store.errors import ConfigError


class VerbArguments(argparse.ArgumentParser):
    """A parser that raises ConfigError where argparse would print its usage and exit."""

    def error(self, message: str) -> NoReturn:
        raise ConfigError(f"{self.prog}: {message}.", " ".join(self.format_usage().split()))
