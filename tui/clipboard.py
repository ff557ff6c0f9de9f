"""Copying over SSH: through tmux where we are inside it, else by OSC 52; and an honest word on how it went."""

import os
import subprocess

from textual.app import App

# Terminals refuse longer OSC 52 sequences; k9s found this limit.
_LONGEST = 74_994


def copy(app: App[object], text: str) -> str:
    """Send the text towards the user's clipboard; a sentence that says which way it went."""
    if os.environ.get("TMUX"):
        # With tmux's default settings OSC 52 gets lost; load-buffer -w hands it to the outer terminal.
        done = subprocess.run(["tmux", "load-buffer", "-w", "-"], input=text.encode(), capture_output=True, check=False)
        if done.returncode == 0:
            return f"{text[:40]} was sent to tmux's buffer and the terminal."
    if len(text) > _LONGEST:
        return "That is too long for a terminal's clipboard."
    app.copy_to_clipboard(text)
    return f"{text[:40]} was sent to the terminal; some ignore it."
