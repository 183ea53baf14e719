"""The output folder of a job: whose it is, who is writing in it, and what is finished.

``run-report.json`` is the journal. While a job runs it says ``"state": "running"`` and lists the
files that are finished, each with the key of what it was made from. A run that finds such a journal
keeps a file whose key and bytes are as listed and makes the others again; at the end the report
proper takes the journal's place. The folder itself is locked (``flock``) as long as the process
lives, so a process that was killed leaves no lock behind.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from .. import _core
from .._faults import fault
from .._files import atomic_path, remove_drafts
from ..core import Issues

__all__ = ["REPORT", "Journal", "claim", "is_free", "key_of", "owner_of", "sha256_of"]

#: Name of the report, and of the journal while a job runs.
REPORT = "run-report.json"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def key_of(document: Any) -> str:
    """One text for everything that a result depends on."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


# Words, English and Chinese, for what a folder may hold that is no result of a job.
_OTHER = ("something else", "别的内容")
_UNREADABLE = ("something that cannot be read", "无法读取的内容")


def owner_of(folder: Path, identity: str) -> str | tuple[str, str]:
    """Whose result a folder holds: `identity`, or in English and Chinese what is there instead.

    An empty folder, and one that is not there, is free: `identity`.
    """
    try:
        owner = json.loads((folder / REPORT).read_text(encoding="utf-8")).get("job")
    except FileNotFoundError:
        free = not folder.is_dir() or all(_is_draft(path) for path in folder.iterdir())
        return identity if free else _OTHER
    except (OSError, ValueError, AttributeError):
        return _UNREADABLE
    if owner is None:
        return _OTHER
    return identity if owner == identity else (f"the result of {owner}", f"{owner} 的结果")


def is_free(folder: Path) -> None:
    """Check that nobody is writing in a folder.

    Raises
    ------
    InputError
        Another run is.
    """
    with _locked(folder):
        pass


def _is_draft(path: Path) -> bool:
    return path.name.startswith(".") and path.name.endswith((".part", ".part.d"))


@contextlib.contextmanager
def claim(folder: Path, identity: str, force: bool) -> Iterator[Journal]:
    """Make the output folder, lock it and open its journal.

    Raises
    ------
    InputError
        It holds another job's result and `force` is not given, or another run is writing there.
    OSError
        It cannot be made.
    """
    if not force and folder.is_dir():
        owner = owner_of(folder, identity)
        if owner != identity:
            raise fault("job.foreign", folder=folder, owner=owner, identity=identity)
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder) as is_locked:
        remove_drafts(folder)
        yield Journal(folder, identity, is_locked)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Lock a folder; False where the system or the file system has no such locks."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield False
        return
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise fault("job.locked", folder=folder) from None
            yield False  # a network file system, say
            return
        yield True
    finally:
        os.close(handle)


class Journal:
    """What is finished in an output folder; :func:`claim` opens it.

    Attributes
    ----------
    folder
        The output folder.
    is_locked
        Whether the system keeps other runs out.
    is_resumed
        Whether an earlier run of this job was interrupted here.
    """

    def __init__(self, folder: Path, identity: str, is_locked: bool) -> None:
        self.folder = folder
        self.is_locked = is_locked
        self._identity = identity
        self._is_begun = False
        self._done: dict[str, dict[str, Any]] = {}
        self._old: dict[str, str] = {}
        try:
            said = json.loads((folder / REPORT).read_text(encoding="utf-8"))
            if said.get("job") != identity:
                said = {}
            self.is_resumed = said.get("state") == "running"
            if self.is_resumed:
                self._old = dict(said["old"])
                self._done = {str(k): dict(v) for k, v in said["done"].items()}
                self._old |= {k: v["sha256"] for k, v in self._done.items() if v.get("sha256")}
            else:
                self._old = dict(said.get("outputs", {}))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.is_resumed = False  # what cannot be read is no promise
        self._kept = self._done
        self._done = {}

    @property
    def count(self) -> int:
        """How many files an interrupted run has finished."""
        return sum(bool(entry.get("sha256")) for entry in self._kept.values())

    @property
    def report(self) -> Path:
        """Where the report is, or will be."""
        return self.folder / REPORT

    def begin(self) -> None:
        """Mark the folder as this job's, before the first output."""
        self._is_begun = True
        self._write()

    def file(self, name: str, key: str) -> Issues | None:
        """Give the issues of a file that an interrupted run has finished; None: make it."""
        entry = self._kept.get(name)
        if entry is None or entry.get("key") != key:
            return None
        if entry.get("sha256"):
            try:
                if sha256_of(self.folder / name) != entry["sha256"]:
                    return None
            except OSError:
                return None
        try:
            issues = _issues_from(entry["issues"])
        except (KeyError, TypeError, ValueError):
            return None
        self._done[name] = entry
        return issues

    def done(self, name: str, key: str, issues: Issues, *, is_file: bool = True) -> None:
        """Note that a file (or a step without one) is finished."""
        self._done[name] = {
            "key": key,
            "sha256": sha256_of(self.folder / name) if is_file else "",
            "issues": _issues_to(issues),
        }
        self._write()

    def sha256(self, name: str) -> str:
        """Hash of a finished file."""
        return str(self._done[name]["sha256"])

    def remove_stale(self, names: Iterable[str]) -> list[str]:
        """Remove outputs of earlier runs that are not among `names`, and say which.

        A file is removed only when its bytes are those that the earlier run wrote.
        """
        kept = {*names, REPORT}
        removed = []
        for name, digest in sorted(self._old.items()):
            path = self.folder / name
            if name in kept or Path(name).name != name or path.is_symlink():
                continue
            if path.is_file() and sha256_of(path) == digest:
                path.unlink()
                removed.append(name)
        return removed

    def finish(self, report: Mapping[str, Any]) -> None:
        """Put the report in the journal's place."""
        self._replace(report)

    def _write(self) -> None:
        if not self._is_begun:
            return
        done = self._kept | self._done
        self._replace(
            {
                "format": 1,
                "job": self._identity,
                "state": "running",
                "old": self._old,
                "done": done,
            }
        )

    def _replace(self, document: Mapping[str, Any]) -> None:
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
        with atomic_path(self.folder / REPORT) as draft:
            draft.write_text(text, encoding="utf-8", errors="surrogatepass")


def _issues_to(issues: Issues) -> list[list[Any]]:
    table = issues._issues
    out = []
    for index, issue in enumerate(issues):
        place = [issue.table, issue.source, issue.row, issue.line, issue.column, issue.value]
        out.append([issue.code, *place, table.arguments(index)])
    return out


def _issues_from(rows: list[list[Any]]) -> Issues:
    found = _core.IssueTable()
    for code, table, source, row, line, column, value, args in rows:
        found.add(
            code,
            table=table,
            source=source,
            row=-1 if row is None else row,
            line=-1 if line is None else line,
            column=column,
            value=value,
            args=args,
        )
    return Issues(found)
