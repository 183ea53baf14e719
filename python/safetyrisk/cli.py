"""The command line: ``safetyrisk demo | grade | major-hazard | map | compare | plan | template | …``.

Exit status: 0 done; 1 done, with issues at or above ``--fail-on``; 2 bad call or unreadable input;
3 failed while running; 130 interrupted; 141 when nobody reads what is printed any more.
"""

# No deferred annotations here: typer reads them, and they name things that are local to _app().

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

from . import __version__
from ._api import Divisions, compare, explain, grade, major_hazard, save, template
from ._api import map as draw
from ._core import parse_date
from ._errors import Error, InputError, NotFoundError
from ._extras import need
from ._faults import fault, recognise
from ._start import end_quiet_interrupt
from ._usage import fatal_text, help_classes, plain_streams, spoken, usage_text
from .core import Issues, Pack, load_pack, packs
from .io.errors import write_errors
from .io.job import RunResult, run_job
from .io.save import level_undetermined
from .io.xlsx import WORDS
from .region import enterprises_absent
from .scoring import (
    Graded,
    MajorHazardStandard,
    Method,
    check_file,
    major_hazard_standard,
    methods,
)
from .scoring import method as find_method

__all__ = ["main"]

#: What the commands say, by language.
_TEXTS = {
    "zh": {
        "error": "错误 {} 条",
        "warning": "警告 {} 条",
        "info": "提示 {} 条",
        "issues": "问题：{}",
        "comma": "，",
        "line": "{} 第 {} 行 ",
        "first": "例如：{}",
        "counts": "共 {rows_in} 行 = 已评定 {graded}{colours} + 无法评定 {not_gradable}"
        " + 数据无效 {rejected}",
        "colours": "（重大 {red}，较大 {orange}，一般 {yellow}，低 {blue}）",
        "wrote": "已写入 {}",
        "errors": "已写入 {}：需要改正或核对的 {} 行",
        "kept": "沿用上次中断前已完成的 {}",
        "wrong_pack": "{0} 有误\n  位置：{1}\n  问题：{2}",
        "right_pack": "{0} 没有问题：各级区间相接，自检全部通过",
        "inputs": "输入：",
        "steps": "步骤：",
        "vetoes": "否决项：",
        "levels_of": "级别（{0}）：",
        "optional": "（可不填）",
        "legend": "* 为同族的默认方法；[M] 未经核实，须写全名才会使用。",
        "pack": "版本 {}，可信度 {}，SHA-256 {}",
        "source": "依据：{}",
        "parts": "；也可按分项填写：{}",
        "bands": "{} 分级",
        "units": "共 {units} 个单元：构成重大危险源 {yes}（{levels}），不构成 {no}，待定 {undetermined}",
        "rows": "物质 {rows_in} 行 = 已计算 {graded} + 无法计算 {not_gradable} + 数据无效 {rejected}",
        "no_level": "级别待定",
        "substances": "表1 临界量 Q（t）；带 β 的为表3",
        "categories": "表2、表4 类别：Q（t）、β",
        "exposure": "表5 厂外可能暴露人员与 α",
        "levels": "表6 级别（S≥1 的单元）",
        "rules": "直接判定规则（用于 {}）",
    },
    "en": {
        "error": "errors {}",
        "warning": "warnings {}",
        "info": "notes {}",
        "issues": "Issues: {}",
        "comma": ", ",
        "line": "{} line {}: ",
        "first": "first: {}",
        "counts": "{rows_in} rows = {graded} graded{colours} + {not_gradable} not gradable"
        " + {rejected} rejected",
        "colours": " (red {red}, orange {orange}, yellow {yellow}, blue {blue})",
        "wrote": "Wrote {}",
        "errors": "Wrote {}: {} rows to correct or check",
        "kept": "Kept what the interrupted run had finished: {}",
        "wrong_pack": "{0} is wrong\n  at: {1}\n  {2}",
        "right_pack": "{0} is in order: its bands meet and its self-tests hold",
        "inputs": "Inputs:",
        "steps": "Steps:",
        "vetoes": "Vetoes:",
        "levels_of": "Levels ({0}):",
        "optional": " (may be empty)",
        "legend": "* is the default of its family; [M] is unconfirmed and runs only when named in full.",
        "pack": "Version {}, confidence {}, SHA-256 {}",
        "source": "Source: {}",
        "parts": "; or by its parts: {}",
        "bands": "Bands of {}",
        "units": "{units} units: {yes} major hazard installations ({levels}), {no} not, {undetermined} undetermined",
        "rows": "{rows_in} rows = {graded} counted + {not_gradable} not gradable + {rejected} rejected",
        "no_level": "level undetermined",
        "substances": "Table 1, critical quantity Q (t); β where table 3 has one",
        "categories": "Tables 2 and 4, categories: Q (t), β",
        "exposure": "Table 5, people exposed outside and α",
        "levels": "Table 6, levels (units with S≥1)",
        "rules": "Direct determinations (for {})",
    },
}
_LEVELS = ("error", "warning", "info")
_STEPS = {
    "read": "读取数据",
    "grade": "风险分级",
    "rollup": "汇总",
    "compare": "与上期对比",
    "map": "绘制地图",
    "write": "写出",
    "report": "运行报告",
}


