"""The verb export: take a run's weights away to a folder, telling the progress as JSON lines."""

import argparse
import json
import signal
import sys
from functools import partial
from typing import NoReturn

from ...store import database, exports
from ...store.paths import Home
from ..export import request
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"progress"}` lines, then the facts of the export in one.

    Raises:
        UserError: the weights, their form or the folder can't be had; then nothing is left in the folder.
    """
    options = _parser().parse_args(arguments)
    stopped: list[int] = []
    # By an exception, so that what is half written is removed.
    signal.signal(signal.SIGTERM, partial(_leave, stopped))
    try:
        _export(options)
    except Exception:
        # Inside of a library in C our exit may turn into an error of its own.
        if stopped:
            sys.exit(128 + stopped[0])
        raise


def _export(options: argparse.Namespace) -> None:
    home = Home.default()
    db = database.connect(home)
    asked = request.checked(
        db,
        home,
        options.run_id,
        step=options.step,
        kind=options.kind,
        to=options.to,
        dtype=options.dtype,
        llama_cpp=options.llama_cpp,
        overwrite=options.overwrite,
    )
    # torch takes seconds to import, and most mistakes are found without it.
    from ..export.package import make

    facts = make(db, asked, lambda progress: print(json.dumps({"progress": progress}), flush=True))
    exports.note(db, options.run_id, str(facts["kind"]), str(facts["folder"]), asked.origin.step)
    print(json.dumps(facts), flush=True)


def _leave(stopped: list[int], number: int, frame: object) -> NoReturn:
    stopped.append(number)
    sys.exit(128 + number)


def _parser() -> VerbArguments:
    parser = VerbArguments(prog="export", description="Take a run's weights away.")
    parser.add_argument("run_id")
    parser.add_argument("--step", default="", help="a checkpoint's step, best or last; the final weights without it")
    parser.add_argument("--as", dest="kind", default="", choices=request.KINDS, help="the run's own form without it")
    parser.add_argument("--to", default="", help="a folder that is empty or not there; NAME-STEP-KIND here without it")
    parser.add_argument("--dtype", default="", choices=request.DTYPES, help="of whole models; their own without it")
    parser.add_argument("--llama-cpp", default="", help="the folder of llama.cpp, for gguf")
    parser.add_argument("--overwrite", action="store_true", help="replace an earlier export")
    return parser
