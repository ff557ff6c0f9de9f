"""Opening store.db: permissions, pragmas, schema version; the rest of the folder takes the connection first."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import StoreError
from .paths import Home

APPLICATION_ID = 0x74756E65  # "tune", so that `file` and we ourselves know our own
SCHEMA_VERSION = 1
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
    try:
        db = _open(home.store)
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            return _read_only(home.store)
        if version < SCHEMA_VERSION:
            # Imports sqlite-utils (0.1 s), which a store that is up to date never needs.
            from . import migrations

            migrations.migrate(db, home)
    except sqlite3.DatabaseError as error:
        raise StoreError(_fault(home, error), _remedy(home)) from error
    return db


def _create_files(home: Home) -> None:
    try:
        home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(home.store, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(
            f"{home.store} can't be opened: {reason}.", "Set TUNEDECK_HOME to a folder you can write."
        ) from error


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    identity = db.execute("PRAGMA application_id").fetchone()[0]
    if identity not in (0, APPLICATION_ID) or (identity == 0 and db.execute("SELECT 1 FROM sqlite_master").fetchone()):
        db.close()
        raise StoreError(f"{path} is a database of another program.", "Set TUNEDECK_HOME to another folder.")
    db.execute(f"PRAGMA journal_mode={'DELETE' if on_network(path) else 'WAL'}")
    db.execute("PRAGMA synchronous=NORMAL")
    db.execute("PRAGMA foreign_keys=ON")
    return db


def _read_only(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{path}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    db.row_factory = sqlite3.Row
    return db


def is_read_only(db: sqlite3.Connection) -> bool:
    """Whether the store is of a newer Tunedeck and was opened for reading only."""
    return db.execute("PRAGMA user_version").fetchone()[0] > SCHEMA_VERSION


def _fault(home: Home, error: sqlite3.DatabaseError) -> str:
    if home.store.stat().st_size == 0:
        return f"{home.store} is empty and can't be set up ({error})."
    return f"{home.store} can't be read: {error}."


def _remedy(home: Home) -> str:
    newest = max(home.backups.glob("*.db"), default=None, key=lambda path: path.stat().st_mtime)
    kept = f"The newest backup is {newest}: copy it over the file." if newest else "There is no backup of it."
    return f"Nothing was changed. The runs' folders in {home.root / 'runs'} are whole. {kept}"


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
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.execute("ROLLBACK")
        raise
    else:
        db.execute("COMMIT")
    finally:
        if durable:
            db.execute("PRAGMA synchronous=NORMAL")


def data_version(db: sqlite3.Connection) -> int:
    """A number that changes when another connection has written; costs microseconds."""
    return db.execute("PRAGMA data_version").fetchone()[0]
