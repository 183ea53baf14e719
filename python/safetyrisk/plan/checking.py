"""What is wrong with a plan as a text: RK-10, RK-12 and RK-13."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..graph import Finding
from .model import Plan
from .tables import PlanTable, task_ids

__all__ = ["PlanFindings", "check"]

_VAGUE = re.compile(
    r"(?:明显|显著|大幅度?|有效|稳步|持续)(?:地)?(?:下降|减少|降低|提升|提高|改善|增强|好转)"
)
_REGULAR = re.compile(r"每(?:日|天|周|旬|月|季度|半年|年)|按(?:日|周|旬|月|季度?)|逐月|定期")
# 通报 goes downward and 举报, 预报 are something else; 报告 may be a paper, unless it goes to somebody.
_REPORT = re.compile(
    r"报送|上报|向[^，,。；;]{1,20}报告|(?<![通举预警情申海])报(?=[^告送到道名废警])"
)
_RECEIVER = re.compile(
    r"(?:向|报送?至?|上报至?|反馈至?)[^，,。；;]{0,12}"
    r"(?:委员会|安委会|安委办|办公室|办|局|厅|政府|党委|工委|管委会|部门|专班|处)"
)
_DAY = re.compile(r"\d+\s*日|月底|季末|年底|次月|\d+\s*个工作日|月末|年末")


class PlanFindings(PlanTable):
    """Findings about a plan: ``rule severity nodes edges message cure status``, as of a graph."""

    def __iter__(self) -> Iterator[Finding]:
        for row in self._rows():
            yield Finding(
                rule=row["rule"], severity=row["severity"], status=row["status"],
                nodes=row["nodes"].split(";") if row["nodes"] else [], edges=[],
                message=row["message"], cure=row["cure"],
            )  # fmt: skip


def check(plan: Plan) -> PlanFindings:
    """Ask the rules that only the text of a plan can answer.

    RK-10: an aim without a number. RK-12: numbers that are missing or repeated, and items without
    units where most have some. RK-13: a report at intervals without a receiver or a day.

    Examples
    --------
    >>> from safetyrisk.plan import parse_plan
    >>> [one.rule for one in check(parse_plan("1.报送。每月报送进展。(市公安局牵头)", id="p"))]
    ['RK-13']
    """
    rows: list[tuple[str, str, str, str, str]] = []
    ids = task_ids(plan)
    for identity, task in zip(ids, plan.tasks, strict=True):
        if not task.targets and (found := _VAGUE.search(task.text)):
            rows.append(("RK-10", "info", identity, f"“{task.title}”的目标“{found[0]}”没有数量",
                         "写明数量、对象和单位"))  # fmt: skip
        for sentence in re.split(r"[。；;]", task.text):
            regular, report = _REGULAR.search(sentence), _REPORT.search(sentence)
            if regular is None or report is None:
                continue
            lacks = [
                word
                for word, form in (("接收单位", _RECEIVER), ("日期", _DAY))
                if not form.search(sentence)
            ]
            if lacks:
                message = f"“{task.title}”{regular[0]}报送，没有写明{'和'.join(lacks)}"
                rows.append(("RK-13", "warning", identity, message, "写明接收单位和日期"))
    items = [(i, t) for i, t in zip(ids, plan.tasks, strict=True) if t.no and t.group == "task"]
    bare = [(identity, task) for identity, task in items if not task.units]
    if 2 * len(bare) < len(items):
        rows += [
            ("RK-12", "info", identity, f"“{task.title}”没有责任条款，多数条目有", "补充责任条款")
            for identity, task in bare
        ]
    for issue in plan.issues:
        if issue.code in ("plan.number_missing", "plan.number_repeated"):
            at = issue.row if issue.row is not None and issue.row < len(ids) else None
            node = "" if at is None else ids[at]
            rows.append(("RK-12", "info", node, issue.message, "更正编号"))
    rows.sort(key=lambda row: row[0])
    return PlanFindings(
        "findings",
        {
            "rule": [row[0] for row in rows],
            "severity": [row[1] for row in rows],
            "nodes": [row[2] for row in rows],
            "edges": [""] * len(rows),
            "message": [row[3] for row in rows],
            "cure": [row[4] for row in rows],
            "status": ["fails"] * len(rows),
        },
        "任务检查",
    )
