"""Jobs: from a dataset folder to graded tables and maps, as ``job.toml`` says.

The outputs have fixed names below ``output.dir`` and are written whole or not at all; only
``run-report.json`` holds times and memory, so that two runs of one job give the same bytes in every
other file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .. import _core
from .._errors import InputError
from .._files import atomic_path
from ..core import Issues
from ..region import DivisionTree, Placement, RollUp, check_enterprises
from ..render import Map, draw_map
from ..scoring import Graded, grade_table
from .dataset import Dataset
from .jobfile import FAIL_ON, Job
from .outlines import read_boundaries
from .save import graded_workbook, save_graded, save_points, save_table
from .tables import to_core
from .xlsx import write_csv

__all__ = ["Job", "RunResult", "run_job"]

_LOG = logging.getLogger("safetyrisk")
_REPORT = "run-report.json"

#: Called with the name of a step and its number among all steps.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class RunResult:
    """What a run made."""

    files: tuple[Path, ...]
    counts: Mapping[str, int]
    issues: Issues
    failed: bool
    """Whether there is an issue at or above ``fail_on``."""
    lang: str
    """The job's language."""


def run_job(
    path: str | os.PathLike[str],
    *,
    force: bool = False,
    fail_on: str | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Run a job file.

    Parameters
    ----------
    path
        ``job.toml``.
    force
        Overwrite what another job left in the output folder.
    fail_on
        ``error warning info never``, instead of the job's.
    progress
        Called before each step.

    Raises
    ------
    InputError
        The job or its data cannot be read, or the output folder holds another job's result.
    OSError
        An output cannot be written.
    """
    started = time.perf_counter()
    job = Job.read(path)
    level = job.fail_on if fail_on is None else fail_on
    if level not in FAIL_ON:
        raise InputError(f"fail_on is '{level}'; known are {', '.join(FAIL_ON)}")
    dataset = Dataset.open(job.data)
    identity = f"{dataset.id or job.data.name}/{job.path.stem}"
    _claim(job.output, identity, force)
    steps = _Steps(3 + len(job.rollups) + len(job.maps) + len(job.tables), progress)

    steps.begin("read")
    inputs = [dataset.folder / "dataset.toml", *dataset.files.values(), job.path]
    issues = _dataset_issues(dataset)
    tables: dict[str, _core.Table] = {}
    for name in ("risk_points", "enterprises", "divisions"):
        if name in dataset:
            table, found = to_core(dataset.read(name))
            tables[name] = table
            issues += Issues(found)
    if "enterprises" in tables:
        issues += check_enterprises(tables["enterprises"])
    if "risk_points" not in tables:
        raise InputError(f"{dataset.folder}: there is no table 'risk_points' to grade")
    crs = dataset.crs or "wgs84"
    tree = _tree(job, dataset, tables, crs)
    if tree is not None:
        issues += tree.issues

    steps.begin("grade")
    graded = grade_table(
        tables["risk_points"], job.method, as_of=job.as_of, direct=job.direct, threads=job.workers
    )
    issues += graded.issues

    rollups: dict[str, RollUp] = {}
    placement: Placement | None = None
    for plan in job.rollups:
        steps.begin(f"rollup {plan.level}")
        if tree is None:
            raise InputError(f"{dataset.folder}: there is no table 'divisions' to roll up by")
        if placement is None and plan.level != "enterprise":
            placement = tree.place(
                graded.input, enterprises=tables.get("enterprises"), crs=crs, threads=job.workers
            )
            issues += placement.issues
        rollups[plan.level] = tree.rollup_graded(
            graded,
            plan.level,
            plan.rule,
            placement=placement or Placement.nowhere(len(graded)),
            thresholds=plan.thresholds,
            enterprises=tables.get("enterprises"),
            threads=job.workers,
        )
        issues += rollups[plan.level].own_issues

    data_date = None if dataset.data_date is None else dataset.data_date.isoformat()
    outputs: list[Path] = []
    _mark(job.output, identity)
    for sheet in job.maps:
        steps.begin(f"map {sheet.level}")
        drawn = draw_map(
            rollups[sheet.level],
            sheet.title,
            lang=job.lang,
            crs=crs,
            data_date=data_date,
            **sheet.options,
        )
        issues += drawn.issues
        stem = "map" if len(job.maps) == 1 else f"map-{sheet.level}"
        outputs += _save_map(drawn, job.output / stem, sheet.formats)

    writer = _Writer(job, dataset, graded, rollups, issues, crs)
    for name in job.tables:
        steps.begin(f"write {name}")
        outputs += writer.write(name)
    issues += writer.cut

    steps.begin("report")
    failed = level != "never" and any(
        issues.count(severity) for severity in FAIL_ON[: FAIL_ON.index(level) + 1]
    )
    report = _report(job, identity, dataset, graded, rollups, issues, inputs, outputs)
    report["steps"] = steps.finish()
    report["seconds"] = round(time.perf_counter() - started, 3)
    report["peak_memory_mib"] = _peak_memory()
    with atomic_path(job.output / _REPORT) as draft:
        draft.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    outputs.append(job.output / _REPORT)
    return RunResult(tuple(outputs), graded.counts(), issues, failed, job.lang)


class _Steps:
    """Names and times the steps of a run."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total = total
        self._progress = progress
        self._done: list[dict[str, Any]] = []
        self._start = 0.0

    def begin(self, name: str) -> None:
        self._end()
        _LOG.info("step %s", name)
        if self._progress is not None:
            self._progress(name, len(self._done), self._total)
        self._done.append({"step": name})
        self._start = time.perf_counter()

    def _end(self) -> None:
        if self._done:
            self._done[-1]["seconds"] = round(time.perf_counter() - self._start, 3)

    def finish(self) -> list[dict[str, Any]]:
        self._end()
        return self._done


def _claim(folder: Path, identity: str, force: bool) -> None:
    """Make the output folder, and refuse one that holds another job's result."""
    report = folder / _REPORT
    if not force and folder.is_dir():
        try:
            owner = json.loads(report.read_text(encoding="utf-8")).get("job")
        except FileNotFoundError:
            owner = identity if not any(folder.iterdir()) else "something else"
        except (OSError, ValueError, AttributeError):
            owner = "something that cannot be read"
        if owner != identity:
            raise InputError(
                f"{folder}: holds the result of {owner}, not of {identity}; "
                "choose another folder, or overwrite it with --force"
            )
    folder.mkdir(parents=True, exist_ok=True)


def _mark(folder: Path, identity: str) -> None:
    """Mark the folder as this job's before the first output.

    So an interrupted run can be run again; the report proper replaces the mark at the end.
    """
    with atomic_path(folder / _REPORT) as draft:
        draft.write_text(json.dumps({"format": 1, "job": identity, "state": "running"}) + "\n")


def _dataset_issues(dataset: Dataset) -> Issues:
    found = _core.IssueTable()
    for issue in dataset.issues:
        found.add(
            issue.code,
            table="dataset",
            source=dataset.folder.name,
            column=issue.column,
            value=issue.value,
            args=list(issue.args),
        )
    return Issues(found)


def _tree(
    job: Job, dataset: Dataset, tables: Mapping[str, _core.Table], crs: str
) -> DivisionTree | None:
    if "divisions" not in tables:
        return None
    outlines, found = None, Issues()
    if "boundaries" in dataset:
        outlines, found = read_boundaries(dataset.files["boundaries"], crs)
    on = None if dataset.data_date is None else dataset.data_date.isoformat()
    return DivisionTree(tables["divisions"], outlines, on=on, issues=found)


def _save_map(drawn: Map, stem: Path, formats: Sequence[str]) -> list[Path]:
    return [drawn.save(stem.with_name(f"{stem.name}.{suffix}")) for suffix in formats]


class _Writer:
    """Writes the tables of a run."""

    def __init__(
        self,
        job: Job,
        dataset: Dataset,
        graded: Graded,
        rollups: Mapping[str, RollUp],
        issues: Issues,
        crs: str,
    ) -> None:
        self._job = job
        self._dataset = dataset
        self._graded = graded
        self._rollups = rollups
        self._issues = issues.in_language(job.lang)
        self._crs = crs
        self.cut = Issues()
        """What did not fit into what was written."""

    def write(self, name: str) -> list[Path]:
        folder = self._job.output
        if name == "xlsx":
            self.cut += self._workbook(folder / "grades.xlsx")
            return [folder / "grades.xlsx"]
        if name == "csv":
            return [save_graded(self._graded, folder / "grades.csv")]
        if name == "parquet":
            paths = [save_graded(self._graded, folder / "grades.parquet")]
            for level, rollup in self._rollups.items():
                paths.append(save_table(rollup, folder / f"rollup-{level}.parquet"))
            return paths
        if name == "geojson":
            return [save_points(self._graded, folder / "points.geojson", crs=self._crs)]
        if name == "issues":
            write_csv(self._issues.to_columns(), folder / "issues.csv")
            return [folder / "issues.csv"]
        paths = []
        for level, rollup in self._rollups.items():
            paths.append(folder / f"rollup-{level}.csv")
            write_csv(rollup.to_columns(), paths[-1])
        return paths

    def _workbook(self, path: Path) -> Issues:
        return graded_workbook(
            path,
            self._graded,
            self._issues,
            rollups=self._rollups.values(),
            title=self._dataset.title,
            data_date=self._dataset.data_date,
            lang=self._job.lang,
        )


def _report(
    job: Job,
    identity: str,
    dataset: Dataset,
    graded: Graded,
    rollups: Mapping[str, RollUp],
    issues: Issues,
    inputs: Sequence[Path],
    outputs: Sequence[Path],
) -> dict[str, Any]:
    return {
        "format": 1,
        "job": identity,
        "safetyrisk": _core.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "started": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "data_date": None if dataset.data_date is None else dataset.data_date.isoformat(),
        "packs": {m.id: m.pack.sha256 for m in graded.methods},
        "inputs": {path.name: _sha256(path) for path in inputs},
        "outputs": {path.name: _sha256(path) for path in outputs},
        "rows": graded.counts(),
        "rollups": {
            level: {"rule": rollup.rule} | rollup.counts() for level, rollup in rollups.items()
        },
        "issues": {
            "error": issues.count("error"),
            "warning": issues.count("warning"),
            "info": issues.count("info"),
            "codes": issues.counts(),
        },
        "workers": job.workers,
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _peak_memory() -> float | None:
    """Largest resident memory of the process in MiB, where the system tells."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20, 1)
