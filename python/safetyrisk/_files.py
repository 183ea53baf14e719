"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

__all__ = ["atomic_path", "remove_drafts"]

# What atomic_path calls a file that is being written, and a folder of its parts.
_DRAFT = re.compile(r"\..{1,100}\.[0-9a-f]{12}\.part(?:\.d)?", re.DOTALL)


def remove_drafts(folder: Path) -> None:
    """Remove what writers that were killed have left in a folder. Nobody may be writing there."""
    for path in folder.iterdir():
        if _DRAFT.fullmatch(path.name):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


@contextlib.contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a name to write a file under; on leaving, rename it to `path`.

    When the block raises, what was written is removed and the old file stays.

    Raises
    ------
    OSError
        The file cannot be written; ``filename`` is `path`.
    """
    target = Path(path)
    # The name is cut to bytes that fit beside the ending: file systems count bytes.
    stem = target.name.encode(errors="surrogateescape")[:100].decode(errors="ignore")
    draft = target.with_name(f".{stem}.{os.urandom(6).hex()}.part")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        if target.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        yield draft
        handle = os.open(draft, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        draft.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise OSError(error.errno, f"cannot write the file: {reason}", str(target)) from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
