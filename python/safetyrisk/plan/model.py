"""Official work plans (工作要点、实施方案、任务分解): who does what in which role, by when, how often.

The literal layer holds what the text says and nothing else; each unit, deadline, frequency and
target has the span of characters it was read from and the rule that read it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .. import _core
from .._arguments import expect
from .._faults import fault
from .._result import Result
from ..core import Issues
from . import tables
from .owing import PlanDuties, plan_duties
from .page import plan_html

if TYPE_CHECKING:
    from ..graph import DutyGraph

__all__ = ["Plan", "Task", "Unit", "parse_plan"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as a task names it.

    Attributes
    ----------
    name
        As printed, with marks and brackets in one form (``()``, ``,``); `span` has them as they
        stand.
    role
        ``organize lead joint share assist supervise implement responsible``.
    span
        Code points ``(begin, end)`` of the text.
    tier
        Group it stands in; the first named is 0.
    rule, confidence
        What read it; ``marked`` (a clause of its own), ``running`` (a sentence) or ``mended``.
    resolved
        The units it means where print leaves something out: pairs of name and rule.
    """

    name: str
    role: str
    span: tuple[int, int]
    tier: int
    rule: str
    confidence: str
    resolved: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a plan.

    Attributes
    ----------
    no, title
        As printed, marks and brackets in one form; ``no`` is ``None`` where no number is.
    group, section
        ``task``, ``phase`` or ``safeguard``; the headings above.
    deadlines, frequencies
        ``YYYY-MM-DD`` or ``--MM-DD``; ISO 8601 durations.
    targets
        Dicts of ``measure op value unit text span``.
    span
        Code points of the text.
    spans
        Lists of dicts for ``deadlines`` and ``frequencies``, in their order: ``span rule`` and, of a
        frequency, how many times in each period: ``op`` (``>= = <=``, empty where none is printed)
        and ``count``.
    """

    no: str | None
    title: str
    group: str
    section: str
    text: str
    span: tuple[int, int]
    units: tuple[Unit, ...]
    deadlines: tuple[str, ...]
    frequencies: tuple[str, ...]
    targets: tuple[Mapping[str, Any], ...]
    spans: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, repr=False, eq=False)
class Plan(Result):
    r"""A work plan that was read; make one with :func:`parse_plan` or :func:`safetyrisk.read_plan`.

    As a table (`to_pandas`, `to_arrow`) it has a row for each task: ``id no title group section``,
    the units of each role, ``deadlines frequencies targets`` joined by ``;``, ``begin end`` (code
    points of `text`) and ``text``.

    Examples
    --------
    >>> plan = parse_plan("某市2023年工作要点\n1.检查。6月底前完成。(市公安局牵头,市教育局配合)")
    >>> [(unit.role, unit.name) for unit in plan.tasks[0].units]
    [('lead', '市公安局'), ('assist', '市教育局')]
    >>> plan.tasks[0].deadlines
    ('2023-06-30',)
    """

    id: str
    title: str
    issuer: str
    date: dt.date | None
    year: int | None
    addressees: tuple[str, ...]
    tasks: tuple[Task, ...]
    repairs: tuple[Mapping[str, Any], ...]
    issues: Issues
    text: str
    _asked: tuple[int | None, Issues] = field(repr=False)

    _kind = "plan"

    def _table(self) -> _core.Table:
        return tables.PlanTable("plan", tables.task_columns(self))._table()

    def to_json(self) -> str:
        """Return the plan as JSON (``format`` 1)."""
        # Written when it is asked for: the JSON of a plan is three times the text.
        year, read = self._asked
        written: str = _core.parse_plan(self.text, year, self.id)[0]
        if not len(read):
            return written
        words = ("severity", "code", "value", "message", "hint")
        first = [{word: getattr(one, word) for word in words} | {"task": -1} for one in read]
        raw = json.loads(written)
        raw["issues"] = first + raw["issues"]
        return json.dumps(raw, ensure_ascii=False) + "\n"

    @property
    def units(self) -> tables.PlanTable:
        """One row for each unit that a task names.

        Columns: ``task no unit role tier resolved rule confidence begin end``.
        """
        return tables.unit_table(self)

    def matrix(self) -> tables.PlanTable:
        r"""Units in rows, tasks in columns, roles in the cells.

        Columns: ``unit``, ``tasks`` (how many), then each task under its number, or under its place
        (``#3``) where that is no name of its own.

        Examples
        --------
        >>> plan = parse_plan("某市2023年工作要点\n1.检查。(市公安局牵头)\n2.培训。(市公安局配合)")
        >>> plan.matrix().to_columns()["2"].tolist()
        ['assist']
        """
        return tables.matrix(self)

    def due(self) -> tables.PlanTable:
        """What is due, by date, then what is to be done regularly.

        Columns: ``month date cadence task no title units``; a row has a date or a cadence
        (``ongoing`` for 长期坚持), ``units`` are those who lead, or who answer where nobody does.
        """
        return tables.due(self)

    @property
    def unresolved(self) -> tables.PlanTable:
        r"""What a person must still decide: gravest first, each question once.

        Columns: ``what value count tasks task begin end``; ``count`` is how often it comes up,
        ``tasks`` the numbers of those tasks joined by ``;`` (``#3``, the third item of the plan,
        where it has no number or one that stands again), ``task begin end`` the first of them
        and its place. ``what`` is, in this order:

        ``no_unit``
            The task names nobody; one row for all where more than half of a plan does not. Phases
            and safeguards (阶段, 保障措施) are not asked: they say how the whole is run, and plans
            leave their units out on purpose.
        ``only_collective``
            Those who answer for the task are names for many (各有关部门) alone.
        ``time_unread``
            What stands under 完成时限 or in its column and is no deadline or cadence that is known
            (汛期前, 2月30日).
        ``no_year``
            Deadlines of month and day; ``year=`` gives the year.
        ``collective``
            A name for many, beside units that lead or answer.

        Examples
        --------
        >>> plan = parse_plan("1.查。(市公安局会同有关部门负责)\n2.训。(市教育局牵头,有关部门配合)")
        >>> table = plan.unresolved.to_columns()
        >>> table["value"].tolist(), table["count"].tolist(), table["tasks"].tolist()
        (['有关部门'], [2], ['1;2'])
        """
        return tables.unresolved(self)

    def edges(self, graph: DutyGraph | None = None) -> tables.PlanEdges:
        r"""Who has which part in which task, as edges of a responsibility graph.

        Parameters
        ----------
        graph
            Where units are looked up on the plan's day and in its issuer's territory: the plan's
            own addressees, then names, aliases and old names
            (:meth:`ResponsibilityGraph.resolve_name`; 市公安局 in a plan of 甲市 is 甲市公安局), then
            collectives (:meth:`ResponsibilityGraph.resolve_collective`), which become edges of each
            member unless they may mean more. Where it has exactly one, the source is its id, else
            the name, and ``.issues`` says so. Without a graph all sources are names.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> G = sr.ResponsibilityGraph.from_tables(
        ...     nodes={"id": ["police"], "kind": ["dept"], "name": ["甲市公安局"]}
        ... )
        >>> plan = parse_plan("甲市2023年工作要点\n1.检查。(市公安局牵头,市教育局配合)")
        >>> plan.edges(G).to_columns()["source"].tolist()
        ['police', '市教育局']
        """
        return tables.edges(self, graph)

    def duties(self, graph: DutyGraph, roles: Sequence[str] | None = None) -> PlanDuties:
        r"""What the plan asks for as rows of duties, for :meth:`ResponsibilityGraph.assess`.

        Parameters
        ----------
        graph
            Where units are looked up, as :meth:`edges` does.
        roles
            Roles whose units owe the tasks; None: those who are asked first (``lead``, without one
            ``responsible``, ``organize``, ``share`` and ``joint``, ``implement``).

        Returns
        -------
        PlanDuties
            A row for each unit and each deadline, cadence or number; ``.left`` has what the plan
            says and no row could have, each with the reason. A number without a deadline is due at
            the end of the plan's year; a cadence holds for that year.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> G = sr.ResponsibilityGraph.from_tables(
        ...     nodes={"id": ["police"], "kind": ["dept"], "name": ["甲市公安局"]},
        ...     data_date="2023-12-31",
        ... )
        >>> plan = parse_plan("甲市2023年工作要点\n1.检查。每季度检查。6月底前总结。(市公安局牵头)", id="p")
        >>> owed = plan.duties(G)
        >>> [(row["subject"], row["cadence"], row["deadline"]) for row in owed._rows()]
        [('police', 'P3M', None), ('police', None, '2023-06-30')]
        >>> done = G.assess(
        ...     owed, {"subject": ["police"], "action": ["p#1:each"], "date": ["2023-02-01"]},
        ...     as_of="2023-04-02", recorded=True,
        ... )
        >>> [row["status"] for row in done.where()._rows()]
        ['done', 'due', 'due']
        """
        return plan_duties(self, graph, roles)

    def names(self, graph: DutyGraph) -> tables.PlanTable:
        """Whom each printed name means in a graph, those that are open first.

        Columns: ``unit mentions nodes names how finding message``; ``nodes`` are ids joined by
        ``;``, ``finding`` is ``unknown ambiguous obsolete not_yet``, or ``open`` for a collective
        that may mean more than those found.
        """
        return tables.names(self, graph)

    def tasks_table(self) -> dict[str, list[Any]]:
        """Rows of the table ``tasks`` of a dataset, as a dict of columns.

        ``deadline`` is the last of the task's, ``target`` its number where it has just one. Phases
        and safeguards without units are left out: they say how the whole is run.
        """
        return tables.tasks_table(self)

    def nodes_table(self, graph: DutyGraph | None = None) -> dict[str, list[Any]]:
        """Rows of the table ``nodes``: the document, and names that `graph` has no unit for.

        The names are nodes of the kind ``collective`` (集合称谓) whose id is the name, so that a
        task whose unit is not known is not one without a unit.
        """
        return tables.nodes_table(self, graph)

    def _repr_html_(self) -> str:
        return plan_html(self)

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    def __repr__(self) -> str:
        units = sum(len(task.units) for task in self.tasks)
        return f"<safetyrisk plan: {self.title or self.id}, {len(self)} tasks, {units} units>"


def parse_plan(text: str, year: int | None = None, id: str = "") -> Plan:  # noqa: A002
    """Read a plan of text.

    Parameters
    ----------
    text
        The whole document.
    year
        Year of dates without one; default: of the title, the date of issue or the number.
    id
        Id of the plan.

    Raises
    ------
    InputError
        `year` is not from 1949 to 2199.
    """
    return plan_of(text, year, id)


def plan_of(
    text: str,
    year: int | None = None,
    identity: str = "",
    *,
    read: _core.IssueTable | None = None,
) -> Plan:
    """Read a plan of text, after what reading its document said."""
    expect("text", text, str)
    expect("year", year, int, optional=True)
    expect("id", identity, str)
    if year is not None and not 1949 <= year <= 2199:
        raise fault("plan.year", value=year)
    # Half of a pair of surrogates is no character, and no UTF-8 either.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    told, found = _core.read_plan(text, year, identity, Task, Unit)
    return Plan(
        id=identity,
        title=told["title"],
        issuer=told["issuer"],
        date=dt.date.fromisoformat(told["date"]) if told["date"] else None,
        year=told["year"],
        addressees=told["addressees"],
        tasks=told["tasks"],
        repairs=told["repairs"],
        issues=Issues(read) + Issues(found),
        text=text,
        _asked=(year, Issues(read)),
    )