class _IssuesError(Exception):
    """Done, with issues that count as failure."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit status."""
    end_quiet_interrupt()
    try:
        status = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = 130
    except BrokenPipeError:
        status = _nobody_reads()
    sys.exit(status)


def _nobody_reads() -> int:
    """Say nothing more, and give the status of a tool whose reader has gone (as after ``| head``)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
    return 141


def _run(arguments: Sequence[str] | None) -> int:
    plain_streams()
    lang = spoken(sys.argv[1:] if arguments is None else arguments)
    try:
        app = _app(lang)
    except InputError as error:
        print(fatal_text(error, lang), file=sys.stderr)  # noqa: T201  (before there is a console)
        return 2
    typer = need("typer", extra="cli")
    command = typer.main.get_command(app)
    try:
        status = command.main(
            args=None if arguments is None else list(arguments),
            prog_name="safetyrisk",
            standalone_mode=False,
        )
    except KeyboardInterrupt:
        return 130
    except _IssuesError:
        return 1
    except (InputError, NotFoundError) as error:
        _say(fatal_text(error, lang))
        return 2
    except BrokenPipeError:
        raise
    except SystemExit:  # what typer makes of a broken pipe; nothing else here leaves so
        raise BrokenPipeError from None
    except (OSError, Error) as error:
        _say(fatal_text(error, lang))
        return 3
    except MemoryError:
        _say(
            "错误：内存不足；用 --memory 或 [run] memory 可在运行前得知能容纳多少行"
            if lang == "zh"
            else "Error: out of memory; --memory or [run] memory tells beforehand what would fit"
        )
        return 3
    except Exception as error:  # what typer raises for a wrong call knows how to print itself
        if type(error).__name__ == "NoArgsIsHelpError":
            _say(str(error.format_message()))  # type: ignore[attr-defined]
            return 2
        if hasattr(error, "format_message"):
            _say(usage_text(error, lang))
            return 2
        if type(error).__name__ in ("Abort", "Exit"):
            return int(getattr(error, "exit_code", 130))
        raise
    return status if isinstance(status, int) else 0


def _console(stderr: bool) -> Any:
    class Console(need("rich.console", extra="cli").Console):  # type: ignore[misc]
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Console(stderr=stderr, soft_wrap=True)


def _say(text: str) -> None:
    _console(stderr=True).print(text, markup=False, highlight=False)


def _tell(text: str = "") -> None:
    _console(stderr=False).print(text, markup=False, highlight=False)


class _Bar:
    """Shows the step of a job and the rows that are done of it."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, rows="")

    def __call__(self, name: str, done: int, total: int) -> None:
        head, _, rest = name.partition(" ")
        self._bar.update(
            self._task,
            description=f"{_STEPS.get(head, head)} {rest}".strip(),
            completed=done,
            total=total,
            rows="",
        )

    def rows(self, done: int, total: int) -> None:
        """Show rows done and rows in all."""
        self._bar.update(self._task, rows=f"{done:,} / {total:,} 行")


@contextmanager
def _progress(quiet: bool) -> Iterator[_Bar]:
    """A progress bar on standard error while a job runs; none where nobody looks at it."""
    rich = need("rich.progress", extra="cli")
    console = _console(stderr=True)
    with rich.Progress(
        rich.TextColumn("{task.description}"),
        rich.BarColumn(),
        rich.MofNCompleteColumn(),
        rich.TextColumn("{task.fields[rows]}"),
        rich.TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    ) as bar:
        yield _Bar(bar)


def _check(lang: str, fail_on: str = "never") -> None:
    """Refuse options that would be found wrong only when the work is done."""
    if lang not in _TEXTS:
        raise fault("option.value", name="--lang", value=lang, known=list(_TEXTS))
    if fail_on not in (*_LEVELS, "never"):
        raise fault("option.value", name="--fail-on", value=fail_on, known=[*_LEVELS, "never"])


def _day(name: str, text: str | None) -> None:
    """Refuse what is no day, under the name that the option has."""
    if text is not None and parse_date(text) is None:
        raise fault("date.malformed", name=name, text=repr(text))


