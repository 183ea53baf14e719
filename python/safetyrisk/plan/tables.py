"""A plan as tables: tasks, units, matrix, due list, what stays open, and edges for a graph."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import _core
from .._display import details
from .._faults import fault
from .._result import Result
from ..core import Issues
from .naming import Meant, Naming, mentions
from .times import unread_times

if TYPE_CHECKING:
    from ..graph import DutyGraph
    from .model import Plan, Task, Unit

__all__ = ["CADENCE_WORDS", "KIND_OF_ROLE", "ROLE_WORDS", "PlanEdges", "PlanTable"]

#: Larger matrices are lists on pages and in workbooks.
MOST_CELLS = 500_000
#: Roles in the order of a clause, with their words.
ROLE_WORDS = {
    "organize": "组织",
    "lead": "牵头",
    "joint": "会同",
    "share": "分工负责",
    "assist": "配合",
    "supervise": "督促",
    "implement": "落实",
    "responsible": "责任单位",
}
#: Kinds of edges that roles are in a graph.
KIND_OF_ROLE = {
    "organize": "ORGANIZES",
    "lead": "LEADS_TASK",
    "joint": "JOINT",
    "share": "SHARES",
    "assist": "ASSISTS",
    "supervise": "SUPERVISES_TASK",
    "implement": "IMPLEMENTS",
    "responsible": "RESPONSIBLE",
}
CADENCE_WORDS = {
    "P1D": "每日", "P1W": "每周", "P1M": "每月", "P3M": "每季度", "P6M": "每半年", "P1Y": "每年",
    "ongoing": "长期",
}  # fmt: skip
GROUP_WORDS = {"task": "任务", "phase": "阶段", "safeguard": "保障措施"}
#: What is unresolved, gravest first, in words.
UNRESOLVED_WORDS = {
    "no_unit": "没有责任单位",
    "only_collective": "只写集合称谓，没有具体单位负责",
    "time_unread": "期限或频次没有读出",
    "no_year": "期限没有年份",
    "collective": "集合称谓，所指单位未写明",
}
CHANGE_WORDS = {
    "added": "新增",
    "dropped": "取消",
    "moved": "调整章节",
    "new_lead": "牵头单位变化",
    "weaker_role": "职责减弱",
    "dropped_unit": "不再列名",
    "later_deadline": "期限推后",
    "less_often": "频次降低",
    "weaker_target": "目标降低",
    "unmatched": "未能对应，请核对",
    "same": "未减弱",
}
STATUS_WORDS = {"covered": "已覆盖", "doubtful": "待核对", "uncovered": "未覆盖"}
#: Words for what cells hold, by column.
_WORDS: dict[str, Mapping[str, str]] = {
    "role": ROLE_WORDS | {"list": "责任清单"},
    "cadence": CADENCE_WORDS,
    "frequencies": CADENCE_WORDS,
    "kind": {kind: ROLE_WORDS[role] for role, kind in KIND_OF_ROLE.items()},
    "group": GROUP_WORDS,
    "what": UNRESOLVED_WORDS,
    "change": CHANGE_WORDS,
    "list": {"duty": "职责清单", "task": "年度任务清单"},
    "confidence": {
        "stated": "写明", "expanded": "展开", "inferred": "推定", "marked": "责任条款",
        "running": "正文语句", "mended": "修复后读出",
    },
    "how": {
        "name": "名称", "alias": "别称", "successor": "承继单位", "predecessor": "前身",
        "function": "简称或职能", "seat": "所在地政府", "collective": "集合称谓",
    },
    "finding": {
        "unknown": "图谱中没有", "ambiguous": "有多个同名", "obsolete": "名称已停用",
        "not_yet": "当时尚未设立", "open": "所指不限定",
    },
    "status": STATUS_WORDS | {"not_owed": "未写明落到本级"}
    | {"fails": "不符合", "not_assessed": "未评估"},
    "severity": {"error": "错误", "warning": "警告", "info": "提示"},
}  # fmt: skip
_HEADS = {
    "id": "任务编号", "no": "条目", "title": "任务", "section": "章节", "group": "类别",
    "deadlines": "完成期限", "frequencies": "频次", "targets": "目标", "unit": "单位", "role": "职责",
    "resolved": "所指单位", "month": "月份", "date": "期限", "cadence": "频次", "units": "主要单位",
    "value": "内容", "what": "情形", "count": "次数", "task": "任务编号", "tasks": "涉及条目",
    "source": "单位", "target": "任务编号", "kind": "关系", "document": "文件", "clause": "条目",
    "confidence": "可信度", "name": "原文名称", "how": "对应方式", "mentions": "次数",
    "nodes": "图谱编号", "names": "图谱名称", "finding": "问题", "message": "说明",
    "tier": "层次", "change": "变化", "before": "原来", "after": "现在", "before_no": "原条目",
    "after_no": "现条目", "before_title": "原任务", "after_title": "现任务", "score": "相似度",
    "owed": "落到本级的依据", "status": "结果", "nearest_no": "最接近条目",
    "nearest_title": "最接近任务", "why": "说明", "later": "期限晚于上级", "weaker": "目标或频次低于上级",
    "missing": "上级写明而本级未写",
    "items": "任务数", "covered": "已覆盖", "doubtful": "待核对", "uncovered": "未覆盖",
    "ratio": "覆盖率", "list": "清单", "lead": "牵头单位", "others": "同任务的其他单位",
    "through": "经由单位", "basis": "依据", "begin": "起（第几字）", "end": "止（第几字）",
    "text": "原文", "rule": "规则", "severity": "级别", "edges": "涉及关系", "cure": "怎样改正",
}  # fmt: skip
# Headers that one kind of table says otherwise.
_OTHER_HEADS: dict[str, Mapping[str, str]] = {
    "plan": ROLE_WORDS,
    "matrix": {"tasks": "任务数"},
    "findings": {"nodes": "任务编号"},
    "coverage_sections": {"owed": "落到本级"},
}
# What a person does not read: codes of the parser, places that stand in words beside them.
_UNREAD = {"begin", "end", "text", "rule", "span"}
# Columns whose cells are lists.
_LISTS = {
    "deadlines", "month", "date", "targets", "resolved", "units", "tasks", "nodes", "names", "lead", "others",
    "owed", "before", "after", *ROLE_WORDS,
}  # fmt: skip
_DATED = re.compile(r"^--(\d\d)(?:-(\d\d))?(?=（|$)")
# Names that mean whoever it concerns.
_OPEN = re.compile(
    r"^各|^(?:有关|相关|其他)|有关(?:部门|单位)|相关(?:部门|单位)|成员单位|^负有|“.+”"
)


class PlanTable(Result):
    """A table made of a plan."""

    def __init__(self, kind: str, columns: Mapping[str, Sequence[Any]], title: str = "") -> None:
        self._kind = kind
        self._title = title
        self._words: dict[str, dict[str, str]] = {}
        self._made = _core.Table(kind)
        for name, cells in columns.items():
            self._made.add(name, list(cells))

    @property
    def title(self) -> str:
        """What it is a table of, in words."""
        return self._title or self._kind

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind}: {len(self)} rows>"

    def shown(self, lang: str = "zh") -> dict[str, list[Any]]:
        """Columns as a person reads them: words for codes, lists parted by 、; by their header."""
        zh = lang == "zh"
        heads = _HEADS | dict(_OTHER_HEADS.get(self._kind, {}))
        out: dict[str, list[Any]] = {}
        for name in self._made.names:
            words = {**_WORDS.get(name, {}), **self._words.get(name, {})}
            if self._kind == "matrix" and name not in ("unit", "tasks"):
                words = ROLE_WORDS
            cells = self._made.column(name).tolist()
            if name in ("score", "ratio"):
                cells = [_figure(cell, name == "ratio") for cell in cells]
            elif zh and (words or name in _LISTS):
                cells = [in_words(cell, words) for cell in cells]
            else:
                cells = [_none(cell) for cell in cells]
            head = heads.get(name, name) if zh else name
            out[head if head not in out else f"{head}（{name}）"] = cells
        return out

    def page_html(self, most: int | None = None) -> str:
        """Table as static HTML; `most` rows, all by default."""
        shown = self.shown()
        heads = list(shown)
        left_out = {heads[i] for i, name in enumerate(self._made.names) if name in _UNREAD}
        columns = {
            head: cells
            for head, cells in shown.items()
            if head not in left_out and any(map(_filled, cells))
        }
        count = len(self) if most is None else min(most, len(self))
        rows = [{head: cells[i] for head, cells in columns.items()} for i in range(count)]
        for row in rows:  # whom “各乡镇政府” means fills a page; workbooks have them all
            for name in ("图谱编号", "图谱名称"):
                listed = str(row.get(name) or "").split("、")
                if len(listed) > _LISTED:
                    row[name] = f"{'、'.join(listed[:3])}等{len(listed)}个"
        more = "" if count == len(self) else f"另有 {len(self) - count} 行未在此显示"
        title = f"{self.title}：{len(self)} 行"
        return details(title, grid_html(rows, {head: head for head in columns}), more)

    def _repr_html_(self) -> str:
        return self.page_html(100)


def _filled(cell: Any) -> bool:
    return cell is not None and cell != "" and cell == cell


_CELL = "padding:2px 8px;text-align:left;vertical-align:top;border-bottom:1px solid #ddd"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# Longer lists of nodes are cut on a page.
_LISTED = 6
# So many characters stand in one line.
_SHORT = 7


def grid_html(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> str:
    """Table of the given columns (name to header); dates and short cells are not broken."""
    close = f"{_CELL};white-space:nowrap"
    head = "".join(f'<th style="{close}">{html.escape(h)}</th>' for h in columns.values())
    body = []
    for row in rows:
        cells = []
        for name in columns:
            value = row.get(name)
            text = "" if value is None else str(value)
            if not text:
                cells.append("<td></td>")
                continue
            shown = html.escape(text)
            if len(text) > _SHORT:
                shown = _DATE.sub(r'<span style="white-space:nowrap">\g<0></span>', shown)
            style = close if len(text) <= _SHORT else _CELL
            cells.append(f'<td style="{style}">{shown}</td>')
        body.append('<tr style="border-bottom:1px solid #ddd">' + "".join(cells) + "</tr>")
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;font-size:90%">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _none(cell: Any) -> Any:
    return cell if _filled(cell) else None


def _figure(cell: float | None, share: bool) -> str | None:
    if not _filled(cell):
        return None
    return f"{100 * cell:.1f}%" if share else f"{cell:.2f}"  # type: ignore[operator]


def in_words(cell: Any, words: Mapping[str, str]) -> Any:
    """A cell as a person reads it: words for codes, a list parted by 、, dates without year said."""
    if not isinstance(cell, str):
        return _none(cell)
    parts = [_DATED.sub(_month_and_day, words.get(one, one)) for one in cell.split(";")]
    return "、".join(parts) or None


def _month_and_day(found: re.Match[str]) -> str:
    day = f"{int(found[2])}日" if found[2] else ""
    return f"{int(found[1])}月{day}（缺年份）"


class PlanEdges(PlanTable):
    """Edges of a plan, unit → task, and what could not be joined.

    Columns: ``source target kind document clause span confidence name rule how``; ``name`` is the
    unit as printed, ``confidence`` ``stated``, or ``expanded`` where print leaves something out;
    ``how`` says by what a graph knew it: ``name alias successor predecessor function seat
    collective``.

    Attributes
    ----------
    issues
        Names that the graph does not have exactly once, and collectives left as they are.
    strangers
        Sources that are names and no ids, each once.
    """

    def __init__(
        self, columns: Mapping[str, Sequence[Any]], issues: Issues, strangers: Sequence[str]
    ) -> None:
        super().__init__("edges", columns, "任务关系")
        self.issues = issues
        self.strangers = list(strangers)

    def for_graph(self) -> dict[str, list[Any]]:
        """Columns as a graph takes them."""
        names = ["source", "target", "kind", "document", "clause", "span", "confidence"]
        return {name: self._made.column(name).tolist() for name in names}


def task_ids(plan: Plan) -> list[str]:
    """Ids of the tasks: the plan's own, and their number in it from 1."""
    return [f"{document_id(plan)}#{i + 1}" for i in range(len(plan.tasks))]


