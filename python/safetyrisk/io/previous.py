"""The result of an earlier run that a job is compared with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .. import _core
from .._faults import fault
from ..core import Issues
from .jobfile import Job
from .journal import REPORT, sha256_of

__all__ = ["Previous", "previous_changed"]

# The workbook lists all rows up to so many only.
_BOOK_ROWS = 200_000


@dataclass(frozen=True)
class Previous:
    """What ``[run] previous`` names; find it with :meth:`find`.

    Attributes
    ----------
    file
        The graded register: ``grades.parquet``, ``.csv`` or ``.xlsx`` of the folder, or the file
        itself that the job names.
    rows
        Its rows as the folder's report gives them; 0 when unknown.
    is_changed
        Whether the file, named by itself, is other than the report beside it says.
    """

    file: Path
    rows: int
    is_changed: bool = False

    @classmethod
    def find(cls, job: Job) -> Previous | None:
        """Find the graded register of the run that a job names; None when it names none.

        Raises
        ------
        InputError
            There is no such folder or file, the run there is not finished, it wrote no register of
            all rows, the register was changed since, or it is the job's own output folder.
        """
        place = job.previous
        if place is None:
            return None
        if place.is_file():
            outputs = _outputs_beside(place)
            digest = outputs.get(place.name)
            return cls(place, 0, digest is not None and _digest(place) != digest)
        if not place.is_dir():
            raise fault("job.previous_none", file=job.path, place=place)
        if place.resolve() == job.output.resolve():
            raise fault("job.previous_own", file=job.path)
        try:
            report = json.loads((place / REPORT).read_text(encoding="utf-8"))
            running = report.get("state") == "running"
            rows = int(report["rows"]["rows_in"]) if not running else 0
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise fault("job.previous_report", file=job.path, place=place, report=REPORT) from None
        if running:
            raise fault("job.previous_unfinished", file=job.path, place=place)
        for name in ("grades.parquet", "grades.csv", "grades.xlsx"):
            if name in report.get("outputs", {}) and (place / name).is_file():
                if name.endswith(".xlsx") and rows > _BOOK_ROWS:
                    continue
                if _digest(place / name) != report["outputs"][name]:
                    raise fault("job.previous_changed", file=job.path, place=place / name)
                return cls(place / name, rows)
        raise fault("job.previous_tables", file=job.path, place=place)


def previous_changed(previous: Previous) -> Issues:
    """The issue for a file that is not what the report beside it says."""
    found = _core.IssueTable()
    name = previous.file.name
    found.add("io.previous_changed", table="before", source=name, value=name)
    return Issues(found)


def _digest(file: Path) -> str:
    try:
        return sha256_of(file)
    except OSError as error:
        raise fault("file.unreadable", file=file, reason=error) from None


def _outputs_beside(file: Path) -> dict[str, str]:
    """What a report in the file's folder says of the outputs there; nothing without one."""
    try:
        outputs = json.loads((file.parent / REPORT).read_text(encoding="utf-8"))["outputs"]
        return {str(name): str(digest) for name, digest in outputs.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
