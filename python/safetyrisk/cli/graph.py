"""The commands of the responsibility graph: ``check | who | coverage | whatif | demo-county``."""

# No deferred annotations here: typer reads them, and they name things that are local.

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

from .._changes import Change, Dissolve, Merge, MoveSector, Split, Vacate
from .._core import parse_date
from .._faults import fault
from .._files import atomic_path
from .._names import node_named
from .._responsibility import ResponsibilityGraph
from .._words import Speaker
from ..io.demo import write_county_demo, write_planted_demo
from ..io.findings import save_findings, save_shown
from .console import IssuesError, check_options, finish, room, tell
from .console import say as warn
from .options import Common
from .texts import LEVELS

__all__ = ["add_graph_commands"]

# Profiles as readers call them.
_PROFILES = {"国家": "national", "山东": "shandong", "深圳": "shenzhen"}
# Findings of one rule that a what-if prints; -o writes all.
_MOST_TOLD = 5

_TEXTS = {
    "zh": {
        "today": "数据没有日期，按今天 {} 检查",
        "note": "提示：{}",
        "findings": "{on}，口径 {profile}：错误 {error}，警告 {warning}，提示 {info}；"
        "规则 {all} 条：符合 {holds}，不符合 {fails}，部分可核 {partly}，未评估 {not_assessed}",
        "cells": "{} {} 格：{}",
        "gaps": "缺少必须有的责任主体：{}",
        "whatif": "{}：无人承接的关系 {} 类；规则新增发现 {} 条、消除 {} 条；监管覆盖变化 {} 格",
        "more": "  {} 另有 {} 条同类，见 -o 的输出",
        "wrote": "已写入 {}",
    },
    "en": {
        "today": "The data has no date; asked of today, {}",
        "note": "Note: {}",
        "findings": "{on}, {profile}: errors {error}, warnings {warning}, notes {info}; "
        "{all} rules: {holds} hold, {fails} fail, {partly} partly, {not_assessed} not assessed",
        "cells": "{}, {} cells: {}",
        "gaps": "Mandatory capacities that nobody has: {}",
        "whatif": "{}: {} kinds of edges orphaned; findings {} new, {} gone; {} cells differ",
        "more": "  {}: {} more of the kind, written by -o",
        "wrote": "Wrote {}",
    },
}


