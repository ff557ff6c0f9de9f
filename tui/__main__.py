"""The command `tunedeck`: alone it opens the app, with a verb it is the app's twin on the command line."""

import os
import sys


def main() -> None:
    """Nothing but what the verb needs is imported: the app's first paint waits for this."""
    os.umask(0o077)
    # Read by Textual when it is imported: Escape is told from a sequence after this many milliseconds.
    os.environ.setdefault("ESCDELAY", "50")
    if sys.argv[1:] in ([], ["--ascii"]):
        from .app import open_app

        sys.exit(open_app(ascii_only=len(sys.argv) > 1))
    from .cli.group import tunedeck

    tunedeck(prog_name="tunedeck")


if __name__ == "__main__":
    main()