def _finish(issues: Issues, fail_on: str, lang: str) -> None:
    """Print what was wrong, and fail when it counts."""
    texts = _TEXTS[lang]
    shown = [texts[level].format(n) for level in _LEVELS if (n := issues.count(level))]
    if shown:
        _say(texts["issues"].format(texts["comma"].join(shown)))
        spoken = issues.in_language(lang)
        first: dict[str, int] = {}
        for index in range(len(spoken)):
            first.setdefault(spoken.code(index), index)
        for code, count in issues.counts().items():
            issue = spoken[first[code]]
            place = "" if issue.line is None else texts["line"].format(issue.source, issue.line)
            _say(f"  {code}  {count}  {texts['first'].format(place + issue.message)}")
    if fail_on == "never":
        return
    if any(issues.count(level) for level in _LEVELS[: _LEVELS.index(fail_on) + 1]):
        raise _IssuesError


def _errors(
    graded: Graded, issues: Issues, path: Path | None, all_rows: bool, lang: str, force: bool
) -> None:
    """Write the rows to correct where they are asked for, and say how many there are."""
    if path is None:
        return
    _, count = write_errors(graded, path, issues=issues, all_rows=all_rows, lang=lang, force=force)
    _tell(_TEXTS[lang]["errors"].format(path, count))


def _method(name: str | None) -> str | Method | None:
    """A method by name, or from a pack file of the user's."""
    if name is not None and name.endswith(".json"):
        return find_method(load_pack(name))
    return name


def _columns(pairs: list[str] | None) -> dict[str, str]:
    out = {}
    for pair in pairs or ():
        ours, mark, theirs = pair.partition("=")
        if not mark or not ours or not theirs:
            raise fault("option.column", pair=pair)
        out[ours] = theirs
    return out


def _weights(texts: list[str] | None) -> dict[str, float]:
    """Weights of the rule index from texts such as ``red=10``."""
    out: dict[str, float] = {}
    for text in texts or ():
        colour, _, number = text.partition("=")
        try:
            out[colour.strip()] = float(number)
        except ValueError:
            raise fault("option.weight", text=text) from None
    return out


def _thresholds(rule: str, texts: list[str] | None) -> list[dict[str, Any]]:
    """Thresholds from texts: ``orange:red=1,orange=3`` for count, ``orange=50`` for index."""
    out: list[dict[str, Any]] = []
    for text in texts or ():
        if rule == "index":
            grade, _, least = text.partition("=")
            try:
                out.append({"grade": grade.strip(), "index": float(least)})
            except ValueError:
                raise fault("option.threshold", text=text) from None
            continue
        grade, mark, rest = text.partition(":")
        pairs = [pair.partition("=") for pair in rest.split(",")]
        if not mark or not all(name and number.isdigit() for name, _, number in pairs):
            raise fault("option.threshold", text=text)
        out.append({"grade": grade.strip()} | {n.strip(): int(v) for n, _, v in pairs})
    return out


def _counts(counts: Mapping[str, int], lang: str, *, colours: bool = False) -> str:
    texts = _TEXTS[lang]
    by_colour = texts["colours"].format(**counts) if colours else ""
    return texts["counts"].format(**counts, colours=by_colour)


