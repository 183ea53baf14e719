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
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .. import _core
from .._errors import InputError
from .._files import atomic_path
from ..core import Issues
from ..region import DivisionTree, Placement, RollUp
from ..render import Map, draw_map
from ..scoring import Graded, grade_table
from .dataset import Dataset
from .outlines import read_boundaries
from .tables import to_core
from .xlsx import write_csv, write_xlsx

__all__ = ["Job", "RunResult", "graded_workbook", "run_job"]

_LOG = logging.getLogger("safetyrisk")
_LEVELS = ("country", "province", "city", "county", "town", "village", "enterprise")
_TABLES = ("xlsx", "csv", "geojson", "rollups", "issues")
_FORMATS = ("svg", "png", "html")
_FAIL_ON = ("error", "warning", "info", "never")
_REPORT = "run-report.json"

#: Called with the name of a step and its number among all steps.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class RollUpPlan:
    """One ``[[rollup]]``: a level and a rule."""

    level: str
    rule: str = "worst"
    thresholds: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class MapPlan:
    """One ``[[map]]``: a level, a title and the formats."""

    level: str
    title: str
    formats: tuple[str, ...] = _FORMATS
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Job:
    """A job file; make one with :meth:`read`."""

    path: Path
    data: Path
    output: Path
    method: str | None
    as_of: str | None
    direct: str | None
    rollups: tuple[RollUpPlan, ...]
    maps: tuple[MapPlan, ...]
    tables: tuple[str, ...]
    workers: int
    fail_on: str
    lang: str

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Job:
        """Read a job file; paths in it are relative to it.

        Raises
        ------
        InputError
            The file cannot be read, or a key is unknown or has a wrong value; the message has the
            place.
        """
        file = Path(path)
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputError(f"{file}: cannot be read: {error}") from None
        top = _Section(document, str(file))
        top.only("format", "data", "grade", "rollup", "map", "output", "run")
        if document.get("format") != 1:
            raise InputError(f"{file}: format must be 1")
        data, grade = top.section("data"), top.section("grade")
        output, run = top.section("output"), top.section("run")
        data.only("path")
        grade.only("method", "as_of", "direct")
        output.only("dir", "tables")
        run.only("workers", "fail_on", "lang")
        rollups = tuple(_rollup(section) for section in top.sections("rollup"))
        maps = tuple(_map(section) for section in top.sections("map"))
        if len({plan.level for plan in maps}) != len(maps):
            raise InputError(f"{file}: two [[map]] have the same level")
        if len({plan.level for plan in rollups}) != len(rollups):
            raise InputError(f"{file}: two [[rollup]] have the same level")
        for plan in maps:
            if plan.level not in {r.level for r in rollups}:
                raise InputError(f"{file}: the map of level {plan.level} needs a [[rollup]] of it")
        workers = run.get("workers", int, 0)
        if workers < 0:
            raise InputError(f"{file} [run] workers is {workers}; it is 0 (all) or more")
        return cls(
            path=file,
            data=file.parent / data.need("path", str),
            output=file.parent / output.need("dir", str),
            method=grade.get("method", str, None),
            as_of=grade.get("as_of", str, None),
            direct=grade.get("direct", str, None),
            rollups=rollups,
            maps=maps,
            tables=output.choices("tables", _TABLES, _TABLES),
            workers=workers,
            fail_on=run.choice("fail_on", _FAIL_ON, "error"),
            lang=run.choice("lang", ("zh", "en"), "zh"),
        )


class _Section:
    """A table of a TOML document that knows its place."""

    def __init__(self, values: Mapping[str, Any], place: str) -> None:
        self._values = values
        self._place = place

    def only(self, *keys: str) -> None:
        for key in self._values:
            if key not in keys:
                raise InputError(f"{self._place}: unknown key '{key}'; known are {', '.join(keys)}")

    def section(self, key: str) -> _Section:
        value = self._values.get(key, {})
        if not isinstance(value, Mapping):
            raise InputError(f"{self._place}: {key} must be a table")
        return _Section(value, f"{self._place} [{key}]")

    def sections(self, key: str) -> list[_Section]:
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, Mapping) for v in value):
            raise InputError(f"{self._place}: {key} must be written [[{key}]]")
        return [_Section(v, f"{self._place} [[{key}]] {n}") for n, v in enumerate(value, 1)]

    def get(self, key: str, kind: type, default: Any) -> Any:
        if key not in self._values:
            return default
        value = self._values[key]
        if kind is str and isinstance(value, dt.date):
            return value.isoformat()
        if not isinstance(value, kind) or isinstance(value, bool):
            raise InputError(f"{self._place}: {key} must be of type {kind.__name__}")
        return value

    def need(self, key: str, kind: type) -> Any:
        if key not in self._values:
            raise InputError(f"{self._place}: {key} is missing")
        return self.get(key, kind, None)

    def choice(self, key: str, known: Sequence[str], default: str | None) -> str:
        value = self.need(key, str) if default is None else self.get(key, str, default)
        if value not in known:
            raise InputError(f"{self._place}: {key} is '{value}'; known are {', '.join(known)}")
        return str(value)

    def choices(self, key: str, known: Sequence[str], default: tuple[str, ...]) -> tuple[str, ...]:
        values = self.get(key, list, list(default))
        for value in values:
            if value not in known:
                raise InputError(
                    f"{self._place}: {key} has '{value}'; known are {', '.join(known)}"
                )
        return tuple(dict.fromkeys(values))


