"""The result of an earlier run that a job is compared with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .._errors import InputError
from .jobfile import Job
from .journal import REPORT

__all__ = ["Previous"]

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
    """

    file: Path
    rows: int

    @classmethod
    def find(cls, job: Job) -> Previous | None:
        """Find the graded register of the run that a job names; None when it names none.

        Raises
        ------
        InputError
            There is no such folder or file, the run there is not finished, it wrote no register of
            all rows, or it is the job's own output folder.
        """
        place = job.previous
        if place is None:
            return None
        if place.is_file():
            return cls(place, 0)
        if not place.is_dir():
            raise InputError(f"{job.path} [run] previous: there is no {place}")
        if place.resolve() == job.output.resolve():
            raise InputError(
                f"{job.path} [run] previous: is the job's own output folder, which this run "
                "overwrites; give each run a folder of its own"
            )
        try:
            report = json.loads((place / REPORT).read_text(encoding="utf-8"))
            running = report.get("state") == "running"
            rows = int(report["rows"]["rows_in"]) if not running else 0
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise InputError(
                f"{job.path} [run] previous: {place} has no {REPORT} of a finished run"
            ) from None
        if running:
            raise InputError(f"{job.path} [run] previous: the run in {place} is not finished")
        for name in ("grades.parquet", "grades.csv", "grades.xlsx"):
            if name in report.get("outputs", {}) and (place / name).is_file():
                if name.endswith(".xlsx") and rows > _BOOK_ROWS:
                    continue
                return cls(place / name, rows)
        raise InputError(
            f"{job.path} [run] previous: the run in {place} wrote no register of all rows; "
            "let its tables have csv or parquet"
        )
