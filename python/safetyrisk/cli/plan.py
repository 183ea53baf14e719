"""The command ``plan``: read work plans, list duties, compare."""

# No deferred annotations here: typer reads them, and they name things that are local.

from pathlib import Path
from typing import Annotated, Any

from .._api import read_plan
from .._faults import fault
from .._saving import save
from .console import check_options, finish, room, tell

__all__ = ["add_plan_command"]

_ENDINGS = (".json", ".xlsx", ".html", ".csv", ".parquet")
_TEXTS = {
    "zh": {
        "plan": "{title}：任务 {tasks} 项，单位 {units} 处，期限 {deadlines} 个，频次 {frequencies} 个，"
        "待定事项 {open} 条",
        "duties": "{name}：职责 {duties} 条，年度任务 {tasks} 条",
        "changes": "与“{title}”相比：{counts}",
        "cover": "“{title}”共 {items} 项，落到本级 {owed} 项：已覆盖 {covered}，待核对 {doubtful}，"
        "未覆盖 {uncovered}；覆盖率 {ratio:.0%}",
        "not_owed": "“{title}”共 {items} 项，没有一项写明落到本级，不计覆盖率",
        "near": "未计入写法相近的名称：{}；是同一单位的，请用 --dataset 给出责任图谱，或另按该名称列出",
        "as_printed": "{} 中单位均为原文写法；图谱中的名称见 .xlsx、.html 或 .json",
        "comma": "，",
        "wrote": "已写入 {}",
    },
    "en": {
        "plan": "{title}: {tasks} tasks, {units} units, {deadlines} deadlines, {frequencies} cadences, "
        "{open} open questions",
        "duties": "{name}: {duties} duties, {tasks} tasks of the year",
        "changes": "compared with '{title}': {counts}",
        "cover": "'{title}' has {items} items, {owed} of them owed: {covered} covered, {doubtful} "
        "doubtful, {uncovered} uncovered; coverage {ratio:.0%}",
        "not_owed": "'{title}' has {items} items, none of them says that it is owed: no coverage",
        "near": "not counted, though spelt alike: {}; if they are the same unit, name a graph with "
        "--dataset, or list them, too",
        "as_printed": "{} has units as printed; .xlsx, .html and .json have those of the graph",
        "comma": ", ",
        "wrote": "Wrote {}",
    },
}


def add_plan_command(
    app: Any,
    typer: Any,
    command: Any,
) -> None:
    """Add the command to the application."""

    @app.command(cls=command, name="plan")
    def plan_command(
        sources: Annotated[
            list[Path],
            typer.Argument(
                metavar="IN", help="工作要点、方案：.txt .docx .pdf .html；--unit 可给多份。"
            ),
        ],
        out: Annotated[
            Path | None,
            typer.Option(
                "-o",
                "--out",
                help="输出：.json、.xlsx、.html、.csv 或 .parquet；省略时只显示概况。",
            ),
        ] = None,
        year: Annotated[
            int | None, typer.Option(help="没有年份的期限属于哪一年；省略时按标题和印发日期。")
        ] = None,
        identity: Annotated[str, typer.Option("--id", help="文件编号；省略时用文件名。")] = "",
        unit: Annotated[
            str | None,
            typer.Option(help="改为输出该单位（或图谱中岗位编号）的职责清单和年度任务清单。"),
        ] = None,
        last: Annotated[
            Path | None, typer.Option("--last", help="改为输出与该文件（上年）的对比。")
        ] = None,
        superior: Annotated[
            Path | None, typer.Option("--superior", help="改为输出上级该文件各项任务的覆盖情况。")
        ] = None,
        dataset: Annotated[
            Path | None, typer.Option("--dataset", help="责任图谱数据集，按它对应单位名称。")
        ] = None,
        fail_on: Annotated[
            str, typer.Option(help="达到该级别的问题时返回 1：error warning info never。")
        ] = "error",
        lang: Annotated[str, typer.Option(help="语言：zh 或 en。")] = "zh",
    ) -> None:
        """读取工作要点：任务、责任单位及职责、期限、频次、目标；职责清单，年度和上下级对比。"""
        check_options(lang, fail_on)
        if out is not None and out.suffix.lower() not in _ENDINGS:
            raise fault("output.suffix", what=("a work plan", "工作计划"),
                        known=" ".join(_ENDINGS), suffix=out.suffix)  # fmt: skip
        if unit is not None and not unit.strip():
            raise fault("plan.unit_empty")
        asked = [name for name, given in (("--unit", unit), ("--last", last),
                                          ("--superior", superior)) if given]  # fmt: skip
        if len(asked) > 1:
            raise fault("plan.one_question", options=asked)
        if len(sources) > 1 and (not unit or identity):
            raise fault("plan.one_document")
        for source in (*sources, last, superior):
            if source is None or out is None:
                continue
            if out.exists() and source.exists() and out.samefile(source):
                raise fault("output.is_input", file=out)
        if out is not None:
            room(out)
        from ..io.plan_book import save_plan

        texts = _TEXTS[lang]
        plans = [read_plan(source, year, identity) for source in sources]
        plan = plans[0]
        issues = plan.issues
        for more in plans[1:]:
            issues = issues + more.issues
        graph: Any = None
        if dataset is not None:
            from .._responsibility import ResponsibilityGraph

            graph = ResponsibilityGraph.read(dataset)
            for one in plans:
                issues = issues + one.edges(graph).issues
        if unit:
            from ..plan import duty_list

            found = duty_list(unit, plans, graph)
            if out is not None:
                save(found, out, lang=lang)
            tell(texts["duties"].format(name=found.name, duties=len(found.duties),
                                        tasks=len(found.tasks)))  # fmt: skip
            if found.near:
                tell(texts["near"].format(texts["comma"].join(found.near)))
        elif last is not None:
            from ..plan import compare
            from ..plan.tables import CHANGE_WORDS

            before = read_plan(last)
            changes = compare(before, plan, graph, lang=lang)
            if out is not None:
                save(changes, out, lang=lang)
            counts = [f"{CHANGE_WORDS[one] if lang == 'zh' else one} {n}"
                      for one, n in changes.counts().items() if n]  # fmt: skip
            tell(texts["changes"].format(title=before.title or last.name,
                                         counts=texts["comma"].join(counts)))  # fmt: skip
        elif superior is not None:
            from ..plan import cover

            above = read_plan(superior)
            covered = cover(above, plan, graph, lang=lang)
            if out is not None:
                save(covered, out, lang=lang)
            said = texts["not_owed" if covered.ratio is None else "cover"]
            tell(said.format(title=above.title or superior.name, ratio=covered.ratio,
                             **covered.counts()))  # fmt: skip
        else:
            if out is not None:
                save_plan(plan, out, lang=lang, graph=graph)
                if graph is not None and out.suffix.lower() in (".csv", ".parquet"):
                    tell(texts["as_printed"].format(out.suffix))
            told = {
                "title": plan.title or plan.id,
                "tasks": len(plan),
                "units": sum(len(task.units) for task in plan.tasks),
                "deadlines": sum(len(task.deadlines) for task in plan.tasks),
                "frequencies": sum(len(task.frequencies) for task in plan.tasks),
                "open": len(plan.unresolved),
            }
            tell(texts["plan"].format(**told))
        if out is not None:
            tell(texts["wrote"].format(out))
        finish(issues, fail_on, lang)
