"""Jobs: from a dataset folder to graded tables and maps, as ``job.toml`` says.

The outputs have fixed names below ``output.dir`` and are written whole or not at all; only
``run-report.json`` holds times and memory, so that two runs of one job give the same bytes in every
other file. A run that was interrupted is taken up again: what it computed in memory is computed
again, what it finished writing is kept (see :mod:`safetyrisk.io.journal`).
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from .. import _core
from .._errors import Error
from .._faults import fault
from .._paper import find_font
from ..core import Issues, packs
from ..region import DivisionTree, Placement, RollUp, check_enterprises, enterprises_absent
from ..render import draw_map
from ..scoring import Graded, grade_table
from .budget import Budget, Need, check_memory, estimate
from .compare import Comparison, compare
from .dataset import Dataset
from .jobfile import FAIL_ON, Job, MapPlan
from .journal import REPORT, Journal, claim, key_of, sha256_of
from .outlines import read_boundaries
from .previous import Previous, previous_changed
from .save import graded_workbook, save_comparison, save_graded, save_points, save_table
from .tables import to_core
from .xlsx import write_csv

__all__ = ["Job", "Progress", "Rows", "RunResult", "run_job"]

_LOG = logging.getLogger("safetyrisk")

#: Called with the name of a step and its number among all steps.
Progress = Callable[[str, int, int], None]
#: Called with rows done and rows in all, within a step.
Rows = Callable[[int, int], None]

# Packages whose version may show in the bytes of an output.
_PACKAGES = (
    "numpy",
    "pyarrow",
    "XlsxWriter",
    "python-calamine",
    "typst",
    "fonttools",
    "pyogrio",
    "shapely",
)


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
    comparison: Comparison | None = None
    """With the previous run, where the job names one."""
    reused: tuple[str, ...] = ()
    """Files that an interrupted run had finished."""


def run_job(
    path: str | os.PathLike[str],
    *,
    force: bool = False,
    fail_on: str | None = None,
    memory: str | int | None = None,
    lang: str | None = None,
    progress: Progress | None = None,
    rows: Rows | None = None,
) -> RunResult:
    """Run a job file, or take it up where an interrupted run has stopped.

    Parameters
    ----------
    path
        ``job.toml``.
    force
        Overwrite what another job left in the output folder.
    fail_on
        ``error warning info never``, instead of the job's.
    memory
        Bytes, or a text such as ``"4 GiB"``, instead of the job's.
    lang
        ``zh`` or ``en``, instead of the job's: of the workbook, the maps and the lists of issues.
    progress
        Called before each step.
    rows
        Called with rows done and rows in all while rows are graded.

    Raises
    ------
    InputError
        The job or its data cannot be read, needs more memory than it may have (the message has the
        number of rows that would fit), or the output folder holds another job's result or another
        run is writing there.
    Error
        An input changed while it was read.
    OSError
        An output cannot be written.
    """
    job = Job.read(path).speaking(lang)
    level = job.fail_on if fail_on is None else fail_on
    if level not in FAIL_ON:
        raise fault("option.value", name="fail_on", value=level, known=list(FAIL_ON))
    dataset = Dataset.open(job.data)
    previous = Previous.find(job)
    need = estimate(job, dataset, previous)
    budget = check_memory(need, job.memory if memory is None else memory)
    identity = identity_of(job, dataset)
    with claim(job.output, identity, force) as journal:
        run = _Run(job, dataset, previous, journal, identity, progress, rows)
        return run.all(level, budget, need)


def check_method(job: Job, register: _core.Table) -> None:
    """Refuse a register for which neither the job nor a column names a method."""
    if job.method is None and not register.has("method"):
        raise fault("job.no_method", file=job.path, register=register.source)


def identity_of(job: Job, dataset: Dataset) -> str:
    """Whose result an output folder is."""
    return f"{dataset.id or job.data.name}/{job.path.stem}"


def output_names(job: Job, *, compared: bool) -> list[str]:
    """Names of the files that a job writes, in order; they depend on nothing in the data."""
    names = []
    for sheet in job.maps:
        names += [f"{_stem(job, sheet)}.{suffix}" for suffix in sheet.formats]
    for name in job.tables:
        if name in ("parquet", "rollups"):
            suffix = ".parquet" if name == "parquet" else ".csv"
            names += ["grades.parquet"] if name == "parquet" else []
            names += [f"rollup-{plan.level}{suffix}" for plan in job.rollups]
        else:
            names.append(_NAMES[name])
    if compared:
        names += [f"comparison{suffix}" for suffix in _COMPARED]
    return [*names, REPORT]


# What the tables are called, but the roll-ups.
_NAMES = {
    "xlsx": "grades.xlsx",
    "csv": "grades.csv",
    "geojson": "points.geojson",
    "issues": "issues.csv",
}
_COMPARED = (".xlsx", ".csv", ".json")


def _stem(job: Job, sheet: MapPlan) -> str:
    return "map" if len(job.maps) == 1 else f"map-{sheet.level}"


class _Run:
    """One run of a job."""

    def __init__(
        self,
        job: Job,
        dataset: Dataset,
        previous: Previous | None,
        journal: Journal,
        identity: str,
        progress: Progress | None,
        rows: Rows | None,
    ) -> None:
        self._started = time.perf_counter()
        self._clock = dt.datetime.now(dt.UTC)
        self._job = job
        self._dataset = dataset
        self._previous = previous
        self._journal = journal
        self._identity = identity
        self._rows = rows
        compared = previous is not None
        total = 3 + len(job.rollups) + len(job.maps) + len(job.tables) + 2 * compared
        self._steps = _Steps(total, progress)
        self._issues = Issues()
        self._outputs: list[Path] = []
        self._reused: list[str] = []
        self._rollups: dict[str, RollUp] = {}
        self._inputs: dict[str, str] = {}
        self._tables: dict[str, _core.Table] = {}

    def all(self, level: str, budget: Budget, need: Need) -> RunResult:
        """Do every step."""
        job = self._job
        tree, crs = self._read()
        graded = self._grade()
        self._roll_up(graded, tree, crs)
        comparison = self._compare(graded, tree, crs)
        self._base = self._key(graded)
        self._journal.begin()
        for sheet in job.maps:
            self._steps.begin(f"map {sheet.level}")
            self._map(sheet, crs)
        self._write_tables(graded, crs, comparison)

        self._steps.begin("report")
        failed = level != "never" and any(
            self._issues.count(severity) for severity in FAIL_ON[: FAIL_ON.index(level) + 1]
        )
        report = self._report(graded, comparison, budget, need)
        report["removed"] = self._journal.remove_stale(report["outputs"])
        report["steps"] = self._steps.finish()
        report["seconds"] = round(time.perf_counter() - self._started, 3)
        report["peak_memory_mib"] = peak_memory()
        self._journal.finish(report)
        files = (*self._outputs, self._journal.report)
        counts = graded.counts()
        return RunResult(
            files, counts, self._issues, failed, job.lang, comparison, tuple(self._reused)
        )

    # ---- reading, grading, rolling up ------------------------------------------------------------

    def _read(self) -> tuple[DivisionTree | None, str]:
        job, dataset = self._job, self._dataset
        self._steps.begin("read")
        files = dataset.files
        paths = {path.name: path for path in [dataset.folder / "dataset.toml", *files.values()]}
        paths[job.path.name] = job.path
        if self._previous is not None:
            paths[f"previous/{self._previous.file.name}"] = self._previous.file
        self._inputs = {name: _hash_input(path) for name, path in paths.items()}
        self._issues = _dataset_issues(dataset)
        for name in ("risk_points", "enterprises", "divisions"):
            if name in dataset:
                self._tables[name], found = to_core(dataset.read(name))
                self._issues += Issues(found)
        tables = self._tables
        if "enterprises" in tables:
            self._issues += check_enterprises(tables["enterprises"])
        if "risk_points" not in tables:
            raise fault("job.no_table", folder=dataset.folder, table="risk_points", use="grade")
        if job.rollups and "enterprises" not in tables:
            self._issues += enterprises_absent(tables["risk_points"])
        if self._previous is not None and self._previous.is_changed:
            self._issues += previous_changed(self._previous)
        crs = dataset.crs or "wgs84"
        tree = _tree(dataset, tables, crs)
        for name, path in paths.items():
            if name != f"previous/{path.name}" and _hash_input(path) != self._inputs[name]:
                raise Error(f"{path}: the file was changed while it was read; run the job again")
        if tree is not None:
            self._issues += tree.issues
        self._steps.rows({name: table.rows for name, table in tables.items()})
        return tree, crs

    def _grade(self) -> Graded:
        job = self._job
        self._steps.begin("grade")
        check_method(job, self._tables["risk_points"])
        graded = grade_table(
            self._tables["risk_points"],
            job.method,
            as_of=job.as_of,
            direct=job.direct,
            threads=job.workers,
            progress=self._rows,
        )
        self._issues += graded.issues
        self._steps.rows(graded.counts())
        return graded

    def _roll_up(self, graded: Graded, tree: DivisionTree | None, crs: str) -> None:
        job, enterprises = self._job, self._tables.get("enterprises")
        placement: Placement | None = None
        for plan in job.rollups:
            self._steps.begin(f"rollup {plan.level}")
            if tree is None:
                raise fault(
                    "job.no_table", folder=self._dataset.folder, table="divisions", use="roll up by"
                )
            if placement is None and plan.level != "enterprise":
                placement = tree.place(
                    graded.input, enterprises=enterprises, crs=crs, threads=job.workers
                )
                self._issues += placement.issues
            rollup = tree.rollup_graded(
                graded,
                plan.level,
                plan.rule,
                placement=placement or Placement.nowhere(len(graded)),
                thresholds=plan.thresholds,
                weights=plan.weights,
                per=plan.per,
                enterprises=enterprises,
                threads=job.workers,
            )
            self._rollups[plan.level] = rollup
            self._issues += rollup.own_issues
            self._steps.rows({"regions": len(rollup)})

    def _compare(self, graded: Graded, tree: DivisionTree | None, crs: str) -> Comparison | None:
        if self._previous is None:
            return None
        self._steps.begin("compare")
        level = next((p.level for p in self._job.rollups if p.level != "enterprise"), "county")
        result = compare(
            self._previous.file, graded, divisions=tree, level=level, crs=crs,
            method=self._job.method, as_of=self._job.as_of, direct=self._job.direct,
        )  # fmt: skip
        name = f"previous/{self._previous.file.name}"
        if _hash_input(self._previous.file) != self._inputs[name]:
            raise Error(f"{self._previous.file}: the file was changed while it was read")
        self._issues += result.issues
        self._steps.rows(result.counts())
        return result

    # ---- outputs ---------------------------------------------------------------------------------

    def _key(self, graded: Graded) -> dict[str, Any]:
        """What every output depends on, the job's plans for the single outputs left out."""
        job = self._job
        inputs = {name: h for name, h in self._inputs.items() if name != job.path.name}
        return {
            "versions": versions(),
            "packs": {m.id: m.pack.sha256 for m in graded.methods}
            | {pack.id: pack.sha256 for pack in packs()},
            "inputs": inputs,
            "grade": [job.method, job.as_of, job.direct],
            "rollups": [asdict(plan) for plan in job.rollups],
            "lang": job.lang,
        }

    def _file(self, name: str, plan: Any, make: Callable[[Path], Issues | None]) -> None:
        """Make a file below the output folder, unless an interrupted run has finished it."""
        path = self._job.output / name
        key = key_of([self._base, name, plan])
        issues = self._journal.file(name, key)
        if issues is None:
            issues = make(path) or Issues()
            self._journal.done(name, key, issues)
            self._steps.made(name, reused=False)
        else:
            self._reused.append(name)
            self._steps.made(name, reused=True)
        self._issues += issues
        self._outputs.append(path)

    def _map(self, sheet: MapPlan, crs: str) -> None:
        """Draw a sheet and write its formats; what drawing found is noted under the sheet's name."""
        job, date = self._job, self._dataset.data_date
        stem = _stem(job, sheet)
        plan = [sheet.level, sheet.title, sheet.options]
        drawn: Any = None

        def draw() -> Any:
            nonlocal drawn
            if drawn is None:
                drawn = draw_map(
                    self._rollups[sheet.level],
                    sheet.title,
                    lang=job.lang,
                    crs=crs,
                    data_date=None if date is None else date.isoformat(),
                    **sheet.options,
                )
            return drawn

        key = key_of([self._base, stem, plan])
        issues = self._journal.file(stem, key)
        if issues is None:
            issues = draw().issues
            self._journal.done(stem, key, issues, is_file=False)
        self._issues += issues

        def save(path: Path) -> None:
            draw().save(path)

        for suffix in sheet.formats:
            font = sha256_of(find_font(sheet.options.get("font"))) if suffix in _DRAWN else ""
            self._file(f"{stem}.{suffix}", [plan, font], save)

    def _write_tables(self, graded: Graded, crs: str, comparison: Comparison | None) -> None:
        job = self._job
        shown = self._issues.in_language(job.lang)
        # The workbook and the list of issues show what every sheet has found.
        everything = [[sheet.level, sheet.title, sheet.options] for sheet in job.maps]

        def workbook(path: Path) -> Issues:
            return graded_workbook(
                path,
                graded,
                shown,
                rollups=self._rollups.values(),
                title=self._dataset.title,
                data_date=self._dataset.data_date,
                lang=job.lang,
            )

        def save(path: Path) -> None:
            save_graded(graded, path)

        def points(path: Path) -> None:
            save_points(graded, path, crs=crs)

        def issues(path: Path) -> None:
            write_csv(shown.to_columns(), path)

        def changes(path: Path) -> None:
            assert comparison is not None
            save_comparison(comparison, path, lang=job.lang)

        for name in job.tables:
            self._steps.begin(f"write {name}")
            if name == "xlsx":
                self._file(_NAMES[name], everything, workbook)
            elif name == "csv":
                self._file(_NAMES[name], None, save)
            elif name == "parquet":
                self._file("grades.parquet", None, save)
                self._save_rollups(".parquet")
            elif name == "geojson":
                self._file(_NAMES[name], None, points)
            elif name == "issues":
                self._file(_NAMES[name], everything, issues)
            else:
                self._save_rollups(".csv")
        if comparison is not None:
            self._steps.begin("write comparison")
            for suffix in _COMPARED:
                self._file(f"comparison{suffix}", None, changes)

    def _save_rollups(self, suffix: str) -> None:
        for level, rollup in self._rollups.items():

            def save(path: Path, rollup: RollUp = rollup) -> None:
                save_table(rollup, path)

            self._file(f"rollup-{level}{suffix}", None, save)

    def _report(
        self, graded: Graded, comparison: Comparison | None, budget: Budget, need: Need
    ) -> dict[str, Any]:
        job, date, issues = self._job, self._dataset.data_date, self._issues
        report: dict[str, Any] = {
            "format": 1,
            "job": self._identity,
            "versions": versions(),
            "platform": platform.platform(),
            "isa": _core.isa(),
            "started": self._clock.isoformat(timespec="seconds"),
            "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "data_date": None if date is None else date.isoformat(),
            "packs": {m.id: m.pack.sha256 for m in graded.methods},
            "inputs": self._inputs,
            "outputs": {path.name: self._journal.sha256(path.name) for path in self._outputs},
            "rows": graded.counts(),
            "rollups": {
                level: {"rule": rollup.rule} | rollup.counts()
                for level, rollup in self._rollups.items()
            },
            "issues": {
                "error": issues.count("error"),
                "warning": issues.count("warning"),
                "info": issues.count("info"),
                "codes": issues.counts(),
            },
            "workers": job.workers,
            "locked": self._journal.is_locked,
            "resumed": self._journal.is_resumed,
            "reused": self._reused,
            "memory": {"budget": budget.bytes, "estimate": need.bytes},
        }
        if comparison is not None and self._previous is not None:
            report["comparison"] = {
                "previous": str(job.previous),
                "file": self._previous.file.name,
                "counts": comparison.counts(),
                "causes": comparison.causes(),
                "summary": comparison.sentences(job.lang),
            }
        return report


