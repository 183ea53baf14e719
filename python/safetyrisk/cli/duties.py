"""The commands of duties and hazards: ``due | hazards | demo-year``."""

# No deferred annotations here: typer reads them, and they name things that are local.

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from .._core import parse_date
from .._duty_report import DueReport
from .._faults import fault
from .._left_out import graph_said, undated_said
from .._responsibility import ResponsibilityGraph
from .._words import Speaker
from ..io.demo import write_year_demo
from ..io.findings import save_shown
from ..io.graph_tables import GraphTables, read_dataset, read_events
from .console import IssuesError, check_options, finish, room, tell
from .console import say as warn
from .options import Common

__all__ = ["add_duty_commands"]

_KNOWN = ".xlsx .html .json"
_TEXTS = {
    "zh": {
        "today": "数据没有日期，按今天 {} 判断",
        "later": "提示：所问日期 {} 晚于数据日期 {}；其后的记录、整改和销号数据中没有，逾期可能只是数据未更新",
        "hazards": "{}：隐患 {} 行，采用 {}；事件 {} 条，采用 {}；未销号 {}，其中重大 {}，重大逾期 {}",
        "wrote": "已写入 {}",
    },
    "en": {
        "today": "The data has no date; asked of today, {}",
        "later": "Note: {} is after the day of the data, {}; what was done since is not in it, so that what "
        "is overdue may only mean old data",
        "hazards": "{}: {} hazards, {} used; {} events, {} used; {} open, {} of them major, {} of "
        "these overdue",
        "wrote": "Wrote {}",
    },
}


