"""Errors meant for the user: one sentence that says where and what, and one that says what to do next.

UserError
├── ConfigError     a knob has a bad value, is unknown or missing          exit code 2
├── DataError       a file of rows can't be used                           exit code 2
├── ModelError      a model can't be found, loaded, or doesn't fit the task exit code 2
├── NotFoundError   no run (or checkpoint) is known by that name           exit code 2
├── StateError      the run's state doesn't allow what was asked           exit code 1
├── StoreError      store.db can't be opened, read or written              exit code 1
└── FetchError      a demo part could not be downloaded or is not what was pinned  exit code 1
"""


class UserError(Exception):
    """What happened, in one sentence with its place, and what to do next (may be empty)."""

    exit_code = 1

    def __init__(self, what: str, next_step: str = "") -> None:
        super().__init__(f"{what} {next_step}".strip())
        self.what = what
        self.next_step = next_step


class ConfigError(UserError):
    """A knob of the configuration is unknown, missing or has a bad value; `field` names it."""

    exit_code = 2

    def __init__(self, what: str, next_step: str = "", *, field: str = "") -> None:
        super().__init__(what, next_step)
        self.field = field


class DataError(UserError):
    """Rows can't be read or used; the sentence names file and line."""

    exit_code = 2


class ModelError(UserError):
    """A model can't be found or loaded, or does not fit the task."""

    exit_code = 2


class NotFoundError(UserError):
    """Nothing is known by the given name."""

    exit_code = 2


class StateError(UserError):
    """The run's present state does not allow what was asked."""


class StoreError(UserError):
    """store.db can't be opened, read or written."""


class FetchError(UserError):
    """A demo part could not be fetched, or is not the file that was pinned."""
