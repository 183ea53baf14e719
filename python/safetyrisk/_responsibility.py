"""The responsibility graph's door for tables: a folder, a database, JSON, or what is in memory."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _core
from ._arguments import day as to_day
from ._arguments import expect
from ._duties import Day, DutyGraph, PackLike, read_tables
from ._words import Speaker
from .core import Issues, chosen_pack

if TYPE_CHECKING:
    from .duty import Compliance
    from .hazard import Hazards
    from .io.graph_tables import GraphTables
    from .plan import Plan

__all__ = ["ResponsibilityGraph", "read_hazards"]


class ResponsibilityGraph(DutyGraph):
    """Who answers for what, since when, on whose authority; and where nobody does.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> G = sr.ResponsibilityGraph.from_tables(
    ...     divisions={"code": ["360924"], "name": ["宜丰县"]},
    ...     nodes={
    ...         "id": ["bureau", "head", "zhang"],
    ...         "kind": ["dept", "post", "person"],
    ...         "name": ["县应急管理局", "厂长", "张某"],
    ...         "post_kind": [None, "principal", None],
    ...         "unit": [None, "plant", None],
    ...         "division": ["360924", None, None],
    ...     },
    ...     edges={
    ...         "source": ["head", "zhang", "bureau"],
    ...         "target": ["plant", "head", "360924"],
    ...         "kind": ["PRINCIPAL_OF", "HOLDS", "REGULATES"],
    ...         "sectors": [None, None, "machinery"],
    ...     },
    ...     enterprises={
    ...         "id": ["plant"], "name": ["示例机械厂"], "division": ["360924"],
    ...         "sectors": ["machinery"],
    ...     },
    ...     data_date="2026-06-30",
    ...     jurisdiction=["360924"],
    ... )
    >>> G
    <safetyrisk responsibility graph: 7 nodes, 7 edges, 2026-06-30, 2 issues>
    >>> answer = G.who("plant")
    >>> answer.nodes("C1"), answer.nodes("C6")
    (['head'], ['bureau'])
    >>> print(G.check(rules=["RG-02"])[0].message)
    宜丰县（360924）没有安委会（RG-02，依据中华人民共和国安全生产法第九条）。
    """

    @classmethod
    def read(
        cls,
        dataset: str | os.PathLike[str],
        *,
        data_date: Day = None,
        jurisdiction: Sequence[str] | None = None,
        kinds: PackLike = None,
        sectors: PackLike = None,
        threads: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> ResponsibilityGraph:
        """Read a dataset folder, one SQLite file, or JSON that :meth:`to_json` wrote.

        Parameters
        ----------
        dataset
            A folder with ``dataset.toml`` and tables ``divisions nodes edges enterprises
            risk_points hazards tasks records duties`` (those that there are); a SQLite file with
            tables of these names, and ``meta`` with the rows ``data_date`` and ``jurisdiction``
            (codes parted by ``;``) of its columns ``key`` and ``value``; or a ``.json`` file.
        data_date, jurisdiction
            Instead of what the dataset says; see :meth:`from_tables`.
        kinds, sectors
            Packs of your own of kind ``graph_kinds`` and ``sectors``: packs, or paths of their files.
        threads, progress
            As in :meth:`check`.

        Raises
        ------
        InputError
            There is no dataset, a file cannot be read, or a table lacks a needed column.
        """
        from .io.graph_tables import read_dataset

        expect("dataset", dataset, str, os.PathLike)
        found = read_dataset(Path(dataset))
        return cls._of(
            found,
            to_day(data_date, "data_date") or found.data_date,
            found.jurisdiction if jurisdiction is None else jurisdiction,
            kinds=kinds,
            sectors=sectors,
            threads=threads,
            progress=progress,
        )

    @classmethod
    def _of(
        cls,
        found: GraphTables,
        data_date: str | None = None,
        jurisdiction: Sequence[str] | None = None,
        *,
        kinds: PackLike = None,
        sectors: PackLike = None,
        threads: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> ResponsibilityGraph:
        built = read_tables(
            found.tables,
            found.issues,
            data_date=data_date or found.data_date,
            jurisdiction=found.jurisdiction if jurisdiction is None else jurisdiction,
            kinds=kinds,
            sectors=sectors,
            threads=threads,
            progress=progress,
        )
        return cls(*built)

    @classmethod
    def from_tables(
        cls,
        nodes: Any = None,
        edges: Any = None,
        *,
        divisions: Any = None,
        enterprises: Any = None,
        risk_points: Any = None,
        hazards: Any = None,
        tasks: Any = None,
        records: Any = None,
        duties: Any = None,
        data_date: Day = None,
        jurisdiction: Sequence[str] = (),
        columns: Mapping[str, Mapping[str, str]] | None = None,
        kinds: PackLike = None,
        sectors: PackLike = None,
        threads: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> ResponsibilityGraph:
        """Build a graph of tables in any form that :func:`grade` takes.

        Parameters
        ----------
        nodes, edges
            ``id kind name post_kind unit division …`` and ``source target kind duty sectors links
            lead …``; see README, "Tables".
        divisions, enterprises, risk_points, hazards, tasks
            Their rows are nodes of that kind.
        records, duties
            What was done, and what is owed.
        data_date
            The day that questions mean which name none.
        jurisdiction
            Codes or ids whose territory is checked; empty for the topmost ones with a government.
        columns
            By table, ours to theirs: ``{"enterprises": {"name": "企业全称"}}``.

        Raises
        ------
        InputError
            A table is none, or lacks a needed column.
        """
        from .io.graph_tables import as_tables

        given = {
            "divisions": divisions, "nodes": nodes, "edges": edges, "enterprises": enterprises,
            "risk_points": risk_points, "hazards": hazards, "tasks": tasks, "records": records,
            "duties": duties,
        }  # fmt: skip
        expect("columns", columns, Mapping, optional=True)
        tables, issues = as_tables(given, columns or {})
        built = read_tables(
            tables,
            issues,
            data_date=to_day(data_date, "data_date"),
            jurisdiction=jurisdiction,
            kinds=kinds,
            sectors=sectors,
            threads=threads,
            progress=progress,
        )
        return cls(*built)

    def add(self, plan: Plan) -> ResponsibilityGraph:
        """Join a work plan to the graph; the graph itself stays as it is.

        Parameters
        ----------
        plan
            Read by :func:`read_plan`. Its document and tasks become nodes, and its units' parts in
            them edges; see :meth:`safetyrisk.Plan.edges`. Units that the graph does not have, or
            has twice, are nodes of the kind ``collective``, and issues of the new graph.

        Raises
        ------
        InputError
            It is no plan.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> G = sr.ResponsibilityGraph.from_tables(
        ...     nodes={"id": ["police"], "kind": ["dept"], "name": ["市公安局"]}
        ... )
        >>> both = G.add(sr.parse_plan("1.检查。(市公安局牵头)", id="p"))
        >>> both.counts()
        {'dept': 1, 'document': 1, 'task': 1, 'LEADS_TASK': 1}
        """
        from .io.graph_tables import as_tables, joined
        from .plan import Plan

        expect("plan", plan, Plan)
        there, data_date, jurisdiction = _core.read_graph_json(self._graph.to_json())
        found = plan.edges(self)
        given = {
            "nodes": plan.nodes_table(self), "tasks": plan.tasks_table(), "edges": found.for_graph(),
        }  # fmt: skip
        new, issues = as_tables(given, {})
        kinds, sectors = self._graph.packs()
        built, issues = read_tables(
            joined([*there, *new]), found.issues + issues, data_date=data_date, jurisdiction=jurisdiction,
            kinds=kinds, sectors=sectors, threads=0, progress=None,
        )  # fmt: skip
        return type(self)(built, issues)

    def hazards(
        self,
        hazards: Any,
        events: Any = None,
        *,
        states: PackLike = None,
        columns: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Hazards:
        """Read a register of hazards, whose enterprises are those of this graph.

        Parameters
        ----------
        hazards
            A table (path, data frame, dict; README, "Tables"); needed: ``id grade found_on``.
        events
            Steps of the closing loop, if there are: a table of ``id hazard event date by until``
            (``until``: the new last day of an extension). A step that may not follow, or that
            somebody takes who may not, is an issue.
        states
            A pack of kind ``hazard_states``, or the path of its file; default
            ``hazard_states.usual``.
        columns
            Ours to theirs by table, ``{"hazards": {"found_on": "排查时间"}}``.

        Raises
        ------
        InputError
            A needed column is missing.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> G = sr.ResponsibilityGraph.from_tables(
        ...     divisions={"code": ["360924"], "name": ["宜丰县"]},
        ...     enterprises={"id": ["e"], "name": ["示例厂"], "division": ["360924"]},
        ...     data_date="2026-06-30",
        ... )
        >>> H = G.hazards({
        ...     "id": ["h1", "h2"], "enterprise": ["e", "e"], "grade": ["重大", "一般"],
        ...     "found_on": ["2026-03-01", "2026-05-01"], "closed_on": ["2026-04-01", None],
        ... })
        >>> [row["open"] for row in H.flow("2026-03-01", "2026-05-31")._rows()]
        [1, 0, 1]
        """
        return _read_hazards(self._graph, hazards, events, states, None, columns)

    def assess(
        self,
        duties: Any,
        records: Any,
        *,
        switch_on: Sequence[str] | bool = (),
        as_of: Day = None,
        start: Day = None,
        end: Day = None,
        recorded: Sequence[str] | bool = (),
        calendar: _core.Pack | None = None,
        columns: Mapping[str, Mapping[str, str]] | None = None,
        lang: str = "zh",
        threads: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> Compliance:
        """Set what is owed against what was done.

        Parameters
        ----------
        duties, records
            Tables (paths, data frames, dicts; README, "Tables"). ``subject`` and ``object`` of
            duties are ids or selectors (JSON); in the ``via`` of an object's selector
            ``"@subject"`` stands for the subject.
            Duties may be packs, too: ``"duties.national"``, several, or a file of your own (JSON).
        switch_on
            Of packs: ids of entries that nobody has confirmed ([M]) and that are to be used; True:
            all (:func:`safetyrisk.duty.rows`).
        as_of
            The day asked; later records do not exist. Default: the data date.
        start, end
            Periods that are due before `start` (default: 1 January of the year of `as_of`) or begin
            after `end` (default: `as_of`) are left out; deadlines that passed before are not, unless
            `start` is given.
        recorded
            Actions of which every doing is recorded, so that no record means not done; True: all.
            Those that occur in `records` always are.
        calendar
            A pack of kind ``work_calendar``; default ``calendar.cn``.
        columns
            Ours to theirs by table, ``{"records": {"date": "检查日期"}}``.

        Raises
        ------
        InputError
            There is no `as_of` and no data date; a needed column is missing.

        Examples
        --------
        >>> import safetyrisk as sr
        >>> G = sr.ResponsibilityGraph.from_tables(
        ...     nodes={"id": ["committee"], "kind": ["safety_committee"], "name": ["县安委会"]},
        ...     data_date="2026-12-31",
        ... )
        >>> done = G.assess(
        ...     {"id": ["d"], "subject": ["committee"], "action": ["meeting"], "cadence": ["P3M"]},
        ...     {"id": ["1"], "subject": ["committee"], "action": ["meeting"],
        ...      "date": ["2026-02-03"]},
        ...     as_of="2026-07-15",
        ... )
        >>> [(row["due"].isoformat(), row["status"]) for row in done.where()._rows()]
        [('2026-03-31', 'done'), ('2026-06-30', 'overdue'), ('2026-09-30', 'due')]
        """
        from .duty import Compliance, read_duties
        from .io.graph_tables import as_tables

        for name, table in (("duties", duties), ("records", records)):
            if table is None:
                expect(name, table, str, Mapping)
        law = read_duties(duties, switch_on)
        given = {"records": records} if law else {"duties": duties, "records": records}
        tables, issues = as_tables(given, columns or {})
        owed, did = [law._table(), *tables] if law else tables
        issues = law.issues + issues if law else issues
        if isinstance(recorded, bool):
            recorded = ["*"] if recorded else []
        made = _core.assess(
            self._graph, owed, did, to_day(as_of, "as_of"), to_day(start, "start"), to_day(end, "end"),
            list(recorded), _core.WorkCalendar.usual() if calendar is None else _core.WorkCalendar.compile(calendar),
            threads, progress,
        )  # fmt: skip

        records_of = functools.partial(_core.records_of, self._graph, did)
        speaker = Speaker(lang, self._graph)
        return Compliance(made, issues + Issues(made.issues), speaker, records_of)

    @classmethod
    def from_json(
        cls, text: str, *, kinds: PackLike = None, sectors: PackLike = None
    ) -> ResponsibilityGraph:
        """Build the graph that :meth:`to_json` wrote.

        Parameters
        ----------
        kinds, sectors
            Packs of your own, those that the graph was built with; JSON has none.

        Raises
        ------
        InputError
            It is no such JSON; the message has the path.
        """
        expect("text", text, str)
        tables, data_date, jurisdiction = _core.read_graph_json(text)
        built = read_tables(
            tables, Issues(), data_date=data_date, jurisdiction=jurisdiction, kinds=kinds,
            sectors=sectors, threads=0, progress=None,
        )  # fmt: skip
        return cls(*built)


def read_hazards(
    hazards: Any,
    events: Any = None,
    *,
    states: PackLike = None,
    data_date: Day = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
) -> Hazards:
    """Read a register of hazards without a graph: what rows say of themselves counts.

    Parameters
    ----------
    hazards, events, states, columns
        As in :meth:`ResponsibilityGraph.hazards`.
    data_date
        What is later cannot be.

    Raises
    ------
    InputError
        A needed column is missing.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> H = sr.read_hazards({"id": ["h1"], "grade": ["重大"], "found_on": ["2026-03-01"]})
    >>> H
    <safetyrisk hazards: 1 of 1 rows, 0 issues>
    """
    return _read_hazards(None, hazards, events, states, data_date, columns)


def _read_hazards(
    graph: _core.ResponsibilityGraph | None,
    hazards: Any,
    events: Any,
    states: PackLike,
    data_date: Day,
    columns: Mapping[str, Mapping[str, str]] | None,
) -> Hazards:
    from .hazard import Hazards
    from .io.graph_tables import as_tables

    given = {"hazards": hazards, "hazard_events": events}
    tables, issues = as_tables(given, columns or {})
    made = _core.read_hazards(
        graph, tables[0], tables[1] if len(tables) > 1 else None, chosen_pack(states, "states"),
        to_day(data_date, "data_date"),
    )  # fmt: skip
    return Hazards(made, issues + Issues(made.issues), Speaker("zh", graph))
