"""Lists of what one unit or post has to do (职责清单、年度任务清单), out of plans and a graph."""

from __future__ import annotations

import datetime as dt
import difflib
import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .._arguments import day as to_day
from .._arguments import expect
from .._display import details
from .._errors import InputError
from .._faults import fault
from .._words import Speaker
from .model import Plan, Task, Unit
from .naming import Naming, name_forms
from .stated import of_cadences
from .tables import KIND_OF_ROLE, PlanTable, document_id, grid_html, target_text, task_ids

if TYPE_CHECKING:
    from ..graph import DutyGraph

__all__ = ["DutyList", "duty_list"]

_COLUMNS = (
    "list", "role", "title", "deadlines", "frequencies", "targets", "lead", "others", "through",
    "basis", "no", "task", "name", "rule", "begin", "end", "text",
)  # fmt: skip
# An action that is no word of a reader's, and a task of a graph's JSON that names one.
_CODE = re.compile(r"[a-z0-9_.-]+")
_NAMED_ACTION = re.compile(r'"kind":"task","name":("[^"\n]*")[^\n]*?,"action":"([^"\n]*)"')
# More objects of one kind than this are one line with their number.
_MANY = 12


# What stands together in the column 出处.
_IN_SOURCE = {"依据", "条目", "任务编号", "原文名称", "规则", "起（第几字）", "止（第几字）"}


def _source(row: Mapping[str, Any]) -> str:
    """Document, clause and place of a line."""
    if row["rule"] == "graph":
        return str(row["basis"] or "责任图谱")
    clause = f"第{row['no']}项" if row["no"] else f"“{row['title']}”"
    place = f"第{row['begin'] + 1}至{row['end']}字“{row['name']}”"
    return f"《{row['basis']}》{clause}，{place}"


class DutyList(PlanTable):
    """What one unit or post has to do: a row for each duty, with where it stands.

    ``list`` is ``duty`` (职责清单: what the graph says, and what a plan wants done regularly or
    without a day or a number) or ``task`` (年度任务清单: what a plan wants done by a day or up to a
    number). ``role`` is that of a task, the kind of the graph's edge, or ``list`` for a row of its
    table ``duties``. ``lead`` and ``others`` are
    who else has part in it; ``through`` is the unit in whose charge a post is. ``basis no task name
    rule begin end text`` say where it stands: document, clause, task, the name as printed, how it was
    known to be this one, the code points of the mention in that plan, and the words.

    Attributes
    ----------
    of, name
        Whose list it is: the name asked or the node's id, and its name.
    on
        The graph's day asked, None without a graph.
    near
        Without a graph: names that the plans print, that abbreviate `of` or spell it out (县应急局,
        县应急管理局), and whose tasks are left out.
    """

    def __init__(
        self,
        rows: Sequence[Mapping[str, Any]],
        of: str,
        name: str,
        on: str | None,
        words: Mapping[str, str] | None = None,
        near: Sequence[str] = (),
    ) -> None:
        columns = {head: [row.get(head) for row in rows] for head in _COLUMNS}
        super().__init__("duty_list", columns, f"{name}职责清单和年度任务清单")
        self._words = {"role": dict(words or {})}
        self.of = of
        self.name = name
        self.on = on
        self.near = list(near)

    @property
    def duties(self) -> list[dict[str, Any]]:
        """Rows of 职责清单."""
        return [row for row in self._rows() if row["list"] == "duty"]

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """Rows of 年度任务清单, those with a day first and by it."""
        return [row for row in self._rows() if row["list"] == "task"]

    def shown(self, lang: str = "zh") -> dict[str, list[Any]]:
        """Columns as a person reads them, with where each line stands in one column."""
        shown = super().shown(lang)
        if lang != "zh":
            return shown
        rows = self._rows()
        kept = {head: cells for head, cells in shown.items() if head not in _IN_SOURCE}
        text = kept.pop("原文")
        return kept | {"出处": [_source(row) for row in rows], "原文": text}

    def page_html(self, most: int | None = None) -> str:
        """Both lists as static HTML; `most` rows of each, all by default."""
        which = self._made.column("list").tolist()
        shown = self.shown()
        parts = []
        for code, title in (("duty", "职责清单"), ("task", "年度任务清单")):
            at = [i for i, one in enumerate(which) if one == code]
            cut = at[:most]
            columns = {
                head: head for head, cells in shown.items()
                if head != "清单" and any(cells[i] for i in at)
            }  # fmt: skip
            rows = [{head: shown[head][i] for head in columns} for i in cut]
            more = f"另有 {len(at) - len(cut)} 行未在此显示" if len(cut) < len(at) else ""
            parts.append(
                details(f"{self.name}{title}：{len(at)} 条", grid_html(rows, columns), more)
            )
        if self.near:
            parts.append(f"<div>未计入写法相近的名称：{html.escape('、'.join(self.near))}</div>")
        return "".join(parts)

    def __repr__(self) -> str:
        return (
            f"<safetyrisk duty list of {self.name}: {len(self.duties)} duties, "
            f"{len(self.tasks)} tasks>"
        )


