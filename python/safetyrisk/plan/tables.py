"""A plan as tables: tasks, units, matrix, due list, what stays open, and edges for a graph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .. import _core
from .._display import details, table_html
from .._result import Result
from ..core import Issues

if TYPE_CHECKING:
    from ..graph import DutyGraph
    from .model import Plan, Task

__all__ = ["CADENCE_WORDS", "KIND_OF_ROLE", "ROLE_WORDS", "PlanEdges", "PlanTable"]

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
}  # fmt: skip
_HEADS = {
    "id": "任务编号", "no": "条目", "title": "任务", "section": "章节", "deadlines": "完成期限",
    "frequencies": "频次", "targets": "目标", "unit": "单位", "role": "职责", "resolved": "所指单位",
    "month": "月份", "date": "期限", "cadence": "频次", "units": "主要单位", "value": "内容",
    "what": "情形", "task": "任务编号", "source": "单位", "target": "任务编号", "kind": "关系",
    "clause": "条目", "confidence": "可信度", "change": "变化", "before": "原来", "after": "现在",
    "before_no": "原条目", "after_no": "现条目", "before_title": "原任务", "after_title": "现任务",
} | ROLE_WORDS  # fmt: skip
# Names that mean whoever it concerns.
_OPEN = re.compile(
    r"^各|^(?:有关|相关|其他)|有关(?:部门|单位)|相关(?:部门|单位)|成员单位|^负有|“.+”"
)


class PlanTable(Result):
    """A table made of a plan."""

    def __init__(self, kind: str, columns: Mapping[str, Sequence[Any]], title: str = "") -> None:
        self._kind = kind
        self._title = title
        self._made = _core.Table(kind)
        for name, cells in columns.items():
            self._made.add(name, list(cells))

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind}: {len(self)} rows>"

    def _repr_html_(self) -> str:
        shown = 100
        hidden = {"begin", "end", "text"}
        columns = {n: _HEADS.get(n, n) for n in self._made.names if n not in hidden}
        more = f"另有 {len(self) - shown} 行未在此显示" if len(self) > shown else ""
        title = f"{self._title or self._kind}：{len(self)} 行"
        return details(title, table_html(self._rows(shown), columns), more)


class PlanEdges(PlanTable):
    """Edges of a plan, unit → task, and what could not be joined.

    Columns: ``source target kind document clause span confidence name rule``; ``name`` is the unit
    as printed, ``confidence`` ``stated``, or ``expanded`` where print leaves something out.
    """

    def __init__(self, columns: Mapping[str, Sequence[Any]], issues: Issues) -> None:
        super().__init__("edges", columns, "任务关系")
        self.issues = issues

    def for_graph(self) -> dict[str, list[Any]]:
        """Columns as a graph takes them."""
        names = ["source", "target", "kind", "document", "clause", "span", "confidence"]
        return {name: self._made.column(name).tolist() for name in names}

    def strangers(self) -> list[str]:
        """Sources that are names and no ids, each once."""
        table = self._made
        pairs = zip(table.column("source").tolist(), table.column("found").tolist(), strict=True)
        return list(dict.fromkeys(source for source, found in pairs if not found))


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


def matrix_cells(plan: Plan) -> dict[str, dict[int, list[str]]]:
    """Roles by unit, in the order of first mention, and by task."""
    cells: dict[str, dict[int, list[str]]] = {}
    for i, task in enumerate(plan.tasks):
        for unit in task.units:
            roles = cells.setdefault(unit.name, {}).setdefault(i, [])
            if unit.role not in roles:
                roles.append(unit.role)
    return cells


def task_heads(plan: Plan) -> list[str]:
    """Short names of the tasks: their numbers where each has one of its own, else ``#1`` …"""
    numbers = Counter(task.no for task in plan.tasks)
    return [
        task.no if task.no and numbers[task.no] == 1 else f"#{i + 1}"
        for i, task in enumerate(plan.tasks)
    ]


def matrix(plan: Plan) -> PlanTable:
    """Units in rows, tasks in columns, roles in the cells."""
    cells = matrix_cells(plan)
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


def unresolved(plan: Plan) -> PlanTable:
    """What a person must still decide: tasks without units, collectives, dates without a year."""
    rows: list[tuple[str, str, int, tuple[int, int]]] = []
    for i, task in enumerate(plan.tasks):
        if not task.units and task.group == "task":
            rows.append(("no_unit", task.title, i, task.span))
        rows += [
            ("collective", unit.name, i, unit.span)
            for unit in task.units
            if not unit.resolved and _OPEN.search(unit.name)
        ]
        rows += [
            ("no_year", date, i, tuple(one["span"]))
            for date, one in zip(task.deadlines, task.spans.get("deadlines", ()), strict=False)
            if date.startswith("--")
        ]
    ids = task_ids(plan)
    return PlanTable(
        "unresolved",
        {
            "what": [what for what, _, _, _ in rows],
            "value": [value for _, value, _, _ in rows],
            "task": [ids[i] for _, _, i, _ in rows],
            "no": [plan.tasks[i].no for _, _, i, _ in rows],
            "begin": [span[0] for *_, span in rows],
            "end": [span[1] for *_, span in rows],
        },
        "未解析",
    )


