"""Every place on disk, from one module; they travel as arguments from here."""

import os
from dataclasses import dataclass
from pathlib import Path


def _xdg(variable: str, fallback: str) -> Path:
    value = os.environ.get(variable, "")
    # The XDG specification says that relative paths in these variables are to be ignored.
    return Path(value) if Path(value).is_absolute() else Path.home() / fallback


def cache_folder() -> Path:
    """Where the demo parts lie: `$TUNEDECK_CACHE`, else `tunedeck` in the XDG cache folder."""
    return Path(os.environ.get("TUNEDECK_CACHE") or _xdg("XDG_CACHE_HOME", ".cache") / "tunedeck").absolute()


def config_folder() -> Path:
    """Where the user's themes and settings lie: `$TUNEDECK_CONFIG`, else `tunedeck` in the XDG config folder."""
    return Path(os.environ.get("TUNEDECK_CONFIG") or _xdg("XDG_CONFIG_HOME", ".config") / "tunedeck").absolute()


def home_folder() -> Path:
    """Where the store and the runs lie: `$TUNEDECK_HOME`, else `tunedeck` in the XDG state folder."""
    return Path(os.environ.get("TUNEDECK_HOME") or _xdg("XDG_STATE_HOME", ".local/state") / "tunedeck").absolute()


@dataclass(frozen=True)
class Home:
    """The folder that holds one store and its runs."""

    root: Path

    @classmethod
    def default(cls) -> "Home":
        return cls(home_folder())

    @property
    def store(self) -> Path:
        return self.root / "store.db"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def migration_lock(self) -> Path:
        return self.root / "migration.lock"

    @property
    def runner_lock(self) -> Path:
        return self.root / "runner.lock"

    @property
    def runner_log(self) -> Path:
        return self.root / "runner.txt"

    @property
    def trash(self) -> Path:
        return self.root / "trash"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def datasets(self) -> Path:
        """The versions of data sets, a folder a name."""
        return self.root / "data"

    @property
    def benches(self) -> Path:
        """What `tunedeck bench` found, a file for each time."""
        return self.root / "bench"

    @property
    def last_key(self) -> Path:
        """An empty file, touched when keys are pressed in any app: what ended after it was not seen yet."""
        return self.root / "last-key"

    def run(self, run_id: str) -> "RunFolder":
        return RunFolder(self.runs / run_id)


@dataclass(frozen=True)
class RunFolder:
    """The folder of one run; its name is the run's generated id, never its label."""

    root: Path

    @property
    def description(self) -> Path:
        """`run.json`: what the run's row says, so that the list of runs can be rebuilt without the store."""
        return self.root / "run.json"

    @property
    def log(self) -> Path:
        return self.root / "log.txt"

    @property
    def lock(self) -> Path:
        """Held by the engine for as long as it lives."""
        return self.root / "run.lock"

    @property
    def result(self) -> Path:
        """`result.json`: the engine's last word, written when everything else is."""
        return self.root / "result.json"

    @property
    def measured(self) -> Path:
        """What was measured of this machine for the run, so that a resume chooses the same."""
        return self.root / "measured.json"

    @property
    def spool(self) -> Path:
        """Metric rows that the store could not take, replayed once it can."""
        return self.root / "spool.jsonl"

    @property
    def history(self) -> Path:
        """What the store said of the run when an engine of it ended last, for the day on which the store is lost."""
        return self.root / "history.db"

    @property
    def checkpoints(self) -> Path:
        return self.root / "checkpoints"

    @property
    def base(self) -> Path:
        """What the adapter is laid on, where an earlier run's adapter was merged into it and it lies nowhere else."""
        return self.root / "base"

    @property
    def predictions(self) -> Path:
        """What the model said of each held-out row, at each evaluation."""
        return self.root / "predictions"

    @property
    def adapter(self) -> Path:
        """The final weights: an adapter for LoRA, a whole model for full fine-tuning."""
        return self.root / "adapter"

    def create(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