def duty_list(
    of: str,
    plans: Plan | Sequence[Plan] = (),
    graph: DutyGraph | None = None,
    on: str | dt.date | None = None,
) -> DutyList:
    r"""List what a unit or a post has to do, each line with its place in the text.

    Parameters
    ----------
    of
        Name of a unit as people write it, or, with a graph, the id of a unit or post. A post has
        the tasks of the units that it is in charge of, or that it is first to answer for.
    plans
        One plan or several; tasks are listed in their order, of the same text once.
    graph
        A responsibility graph: its own duties are listed first, and it says which printed names,
        collectives among them (各乡镇政府), mean `of`. Without one, `of` must be a name that the
        plans print, with or without its region.
    on
        The graph's day; default: its data date.

    Raises
    ------
    InputError
        There is neither a plan nor a graph; no plan names it; or the graph has no unit or post of
        that name, or several.

    Examples
    --------
    >>> from safetyrisk.plan import duty_list, parse_plan
    >>> plan = parse_plan(
    ...     "甲市2023年工作要点\n1.检查。每月检查。(市公安局牵头)\n2.培训。6月底前完成。(市公安局配合)"
    ... )
    >>> found = duty_list("市公安局", plan)
    >>> found
    <safetyrisk duty list of 市公安局: 1 duties, 1 tasks>
    >>> [(row["role"], row["title"], row["deadlines"]) for row in found.tasks]
    [('assist', '培训', '2023-06-30')]
    """
    expect("of", of, str)
    if not of.strip():
        raise fault("plan.unit_empty")
    expect("plans", plans, Plan, list, tuple)
    given = [plans] if isinstance(plans, Plan) else list(plans)
    for plan in given:
        expect("plans", plan, Plan)
    given = list({plan.text: plan for plan in reversed(given)}.values())[::-1]
    if graph is None:
        if not given:
            raise InputError("duty_list needs a plan or a graph; both are missing")
        rows = [row for plan in given for row in _by_name(plan, of)]
        if not rows:
            raise fault("plan.unit_not_named", name=of, near=_near(of, given))
        return DutyList(_sorted(rows), of, of, None, near=_abbreviations(of, given))
    day = to_day(on, "on")
    node, name, units = _asked(of, given, graph, day)
    rows = list(_of_graph(graph, node, day, {i for plan in given for i in task_ids(plan)}))
    for plan in given:
        naming = Naming(graph, plan)
        rows += _by_node(plan, naming, node, units, graph)
    words = {one["id"]: one["zh"] for one in graph._graph.words()["edges"]}
    return DutyList(_sorted(rows), node, name, day or graph.data_date, words)


def _near(name: str, plans: Sequence[Plan]) -> list[str]:
    """Names that plans print, those that are spelt alike first."""
    count = Counter(u.name for plan in plans for task in plan.tasks for u in task.units)
    alike = difflib.get_close_matches(name, count, n=5, cutoff=0.4)
    return alike or [name for name, _ in count.most_common(5)] or ["—"]


def _abbreviations(of: str, plans: Sequence[Plan]) -> list[str]:
    """Other names in the plans of which the one has all signs of the other in their order."""
    out: dict[str, None] = {}
    for plan in plans:
        wanted = name_forms(of, plan)
        for name in dict.fromkeys(u.name for task in plan.tasks for u in task.units):
            forms = name_forms(name, plan)
            if not forms & wanted and any(_shortens(a, b) for a in forms for b in wanted):
                out[name] = None
    return list(out)


