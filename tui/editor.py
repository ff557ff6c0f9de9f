"""A text in the user's own editor, which has the terminal meanwhile."""

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from ..store.errors import UserError

_DEFAULT = "vi"


def edited(app: App[Any], text: str, name: str, *, instead: str = "") -> str:
    """What became of the text in $VISUAL or $EDITOR, as a file of that name; the app waits behind it.

    `instead` says what else can be done.

    Raises:
        UserError: there is no such editor, it ended with an error, or the app has no terminal to lend.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _DEFAULT
    with tempfile.TemporaryDirectory(prefix="tunedeck-") as folder:
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8")
        try:
            command = [*shlex.split(editor), str(file)]
            with app.suspend(), _uninterrupted():
                ended = subprocess.run(command, check=False).returncode
            changed = file.read_text(encoding="utf-8")
        except SuspendNotSupported as error:
            raise UserError("This terminal can't be lent to an editor.", instead) from error
        except (OSError, ValueError) as error:
            raise UserError(f"{editor} could not be used: {error}.", "Set EDITOR to yours.") from error
    if ended:
        raise UserError(f"{editor} ended with exit code {ended}.", "Nothing was changed.")
    return changed


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl+C is for the editor alone, though the terminal sends it to both of us."""
    # Not SIG_IGN, which the editor would inherit.
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