def document_id(plan: Plan) -> str:
    """Id of the plan; its title where it has none."""
    return plan.id or plan.title or "plan"


def target_text(target: Mapping[str, Any]) -> str:
    """A target in print."""
    return str(target["text"])


def task_columns(plan: Plan) -> dict[str, list[Any]]:
    """Columns of the task table; units of each role joined by ``;``."""
    tasks = plan.tasks
    columns: dict[str, list[Any]] = {
        "id": task_ids(plan),
        "no": [task.no for task in tasks],
        "title": [task.title for task in tasks],
        "group": [task.group for task in tasks],
        "section": [task.section for task in tasks],
    }
    for role in ROLE_WORDS:
        columns[role] = [named(task, role) or None for task in tasks]
    columns |= {
        "deadlines": [";".join(task.deadlines) or None for task in tasks],
        "frequencies": [";".join(task.frequencies) or None for task in tasks],
        "targets": [";".join(target_text(t) for t in task.targets) or None for task in tasks],
        "begin": [task.span[0] for task in tasks],
        "end": [task.span[1] for task in tasks],
        "text": [task.text for task in tasks],
    }
    return columns


def named(task: Task, role: str) -> str:
    """Units of a role, each once."""
    return ";".join(dict.fromkeys(u.name for u in task.units if u.role == role))


