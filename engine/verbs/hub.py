"""The verb hub: what data sets there are on the hub, and the parts of one."""

import json

from ..data import hub
from .arguments import VerbArguments


def run(arguments: list[str]) -> None:
    """Print `{"name", "downloads", "likes", "gated"}` of each data set, or `{"config", "splits", "source"}` of one.

    `source` is the name by which the first split is opened.

    Raises DataError where the hub can't be reached, or doesn't give the data set.
    """
    parser = VerbArguments(prog="hub", description="Ask the hub about data sets.")
    questions = parser.add_subparsers(dest="question", required=True)
    search = questions.add_parser("search", help="data sets whose names have the words")
    search.add_argument("words", nargs="+")
    search.add_argument("--limit", type=int, default=50, help="how many at most (default: 50)")
    configs = questions.add_parser("configs", help="the configurations and splits of a data set")
    configs.add_argument("repository")
    options = parser.parse_args(arguments)
    answers = (
        hub.search(" ".join(options.words), options.limit)
        if options.question == "search"
        else hub.parts(options.repository)
    )
    for answer in answers:
        print(json.dumps(answer), flush=True)
