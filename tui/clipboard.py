"""Copying over SSH: through tmux where we are inside it, else by OSC 52; and an honest word on how it went."""

import base64
import os
import subprocess
from typing import Any

from textual.app import App

# Terminals refuse longer OSC 52 sequences; k9s found this limit.
_LONGEST = 74_994


def copy(app: App[Any], text: str, what: str) -> str:
    """Send the text towards the user's clipboard, from a thread; a sentence that says which way it went."""
    if os.environ.get("TMUX") and _through_tmux(text):
        return f"{what} was sent to tmux, and by tmux to the terminal."
    if len(base64.b64encode(text.encode())) > _LONGEST:
        return f"{what} is too long for a terminal's clipboard."
    app.call_from_thread(app.copy_to_clipboard, text)
    return f"{what} was sent to the terminal; some ignore it."


def _through_tmux(text: str) -> bool:
    """With tmux's default settings OSC 52 gets lost; load-buffer -w hands the text to the outer terminal."""
    command = ["tmux", "load-buffer", "-w", "-"]
    try:
        return subprocess.run(command, input=text.encode(), capture_output=True, timeout=5).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False  # no tmux here, or one that hangs: the terminal is asked instead
