"""Opening store.db: permissions, pragmas, schema version; the rest of the folder takes the connection first."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from . import locks
from .errors import StoreError
from .paths import Home
from .schema import APPLICATION_ID, SCHEMA_VERSION

_BUSY_SECONDS = 10.0
# Network filesystems break WAL's shared memory; names as in /proc/mounts.
_NETWORK_FILESYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "fuse.sshfs",
    "lustre",
    "gpfs",
    "ceph",
    "beegfs",
    "afs",
}


def connect(home: Home) -> sqlite3.Connection:
    """The store of `home`, made or migrated when needed, ready for use by one thread.

    Raises:
        StoreError: the file is no store of ours, damaged, of a newer schema, or can't be written.
    """
    _create_files(home)
    db = _opened(home.store, read_only=False)
    try:
        _refuse_stranger(db, home.store)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            db.close()
            return _opened(home.store, read_only=True)
        _set_up(db, home)
        if version < SCHEMA_VERSION:
            # Imports sqlite-utils (0.1 s), which a store that is up to date never needs.
            from . import migrations

            migrations.migrate(db, home)
    except sqlite3.DatabaseError as error:
        db.close()
        raise StoreError(f"{home.store} can't be read: {error}.", _remedy(home)) from error
    except BaseException:
        db.close()
        raise
    return db


def _create_files(home: Home) -> None:
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_emptied(home)
        with suppress(FileExistsError):
            # Never opened when it is there: to close it again would drop the locks by which SQLite, in this process,
            # keeps its log from being deleted by others.
            os.close(os.open(home.store, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        if not home.store.is_file() or not os.access(home.store, os.R_OK | os.W_OK):
            raise OSError("it is no file that you can read and write")
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"{home.store} can't be opened: {reason}.", "Set TUNEDECK_HOME to a folder you can write."
        ) from error


def _refuse_emptied(home: Home) -> None:
    """An empty file beside runs is a store that lost its content, not a new one; a new one is empty for 1 ms."""
    if not _is_empty(home.store) or not any(home.runs.glob("*")):
        return
    with locks.waiting(home.migration_lock):
        if _is_empty(home.store):
            anew = "Or remove the empty file: the next start makes a new store."
            raise StoreError(f"{home.store} is empty, though there are runs beside it.", f"{_remedy(home)} {anew}")


def _is_empty(path: Path) -> bool:
    return path.exists() and path.stat().st_size == 0


def _opened(path: Path, *, read_only: bool) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    db.row_factory = sqlite3.Row
    return db


def _refuse_stranger(db: sqlite3.Connection, path: Path) -> None:
    identity = db.execute("PRAGMA application_id").fetchone()[0]
    if identity not in (0, APPLICATION_ID) or (identity == 0 and db.execute("SELECT 1 FROM sqlite_master").fetchone()):
        raise StoreError(f"{path} is a database of another program.", "Set TUNEDECK_HOME to another folder.")


def _set_up(db: sqlite3.Connection, home: Home) -> None:
    mode = "delete" if on_network(home.store) else "wal"
    if db.execute("PRAGMA journal_mode").fetchone()[0] != mode:
        # SQLite does not wait for others here, busy_timeout or not: two at once, and one is told "locked".
        with locks.waiting(home.migration_lock):
            db.execute(f"PRAGMA journal_mode={mode}")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA foreign_keys=ON")


def is_read_only(db: sqlite3.Connection) -> bool:
    """Whether the store is of a newer Tunedeck and was opened for reading only."""
    return db.execute("PRAGMA user_version").fetchone()[0] > SCHEMA_VERSION


def newer(home: Home) -> str:
    """What is to be said of a store of a newer Tunedeck; empty for any other, and where there is none to read."""
    if not home.store.is_file():
        return ""
    try:
        with closing(_opened(home.store, read_only=True)) as db:
            told = is_read_only(db)
    except sqlite3.Error:
        return ""  # whoever needs it says what is wrong with it
    return f"{home.store} is of a newer Tunedeck: it is read, and not written. Install the newer one." if told else ""


def _remedy(home: Home) -> str:
    newest = max(home.backups.glob("*.db"), default=None, key=lambda path: path.stat().st_mtime)
    kept = f"The newest backup is {newest}: copy it over the file." if newest else "There is no backup of it."
    return f"Nothing was changed. The runs' folders in {home.runs} are whole. {kept}"


def on_network(path: Path) -> bool:
    """Whether the file lies on a network filesystem, where WAL must not be used."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False  # no /proc (macOS): nothing to go by
    fields = [line.split() for line in mounts]
    folder = str(path.resolve())
    inside = [(len(f[1]), f[2]) for f in fields if len(f) > 2 and (folder + "/").startswith(f[1].rstrip("/") + "/")]
    return bool(inside) and max(inside)[1] in _NETWORK_FILESYSTEMS


@contextmanager
def transaction(db: sqlite3.Connection, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
    """One write, locked from its first read on; `durable` waits until it survives a power loss."""
    if durable:
        db.execute("PRAGMA synchronous=FULL")
    try:
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("COMMIT")
    except BaseException:
        # A full disk fails the commit, and SQLite may have rolled back by itself; left open, nothing could be written.
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    finally:
        if durable:
            db.execute("PRAGMA synchronous=NORMAL")


def data_version(db: sqlite3.Connection) -> int:
    """A number that changes when another connection has written; costs microseconds."""
    return db.execute("PRAGMA data_version").fetchone()[0]