#: What is unresolved, in words.
UNRESOLVED_WORDS = {
    "no_unit": "没有责任单位",
    "collective": "集合称谓",
    "no_year": "期限没有年份",
}


# ---- for a graph -------------------------------------------------------------------------------

# Nodes that no unit of a plan is.
_NO_UNITS = {
    "region", "post", "person", "sector", "scene", "risk_point", "major_hazard_source", "hazard",
    "accident", "task", "document", "clause", "legal_basis", "letter", "record",
}  # fmt: skip
_REGION = re.compile(r"(.{1,8}?(?:省|市|县|区|自治州|盟|旗))")


class _Names:
    """Units of a graph by name."""

    def __init__(self, graph: DutyGraph, plan: Plan) -> None:
        self._ids: dict[str, list[str]] = {}
        self._graph = graph
        nodes = graph.nodes.to_columns()
        for identity, kind, name in zip(nodes["id"], nodes["kind"], nodes["name"], strict=True):
            if name and kind not in _NO_UNITS:
                self._ids.setdefault(_bare(name), []).append(identity)
        found = _REGION.match(plan.issuer or plan.title)
        self._region = found[1] if found else ""

    def of(self, name: str) -> list[str]:
        """Ids of a name as printed, else of the name with the issuer's region before it."""
        bare = _bare(name)
        ids = self._ids.get(bare, [])
        # 市公安局 in a plan of 甲市 is 甲市公安局.
        if not ids and self._region and bare[:1] == self._region[-1]:
            ids = self._ids.get(self._region + bare[1:], [])
        return ids or ([name] if name in self._graph else [])


def _bare(name: str) -> str:
    return re.sub(r"\s+", "", name).replace("（", "(").replace("）", ")")


def edges(plan: Plan, graph: DutyGraph | None = None) -> PlanEdges:
    """Unit → task."""
    known = None if graph is None else _Names(graph, plan)
    document = document_id(plan)
    rows: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    strange: dict[str, int] = {}
    for identity, task in zip(task_ids(plan), plan.tasks, strict=True):
        for unit in task.units:
            meant = unit.resolved or ((unit.name, unit.rule),)
            sure = "expanded" if unit.resolved else "stated"
            for name, rule in meant:
                source, is_found = name, False
                if known is not None:
                    ids = known.of(name)
                    if len(ids) == 1:
                        source, is_found = ids[0], True
                    else:
                        strange.setdefault(name, len(ids))
                key = (source, identity, KIND_OF_ROLE[unit.role])
                span = f"{unit.span[0]}-{unit.span[1]}"
                rest = (document, task.no or task.title, span, sure, unit.name, rule, is_found)
                rows.setdefault(key, key + rest)
    issues = _core.IssueTable()
    for name, count in strange.items():
        if count:
            issues.add("plan.unit_ambiguous", value=name, args=[str(count)])
        else:
            issues.add("plan.unit_not_in_graph", value=name)
    names = ("source", "target", "kind", "document", "clause", "span", "confidence", "name", "rule",
             "found")  # fmt: skip
    columns: dict[str, list[Any]] = {
        name: [row[i] for row in rows.values()] for i, name in enumerate(names)
    }
    return PlanEdges(columns, Issues(issues))


def tasks_table(plan: Plan) -> dict[str, list[Any]]:
    """Rows of the table ``tasks`` of a dataset."""
    numbers = [[t for t in task.targets if t["measure"] != "all"] for task in plan.tasks]
    only = [found[0] if len(found) == 1 else None for found in numbers]
    return {
        "id": task_ids(plan),
        "name": [task.title for task in plan.tasks],
        "unit": [document_id(plan)] * len(plan.tasks),
        "no": [task.no for task in plan.tasks],
        "deadline": [_last(task.deadlines) for task in plan.tasks],
        "cadence": [task.frequencies[0] if task.frequencies else None for task in plan.tasks],
        "target": [float(one["value"]) if one else float("nan") for one in only],
        "target_unit": [one["unit"] or None if one else None for one in only],
        "target_op": [one["op"] if one else None for one in only],
    }


def _last(dates: Iterable[str]) -> str | None:
    return max((date for date in dates if not date.startswith("--")), default=None)


def nodes_table(plan: Plan, graph: DutyGraph | None = None) -> dict[str, list[Any]]:
    """The document itself, and names that are no node of a graph, as rows of ``nodes``."""
    issuer = _Names(graph, plan).of(plan.issuer) if graph is not None and plan.issuer else []
    names = edges(plan, graph).strangers()
    rest: list[str | None] = [None] * len(names)
    return {
        "id": [document_id(plan), *names],
        "kind": ["document", *["collective"] * len(names)],
        "name": [plan.title or document_id(plan), *names],
        "date": [plan.date.isoformat() if plan.date else None, *rest],
        "issuer": [issuer[0] if len(issuer) == 1 else None, *rest],
    }
