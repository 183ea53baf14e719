"""What a job would do: inputs opened, a sample of the register carried through, nothing written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

from .. import _core
from .._errors import Error, InputError, NotFoundError
from .._extras import need
from .._faults import fault, os_words
from .._paper import check_characters
from ..core import Issues
from ..region import DivisionTree, Placement, enterprises_absent
from ..render import draw_map
from ..scoring import Graded, grade_table
from .budget import Need, check_memory, estimate
from .compare import compare
from .dataset import Dataset
from .job import check_method, identity_of, output_names
from .jobfile import Job
from .journal import Journal, is_free, owner_of
from .outlines import read_boundaries
from .previous import Previous, previous_changed
from .results import sample_of
from .rows import Raw
from .sizes import print_size
from .tables import to_core

__all__ = ["Plan", "plan_job"]

#: Rows of the register that are carried through.
SAMPLE = 1000

_TEXTS = {
    "zh": {
        "job": "作业 {}（{}）",
        "reads": "将读取：",
        "table": "  {}：{} 行，{} 列，{}",
        "known": "    识别的列：{}",
        "other": "    其余各列原样保留：{}",
        "absent": "    没有的列：{}",
        "issue": "    {}",
        "file": "  {}：{}",
        "outlines": "  {}：{} 个边界，{}",
        "previous": "  上期结果：{}",
        "grades": "抽查前 {} 行：已评定 {}，无法评定 {}，数据无效 {}；方法：{}",
        "found": "    {} {} 处，例如：{}",
        "makes": "将写入 {}：",
        "new": "新建",
        "over": "覆盖",
        "makes_one": "  {}（{}）",
        "resume": "上次运行中断，已完成的 {} 个文件若输入未变将沿用",
        "memory": "内存：估计需要 {}，可用 {}；按此约可容纳 {} 行",
        "memory_unknown": "内存：估计需要 {}",
        "disk": "磁盘：估计写出 {}，可用 {}",
        "font": "字体：{}",
        "problems": "会出的问题：",
        "problem": "  {}",
        "fine": "可以运行；没有写入任何文件",
        "bad": "不能运行，共 {} 个问题；没有写入任何文件",
        "space": "磁盘空间不足：估计写出 {}，{} 只有 {}",
        "not_writable": "不能在 {} 中写文件",
        "is_file": "{} 是文件，不是文件夹",
        "rows": "约 {}",
        "list": "、",
    },
    "en": {
        "job": "Job {} ({})",
        "reads": "Would read:",
        "table": "  {}: {} rows, {} columns, {}",
        "known": "    columns known: {}",
        "other": "    kept as they are: {}",
        "absent": "    not there: {}",
        "issue": "    {}",
        "file": "  {}: {}",
        "outlines": "  {}: {} boundaries, {}",
        "previous": "  earlier result: {}",
        "grades": "First {} rows: graded {}, not gradable {}, rejected {}; methods: {}",
        "found": "    {} {} times, first: {}",
        "makes": "Would write into {}:",
        "new": "new",
        "over": "overwritten",
        "makes_one": "  {} ({})",
        "resume": "The last run was interrupted; its {} finished files are kept if inputs are the same",
        "memory": "Memory: about {} needed, {} allowed; about {} rows would fit",
        "memory_unknown": "Memory: about {} needed",
        "disk": "Disk: about {} written, {} free",
        "font": "Font: {}",
        "problems": "What would go wrong:",
        "problem": "  {}",
        "fine": "The job would run; nothing was written",
        "bad": "The job would not run, problems: {}; nothing was written",
        "space": "the disk is too full: about {} would be written, {} has {}",
        "not_writable": "files cannot be written into {}",
        "is_file": "{} is a file and no folder",
        "rows": "about {}",
        "list": ", ",
    },
}


@dataclass
class Plan:
    """What a job would do.

    Attributes
    ----------
    lang
        The job's language.
    lines
        What it would read, make and overwrite.
    problems
        What would stop it, each with the exit status that it would end with (2 or 3).
    """

    lang: str
    lines: list[str] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def status(self) -> int:
        """0 when nothing would stop the job, else the exit status of the first problem."""
        return self.problems[0][0] if self.problems else 0

    @property
    def text(self) -> str:
        """Everything, as it is printed."""
        texts = _TEXTS[self.lang]
        out = list(self.lines)
        if self.problems:
            out.append(texts["problems"])
            out += [texts["problem"].format(text) for _, text in self.problems]
            out.append(texts["bad"].format(len(self.problems)))
        else:
            out.append(texts["fine"])
        return "\n".join(out)


def plan_job(
    path: str | os.PathLike[str],
    *,
    force: bool = False,
    memory: str | int | None = None,
    lang: str | None = None,
) -> Plan:
    """Look at a job as :func:`safetyrisk.io.job.run_job` would, and write nothing.

    The first 1 000 rows of the register are graded, placed, rolled up and drawn, so that headers,
    methods, divisions, boundaries, packages and fonts are seen to fit.

    Raises
    ------
    InputError
        The job file itself cannot be read.
    """
    job = Job.read(path).speaking(lang)
    return _Planner(job, force, job.memory if memory is None else memory).all()


class _Noting:
    """Turns what stops a step into a problem, and goes on with the next."""

    def __init__(self, note: Callable[[int, str], None], lang: str) -> None:
        self._note, self._lang = note, lang

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, Error):
            status = 2 if isinstance(error, InputError | NotFoundError) else 3
            self._note(status, error.in_language(self._lang))
        elif isinstance(error, OSError):
            self._note(3, f"{error.filename or ''} {os_words(error, self._lang)}".strip())
        else:
            return False
        return True


class _Planner:
    """Looks at one job."""

    def __init__(self, job: Job, force: bool, memory: str | int | None) -> None:
        self._job, self._force, self._memory = job, force, memory
        self._plan = Plan(job.lang)
        self._texts = _TEXTS[job.lang]
        self._tables: dict[str, _core.Table] = {}

    def _say(self, key: str, *values: object) -> None:
        self._plan.lines.append(self._texts[key].format(*values))

    def _problem(self, status: int, text: str) -> None:
        if (status, text) not in self._plan.problems:
            self._plan.problems.append((status, text))

    def _refuse(self, error: Error) -> None:
        self._problem(2, error.in_language(self._job.lang))

    def _noting(self) -> _Noting:
        return _Noting(self._problem, self._job.lang)

    def all(self) -> Plan:
        """Look at everything."""
        job = self._job
        with self._noting():
            dataset = Dataset.open(job.data)
            self._say("job", identity_of(job, dataset), job.path)
            previous = None
            with self._noting():
                previous = Previous.find(job)
            need_ = None
            with self._noting():
                need_ = estimate(job, dataset, previous)
            self._inputs(dataset, previous, need_)
            sizes = self._carry_through(dataset, previous)
            self._outputs(dataset, previous)
            if need_ is not None:
                self._memory_line(need_)
                self._disk(need_, sizes)
            self._packages(previous)
        return self._plan

    def _inputs(self, dataset: Dataset, previous: Previous | None, need_: Need | None) -> None:
        job = self._job
        self._say("reads")
        self._say("file", "dataset.toml", dataset.title or dataset.id)
        if "risk_points" not in dataset:
            self._refuse(
                fault("job.no_table", folder=dataset.folder, table="risk_points", use="grade")
            )
        for name in ("risk_points", "enterprises", "divisions"):
            if name not in dataset:
                continue
            file = dataset.files[name]
            with self._noting():
                raw = dataset.read(name, None if name == "divisions" else SAMPLE)
                size = None if need_ is None else need_.tables.get(name)
                rows = raw.rows if raw.rows < SAMPLE or size is None else size.rows
                exact = raw.rows < SAMPLE or file.suffix in (".parquet", ".sqlite", ".db")
                count = f"{rows}" if exact else self._texts["rows"].format(rows)
                self._say(
                    "table", file.name, count, len(raw.columns), print_size(file.stat().st_size)
                )
                self._columns(raw)
                self._tables[name] = to_core(raw)[0]
        if job.rollups and "risk_points" in self._tables and "enterprises" not in dataset:
            for one in enterprises_absent(self._tables["risk_points"]).in_language(job.lang):
                self._say("issue", one.message)
        for issue in dataset.issues:
            self._plan.lines.append(f"    {issue.code} {issue.value}")
        if previous is not None:
            self._say("previous", previous.file)
            if previous.is_changed:
                for one in previous_changed(previous).in_language(job.lang):
                    self._say("issue", one.message)

    def _columns(self, raw: Raw) -> None:
        joint = self._texts["list"]
        known = [
            f"{theirs}→{ours}" if theirs != ours else ours for theirs, ours in raw.mapping.items()
        ]
        self._say("known", joint.join(known) or "—")
        other = [name for name in raw.columns if name not in raw.mapping.values()]
        if other:
            self._say("other", joint.join(other))
        found = _core.IssueTable()
        for issue in raw.issues:
            if issue.row < 0:
                found.add(issue.code, column=issue.column, value=issue.value, args=list(issue.args))
        for one in Issues(found, self._job.lang):
            self._say("issue", one.message)

    def _carry_through(self, dataset: Dataset, previous: Previous | None) -> dict[str, float]:
        """Grade, compare, place, roll up and draw the sample; bytes of what does not grow with rows."""
        job = self._job
        sizes: dict[str, float] = {}
        if "risk_points" not in self._tables:
            return sizes
        graded: Graded | None = None
        with self._noting():
            check_method(job, self._tables["risk_points"])
            graded = grade_table(
                self._tables["risk_points"],
                job.method,
                as_of=job.as_of,
                direct=job.direct,
                threads=job.workers,
            )
        if graded is None:
            return sizes
        counts = graded.counts()
        methods = self._texts["list"].join(method.id for method in graded.methods) or "—"
        self._say(
            "grades",
            counts["rows_in"],
            counts["graded"],
            counts["not_gradable"],
            counts["rejected"],
            methods,
        )
        self._samples(graded.issues)
        if previous is not None:
            with self._noting():
                compare(
                    sample_of(previous.file, SAMPLE),
                    graded,
                    method=job.method,
                    as_of=job.as_of,
                    direct=job.direct,
                    name=previous.file,
                )
        crs = dataset.crs or "wgs84"
        tree: DivisionTree | None = None
        with self._noting():
            outlines = None
            if "boundaries" in dataset:
                file = dataset.files["boundaries"]
                outlines, _ = read_boundaries(file, crs, check=False)
                self._say("outlines", file.name, len(outlines), print_size(file.stat().st_size))
            if "divisions" in self._tables:
                on = None if dataset.data_date is None else dataset.data_date.isoformat()
                tree = DivisionTree(self._tables["divisions"], outlines, on=on)
        if tree is None and job.rollups:
            if "divisions" not in dataset:
                self._refuse(
                    fault(
                        "job.no_table", folder=dataset.folder, table="divisions", use="roll up by"
                    )
                )
            return sizes
        if tree is not None:
            self._maps(dataset, graded, tree, crs, sizes)
        return sizes

    def _maps(
        self,
        dataset: Dataset,
        graded: Graded,
        tree: DivisionTree,
        crs: str,
        sizes: dict[str, float],
    ) -> None:
        job, enterprises = self._job, self._tables.get("enterprises")
        placement = Placement.nowhere(len(graded))
        with self._noting():
            placement = tree.place(graded.input, enterprises=enterprises, crs=crs)
            self._samples(placement.issues)
        rollups = {}
        for plan in job.rollups:
            with self._noting():
                rollups[plan.level] = tree.rollup_graded(
                    graded,
                    plan.level,
                    plan.rule,
                    placement=placement,
                    thresholds=plan.thresholds,
                    weights=plan.weights,
                    per=plan.per,
                    enterprises=enterprises,
                )
        for sheet in job.maps:
            if sheet.level not in rollups:
                continue
            with self._noting():
                date = None if dataset.data_date is None else dataset.data_date.isoformat()
                drawn = draw_map(
                    rollups[sheet.level],
                    sheet.title,
                    lang=job.lang,
                    crs=crs,
                    data_date=date,
                    **sheet.options,
                )
                sizes[f"map {sheet.level}"] = 8.0 * len(drawn.svg.encode())
                if {"png", "pdf"} & set(sheet.formats):
                    self._say("font", check_characters(drawn.svg, sheet.options.get("font")))

    def _samples(self, issues: Issues) -> None:
        spoken = issues.in_language(self._job.lang)
        first: dict[str, int] = {}
        for index in range(len(spoken)):
            first.setdefault(spoken.code(index), index)
        for code, count in issues.counts().items():
            self._say("found", code, count, spoken[first[code]].message)

    def _outputs(self, dataset: Dataset, previous: Previous | None) -> None:
        job = self._job
        folder = job.output
        self._say("makes", folder)
        identity = identity_of(job, dataset)
        names = output_names(job, compared=previous is not None)
        with self._noting():
            if folder.exists() and not folder.is_dir():
                self._problem(3, self._texts["is_file"].format(folder))
            elif folder.is_dir():
                owner = owner_of(folder, identity)
                if owner != identity and not self._force:
                    self._refuse(
                        fault("job.foreign", folder=folder, owner=owner, identity=identity)
                    )
                is_free(folder)
                journal = Journal(folder, identity, is_locked=False)
                if journal.is_resumed:
                    self._say("resume", journal.count)
            place = folder
            while not place.exists():
                place = place.parent
            if not place.is_dir() and place != folder:
                self._problem(3, self._texts["is_file"].format(place))
            if place.is_dir() and not os.access(place, os.W_OK | os.X_OK):
                self._problem(3, self._texts["not_writable"].format(place))
            for name in names:
                is_there = (folder / name).exists()
                self._say("makes_one", name, self._texts["over" if is_there else "new"])
                if (folder / name).is_dir():
                    self._problem(3, self._texts["not_writable"].format(folder / name))

    def _memory_line(self, need_: Need) -> None:
        with self._noting():
            budget = check_memory(need_, self._memory)
            if budget.bytes:
                fit = need_.rows_that_fit(budget.bytes)
                self._say("memory", print_size(need_.bytes), print_size(budget.bytes), fit)
            else:
                self._say("memory_unknown", print_size(need_.bytes))

    def _disk(self, need_: Need, sizes: dict[str, float]) -> None:
        """Room for the outputs, by what a row of each kind takes; old ones stay until the end."""
        job = self._job
        points = need_.tables.get("risk_points")
        rows = 0 if points is None else points.rows
        text = 0.0 if points is None or not rows else points.held / rows
        per_row = {
            "xlsx": 60.0 + text,
            "csv": 160.0 + text,
            "parquet": 20.0 + 0.7 * text,
            "geojson": 400.0 + 2 * text,
            "issues": 30.0,
            "rollups": 20.0,
        }
        written = sum(rows * per_row[name] for name in job.tables) + sum(sizes.values())
        written += sum(rows * 120.0 for sheet in job.maps if "html" in sheet.formats)
        place = job.output
        while not place.exists():
            place = place.parent
        with self._noting():
            free = shutil.disk_usage(place).free
            self._say("disk", print_size(written), print_size(free))
            if free < written:
                text_ = self._texts["space"]
                self._problem(3, text_.format(print_size(written), place, print_size(free)))

    def _packages(self, previous: Previous | None) -> None:
        job = self._job
        wanted = []
        if "xlsx" in job.tables or previous is not None:
            wanted.append(("xlsxwriter", "tables"))
        if "parquet" in job.tables:
            wanted.append(("pyarrow", "tables"))
        if any({"png", "pdf"} & set(sheet.formats) for sheet in job.maps):
            wanted += [("typst", "maps"), ("fontTools", "maps")]
        for module, extra in wanted:
            with self._noting():
                need(module, extra)
