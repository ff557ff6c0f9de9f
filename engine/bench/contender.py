"""One contender's training, in a process of its own, which is told its name and, on standard input, the job.

Its last line on standard output is what `Trained` holds, as JSON.
"""

import importlib
import json
import sys

from ...store.errors import UserError
from .job import Job

# The module that trains, and whether it may choose its settings.
CONTENDERS: dict[str, tuple[str, bool]] = {
    "tunedeck": ("ours", False),
    "hf_default": ("hf", False),
    "hf_best": ("hf", True),
    "trl_default": ("trl", False),
    "trl_best": ("trl", True),
}


def main() -> None:
    name, job = sys.argv[1], Job.of(sys.stdin.read())
    if name == "tunedeck":
        # As the engine's processes are; the others get what their users get.
        from ..main import quiet_libraries

        quiet_libraries()
    try:
        trained = importlib.import_module(f".{CONTENDERS[name][0]}", __package__).train(job, name)
    except UserError as error:
        print(json.dumps({"error": str(error)}), flush=True)
        sys.exit(error.exit_code)
    print(trained.line(), flush=True)


if __name__ == "__main__":
    main()
