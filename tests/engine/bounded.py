"""Reading in a process that has little memory."""

import subprocess
import sys
from pathlib import Path

READ_UNDER_LIMIT = """
import resource, sys
from pathlib import Path
from tunedeck.engine.data.faults import BadRow
from tunedeck.engine.data.tables import read_rows
from tunedeck.store.errors import DataError
if sys.argv[1].endswith(".parquet"):
    import pyarrow.parquet
limit_bytes = int(sys.argv[2]) * 2**20
resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
try:
    rows = list(read_rows(Path(sys.argv[1])))
    print(*[row if isinstance(row, BadRow) else row.line for row in rows if isinstance(row, BadRow) or row is rows[-1]])
except DataError as error:
    print(error)
"""


def read_under_limit(path: Path, limit_megabytes: int = 400) -> str:
    """The bad rows and the number of the last row, or the error, of a process that has so much memory."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", READ_UNDER_LIMIT, str(path), str(limit_megabytes)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