def unit_table(plan: Plan) -> PlanTable:
    """One row for each unit that a task names."""
    rows = [
        (identity, task.no, unit)
        for identity, task in zip(task_ids(plan), plan.tasks, strict=True)
        for unit in task.units
    ]
    return PlanTable(
        "units",
        {
            "task": [identity for identity, _, _ in rows],
            "no": [no for _, no, _ in rows],
            "unit": [unit.name for _, _, unit in rows],
            "role": [unit.role for _, _, unit in rows],
            "tier": [unit.tier for _, _, unit in rows],
            "resolved": [";".join(n for n, _ in unit.resolved) or None for _, _, unit in rows],
            "rule": [unit.rule for _, _, unit in rows],
            "confidence": [unit.confidence for _, _, unit in rows],
            "begin": [unit.span[0] for _, _, unit in rows],
            "end": [unit.span[1] for _, _, unit in rows],
        },
        "单位",
    )


def matrix_cells(plan: Plan, graph: DutyGraph | None = None) -> dict[str, dict[int, list[str]]]:
    """Roles by unit, in the order of first mention, and by task.

    With a graph units stand under their names there, each member of a closed collective by itself;
    what the graph does not have exactly once stands as printed.
    """
    cells: dict[str, dict[int, list[str]]] = {}
    names = None if graph is None else unit_names(plan, graph)
    for i, task in enumerate(plan.tasks):
        for unit in task.units:
            for name in (unit.name,) if names is None else names(unit):
                roles = cells.setdefault(name, {}).setdefault(i, [])
                if unit.role not in roles:
                    roles.append(unit.role)
    return cells