def _app(lang: str) -> Any:
    need("rich", extra="cli")
    typer = need("typer", extra="cli")
    group, command = help_classes(typer, lang)
    app = typer.Typer(
        name="safetyrisk",
        cls=group,
        rich_markup_mode=None,  # its boxes cut long texts off
        help="安全生产风险分级与四色图。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    input_file = typer.Argument(metavar="IN", help="登记表：CSV、XLSX、Parquet 或 SQLite。")
    column_option = typer.Option("--column", help="列名对应，如 name=风险点；可重复。")
    fail_option = typer.Option(
        "--fail-on", help="达到该级别的问题时返回 1：error warning info never。"
    )
    lang_option = typer.Option("--lang", help="语言：zh 或 en。")
    sheet_option = typer.Option("--sheet", help="工作表名。")
    as_of_option = typer.Option("--as-of", help="按该日有效的版本，YYYY-MM-DD。")
    direct_option = typer.Option("--direct", help="直接判定规则包，如 direct.shandong。")
    averaged_option = typer.Option("--averaged", help="接受多名专家的平均值。")
    errors_option = typer.Option(
        "--errors", help="另存需要改正的行（.xlsx）：原有列加上问题和建议，改后可再读取。"
    )
    force_option = typer.Option("--force", help="覆盖 --errors 已有的文件。")
    all_option = typer.Option("--errors-all", help="--errors 写出全部行，不只有问题的行。")
    method_option = typer.Option(
        "--method", "-m", help="方法名或方法包文件（.json）；省略时按表中的评价方法列。"
    )

    @app.callback(invoke_without_command=True)
    def _base(
        context: typer.Context,  # type: ignore[name-defined]  # imported when it is needed
        version: Annotated[bool, typer.Option("--version", help="显示版本。")] = False,
        lang: Annotated[
            str | None, typer.Option("--lang", help="各命令的语言：zh 或 en；也可写在命令之后。")
        ] = None,
    ) -> None:
        if lang is not None:
            _check(lang)
            context.default_map = {name: {"lang": lang} for name in context.command.commands}
        if version:
            _tell(f"safetyrisk {__version__}")
            raise typer.Exit
        if context.invoked_subcommand is None:
            _say(context.get_help())
            raise typer.Exit(2)

    @app.command(cls=command)
    def demo(
        out: Annotated[Path, typer.Argument(metavar="OUT", help="新建的文件夹。")],
        seed: Annotated[int, typer.Option(help="随机种子；相同种子结果相同。")] = 1,
    ) -> None:
        """虚构一座城市，完成分级、汇总和四色图，写入 OUT。"""
        from .io.demo import write_demo

        job = write_demo(out, seed)
        with _progress(quiet=False) as step:
            result = run_job(job, progress=step)
        _done(result)
        _tell(f"用浏览器打开 {out / 'out' / 'map.html'}，可缩放、点击查看等级说明。")

    @app.command(cls=command, name="grade")
    def grade_command(
        source: Annotated[Path, input_file],
        out: Annotated[
            Path,
            typer.Option("-o", "--out", help="输出：.xlsx、.csv、.parquet、.json 或 .geojson。"),
        ],
        method: Annotated[str | None, method_option] = None,
        column: Annotated[list[str] | None, column_option] = None,
        sheet: Annotated[str | None, sheet_option] = None,
        as_of: Annotated[str | None, as_of_option] = None,
        direct: Annotated[str | None, direct_option] = None,
        colours: Annotated[
            list[str] | None,
            typer.Option(help="颜色包：给只分级、不规定颜色的方法配色，可重复；或 .json 文件。"),
        ] = None,
        averaged: Annotated[bool, averaged_option] = False,
        errors: Annotated[Path | None, errors_option] = None,
        errors_all: Annotated[bool, all_option] = False,
        force: Annotated[bool, force_option] = False,
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """给登记表逐行评定等级。"""
        _check(lang, fail_on)
        _day("--as-of", as_of)
        for path in filter(None, (out, errors)):
            if path.exists() and source.exists() and path.samefile(source):
                raise fault("output.is_input", file=path)
        _room(out)
        if errors is not None:
            _room_for_errors(errors, [out], force)
        with _progress(quiet=False) as step:
            graded = grade(
                source,
                _method(method),
                columns=_columns(column),
                sheet=sheet,
                as_of=as_of,
                direct=direct,
                colours=[load_pack(c) if c.endswith(".json") else c for c in colours or ()],
                averaged=averaged,
                progress=lambda done, total: step("grade", done, total),
            )
            save(graded, out, lang=lang)
        _tell(_counts(graded.counts(), lang, colours=True))
        _tell(_TEXTS[lang]["wrote"].format(out))
        _errors(graded, graded.issues, errors, errors_all, lang, force)
        _finish(graded.issues, fail_on, lang)

    @app.command(cls=command, name="major-hazard")
    def major_hazard_command(
        source: Annotated[
            Path, typer.Argument(metavar="IN", help="物质表：CSV、XLSX、Parquet 或 SQLite。")
        ],
        out: Annotated[
            Path, typer.Option("-o", "--out", help="输出：.xlsx、.csv、.parquet 或 .json。")
        ],
        exposed: Annotated[
            str | None,
            typer.Option(help="厂外可能暴露人员：人数，或所在列的表头；省略时按表中的该列。"),
        ] = None,
        beta: Annotated[
            str | None, typer.Option(help="max：标准未规定取哪个 β 时取最大值，并逐行报告。")
        ] = None,
        pack: Annotated[str, typer.Option(help="标准，或规则包文件（.json）。")] = "gb18218",
        column: Annotated[list[str] | None, column_option] = None,
        sheet: Annotated[str | None, typer.Option(help="工作表名。")] = None,
        as_of: Annotated[str | None, typer.Option(help="按该日有效的版本，YYYY-MM-DD。")] = None,
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """辨识危险化学品重大危险源并分级（GB 18218）。"""
        _check(lang, fail_on)
        if out.exists() and source.exists() and out.samefile(source):
            raise fault("output.is_input", file=out)
        _room(out)
        _day("--as-of", as_of)
        if beta not in (None, "max"):
            raise fault("option.value", name="--beta", value=beta, known=["max"])
        if exposed is not None and _is_number(exposed) and not exposed.strip().isdecimal():
            raise fault("option.value", name="--exposed", value=exposed, known=["0", "1", "2", "…"])
        digits = exposed is not None and exposed.strip().isdecimal()
        with _progress(quiet=False) as step:
            judged = major_hazard(
                source,
                int(exposed) if exposed is not None and digits else exposed,
                columns=_columns(column),
                sheet=sheet,
                pack=load_pack(pack) if pack.endswith(".json") else pack,
                as_of=as_of,
                beta="max" if beta else None,
                progress=lambda done, total: step("grade", done, total),
            )
            save(judged, out, lang=lang)
        counts = judged.counts()
        named = [(level[lang], counts[level["zh"]]) for level in judged.standard.levels]
        named.append((_TEXTS[lang]["no_level"], level_undetermined(judged)))
        levels = _TEXTS[lang]["comma"].join(f"{word} {count}" for word, count in named)
        _tell(_TEXTS[lang]["units"].format(**counts, levels=levels))
        _tell(_TEXTS[lang]["rows"].format(**counts))
        _tell(_TEXTS[lang]["wrote"].format(out))
        _finish(judged.issues, fail_on, lang)

    @app.command(cls=command, name="map")
    def map_command(
        source: Annotated[Path, input_file],
        divisions: Annotated[Path, typer.Option(help="行政区划表。")],
        boundaries: Annotated[Path, typer.Option(help="边界：GeoJSON 等。")],
        out: Annotated[
            list[Path],
            typer.Option("-o", "--out", help="输出：.svg、.png、.pdf 或 .html；可重复。"),
        ],
        title: Annotated[str, typer.Option(help="图名。")] = "安全风险四色分布图",
        level: Annotated[str, typer.Option(help="级别：city county town …。")] = "county",
        rule: Annotated[str, typer.Option(help="汇总规则：worst count index。")] = "worst",
        weight: Annotated[
            list[str] | None,
            typer.Option(help="规则 index 的权重，如 red=10；四级各一个，没有默认值。"),
        ] = None,
        per: Annotated[
            str, typer.Option(help="规则 index：unit 取合计，point 除以已评定的点数。")
        ] = "unit",
        threshold: Annotated[
            list[str] | None,
            typer.Option(
                help="阈值，先满足者定级，可重复：规则 count 如 orange:red=1,orange=3；"
                "规则 index 如 orange=50。"
            ),
        ] = None,
        method: Annotated[str | None, method_option] = None,
        column: Annotated[list[str] | None, column_option] = None,
        sheet: Annotated[str | None, sheet_option] = None,
        as_of: Annotated[str | None, as_of_option] = None,
        direct: Annotated[str | None, direct_option] = None,
        averaged: Annotated[bool, averaged_option] = False,
        enterprises: Annotated[Path | None, typer.Option(help="企业表。")] = None,
        crs: Annotated[str, typer.Option(help="风险点和边界的坐标系。")] = "wgs84",
        data_date: Annotated[str | None, typer.Option(help="数据日期，YYYY-MM-DD。")] = None,
        palette: Annotated[str, typer.Option(help="配色：safe pure office web。")] = "safe",
        page: Annotated[str, typer.Option(help="图幅：A3、A4 portrait …。")] = "A3",
        approval: Annotated[str, typer.Option(help="审图号；只在给出时印出。")] = "",
        author: Annotated[str, typer.Option(help="编制单位。")] = "",
        credit: Annotated[str, typer.Option("--source", help="资料来源。")] = "",
        font: Annotated[Path | None, typer.Option(help="PNG、PDF 所用字体文件。")] = None,
        errors: Annotated[Path | None, errors_option] = None,
        errors_all: Annotated[bool, all_option] = False,
        force: Annotated[bool, force_option] = False,
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """评定、汇总并绘制四色图。"""
        _check(lang, fail_on)
        _day("--as-of", as_of)
        _day("--data-date", data_date)
        _room(*out)
        if errors is not None:
            if errors.exists() and source.exists() and errors.samefile(source):
                raise fault("output.is_input", file=errors)
            _room_for_errors(errors, out, force)
        with _progress(quiet=False) as step:
            step("grade", 0, 3)
            graded = grade(
                source,
                _method(method),
                columns=_columns(column),
                sheet=sheet,
                as_of=as_of,
                direct=direct,
                averaged=averaged,
            )
            step("rollup", 1, 3)
            tree = Divisions.read(divisions, boundaries, crs=crs, on=data_date)
            rollup = tree.rollup(
                graded,
                level,
                rule,
                thresholds=_thresholds(rule, threshold),
                weights=_weights(weight),
                per=per,
                enterprises=enterprises,
                crs=crs,
            )
            step("map", 2, 3)
            drawn = draw(
                rollup,
                title,
                lang=lang,
                palette=palette,
                page=page,
                crs=crs,
                data_date=data_date,
                source=credit,
                author=author,
                approval=approval,
                font=font,
            )
            for path in out:
                drawn.save(path)
        _tell(_counts(graded.counts(), lang, colours=True))
        for path in out:
            _tell(_TEXTS[lang]["wrote"].format(path))
        issues = graded.issues + rollup.issues + drawn.issues
        if enterprises is None:
            issues += enterprises_absent(graded.input)
        _errors(graded, issues, errors, errors_all, lang, force)
        _finish(issues, fail_on, lang)

    @app.command(cls=command, name="compare")
    def compare_command(
        before: Annotated[
            Path, typer.Argument(metavar="A", help="上期：分级结果，或待分级的登记表。")
        ],
        after: Annotated[
            Path, typer.Argument(metavar="B", help="本期：分级结果，或待分级的登记表。")
        ],
        out: Annotated[
            Path, typer.Option("-o", "--out", help="输出：.xlsx、.csv、.parquet 或 .json。")
        ],
        key: Annotated[
            list[str] | None, typer.Option("--key", help="对应两期的列，默认 id；可重复。")
        ] = None,
        method: Annotated[str | None, method_option] = None,
        column: Annotated[list[str] | None, column_option] = None,
        divisions: Annotated[Path | None, typer.Option(help="行政区划表，用于区域名称。")] = None,
        level: Annotated[str, typer.Option(help="区域的级别：city county town …。")] = "county",
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """两期对比：新增、消失、升级、降级，以及哪些内容变了。"""
        _check(lang, fail_on)
        for path in (before, after):
            if out.exists() and path.exists() and out.samefile(path):
                raise fault("output.is_input", file=out)
        _room(out)
        result = compare(
            before,
            after,
            key or "id",
            method=_method(method),
            columns=_columns(column),
            divisions=divisions,
            level=level,
        )
        save(result, out, lang=lang)
        for sentence in result.sentences(lang):
            _tell(sentence)
        _tell(_TEXTS[lang]["wrote"].format(out))
        _finish(result.issues, fail_on, lang)

    from ._graph_commands import add_graph_commands

    add_graph_commands(
        app, typer, command, tell=_tell, warn=_say, check_options=_check, finish=_finish,
        room=_room, failed=_IssuesError,
    )  # fmt: skip

    from ._plan_command import add_plan_command

    add_plan_command(
        app, typer, command, tell=_tell, check_options=_check, finish=_finish, room=_room,
    )  # fmt: skip

    @app.command(cls=command, name="template")
    def template_command(
        table: Annotated[
            str,
            typer.Argument(
                metavar="TABLE",
                help="risk_points、enterprises、divisions、substances；责任图谱的 nodes、edges、"
                "hazards、tasks、records、duties。",
            ),
        ],
        out: Annotated[Path, typer.Option("-o", "--out", help="输出：.xlsx。")],
        method: Annotated[
            str | None,
            typer.Option("--method", "-m", help="评价方法：决定因素列和下拉列表。"),
        ] = None,
        direct: Annotated[str | None, typer.Option(help="直接判定规则包：增加所需的列。")] = None,
        force: Annotated[bool, typer.Option(help="覆盖已有的文件。")] = False,
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """生成空白登记表：中文表头、下拉列表、填写说明。"""
        _check(lang)
        _room(out)
        chosen = _method(method)
        template(table, out, method=chosen, direct=direct, lang=lang, force=force)
        _tell(_TEXTS[lang]["wrote"].format(out))

    @app.command(cls=command, name="explain")
    def explain_command(
        method: Annotated[str, typer.Argument(metavar="METHOD", help="方法名或方法包文件。")],
        values: Annotated[
            list[str], typer.Argument(metavar="NAME=VALUE…", help="输入，如 L=3 E=6 C=15。")
        ],
        colours: Annotated[
            list[str] | None, typer.Option(help="颜色包，可重复；或 .json 文件。")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """说明一个对象为何是这一级：从输入到级别的每一步。"""
        _check(lang)
        inputs: dict[str, str] = {}
        for pair in values:
            name, mark, value = pair.partition("=")
            if not mark or not name:
                raise fault("option.value", name="NAME=VALUE", value=pair, known=["L=3"])
            inputs[name] = value
        maps = [load_pack(c) if c.endswith(".json") else c for c in colours or ()]
        why = explain(inputs, method, colours=maps, lang=lang)
        _tell(why.to_json() if as_json else why.text)

    @app.command(cls=command, name="methods")
    def methods_command(
        name: Annotated[
            str | None,
            typer.Argument(
                metavar="[ID]", help="方法名或方法包文件；省略时列出全部；check 检查一个文件。"
            ),
        ] = None,
        file: Annotated[
            Path | None, typer.Argument(metavar="[FILE]", help="check 要检查的方法包（.json）。")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False,
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """列出评价方法，说明其中一个，或用 check FILE 检查自己写的方法包。"""
        _check(lang)
        if file is not None:
            if name != "check":
                raise fault("option.value", name="methods", value=name, known=["check"])
            wrong = check_file(file)
            if wrong is not None:
                _tell(_TEXTS[lang]["wrong_pack"].format(file, wrong["path"], wrong[lang]))
                raise _IssuesError
            _tell(_TEXTS[lang]["right_pack"].format(file))
            return
        if name is None:
            listed = methods(lang)
            if as_json:
                _tell(listed.to_json())
                return
            for row in json.loads(listed.to_json())["rows"]:
                mark = "*" if row["default"] else " "
                _tell(f"{mark} {row['id']:<16} [{row['confidence']}] {row['title']}")
            for pack in packs("direct_rules"):
                _tell(f"  {pack.id:<16} [{pack.confidence}] {pack.title(lang)}  --direct")
            _tell(_TEXTS[lang]["legend"])
            return
        rules = next((pack for pack in packs("direct_rules") if pack.id == name), None)
        if rules is not None:
            _tell(rules.canonical) if as_json else _describe_rules(rules, lang)
            return
        found = _described(name)
        if as_json:
            _tell(found.pack.canonical)
        elif isinstance(found, MajorHazardStandard):
            _describe_standard(found, lang)
        else:
            _describe(found, lang)

    @app.command(cls=command, name="run")
    def run_command(
        job: Annotated[Path, typer.Argument(metavar="JOB.toml", help="作业文件。")],
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="只检查并说明会读写什么，不写任何文件。")
        ] = False,
        force: Annotated[bool, typer.Option(help="覆盖其他作业的结果。")] = False,
        memory: Annotated[
            str | None, typer.Option(help="可用内存，如 4GiB；估计超出时不运行。")
        ] = None,
        fail_on: Annotated[str | None, fail_option] = None,
        lang: Annotated[
            str | None, typer.Option("--lang", help="语言：zh 或 en；省略时按 [run] lang。")
        ] = None,
        quiet: Annotated[bool, typer.Option(help="不显示进度。")] = False,
    ) -> None:
        """按作业文件完成分级、汇总、制图和导出；中断后再次运行即可接续。"""
        _check(lang or "zh", fail_on or "never")
        try:
            if dry_run:
                from .io.dryrun import plan_job

                plan = plan_job(job, force=force, memory=memory, lang=lang)
                _tell(plan.text)
                raise typer.Exit(plan.status)
            with _progress(quiet) as step:
                result = run_job(
                    job,
                    force=force,
                    fail_on=fail_on,
                    memory=memory,
                    lang=lang,
                    progress=step,
                    rows=step.rows,
                )
        except InputError as error:
            if error.code or recognise(str(error))[0]:
                raise
            raise fault("job.refused", reason=error) from None
        _done(result)

    return app


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _room(*outputs: Path) -> None:
    """Refuse files in folders that are not there, before the work is done."""
    for path in outputs:
        if not path.parent.exists():
            raise fault("output.folder", file=path, folder=path.parent)


def _room_for_errors(errors: Path, outputs: Sequence[Path], force: bool) -> None:
    """Refuse rows to correct in the place of a result or of corrections, and what is no workbook."""
    if errors.resolve() in [out.resolve() for out in outputs]:
        raise fault("output.twice", file=errors)
    if errors.suffix.lower() != ".xlsx":
        raise fault("output.suffix", what="--errors", known=".xlsx", suffix=errors.suffix)
    _room(errors)
    if errors.exists() and not force:
        raise fault("output.corrected", file=errors)


def _done(result: RunResult) -> None:
    _tell(_counts(result.counts, result.lang))
    for path in result.files:
        word = "kept" if path.name in result.reused else "wrote"
        _tell(_TEXTS[result.lang][word].format(path))
    if result.comparison is not None:
        for sentence in result.comparison.sentences(result.lang):
            _tell(sentence)
    _finish(result.issues, "never", result.lang)
    if result.failed:
        raise _IssuesError


def _described(name: str) -> Method | MajorHazardStandard:
    """A method, or the standard of major hazards, by name or from a file."""
    pack = load_pack(name) if name.endswith(".json") else None
    if pack is not None and pack.kind == "major_hazard":
        return major_hazard_standard(pack)
    standards = [p.id for p in packs("major_hazard")]
    if name in standards or name in [identity.partition(".")[0] for identity in standards]:
        return major_hazard_standard(name)
    return find_method(name if pack is None else pack)


def _describe_rules(pack: Pack, lang: str) -> None:
    """What a pack of direct-determination rules says."""
    texts, content = _TEXTS[lang], json.loads(pack.canonical)["content"]
    _describe_pack(pack, lang)
    _tell("\n" + texts["rules"].format(" ".join(content["methods"])))
    zh = lang == "zh"
    names = {column["id"]: column["name"][lang] for column in content["columns"]}
    said = {"True": "是", "False": "否"} if zh else {"True": "yes", "False": "no"}
    for rule in content["rules"]:
        when = ("、" if zh else ", ").join(
            " ".join((names[column], operator, said.get(str(value), str(value))))
            for column, operator, value in rule["when"]
        )
        grade = WORDS[lang]["grade"][rule["grade"]] if zh else rule["grade"]
        _tell(f"  {rule['id']}  {grade}  {rule['text'][lang]}  [{when}]")


def _describe_pack(pack: Pack, lang: str) -> None:
    texts = _TEXTS[lang]
    _tell(f"{pack.id}  {pack.title(lang)}")
    _tell(texts["pack"].format(pack.version, pack.confidence, pack.sha256))
    for source in pack.sources:
        _tell(texts["source"].format(source))


def _describe_standard(standard: MajorHazardStandard, lang: str) -> None:
    texts, zh = _TEXTS[lang], lang == "zh"
    _describe_pack(standard.pack, lang)
    _tell("\n" + texts["substances"])
    for row in standard.substances:
        beta = "" if row["beta"] is None else f"  β={row['beta']:g}"
        cas = f"  {' '.join(row['cas'])}" if row["cas"] else ""
        also = "、".join(row["aliases"])
        name = row["name"] + (f"（{also}）" if also else "") if zh else row["en"]
        _tell(f"  {row['no']:>2}  {row['Q']:>6g}  {name}{cas}{beta}")
    _tell("\n" + texts["categories"])
    for row in standard.categories:
        what = f"{row['name'][lang]}{'：' if zh else ': '}{row['description'][lang]}"
        _tell(f"  {row['symbol']:<5} {row['Q']:>6g}  β={row['beta']:<4g} {what}")
    _tell("\n" + texts["exposure"])
    for band in standard.exposure:
        _tell(f"  {band['printed']:<8} α={band['alpha']:g}")
    _tell("\n" + texts["levels"])
    for level in standard.levels:
        _tell(f"  {level['printed']:<10} {level[lang]}")


def _describe(method: Method, lang: str) -> None:
    texts = _TEXTS[lang]
    _describe_pack(method.pack, lang)
    if method.form == "chain":
        _describe_chain(method, lang)
        return
    for factor in method.factors:
        names = ("、" if lang == "zh" else ", ").join(part["id"] for part in factor["parts"])
        parts = texts["parts"].format(names) if names else ""
        _tell(f"\n{factor['id']} {factor[lang]}{parts}")
        if factor["range"]:
            _tell(f"  {factor['range']}")
        for step in () if factor["range"] else factor["steps"]:
            _tell(f"  {step['value']:>6g}  {step[lang]}")
    _tell("\n" + texts["bands"].format(method.score_symbol))
    for band in method.bands:
        grade = WORDS[lang]["grade"][band["grade"]] if lang == "zh" else band["grade"]
        _tell(f"  {band['printed']:<14} {band['label']:<4} {band['word'][lang]}  {grade}")


def _describe_chain(method: Method, lang: str) -> None:
    """Inputs, steps, bands and vetoes of a method of steps."""
    texts = _TEXTS[lang]
    _tell("\n" + texts["inputs"])
    for one in method.inputs:
        words = [step[lang] for step in one["steps"]] + [c[lang] for c in one["choices"]]
        what = " ".join(filter(None, (one["range"], one["unit"], " / ".join(words))))
        optional = "" if one["needed"] else texts["optional"]
        _tell(f"  {one['id']:<12} {one[lang]}{optional}  {what}".rstrip())
    _tell("\n" + texts["steps"])
    for step in method.steps:
        _tell(f"  {step['id']:<12} {step[lang]}  {step['do']}({', '.join(step['of'])})")
    levels = [band for band in method.bands if band["label"]]
    if levels:
        _tell("\n" + texts["levels_of"].format(method.scale["name"][lang]))
    for band in levels:
        grade = band["grade"] or ""
        if grade and lang == "zh":
            grade = WORDS[lang]["grade"][grade]
        _tell(f"  {band['label']:<6} {band['word'][lang]}  {band['printed']}  {grade}".rstrip())
    if method.vetoes:
        _tell("\n" + texts["vetoes"])
    for veto in method.vetoes:
        _tell(f"  {veto['id']:<12} → {veto['label']}  {veto['text'][lang]}")


if __name__ == "__main__":
    main()