def add_graph_commands(
    app: Any,
    typer: Any,
    command: Any,
) -> None:
    """Add the commands to the command line.

    Exit status of all: 0 done; 1 done, and there is what ``--fail-on`` minds: issues of the data of
    that severity, findings of it (``check``, ``whatif``), cells that nobody regulates (``coverage``)
    and mandatory capacities that nobody has (``who``), which count as errors; 2 a wrong call.
    """
    dataset = typer.Argument(
        metavar="DATASET", help="数据集文件夹（含 dataset.toml）、SQLite 文件或责任图谱 JSON。"
    )
    on_option = typer.Option("--on", help="检查哪一天，YYYY-MM-DD；省略时用数据日期。")
    lang_option = Common(typer).lang
    codes_option = typer.Option("--codes", help="CSV 用代码和英文列名，供程序读取。")
    fail_option = typer.Option(
        "--fail-on", help="有达到该级别的问题或发现时返回 1：error warning info never。"
    )

    gap_option = typer.Option(
        "--fail-on",
        help="有达到该级别的问题时返回 1：error warning info never；缺少必须有的责任主体算 error。",
    )

    def read(place: Path, on: str | None, lang: str) -> tuple[ResponsibilityGraph, str | None]:
        if on is not None and parse_date(on) is None:
            raise fault("date.malformed", name="--on", text=repr(on))
        graph = ResponsibilityGraph.read(place)
        if on is None and graph.data_date is None:
            on = dt.date.today().isoformat()
            tell(_TEXTS[lang]["today"].format(on))
        for note in graph.day_notes(on, lang=lang):
            warn(_TEXTS[lang]["note"].format(note))
        return graph, on

    def output(path: Path | None, known: str, what: tuple[str, str]) -> None:
        """Refuse endings that are not known, and folders that are not there, before the work."""
        if path is None:
            return
        if path.suffix.lower() not in known.split():
            raise fault("output.suffix", what=what, known=known, suffix=path.suffix)
        room(path)

    def end(graph: ResponsibilityGraph, found: int, fail_on: str, lang: str) -> None:
        """Rows and issues first; `found` is how many findings are as grave as the caller minds."""
        if len(graph.issues):
            warn(graph._line(lang))
        finish(graph.issues, fail_on, lang)
        if found:
            raise IssuesError

    def grave(counts: dict[str, int], fail_on: str) -> int:
        if fail_on == "never":
            return 0
        return sum(counts[level] for level in LEVELS[: LEVELS.index(fail_on) + 1])

    @app.command(cls=command, name="check")
    def check_command(
        place: Annotated[Path, dataset],
        out: Annotated[Path, typer.Option("-o", "--out", help="输出：.xlsx、.html 或 .json。")],
        on: Annotated[str | None, on_option] = None,
        profile: Annotated[
            str, typer.Option(help="口径：national（国家）shandong（山东）shenzhen（深圳）。")
        ] = "national",
        rules: Annotated[
            list[str] | None,
            typer.Option("--rule", help="只查某条或某组规则，如 RG-01、RD；可重复。"),
        ] = None,
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """检查责任图谱：哪里无人负责、多头负责、责任不配对。"""
        check_options(lang, fail_on)
        output(out, ".xlsx .html .json", ("findings", "检查结果"))
        graph, day = read(place, on, lang)
        profile = _PROFILES.get(profile, profile)
        found = graph.check(day, profile=profile, rules=rules or (), lang=lang)
        save_findings(found, out, lang=lang)
        states = found.rules.counts()
        tell(
            _TEXTS[lang]["findings"].format(
                on=found.on,
                profile=found.profile_word,
                all=sum(states.values()),
                **found.counts(),
                **states,
            )
        )
        tell(_TEXTS[lang]["wrote"].format(out))
        end(graph, grave(found.counts(), fail_on), fail_on, lang)

    @app.command(cls=command, name="who")
    def who_command(
        place: Annotated[Path, dataset],
        node: Annotated[
            str, typer.Argument(metavar="ID", help="企业、场所、区划等的编号，或只有它用的名称。")
        ],
        on: Annotated[str | None, on_option] = None,
        link: Annotated[str, typer.Option(help="只问某一环节。")] = "",
        scene: Annotated[str, typer.Option(help="只问某一场景。")] = "",
        out: Annotated[
            Path | None,
            typer.Option("-o", "--out", help="输出：.html、.svg、.xlsx、.csv、.parquet 或 .json。"),
        ] = None,
        codes: Annotated[bool, codes_option] = False,
        all_paths: Annotated[
            bool, typer.Option("--all-paths", help="列出全部路径；省略时每种责任只列最短的一条。")
        ] = False,
        fail_on: Annotated[str, gap_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """谁对它负责、以什么身份、依据什么；没有人时说明为什么。"""
        check_options(lang, fail_on)
        output(out, ".html .svg .xlsx .csv .parquet .json", ("an answer", "“谁负责”的结果"))
        graph, day = read(place, on, lang)
        node = node_named(graph._graph, node)
        answer = graph.who(node, day, link=link, scene=scene, lang=lang)
        # Written first: who reads the text through `head` wants the file as well.
        if out is not None and out.suffix.lower() == ".svg":
            with atomic_path(out) as draft:
                draft.write_text(answer.to_svg(len(answer)), encoding="utf-8")
        elif out is not None:
            save_shown(answer, out, graph.name(node), lang=lang, codes=codes)
        tell(answer.full_text() if all_paths else answer.text)
        if out is not None:
            tell(_TEXTS[lang]["wrote"].format(out))
        speaker = Speaker(lang)
        gaps = dict.fromkeys(answer.missing.to_columns()["capacity"].tolist())
        if gaps:
            warn(_TEXTS[lang]["gaps"].format(speaker.listed(map(speaker.capacity, gaps))))
        end(graph, 0 if fail_on == "never" else len(gaps), fail_on, lang)

    @app.command(cls=command, name="coverage")
    def coverage_command(
        place: Annotated[Path, dataset],
        out: Annotated[
            Path, typer.Option("-o", "--out", help="输出：.xlsx、.csv、.parquet、.html 或 .json。")
        ],
        level: Annotated[str, typer.Option(help="区域的级别：county town …。")] = "county",
        by: Annotated[
            str,
            typer.Option(
                help="link 按环节，scene 按场景，committee 按专委会；也可写 环节、场景、专委会。"
            ),
        ] = "",
        on: Annotated[str | None, on_option] = None,
        codes: Annotated[bool, codes_option] = False,
        fail_on: Annotated[
            str,
            typer.Option(
                "--fail-on",
                help="有达到该级别的问题时返回 1：error warning info never；监管盲区和没有行业领域的企业算 error。",
            ),
        ] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """行业×地区监管覆盖：谁监管，哪里是盲区。"""
        check_options(lang, fail_on)
        output(out, ".xlsx .html .csv .parquet .json", ("coverage", "监管覆盖"))
        graph, day = read(place, on, lang)
        by = {"环节": "link", "场景": "scene", "专委会": "committee"}.get(by, by)
        found = graph.coverage(level, day, by=by, lang=lang)
        speaker = Speaker(lang)
        save_shown(found, out, lang=lang, codes=codes)
        states = (
            f"{speaker.cell('status', state)} {n}" for state, n in found.counts().items() if n
        )
        if len(found):
            tell(_TEXTS[lang]["cells"].format(found._crossed(), len(found), speaker.listed(states)))
        else:
            tell(found._nothing(lang))
        tell(_TEXTS[lang]["wrote"].format(out))
        if left := found._left_out(lang):
            warn(left)
        # Of an enterprise without a sector nobody can say who regulates it.
        blind = len(found.blind) + found.without_sector
        end(graph, blind if fail_on != "never" else 0, fail_on, lang)

    @app.command(cls=command, name="whatif")
    def whatif_command(
        place: Annotated[Path, dataset],
        out: Annotated[
            Path | None, typer.Option("-o", "--out", help="输出：.html、.xlsx 或 .json。")
        ] = None,
        dissolve: Annotated[
            list[str] | None, typer.Option(help="撤销单位：编号或名称；可重复。")
        ] = None,
        merge: Annotated[list[str] | None, typer.Option(help="合并：甲,乙=丙；可重复。")] = None,
        split: Annotated[list[str] | None, typer.Option(help="拆分：甲=乙,丙；可重复。")] = None,
        move: Annotated[
            list[str] | None, typer.Option(help="行业领域换部门：行业领域:甲=乙；可重复。")
        ] = None,
        vacate: Annotated[
            list[str] | None, typer.Option(help="岗位空缺：编号或名称；可重复。")
        ] = None,
        on: Annotated[str | None, on_option] = None,
        profile: Annotated[
            str, typer.Option(help="口径：national（国家）shandong（山东）shenzhen（深圳）。")
        ] = "national",
        fail_on: Annotated[str, fail_option] = "error",
        lang: Annotated[str, lang_option] = "zh",
    ) -> None:
        """假如撤销、合并、拆分单位，行业换部门，岗位空缺，会怎样。"""
        check_options(lang, fail_on)
        output(out, ".html .xlsx .json", ("a what-if", "推演结果"))
        changes = _changes(
            dissolve or (), merge or (), split or (), move or (), vacate or (), str
        )  # fmt: skip
        if not changes:
            raise fault("whatif.no_change")
        graph, day = read(place, on, lang)
        changes = _changes(
            dissolve or (), merge or (), split or (), move or (), vacate or (),
            lambda text: node_named(graph._graph, text),
        )  # fmt: skip
        profile = _PROFILES.get(profile, profile)
        found = graph.what_if(changes, day, profile=profile, lang=lang)
        if out is not None:
            save_shown(found, out, found.text, lang=lang)
        counts = found.counts()
        tell(
            _TEXTS[lang]["whatif"].format(
                found.text, counts["orphans"], counts["new"], counts["gone"], counts["coverage"]
            )
        )
        new = dict.fromkeys(LEVELS, 0)
        told = Counter[tuple[str, str]]()
        for row in found.findings._rows():
            sort = row["change"], row["rule"]
            told[sort] += 1
            if told[sort] <= _MOST_TOLD:
                # What a rule found names it; why one was not asked does not.
                rule = "" if row["rule"] in row["message"] else f"{row['rule']} "
                tell(f"  {'+' if row['change'] == 'new' else '-'} {rule}{row['message']}")
            new[row["severity"]] += row["change"] == "new"
        for (_, rule), count in told.items():
            if count > _MOST_TOLD:
                tell(_TEXTS[lang]["more"].format(rule, count - _MOST_TOLD))
        if out is not None:
            tell(_TEXTS[lang]["wrote"].format(out))
        end(graph, grave(new, fail_on), fail_on, lang)

    @app.command(cls=command, name="demo-county")
    def demo_county(
        out: Annotated[Path, typer.Argument(metavar="OUT", help="新建的文件夹。")],
        seed: Annotated[int, typer.Option(help="随机种子；相同种子结果相同。")] = 1,
        defects: Annotated[
            bool, typer.Option("--defects", help="每条规则埋设一处缺陷，并列出清单。")
        ] = False,
    ) -> None:
        """虚构一个县的责任图谱，写入 OUT；区划名称为真实名称。"""
        if defects:
            listed = out.parent / f"{out.name}-planted.csv"
            write_planted_demo(out, listed, seed)
            tell(_TEXTS["zh"]["wrote"].format(listed))
        else:
            write_county_demo(out, seed)
        tell(_TEXTS["zh"]["wrote"].format(out))


def _changes(
    dissolve: Sequence[str],
    merge: Sequence[str],
    split: Sequence[str],
    move: Sequence[str],
    vacate: Sequence[str],
    named: Callable[[str], str],
) -> list[Change]:
    """Changes from what stands behind the options; `named` gives the id of an id or a name."""

    def halves(option: str, text: str, form: str) -> tuple[str, str]:
        left, mark, right = text.partition("=")
        if not (left and mark and right):
            raise fault("option.value", name=option, value=text, known=[form])
        return left, right

    out: list[Change] = [Dissolve(named(unit)) for unit in dissolve]
    for text in merge:
        units, into = halves("--merge", text, "a,b=c")
        out.append(Merge([named(unit) for unit in units.split(",")], named(into)))
    for text in split:
        unit, parts = halves("--split", text, "a=b,c")
        out.append(Split(named(unit), [named(part) for part in parts.split(",")]))
    for text in move:
        start, target = halves("--move", text, "sector:a=b")
        sector, mark, source = start.partition(":")
        if not (sector and mark and source):
            raise fault("option.value", name="--move", value=text, known=["sector:a=b"])
        out.append(MoveSector(sector, named(source), named(target)))
    out += [Vacate(named(post)) for post in vacate]
    return out