def unit_names(plan: Plan, graph: DutyGraph) -> Callable[[Unit], tuple[str, ...]]:
    """Make a function that gives the names of those whom a unit of a task means in a graph."""
    naming = Naming(graph, plan)
    known: dict[tuple[str, tuple[tuple[str, str], ...]], tuple[str, ...]] = {}
    called: dict[str, str] = {}

    def node_name(node: str) -> str:
        name = graph.name(node) or node
        # Two nodes of one name are two units.
        return name if called.setdefault(name, node) == node else f"{name}（{node}）"

    def of(unit: Unit) -> tuple[str, ...]:
        key = (unit.name, unit.resolved)
        if key not in known:
            found: dict[str, None] = {}
            for meant, _ in naming.of(unit):
                sure = meant.nodes and meant.finding not in ("open", "ambiguous")
                for name in map(node_name, meant.nodes) if sure else (meant.name,):
                    found[name] = None
            known[key] = tuple(found) or (unit.name,)
        return known[key]

    return of


def parts_table(plan: Plan, cells: Mapping[str, Mapping[int, Sequence[str]]]) -> PlanTable:
    """What a matrix says as a list: a row for each unit and task."""
    heads = task_heads(plan)
    rows = [(unit, i, roles) for unit, by_task in cells.items() for i, roles in by_task.items()]
    return PlanTable(
        "parts",
        {
            "unit": [unit for unit, _, _ in rows],
            "no": [heads[i] for _, i, _ in rows],
            "title": [plan.tasks[i].title for _, i, _ in rows],
            "role": [";".join(roles) for _, _, roles in rows],
        },
        f"单位与任务（{len(cells)}个单位、{len(plan.tasks)}项任务，矩阵过大，逐条列出）",
    )