# Formats that are drawn with a font of the machine.
_DRAWN = ("png", "pdf")


def _hash_input(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise fault("file.unreadable", file=path, reason=error) from None


def versions() -> dict[str, str]:
    """Versions of the library and of what shapes its outputs, as far as it is installed."""
    out = {"safetyrisk": _core.__version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            out[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return out


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

    def rows(self, counts: Mapping[str, int]) -> None:
        """Note rows of the step."""
        self._done[-1]["rows"] = dict(counts)

    def made(self, name: str, *, reused: bool) -> None:
        """Note a file of the step."""
        self._done[-1].setdefault("reused" if reused else "files", []).append(name)

    def _end(self) -> None:
        if self._done:
            self._done[-1]["seconds"] = round(time.perf_counter() - self._start, 3)

    def finish(self) -> list[dict[str, Any]]:
        self._end()
        return self._done


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


def _tree(dataset: Dataset, tables: Mapping[str, _core.Table], crs: str) -> DivisionTree | None:
    if "divisions" not in tables:
        return None
    outlines, found = None, Issues()
    if "boundaries" in dataset:
        outlines, found = read_boundaries(dataset.files["boundaries"], crs)
    on = None if dataset.data_date is None else dataset.data_date.isoformat()
    return DivisionTree(tables["divisions"], outlines, on=on, issues=found)


def peak_memory() -> float | None:
    """Largest resident memory of the process in MiB, where the system tells."""
    try:
        # What getrusage says on Linux has the memory of the process that started this one in it.
        status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
        return round(int(status.split("VmHWM:")[1].split()[0]) / 1024, 1)
    except (OSError, IndexError, ValueError):
        pass
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20, 1)
