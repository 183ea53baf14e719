"""The questions that are asked of a graph of duties."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from . import _core
from ._accident import Accountability
from ._answers import Who, WhoAll, selector_text
from ._arguments import amount, expect, expect_threads, texts, whole
from ._arguments import day as to_day
from ._changes import Change, Diff, WhatIf
from ._core import Pack
from ._faults import fault
from ._findings import Findings
from ._graph_page import graph_page
from ._graph_state import GraphState
from ._matrix import Coverage, Load, Told
from ._names import Collective, ResolvedName, collective, resolved_name
from ._words import Speaker
from .core import Issues, chosen_pack

__all__ = ["DutyGraph"]

#: What a day and a pack may be given as.
Day: TypeAlias = "str | dt.date | np.datetime64 | None"
PackLike: TypeAlias = "Pack | str | os.PathLike[str] | None"

#: Above so many edges a notebook shows a graph without asking the rules.
_SMALL = 300_000


class DutyGraph(GraphState):
    """A graph of what was built; :class:`safetyrisk.ResponsibilityGraph` reads tables into one."""

    def day_notes(self, on: Day = None, *, lang: str = "zh") -> list[str]:
        """Say what to keep in mind of answers about a day.

        A sentence each: the day lies before the first day of some relations or records, or after
        the data date. Empty where nothing is to be said.
        """
        return self._graph.day_notes(to_day(on, "on"), lang)

    def select(self, selector: Mapping[str, Any] | str, on: Day = None) -> list[str]:
        """Ids of the nodes that a selector means, in id order.

        Parameters
        ----------
        selector
            ``{"kind": "enterprise", "where": [["employees", ">", 100]], "sectors": […],
            "in": "360924", "level": "county", "via": {"edge": "REGULATES", "from": id},
            "except": {…}}``; only ``kind`` is needed. A dict, or JSON.
        on
            The day asked; None for the data date.

        Raises
        ------
        InputError
            The selector is malformed, or no day is known.
        NotFoundError
            It names an unknown node, kind, sector or level.
        """
        expect("selector", selector, Mapping, str)
        return self._graph.select(selector_text(selector), to_day(on, "on"))

    def resolve_name(
        self, text: str, on: Day = None, *, place: str = "", lang: str = "zh"
    ) -> ResolvedName:
        """Which unit a name means on a day, and whether it was still its name (rule RK-05).

        Parameters
        ----------
        text
            A name as written, ``"市安监局"``.
        on
            The day asked; None for the data date.
        place
            Id of the region or zone that a name without a place means; empty for anywhere.

        Raises
        ------
        InputError
            No day is known.
        NotFoundError
            There is no such region or zone.
        """
        expect("text", text, str)
        expect("place", place, str)
        if self._names is None:
            self._names = _core.UnitNames(self._graph)
        return resolved_name(self._names.resolve(text, to_day(on, "on"), place, lang))

    def resolve_collective(
        self,
        text: str,
        on: Day = None,
        *,
        place: str = "",
        sectors: Sequence[str] = (),
        committee: str = "",
        addressees: Sequence[str] = (),
        pack: PackLike = None,
    ) -> Collective:
        """Whom a collective name of a document means: 各有关部门, 各县(市、区)政府, ….

        Parameters
        ----------
        text
            The name as written; what the pack ``collectives`` does not know has an empty id.
        on
            The day asked; None for the data date.
        place
            Id of the issuer's region or zone.
        sectors
            Sectors of the task; all when empty.
        committee
            Id of the safety committee; that of `place` when empty.
        addressees
            Ids of those the document is addressed to.
        pack
            Names of your own, a pack of kind ``collectives``.

        Raises
        ------
        InputError
            No day is known, or the pack is malformed.
        NotFoundError
            The context names an unknown node or sector.
        """
        for name, value in (("text", text), ("place", place), ("committee", committee)):
            expect(name, value, str)
        raw = _core.resolve_collective(
            self._graph, text, place, texts(sectors, "sectors"), committee,
            texts(addressees, "addressees"), to_day(on, "on"), chosen_pack(pack),
        )  # fmt: skip
        return collective(raw)

    def check(
        self,
        on: Day = None,
        *,
        profile: str = "national",
        rules: Sequence[str] = (),
        parameters: Mapping[str, Any] | None = None,
        pack: PackLike = None,
        lang: str = "zh",
        threads: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> Findings:
        """Ask the rules: gaps, overlaps, missing twins, broken chains.

        Parameters
        ----------
        on
            The day asked, ``YYYY-MM-DD``; None for the data date.
        profile
            Whose thresholds: ``national``, ``shandong``, ``shenzhen``.
        rules
            Ids and groups (``["RG", "RD-01"]``); all when empty.
        parameters
            Parameters set otherwise: ``{"RG-10.days": 45}``.
        pack
            Rules of your own, a pack of kind ``rules``.
        threads
            0 for as many as the machine has; results are the same for any number.
        progress
            Called with rules done and rules in all.

        Raises
        ------
        InputError
            No day is known, or a parameter does not fit.
        NotFoundError
            There is no such rule, profile or parameter.
        """
        expect("profile", profile, str)
        expect_threads(threads)
        found = _core.check_graph(
            self._graph, to_day(on, "on"), profile, texts(rules, "rules"), _given(parameters),
            chosen_pack(pack), threads, progress,
        )  # fmt: skip
        return Findings(found, Speaker(lang, self._graph), self._state())

    def who(
        self,
        node: str,
        on: Day = None,
        *,
        link: str = "",
        scene: str = "",
        sectors: Sequence[str] = (),
        limit: int = 100_000,
        pack: PackLike = None,
        lang: str = "zh",
    ) -> Who:
        """Who answers for an enterprise, and in which capacity.

        Parameters
        ----------
        node
            Id of an enterprise, a site, a risk point, a major hazard installation, a hazard, an
            accident or a region.
        on
            The day asked; None for the data date.
        link, scene
            One 环节 (id or Chinese word) or one 场景 (id or name) only.
        sectors
            Instead of the node's own: with a region, who answers for a sector there.
        limit
            Rows after which the answer is cut; ``.truncated`` says so.
        pack
            Capacities of your own, a pack of kind ``capacities``.

        Raises
        ------
        NotFoundError
            There is no such node, sector, link or scene; the message has near ids.
        InputError
            Nobody answers for nodes of that kind, or no day is known.
        """
        for name, value in (("node", node), ("link", link), ("scene", scene)):
            expect(name, value, str)
        whole(limit, "limit", 1)
        speaker = Speaker(lang, self._graph)
        found = _core.who(
            self._graph, node, to_day(on, "on"), link, scene, texts(sectors, "sectors"), limit,
            chosen_pack(pack),
        )  # fmt: skip
        return Who(found, speaker.name(node), speaker, self._line)

    def who_all(
        self,
        nodes: Sequence[str] | None = None,
        on: Day = None,
        *,
        link: str = "",
        scene: str = "",
        limit: int = 100_000,
        pack: PackLike = None,
        lang: str = "zh",
        threads: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> WhoAll:
        """Who answers for many nodes, said once for all that share an answer.

        Parameters
        ----------
        nodes
            Ids, as in :meth:`who`; None for every enterprise.
        on, link, scene, limit, pack
            As in :meth:`who`.
        threads, progress
            As in :meth:`check`.
        """
        expect_threads(threads)
        for name, value in (("link", link), ("scene", scene)):
            expect(name, value, str)
        whole(limit, "limit", 1)
        ids = [] if nodes is None else texts(nodes, "nodes", one=False)
        if nodes is not None and not ids:
            raise fault("argument.empty", name="nodes")
        found = _core.who_all(
            self._graph, ids, to_day(on, "on"), link, scene, limit, chosen_pack(pack), lang,
            threads, progress,
        )  # fmt: skip
        return WhoAll(found)

    def coverage(
        self,
        level: str = "county",
        on: Day = None,
        *,
        by: str = "",
        pack: PackLike = None,
        lang: str = "zh",
        threads: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> Coverage:
        """Which sector is regulated by whom in which region, and where by nobody.

        Parameters
        ----------
        level
            Level of the regions: ``province city county town village``.
        on
            The day asked; None for the data date.
        by
            ``"link"`` for cells by 环节, ``"scene"`` by 场景 (duties and enterprises that name
            scenes count in these only), ``"committee"`` for 专委会 instead of regulators.
        pack
            Colour weights of your own, a pack of kind ``workload``.

        Raises
        ------
        InputError
            The level or variant is unknown, or no day is known.
        """
        expect("level", level, str)
        expect("by", by, str)
        expect_threads(threads)
        speaker = Speaker(lang, self._graph)
        found = _core.coverage(
            self._graph, to_day(on, "on"), level, by, chosen_pack(pack), threads, progress
        )
        return Coverage(found, speaker, self._line)

    def load(
        self,
        on: Day = None,
        *,
        pack: PackLike = None,
        lang: str = "zh",
        threads: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> Load:
        """How much supervision everybody owes, weighed by risk, beside what they have.

        Parameters
        ----------
        pack
            Weights, visits and effort of your own, a pack of kind ``workload``.
        """
        expect_threads(threads)
        speaker = Speaker(lang, self._graph)
        found = _core.load(self._graph, to_day(on, "on"), chosen_pack(pack), threads, progress)
        return Load(found, speaker, self._line)

    def explain(self, who: str, node: str, on: Day = None, *, lang: str = "zh") -> Told:
        """Why a unit, post or person answers for a node: the shortest path of each capacity.

        No rows when it does not answer for it.

        Raises
        ------
        NotFoundError
            There is no such node.
        """
        expect("who", who, str)
        expect("node", node, str)
        table, text, _, _ = _core.explain_duty(self._graph, who, node, to_day(on, "on"), lang)
        return Told(table, text, "reasons", Speaker(lang, self._graph))

    def common_superior(self, a: str, b: str, on: Day = None, *, lang: str = "zh") -> Told:
        """The lowest units and posts above both: who can settle what is between them."""
        expect("a", a, str)
        expect("b", b, str)
        table, text = _core.common_superior(self._graph, a, b, to_day(on, "on"), lang)
        return Told(table, text, "superiors", Speaker(lang, self._graph))

    def contacts(self, node: str, hops: int = 3, on: Day = None, *, lang: str = "zh") -> Told:
        """Who is told when something happens at a node, within so many units and posts."""
        expect("node", node, str)
        whole(hops, "hops", 1)
        table, text = _core.contacts(self._graph, node, hops, to_day(on, "on"), lang)
        speaker = Speaker(lang, self._graph)
        name, day = speaker.name(node), self._graph.day(to_day(on, "on"))
        head = speaker.say(
            f"{name}（{node}），{day}，经 {hops} 层以内的单位和岗位",
            f"{name} ({node}), {day}, within {hops} units and posts",
        )
        return Told(table, f"{head}\n{text}", "contacts", speaker)

    def duty_list(self, post: str, on: Day = None, *, lang: str = "zh") -> Told:
        """Everything a post or a unit has to do: 职责清单 and 年度任务清单."""
        expect("post", post, str)
        table, text = _core.duty_list(self._graph, post, to_day(on, "on"), lang)
        return Told(table, text, "duties", Speaker(lang, self._graph))

    def what_if(
        self,
        changes: Change | Sequence[Change],
        on: Day = None,
        *,
        profile: str = "national",
        rules: Sequence[str] = (),
        level: str = "county",
        ask_rules: bool = True,
        load: bool = True,
        parameters: Mapping[str, Any] | None = None,
        pack: PackLike = None,
        workload: PackLike = None,
        whole_graph: int = 20_000,
        lang: str = "zh",
        threads: int = 0,
    ) -> WhatIf:
        """What would happen if a unit is dissolved, merged or split, a sector moves, a post empties.

        Parameters
        ----------
        changes
            ``sr.Dissolve(unit)``, ``sr.Merge([a, b], into=c)``, ``sr.Split(a, into=[b, c], by=…)``,
            ``sr.MoveSector(sector, source, target)``, ``sr.Vacate(post)``, made one after the
            other.
        profile, rules, parameters, pack
            As in :meth:`check`.
        level
            Level of the coverage that is compared.
        ask_rules, load
            Whether findings and loads are compared.
        workload
            Colour weights of your own, a pack of kind ``workload``.
        whole_graph
            Above so many nodes only findings about nodes near the changes are compared, which
            ``.rules_scope`` says.

        Raises
        ------
        NotFoundError
            There is no such node or sector.
        InputError
            The change cannot be made.
        """
        expect_threads(threads)
        listed = [changes] if isinstance(changes, Change) else list(changes)
        for one in listed:
            expect("changes", one, Change)
        expect("profile", profile, str)
        expect("level", level, str)
        whole(whole_graph, "whole_graph")
        speaker = Speaker(lang, self._graph)
        found = _core.what_if(
            self._graph, [one._change for one in listed], to_day(on, "on"), profile,
            texts(rules, "rules"), level, ask_rules, load, threads, _given(parameters),
            chosen_pack(pack), chosen_pack(workload, "workload"), whole_graph,
        )  # fmt: skip
        return WhatIf(found, listed, speaker, self._state())

    def accountability(
        self,
        node: str,
        deaths: int | None = None,
        injuries: int | None = None,
        loss: float | None = None,
        on: Day = None,
        *,
        approved_on: Day = None,
        sectors: Sequence[str] = (),
        concealed: bool = False,
        exceptional: bool = False,
        escalate: bool = False,
        escalations: Sequence[str] = (),
        incomes: Mapping[str, float] | None = None,
        pack: PackLike = None,
        capacities: PackLike = None,
        lang: str = "zh",
    ) -> Accountability:
        """Who stands in the chain after an accident, on both sides; not who is to blame.

        Parameters
        ----------
        node
            The enterprise, site or accident; of an accident its own numbers fill what is not given.
        deaths, injuries, loss
            Deaths, serious injuries, direct loss in yuan; the gravest decides the grade.
        on
            Day of the accident; None for the data date. The graph is asked as of that day.
        approved_on
            Day on which the report was approved, from which its clocks run.
        sectors
            Of the accident; the enterprise's own when empty.
        concealed, exceptional
            Concealment; Art. 114 para. 2.
        escalate, escalations
            提级: one level up; ids of the pack's rules that are in force here.
        incomes
            Last year's income in yuan by post or person, for personal fines.
        pack, capacities
            Grades, ceilings and clocks of your own, a pack of kind ``accountability``; capacities
            of your own. Without a pack the law of the day is asked; accidents before 2021-09-01
            need the pack of their time.

        Raises
        ------
        NotFoundError
            There is no such node.
        InputError
            A number is none or negative, nodes of that kind have no accidents, or the day is
            before the first edition known here.
        """
        expect("node", node, str)
        expect("incomes", incomes, Mapping, optional=True)
        for name, flag in (
            ("concealed", concealed), ("exceptional", exceptional), ("escalate", escalate)
        ):  # fmt: skip
            expect(name, flag, bool)
        paid: dict[str, float] = {
            str(who): amount(sum_, f"incomes[{who!r}]") or 0.0
            for who, sum_ in (incomes or {}).items()
        }
        speaker = Speaker(lang, self._graph)
        found = _core.accountability(
            self._graph, node, whole(deaths, "deaths"), whole(injuries, "injuries"),
            amount(loss, "loss"), to_day(on, "on"), to_day(approved_on, "approved_on"),
            texts(sectors, "sectors"), concealed, exceptional, escalate,
            texts(escalations, "escalations"), paid, chosen_pack(pack),
            chosen_pack(capacities, "capacities"),
        )  # fmt: skip
        return Accountability(found, speaker, self._line)

    def diff(self, after: DutyGraph, *, lang: str = "zh") -> Diff:
        """What differs between this graph and a later one: nodes and edges, column by column."""
        expect("after", after, DutyGraph)
        return Diff(*_core.diff_graphs(self._graph, after._graph), Speaker(lang, after._graph))

    # ── in a notebook ──

    def _repr_html_(self) -> str:
        return graph_page(self, self._unasked())

    def _unasked(self) -> str:
        """Rules that cannot be asked of this graph."""
        if self._graph.edges > _SMALL:
            return "规则未逐条检查：见 G.check()"
        if self.data_date is None:
            return "没有数据日期，规则未检查：见 G.check(on=…)"
        states = self.check().rules
        silent = [row["rule"] for row in states._rows() if row["status"] == "not_assessed"]
        c = states.counts()
        if not silent:
            return f"规则 {len(states)} 条都可检查"
        listed = html.escape("、".join(silent))
        return (
            f"规则 {len(states)} 条：符合 {c['holds']}，不符合 {c['fails']}，部分可核 {c['partly']}，"
            f"未评估 {c['not_assessed']}（{listed}）"
        )


def _given(parameters: Mapping[str, Any] | None) -> dict[str, str]:
    """Parameters as JSON texts."""
    expect("parameters", parameters, Mapping, optional=True)
    return {str(key): selector_text(value) for key, value in (parameters or {}).items()}


def read_tables(
    tables: Sequence[_core.Table],
    issues: Issues,
    *,
    data_date: str | None,
    jurisdiction: Sequence[str],
    kinds: PackLike,
    sectors: PackLike,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> tuple[_core.ResponsibilityGraph, Issues]:
    """Build the graph of tables that were read."""
    expect_threads(threads)
    graph = _core.ResponsibilityGraph.build(
        list(tables), data_date, texts(jurisdiction, "jurisdiction", one=False),
        chosen_pack(kinds, "kinds"), chosen_pack(sectors, "sectors"), threads, progress,
    )  # fmt: skip
    return graph, issues