def stated_times(plan: Plan, lang: str = "zh") -> dict[int, list[str]]:
    """What stands where a deadline should and is none, by task: 长期坚持 as it is, others as unread."""
    out: dict[int, list[str]] = {}
    for one in unread_times(plan):
        unread = (
            f"（原文：{one.text}，未能读出日期）" if lang == "zh" else f"({one.text}: not read)"
        )
        out.setdefault(one.task, []).append(one.text if one.ongoing else unread)
    return out


def task_heads(plan: Plan) -> list[str]:
    """Short names of the tasks: their numbers where each has one of its own, else ``#1`` …"""
    numbers = Counter(task.no for task in plan.tasks)
    return [
        task.no if task.no and numbers[task.no] == 1 else f"#{i + 1}"
        for i, task in enumerate(plan.tasks)
    ]


def matrix(plan: Plan) -> PlanTable:
    """Units in rows, tasks in columns, roles in the cells."""
    return matrix_of(plan, matrix_cells(plan))


def matrix_of(plan: Plan, cells: Mapping[str, Mapping[int, Sequence[str]]]) -> PlanTable:
    """Make the matrix of cells that were gathered."""
    if len(cells) * len(plan.tasks) > 10 * MOST_CELLS:
        raise fault("plan.matrix_too_large", units=len(cells), tasks=len(plan.tasks))
    columns: dict[str, list[Any]] = {
        "unit": list(cells),
        "tasks": [len(by_task) for by_task in cells.values()],
    }
    for i, head in enumerate(task_heads(plan)):
        columns[head] = [";".join(by_task.get(i, [])) or None for by_task in cells.values()]
    return PlanTable("matrix", columns, "单位与任务")


def _answering(task: Task) -> str:
    """Units that are asked first when a task is due."""
    for roles in (("lead",), ("responsible",), ("organize",), ("share", "joint"), ("implement",)):
        found = dict.fromkeys(u.name for u in task.units if u.role in roles)
        if found:
            return ";".join(found)
    return ""


def due(plan: Plan) -> PlanTable:
    """What is due, by date, then what is to be done regularly."""
    rows: list[tuple[str, str, str, int]] = []
    for i, task in enumerate(plan.tasks):
        rows += [(date[:-3], date, "", i) for date in dict.fromkeys(task.deadlines)]
        rows += [("", "", cadence, i) for cadence in dict.fromkeys(task.frequencies)]
    rows += [("", "", "ongoing", one.task) for one in unread_times(plan) if one.ongoing]
    order = list(CADENCE_WORDS)
    rows.sort(key=lambda row: (
        not row[1], row[1], order.index(row[2]) if row[2] in order else -1, row[3]
    ))  # fmt: skip
    ids = task_ids(plan)
    return PlanTable(
        "due",
        {
            "month": [month or None for month, _, _, _ in rows],
            "date": [date or None for _, date, _, _ in rows],
            "cadence": [cadence or None for _, _, cadence, _ in rows],
            "task": [ids[i] for *_, i in rows],
            "no": [plan.tasks[i].no for *_, i in rows],
            "title": [plan.tasks[i].title for *_, i in rows],
            "units": [_answering(plan.tasks[i]) or None for *_, i in rows],
        },
        "到期清单",
    )


_ANSWERING = ("organize", "lead", "joint", "share", "implement", "responsible")


