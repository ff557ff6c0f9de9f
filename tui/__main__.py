"""The command `tunedeck`: alone it opens the app, with a verb it is the app's twin on the command line."""

import gc
import os
import sys


def main() -> None:
    """Nothing but what the verb needs is imported: the app's first paint waits for this."""
    os.umask(0o077)
    # Read by Textual when it is imported: Escape is told from a sequence after this many milliseconds.
    os.environ.setdefault("ESCDELAY", "50")
    # The same: what changed is painted at the next of so many moments of a second, half as late as by Textual's 60.
    os.environ.setdefault("TEXTUAL_FPS", "120")
    if sys.argv[1:] in ([], ["--ascii"]):
        # Nothing that is made until the first picture is garbage, and to look took a tenth of the time until then;
        # the watch has it looked for again.
        gc.disable()
        from .app import open_app

        sys.exit(open_app(ascii_only=len(sys.argv) > 1))
    from .cli.group import tunedeck

    tunedeck(prog_name="tunedeck")


if __name__ == "__main__":
    main()