def _shortens(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < 3 or short[0] != long[0] or short[-1] != long[-1]:
        return False
    rest = iter(long)
    return all(sign in rest for sign in short)


def _asked(
    of: str, plans: Sequence[Plan], graph: DutyGraph, on: str | None
) -> tuple[str, str, list[str]]:
    """Id and name of who is asked for, and the units whose tasks are theirs, too."""
    nodes: tuple[str, ...] = (of,) if of in graph else ()
    for plan in plans:
        nodes = nodes or Naming(graph, plan).one(of).nodes
    if not nodes:
        nodes = Naming(graph, None, on).one(of).nodes
    if len(nodes) != 1:
        ids = ", ".join(nodes[:5])
        several = (f": {ids}", f"：{ids}") if nodes else ("", "")
        raise fault("plan.unit_unknown", count=len(nodes), name=of, several=several)
    node = nodes[0]
    _, name, kind = graph._graph.node(node)
    units: list[str] = []
    if kind == "post":
        day = on or graph.data_date or ""
        columns = graph.edges.to_columns()
        for i in (columns["source"] == node).nonzero()[0]:
            first, last = (str(columns[name][i] or "") for name in ("valid_from", "valid_to"))
            what = (columns["kind"][i], columns["duty"][i])
            heads = what[0] == "IN_CHARGE_OF" or what == ("SAFETY_DUTY", "first")
            if heads and (not day or (first <= day and (not last or day <= last))):
                units.append(str(columns["target"][i]))
    return node, name or node, [unit for unit in dict.fromkeys(units) if unit != node]


def _of_graph(
    graph: DutyGraph, node: str, on: str | None, planned: set[str]
) -> Iterator[dict[str, Any]]:
    """Duties that the graph itself states; tasks of the plans at hand come from their text."""
    told = graph.duty_list(node, on)._rows()
    roles = {kind: role for role, kind in KIND_OF_ROLE.items()}
    sector_words = _sector_words(graph)
    actions = _action_words(graph, {row["kind"] for row in told if row["section"] == "list"})
    many: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in told:
        if row["object"] in planned:
            continue
        key = (row["section"], row["kind"], row["basis"] or "")
        many.setdefault(key, []).append(row)
    for (section, kind, basis), found in many.items():
        if section != "task" and len(found) > _MANY:
            names = "、".join(row["name"] or row["object"] for row in found[:3])
            every = dict.fromkeys(s for row in found for s in (row["sectors"] or "").split(";"))
            one = {"name": f"{names}等{len(found)}个", "sectors": ";".join(s for s in every if s)}
            found = [found[0] | one]
        for row in found:
            is_task = section == "task" and bool(row["deadline"])
            ids = (row["sectors"] or "").split(";")
            sectors = "、".join(sector_words.get(sector, sector) for sector in ids)
            sectors = sectors and f"（{sectors}）"
            name = row["name"] or row["object"] or ""
            if section == "list":
                name = f"{actions[kind]}：{name}" if name else actions[kind]
            yield {
                "list": "task" if is_task else "duty",
                "role": roles.get(kind, "list" if section == "list" else kind),
                "title": name + sectors,
                "deadlines": row["deadline"] or None,
                "through": graph.name(row["through"]) if row["through"] else None,
                "basis": basis or None,
                "task": row["object"] if section == "task" else None,
                "rule": "graph",
            }


def _sector_words(graph: DutyGraph) -> dict[str, str]:
    pack = json.loads(graph._graph.packs()[1].canonical)
    return {one["id"]: one["zh"] for one in pack["content"]["sectors"]}


def _action_words(graph: DutyGraph, actions: set[str]) -> dict[str, str]:
    """What actions are called: known ones, those that a task of the graph names, else as written."""
    speaker = Speaker()
    words = {action: speaker.action(action) for action in actions}
    if any(_CODE.fullmatch(word) for word in words.values()):
        for name, action in _NAMED_ACTION.findall(graph.to_json()):
            if words.get(action) == action:
                words[action] = json.loads(name)
    return words


def _line(plan: Plan, identity: str, task: Task, unit: Unit, rule: str) -> dict[str, Any]:
    leads = [u.name for u in task.units if u.role == "lead" and u.name != unit.name]
    others = [u.name for u in task.units if u.role != "lead" and u.name != unit.name]
    regular = of_cadences(plan, task)
    numbers = [t for t in task.targets if t["measure"] != "all" and t not in regular]
    return {
        "list": "task" if task.deadlines or numbers else "duty",
        "role": unit.role,
        "title": task.title,
        "deadlines": ";".join(task.deadlines) or None,
        "frequencies": ";".join(task.frequencies) or None,
        "targets": ";".join(target_text(t) for t in task.targets) or None,
        "lead": ";".join(dict.fromkeys(leads)) or None,
        "others": ";".join(dict.fromkeys(others)) or None,
        "basis": plan.title or document_id(plan),
        "no": task.no,
        "task": identity,
        "name": unit.name,
        "rule": rule,
        "begin": unit.span[0],
        "end": unit.span[1],
        "text": task.text,
    }


def _by_name(plan: Plan, of: str) -> Iterator[dict[str, Any]]:
    """Tasks that print the name, or that restore it, or print it with its region."""
    wanted = name_forms(of, plan)
    for identity, task in zip(task_ids(plan), plan.tasks, strict=True):
        seen: set[str] = set()
        for unit in task.units:
            meant = [(unit.name, "printed"), *((name, rule) for name, rule in unit.resolved)]
            rule = next((rule for name, rule in meant if name_forms(name, plan) & wanted), None)
            if rule is not None and unit.role not in seen:
                seen.add(unit.role)
                yield _line(plan, identity, task, unit, rule)


def _by_node(
    plan: Plan, naming: Naming, node: str, units: Sequence[str], graph: DutyGraph
) -> Iterator[dict[str, Any]]:
    for identity, task in zip(task_ids(plan), plan.tasks, strict=True):
        seen: set[tuple[str, str]] = set()
        for unit in task.units:
            for meant, _ in naming.of(unit):
                # Whom an open collective may mean, it does not say.
                if meant.finding in ("open", "ambiguous"):
                    continue
                for mine in (node, *units):
                    if mine in meant.nodes and (mine, unit.role) not in seen:
                        seen.add((mine, unit.role))
                        line = _line(plan, identity, task, unit, meant.how)
                        yield line | {"through": None if mine == node else graph.name(mine)}


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """职责清单 first, then the tasks, dated ones by their last day; else as they stand."""

    def key(row: Mapping[str, Any]) -> tuple[bool, bool, str]:
        if row["list"] == "duty":
            return (False, False, "")
        last = max((row["deadlines"] or "").split(";"))
        return (True, not last, last)

    return sorted(rows, key=key)