def unresolved(plan: Plan) -> PlanTable:
    """What a person must still decide, gravest first; the same question is asked once."""
    heads = task_heads(plan)
    rows: dict[tuple[str, str], list[tuple[int, tuple[int, int], bool]]] = {}

    def add(what: str, value: str, task: int, span: tuple[int, int], dated: bool = False) -> None:
        rows.setdefault((what, value), []).append((task, span, dated))

    asked = [i for i, task in enumerate(plan.tasks) if task.group == "task"]
    bare = [i for i in asked if not plan.tasks[i].units]
    # A plan that assigns nothing is one question; a few tasks that it forgot are one each.
    whole = len(bare) > 10 and 2 * len(bare) > len(asked)
    for i, task in enumerate(plan.tasks):
        dated = bool(task.deadlines or task.frequencies or task.targets)
        if not task.units and task.group == "task":
            add("no_unit", "" if whole else f"{heads[i]} {task.title}", i, task.span, dated)
        answering = [unit for unit in task.units if unit.role in _ANSWERING]
        open_ones = [u for u in task.units if not u.resolved and _OPEN.search(u.name)]
        alone = bool(answering) and all(unit in open_ones for unit in answering)
        for unit in open_ones:
            what = "only_collective" if alone and unit in answering else "collective"
            add(what, unit.name, i, unit.span, dated)
        for date, one in zip(task.deadlines, task.spans.get("deadlines", ()), strict=False):
            if date.startswith("--"):
                add("no_year", "", i, (one["span"][0], one["span"][1]), dated)
    for unread in unread_times(plan):
        if not unread.ongoing:
            add("time_unread", unread.text, unread.task, unread.span, True)
    order = list(UNRESOLVED_WORDS)
    listed = sorted(
        rows.items(),
        key=lambda row: (
            order.index(row[0][0]),
            -sum(dated for *_, dated in row[1]) if row[0][0] != "collective" else 0,
            -len(row[1]),
            row[1][0][0],
        ),
    )
    ids = task_ids(plan)
    firsts = [found[0] for _, found in listed]
    return PlanTable(
        "unresolved",
        {
            "what": [what for (what, _), _ in listed],
            "value": [value or None for (_, value), _ in listed],
            "count": [len(found) for _, found in listed],
            "tasks": [
                ";".join(dict.fromkeys(heads[task] for task, _, _ in found)) for _, found in listed
            ],
            "task": [ids[task] for task, _, _ in firsts],
            "begin": [span[0] for _, span, _ in firsts],
            "end": [span[1] for _, span, _ in firsts],
        },
        "待定事项",
    )


# ---- for a graph -------------------------------------------------------------------------------


def _meanings(naming: Naming | None, unit: Unit) -> Iterator[tuple[str, str, str, str, str, bool]]:
    """Source, rule, confidence, how, the name to speak of, whether it is a node's id."""
    if naming is None:
        for name, rule in unit.resolved or ((unit.name, unit.rule),):
            yield name, rule, "expanded" if unit.resolved else "stated", "", name, False
        return
    for meant, rule in naming.of(unit):
        sure = "stated" if rule == unit.rule else "expanded"
        if meant.former:
            # Rule RK-05 finds it; who took its place has the task.
            yield meant.former, rule, sure, "name", meant.name, True
        if meant.collective and meant.finding:
            yield meant.name, rule, sure, "", meant.name, False
        elif meant.nodes and meant.finding != "ambiguous":
            if meant.how not in ("name", "alias"):
                sure = "expanded"
            for node in meant.nodes:
                yield node, rule, sure, meant.how, meant.name, True
        elif not meant.former:
            yield meant.name, rule, sure, "", meant.name, False


def edges(plan: Plan, graph: DutyGraph | None = None) -> PlanEdges:
    """Unit → task."""
    naming = None if graph is None else Naming(graph, plan)
    document = document_id(plan)
    rows: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for identity, task in zip(task_ids(plan), plan.tasks, strict=True):
        for unit in task.units:
            span = f"{unit.span[0]}-{unit.span[1]}"
            for source, rule, sure, how, _, is_node in _meanings(naming, unit):
                key = (source, identity, KIND_OF_ROLE[unit.role])
                rest = (document, task.no or task.title, span, sure, unit.name, rule, how or None)
                rows.setdefault(key, (*key, *rest, is_node))
    names = ("source", "target", "kind", "document", "clause", "span", "confidence", "name", "rule",
             "how")  # fmt: skip
    columns: dict[str, list[Any]] = {
        name: [row[i] for row in rows.values()] for i, name in enumerate(names)
    }
    strangers = list(dict.fromkeys(row[0] for row in rows.values() if not row[-1]))
    issues = Issues() if naming is None else _name_issues(plan, naming)
    return PlanEdges(columns, issues, strangers)


