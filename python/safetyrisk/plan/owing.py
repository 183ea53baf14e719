"""What a plan asks for, as rows of duties that are set against records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._arguments import expect, texts
from .naming import Naming
from .stated import of_cadences
from .tables import PlanTable, document_id, task_ids

if TYPE_CHECKING:
    from ..graph import DutyGraph
    from .model import Plan, Task, Unit

__all__ = ["PlanDuties", "plan_duties"]

_COLUMNS = (
    "id", "name", "subject", "action", "deadline", "cadence", "target", "valid_from", "valid_to",
    "document", "clause", "task", "role", "read",
)  # fmt: skip
_LEFT = ("task", "no", "title", "what", "value")
#: Roles in the order in which they are asked.
_FIRST = (("lead",), ("responsible",), ("organize",), ("share", "joint"), ("implement",))


class PlanDuties(PlanTable):
    """Duties of a plan, one row for each unit and each deadline, cadence or number.

    Columns: those of the table ``duties`` (README, "Tables") and ``task`` (id of the task), ``role``
    and ``read`` (the words that the deadline, cadence or number was read from). The action is the
    id of the task for a deadline, with ``:each`` for a cadence and ``:count`` for a number (of
    which the records' ``count`` is summed up): a record of the unit with that action says that it
    was done.

    Attributes
    ----------
    left
        What the plan says and no row has: ``task no title what value``. ``what`` is ``no_unit``
        (nobody in the graph answers for the task), ``unit_unknown``, ``no_time`` (neither a
        deadline nor a cadence nor a number), ``no_year``, ``group`` (another cadence, for some
        only), ``no_objects`` (全覆盖 of what is not said), ``no_denominator`` (a share of what is
        not said) or ``no_measure`` (双下降: what is counted is not said).
    """

    def __init__(
        self, rows: Sequence[Mapping[str, Any]], left: Sequence[Mapping[str, Any]]
    ) -> None:
        super().__init__(
            "plan_duties", {name: [row.get(name) for row in rows] for name in _COLUMNS}, "义务"
        )
        self.left = PlanTable(
            "plan_duties_left", {name: [row.get(name) for row in left] for name in _LEFT}, "未列出"
        )

    def __repr__(self) -> str:
        return f"<safetyrisk duties of a plan: {len(self)} rows, {len(self.left)} left out>"


def plan_duties(
    plan: Plan, graph: DutyGraph, roles: Sequence[str] | None = None
) -> PlanDuties:  # fmt: skip
    """Set out what a plan asks for; :meth:`Plan.duties` says how."""
    from ..graph import DutyGraph as Graph

    expect("graph", graph, Graph)
    wanted = None if roles is None else texts(roles, "roles")
    naming = Naming(graph, plan)
    rows: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    for identity, task in zip(task_ids(plan), plan.tasks, strict=True):
        if task.group != "task":
            continue

        def leave(what: str, value: str = "", task: Task = task, identity: str = identity) -> None:
            left.append(
                {"task": identity, "no": task.no, "title": task.title, "what": what, "value": value or None}
            )  # fmt: skip

        asked = _asked(task, wanted)
        nodes: dict[str, str] = {}
        for unit in asked:
            found = [node for meant, _ in naming.of(unit) for node in meant.nodes
                     if meant.finding not in ("open", "ambiguous")]  # fmt: skip
            nodes |= {node: unit.role for node in found if node not in nodes}
            if not found:
                leave("unit_unknown", unit.name)
        if not asked:
            leave("no_unit")
        times = list(_times(plan, task, leave))
        if not times:
            leave("no_time")
        for node, role in nodes.items():
            for k, time in enumerate(times):
                rows.append(
                    {
                        "id": f"{identity}/{node}/{k + 1}",
                        "name": task.title,
                        "subject": node,
                        "action": identity + time["kind"],
                        "document": plan.title or document_id(plan),
                        "clause": task.no,
                        "task": identity,
                        "role": role,
                        **time,
                    }
                )
    return PlanDuties(rows, left)


def _asked(task: Task, wanted: Sequence[str] | None) -> list[Unit]:
    """Units that owe the task: of the roles wanted, else those who are asked first."""
    for roles in _FIRST if wanted is None else (tuple(wanted),):
        found = [unit for unit in task.units if unit.role in roles]
        if found:
            return found
    return []


def _words(plan: Plan, place: Mapping[str, Any]) -> str:
    begin, end = place["span"]
    return plan.text[begin:end]


def _times(plan: Plan, task: Task, leave: Any) -> Iterator[dict[str, Any]]:
    """Deadlines, the cadence and the numbers of a task, each as part of a row."""
    year = plan.year
    whole = {} if year is None else {"valid_from": f"{year}-01-01", "valid_to": f"{year}-12-31"}
    regular = list(zip(task.frequencies, task.spans.get("frequencies", ()), strict=False))
    told = of_cadences(plan, task)
    for cadence, place in regular[:1]:
        if place["op"] == "<=":
            continue  # 每年不超过2次 asks for nothing
        number = None
        if place["count"] > 1:
            number = json.dumps({"measure": "count", "op": ">=", "value": int(place["count"])})
        read = _words(plan, place)
        yield {"kind": ":each", "cadence": cadence, "target": number, "read": read} | whole
    for cadence, place in regular[1:]:
        leave("group", f"{_words(plan, place)}（{cadence}）")
    last = None
    for deadline, place in zip(task.deadlines, task.spans.get("deadlines", ()), strict=False):
        if deadline.startswith("--"):
            leave("no_year", _words(plan, place))
            continue
        last = max(deadline, last or deadline)
        yield {"kind": "", "deadline": deadline, "read": _words(plan, place)}
    for target in task.targets:
        words = str(target["text"])
        if target["measure"] == "ratio":
            leave("no_denominator", words)
        elif target["measure"] == "all":
            leave("no_objects", words)
        elif target["measure"] != "count" or target["op"] not in (">=", "="):
            leave("no_measure", words)
        elif target in told:
            pass  # how often in each period
        elif float(target["value"]) != int(target["value"]) or target["value"] < 1:
            leave("no_measure", words)
        elif last is None and year is None:
            leave("no_year", words)
        else:
            one = {"measure": "count", "op": ">=", "value": int(target["value"])}
            if target["unit"]:
                one["unit"] = target["unit"]
            due = last or f"{year}-12-31"
            yield {
                "kind": ":count",
                "deadline": due,
                "target": json.dumps(one, ensure_ascii=False),
                "read": words,
            }
