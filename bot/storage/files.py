"""The files themselves: keeping them private, checking that they still exist, deleting old copies."""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
_OTHERS = 0o077


def make_private_file(path: Path) -> None:
    """Create a file that nobody else can read; an existing one stays as it is."""
    os.close(os.open(path, os.O_CREAT | os.O_RDONLY, PRIVATE_FILE))


def make_private_folder(path: Path) -> None:
    """Create a folder that nobody else can look into; an existing one stays as it is."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)


def is_open_to_others(path: Path) -> bool:
    """Tell whether somebody else on this machine may read a file or look into a folder (not on Windows)."""
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & _OTHERS)


class Watch:
    """Knows the files of an open database, and whether those names still belong to the same files."""

    def __init__(self, path: Path) -> None:
        self._found = [(name, _identity(name)) for name in (f"{path}", f"{path}-wal", f"{path}-shm")]

    def is_whole(self) -> bool:
        """Tell whether no file was deleted or replaced."""
        return all(_identity(name) == found for name, found in self._found)


def _identity(name: str) -> tuple[int, int] | None:
    try:
        found = os.stat(name)  # noqa: PTH116 - it is asked at every commit, and Path takes longer
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def copy_of(database: Path, revision: str) -> Path:
    """Return where a database is copied to before it is migrated from a revision."""
    return database.with_name(f"{database.name}.before-{revision}.bak")


def find_copies(database: Path) -> list[Path]:
    """Return the copies that migrations have made."""
    return sorted(database.parent.glob(copy_of(database, "*").name))


def remove_copies(database: Path, before: datetime) -> None:
    """Delete the copies made before an instant: they still have what was erased since."""
    for copy in find_copies(database):
        if datetime.fromtimestamp(copy.stat().st_mtime, UTC) < before:
            copy.unlink()
            log.info("deleted %s: it was kept long enough", copy)