def _name_issues(plan: Plan, naming: Naming) -> Issues:
    issues = _core.IssueTable()
    said: set[str] = set()
    for units in mentions(plan).values():
        for meant, _ in naming.of(units[0]):
            if not meant.finding or meant.name in said:
                continue
            said.add(meant.name)
            count = str(len(meant.nodes))
            if meant.collective:
                issues.add("plan.collective_not_expanded", value=meant.name, args=[count])
            elif meant.finding == "ambiguous":
                issues.add("plan.unit_ambiguous", value=meant.name, args=[count])
            elif meant.finding == "unknown":
                issues.add("plan.unit_not_in_graph", value=meant.name)
            else:
                issues.add("plan.unit_renamed", value=meant.name, args=[meant.message])
    return Issues(issues)


def names(plan: Plan, graph: DutyGraph) -> PlanTable:
    """One row for each printed name: what it means in a graph; open ones first."""
    naming = Naming(graph, plan)
    rows: list[tuple[int, int, dict[str, Any]]] = []
    weight = {"unknown": 0, "ambiguous": 1, "obsolete": 2, "not_yet": 2, "open": 3, "": 4}
    for name, units in mentions(plan).items():
        found = [meant for meant, _ in naming.of(units[0])]
        finding = min((one.finding for one in found), key=weight.__getitem__)
        nodes = list(dict.fromkeys(node for one in found for node in one.nodes))
        row = {
            "unit": name,
            "mentions": len(units),
            "nodes": ";".join(nodes) or None,
            "names": ";".join(graph.name(node) for node in nodes) or None,
            "how": next((one.how for one in found if one.how), None),
            "finding": finding or None,
            "message": next((one.message for one in found if one.message), None),
        }
        rows.append((weight[finding], -len(units), row))
    rows.sort(key=lambda row: row[:2])
    heads = ("unit", "mentions", "nodes", "names", "how", "finding", "message")
    return PlanTable("names", {h: [row[h] for *_, row in rows] for h in heads}, "单位对应")


def tasks_table(plan: Plan) -> dict[str, list[Any]]:
    """Rows of the table ``tasks`` of a dataset."""
    # Phases and safeguards say how the whole is run: without units they are nobody's task.
    kept = [
        (identity, task) for identity, task in zip(task_ids(plan), plan.tasks, strict=True)
        if task.group == "task" or task.units
    ]  # fmt: skip
    tasks = [task for _, task in kept]
    numbers = [[t for t in task.targets if t["measure"] != "all"] for task in tasks]
    only = [found[0] if len(found) == 1 else None for found in numbers]
    return {
        "id": [identity for identity, _ in kept],
        "name": [task.title for task in tasks],
        "unit": [document_id(plan)] * len(tasks),
        "no": [task.no for task in tasks],
        "deadline": [_last(task.deadlines) for task in tasks],
        "cadence": [task.frequencies[0] if task.frequencies else None for task in tasks],
        "target": [float(one["value"]) if one else float("nan") for one in only],
        "target_unit": [one["unit"] or None if one else None for one in only],
        "target_op": [one["op"] if one else None for one in only],
    }


def _last(dates: Iterable[str]) -> str | None:
    return max((date for date in dates if not date.startswith("--")), default=None)


def nodes_table(plan: Plan, graph: DutyGraph | None = None) -> dict[str, list[Any]]:
    """The document itself, and names that are no node of a graph, as rows of ``nodes``."""
    naming = None if graph is None else Naming(graph, plan)
    names = edges(plan, graph).strangers
    rest: list[str | None] = [None] * len(names)
    meant = [None if naming is None else naming.one(name) for name in names]
    return {
        "id": [document_id(plan), *names],
        "kind": ["document", *["collective"] * len(names)],
        "name": [plan.title or document_id(plan), *names],
        "date": [plan.date.isoformat() if plan.date else None, *rest],
        "issuer": [None if naming is None else naming.issuer, *rest],
        "selector": [None, *[_selector(one, graph) for one in meant]],
    }


def _selector(meant: Meant | None, graph: DutyGraph | None) -> str | None:
    """Those whom a collective name means, for whoever asks the graph (rule RK-04)."""
    if meant is None or graph is None or not meant.collective or not meant.nodes:
        return None
    kinds = Counter(graph._graph.node(node)[2] for node in meant.nodes)
    asked = {"kind": kinds.most_common(1)[0][0], "where": [["id", "in", list(meant.nodes)]]}
    return json.dumps(asked, ensure_ascii=False)