def _rollup(section: _Section) -> RollUpPlan:
    section.only("level", "rule", "thresholds")
    return RollUpPlan(
        level=section.choice("level", _LEVELS, None),
        rule=section.choice("rule", ("worst", "count"), "worst"),
        thresholds=tuple(section.get("thresholds", list, [])),
    )


_MAP_TEXTS = ("subtitle", "source", "author", "approval", "footer", "palette", "page", "font")


def _map(section: _Section) -> MapPlan:
    section.only("level", "title", "formats", *_MAP_TEXTS)
    options = {key: section.get(key, str, None) for key in _MAP_TEXTS}
    return MapPlan(
        level=section.choice("level", _LEVELS[:-1], None),
        title=section.need("title", str),
        formats=section.choices("formats", _FORMATS, _FORMATS),
        options={key: value for key, value in options.items() if value is not None},
    )


@dataclass(frozen=True)
class RunResult:
    """What a run made."""

    files: tuple[Path, ...]
    counts: Mapping[str, int]
    issues: Issues
    failed: bool
    """Whether there is an issue at or above ``fail_on``."""


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
    if level not in _FAIL_ON:
        raise InputError(f"fail_on is '{level}'; known are {', '.join(_FAIL_ON)}")
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
        if placement is None:
            placement = tree.place(
                graded.input, enterprises=tables.get("enterprises"), crs=crs, threads=job.workers
            )
            issues += placement.issues
        rollups[plan.level] = tree.rollup_graded(
            graded,
            plan.level,
            plan.rule,
            placement=placement,
            thresholds=plan.thresholds,
            enterprises=tables.get("enterprises"),
            threads=job.workers,
        )
        issues += rollups[plan.level].own_issues

    data_date = None if dataset.data_date is None else dataset.data_date.isoformat()
    outputs: list[Path] = []
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
        issues.count(severity) for severity in _FAIL_ON[: _FAIL_ON.index(level) + 1]
    )
    report = _report(job, identity, dataset, graded, rollups, issues, inputs, outputs)
    report["steps"] = steps.finish()
    report["seconds"] = round(time.perf_counter() - started, 3)
    report["peak_memory_mib"] = _peak_memory()
    with atomic_path(job.output / _REPORT) as draft:
        draft.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    outputs.append(job.output / _REPORT)
    return RunResult(tuple(outputs), graded.counts(), issues, failed)


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


def _dataset_issues(dataset: Dataset) -> Issues:
    found = _core.IssueTable()
    for issue in dataset.issues:
        found.add(
            issue.code,
            table="dataset",
            source=str(dataset.folder),
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
            write_csv(_columns(self._graded.full_table()), folder / "grades.csv")
            return [folder / "grades.csv"]
        if name == "geojson":
            return [self._points(folder / "points.geojson")]
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

    def _points(self, path: Path) -> Path:
        table = self._graded.full_table()
        for name in ("lon", "lat"):
            if not table.has(name):
                table.add(name, np.full(table.rows, np.nan))
        with atomic_path(path) as draft:
            draft.write_bytes(_core.write_points(table, self._crs))
        return path


def _columns(table: _core.Table) -> dict[str, Any]:
    return {name: table.column(name) for name in table.names}


def graded_workbook(
    path: str | os.PathLike[str],
    graded: Graded,
    issues: Issues,
    *,
    rollups: Iterable[RollUp] = (),
    title: str = "",
    data_date: dt.date | None = None,
    lang: str = "zh",
) -> Issues:
    """Write a graded register as a workbook: summary, legend, issues, grave rows, all rows.

    Returns
    -------
    Issues
        What did not fit into the workbook.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    zh = lang == "zh"
    counts = graded.counts()
    words = (
        ("登记风险点", "rows_in"),
        ("已评定", "graded"),
        ("无法评定", "not_gradable"),
        ("数据无效", "rejected"),
        ("重大风险（红）", "red"),
        ("较大风险（橙）", "orange"),
        ("一般风险（黄）", "yellow"),
        ("低风险（蓝）", "blue"),
    )
    summary: list[tuple[str, Any]] = [("数据集" if zh else "dataset", title)] if title else []
    if data_date is not None:
        summary.append(("数据日期" if zh else "data date", data_date))
    summary += [(word if zh else key, counts[key]) for word, key in words]
    summary.append(("问题" if zh else "issues", len(issues)))
    summary += [
        (f"{'汇总规则' if zh else 'roll-up rule'} {rollup.level}", rollup.rule_text(lang))
        for rollup in rollups
    ]
    for method in graded.methods:
        pack = method.pack
        text = (
            f"{pack.title(lang)}；{'第' if zh else 'version '}{pack.version}{'版' if zh else ''},"
            f"{'可信度' if zh else 'confidence '}{pack.confidence}，SHA-256 {pack.sha256}"
        )
        summary.append((f"{'方法' if zh else 'method'} {pack.id}", text))
    summary.append(("safetyrisk", _core.__version__))
    legend: dict[str, str] = {}
    for method in graded.methods:
        for band in method.bands:
            text = f"{method.id}：{band['printed']}"
            held = legend.get(band["grade"])
            legend[band["grade"]] = text if held is None else f"{held}；{text}"
    cut = write_xlsx(
        path,
        _columns(graded.full_table()),
        summary=summary,
        legend=legend,
        issues=issues.in_language(lang).to_columns(),
        data_date=data_date,
        title=title,
        lang=lang,
    )
    found = _core.IssueTable()
    for issue in cut:
        found.add(
            issue.code,
            table="graded",
            source=str(path),
            row=issue.row,
            column=issue.column,
            value=issue.value,
            args=list(issue.args),
        )
    return Issues(found)


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