def add_duty_commands(app: Any, typer: Any, command: Any) -> None:
    """Add the commands to the command line.

    Exit status: 0 done; 1 done, and there is what ``--fail-on`` minds: issues of the data of that
    severity, duties that are overdue (``due``) and 重大 hazards that are (``hazards``), which count
    as errors; 2 a wrong call.
    """
    dataset = typer.Argument(
        metavar="DATASET", help="数据集文件夹（含 dataset.toml）或 SQLite 文件。"
    )
    out_option = typer.Option("-o", "--out", help="输出：.xlsx、.html 或 .json。")
    on_option = typer.Option("--on", help="按哪一天判断，YYYY-MM-DD；省略时用数据日期。")
    level_option = typer.Option(help="按哪一级地区汇总：county town village …。")
    lang_option = Common(typer).lang

    def fail(what: str) -> Any:
        return typer.Option(
            "--fail-on",
            help=f"有达到该级别的问题时返回 1：error warning info never；{what}算 error。",
        )

    def read(
        place: Path, out: Path, on: str | None, lang: str, fail_on: str
    ) -> tuple[ResponsibilityGraph, GraphTables, str]:
        check_options(lang, fail_on)
        if on is not None and parse_date(on) is None:
            raise fault("date.malformed", name="--on", text=repr(on))
        if out.suffix.lower() not in _KNOWN.split():
            what = ("duties and hazards", "履职与隐患报告")
            raise fault("output.suffix", what=what, known=_KNOWN, suffix=out.suffix)
        room(out)
        tables = read_dataset(place)
        graph = ResponsibilityGraph._of(tables)
        day = on or graph.data_date
        if day is None:
            day = dt.date.today().isoformat()
            tell(_TEXTS[lang]["today"].format(day))
        elif graph.data_date is not None and str(parse_date(day)) > graph.data_date:
            warn(_TEXTS[lang]["later"].format(day, graph.data_date))
        return graph, tables, str(parse_date(day))

    def write(report: Any, out: Path, lang: str) -> None:
        save_shown(report, out, report.title, lang=lang)
        tell(_TEXTS[lang]["wrote"].format(out))

    @app.command(cls=command, name="due")
    def due_command(
        place: Annotated[Path, dataset],
        out: Annotated[Path, out_option],
        on: Annotated[str | None, on_option] = None,
        start: Annotated[
            str | None, typer.Option(help="此前到期的不看，YYYY-MM-DD；省略时为当年 1 月 1 日。")
        ] = None,
        within: Annotated[int, typer.Option(help="列出今后多少天内到期的。")] = 30,
        duties: Annotated[
            str | None,
            typer.Option(
                help="义务：表的文件或规则包（如 duties.national）；省略时用数据集的 duties。"
            ),
        ] = None,
        level: Annotated[str, level_option] = "town",
        fail_on: Annotated[str, fail("逾期未完成的义务")] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """应做什么、做了没有：逾期、将到期、无法判断的清单。"""
        graph, tables, day = read(place, out, on, lang, fail_on)
        if within < 0:
            raise fault("argument.count", name="--within", value=within, least=0)
        owed: Any = _table(place, tables, "duties") if duties is None else duties
        records = _table(place, tables, "records")
        end = (dt.date.fromisoformat(day) + dt.timedelta(days=within)).isoformat()
        found = graph.assess(owed, records, as_of=day, start=start, end=end, lang=lang)
        report = DueReport(found, within=within, level=level, graph_issues=graph.issues)
        tell(report.text)
        for note in report.notes:
            tell(note)
        write(report, out, lang)
        _end(report.issues, found.counts()["overdue"], fail_on, lang, finish)

    @app.command(cls=command, name="hazards")
    def hazards_command(
        place: Annotated[Path, dataset],
        out: Annotated[Path, out_option],
        on: Annotated[str | None, on_option] = None,
        level: Annotated[str, level_option] = "town",
        ladder: Annotated[
            str | None,
            typer.Option(help="提示督办阶梯：规则包或其文件，如 hazard_ladder.usual（示例口径）。"),
        ] = None,
        backcheck: Annotated[
            str | None, typer.Option(help="改为倒查这家企业：编号或名称。")
        ] = None,
        item: Annotated[str, typer.Option(help="倒查时：致因事项，查过没有。")] = "",
        fail_on: Annotated[str, fail("逾期的重大隐患")] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """隐患台账：存量、增量、自查率、目标、提示督办约谈；或倒查一家企业。"""
        graph, tables, day = read(place, out, on, lang, fail_on)
        events, unread = read_events(place)
        hazards = _table(place, tables, "hazards")
        register = graph.hazards(hazards, events).in_language(lang)
        rows = register.counts()
        stock = {r["grade"]: r for r in register.stock(day, by=["grade"])._rows()}
        major = stock.get("major", {"open": 0, "overdue": 0})
        tell(
            _TEXTS[lang]["hazards"].format(
                day, rows["rows_in"], rows["used"], rows["events_in"], rows["events_used"],
                sum(r["open"] for r in stock.values()), major["open"], major["overdue"],
            )
        )  # fmt: skip
        undated = sum(r["undated"] for r in stock.values())
        if undated:
            tell(undated_said(Speaker(lang), undated))
        broken = graph.issues + unread
        for note in graph_said(Speaker(lang), graph.issues):
            tell(note)
        if backcheck is not None:
            found = register.backcheck(backcheck, day, item)
            found.issues = broken + found.issues
            tell(found.text)
            save_shown(found, out, Speaker(lang).say("倒查", "Back-check"), lang=lang)
            tell(_TEXTS[lang]["wrote"].format(out))
        else:
            write(
                register.report(day, level=level, ladder=ladder, lang=lang, graph_issues=broken),
                out,
                lang,
            )
        _end(broken + register.issues, major["overdue"], fail_on, lang, finish)

    @app.command(cls=command, name="demo-year")
    def demo_year(
        out: Annotated[Path, typer.Argument(metavar="OUT", help="新建的文件夹。")],
        seed: Annotated[int, typer.Option(help="随机种子；相同种子结果相同。")] = 1,
    ) -> None:
        """虚构一个县一年的履职记录和隐患台账，埋设遗漏并列出清单。"""
        for written in write_year_demo(out, seed):
            tell(_TEXTS["zh"]["wrote"].format(written))


def _table(place: Path, tables: GraphTables, name: str) -> Any:
    """A table that the command needs; what else is wrong with the graph, ``check`` tells."""
    for table in tables.tables:
        if table.table == name:
            return table
    if name == "records":  # nothing is recorded, so that nothing can be told
        return {column: [] for column in ("id", "subject", "action", "date")}
    raise fault("dataset.no_table", place=place, table=name)


def _end(
    issues: Any, found: int, fail_on: str, lang: str, finish: Callable[[Any, str, str], None]
) -> None:
    """Issues first; then what counts as an error."""
    finish(issues, fail_on, lang)
    if found and fail_on != "never":
        raise IssuesError
