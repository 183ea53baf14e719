"""What if: changes of an organisation, and what they would do; the difference of two graphs."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from . import _core
from ._display import details, table_html
from ._errors import InputError
from ._findings import SEVERITY_WORDS, Findings
from ._matrix import Coverage, Load, Made

__all__ = [
    "Change",
    "Diff",
    "Dissolve",
    "Merge",
    "MoveSector",
    "Split",
    "Vacate",
    "WhatIf",
]


class Change:
    """One change; make one with ``Dissolve``, ``Merge``, ``Split``, ``MoveSector``, ``Vacate``."""

    def __init__(self, change: _core.Change) -> None:
        self._change = change

    def text(self, lang: str = "zh") -> str:
        """The change in words."""
        return self._change.text(lang)

    def __repr__(self) -> str:
        return f"<safetyrisk change: {self._change.text('en')}>"


class Dissolve(Change):
    """A unit is dissolved, and its posts with it.

    Examples
    --------
    >>> import safetyrisk as sr
    >>> sr.Dissolve("360924-fire").text()
    '撤销 360924-fire'
    """

    def __init__(self, unit: str) -> None:
        super().__init__(_core.Change("dissolve", [unit]))


class Merge(Change):
    """Units become one: an existing one, or a new id."""

    def __init__(self, units: Sequence[str], into: str) -> None:
        if isinstance(units, str):
            raise InputError("units is a list of ids, not one text")
        super().__init__(_core.Change("merge", list(units), [into]))


class Split(Change):
    """A unit becomes several.

    Parameters
    ----------
    by
        Sectors or regions, and the part of `into` that takes them; the first part takes the rest.
    """

    def __init__(self, unit: str, into: Sequence[str], by: Mapping[str, str] | None = None) -> None:
        if isinstance(into, str):
            raise InputError("into is a list of ids, not one text")
        super().__init__(_core.Change("split", [unit], list(into), by=list((by or {}).items())))


class MoveSector(Change):
    """A sector moves from one department to another."""

    def __init__(self, sector: str, source: str, target: str) -> None:
        super().__init__(_core.Change("move_sector", [source], [target], sector=sector))


class Vacate(Change):
    """A post falls vacant, or a person leaves all posts."""

    def __init__(self, post: str) -> None:
        super().__init__(_core.Change("vacate", [post]))


class WhatIf:
    """A graph before and after changes, which were laid over it and not made.

    Each answer is a table: ``orphans`` (edges that nobody took over), ``findings`` (that come and
    go), ``coverage`` and ``load`` (that differ), ``proposals`` (who could take over),
    ``open_items`` (tasks, hazards and letters that need another owner), ``obsolete_names``,
    ``lineage`` (edges to be written down), ``kept_wider`` (edges of a moved sector that stay).
    """

    def __init__(
        self,
        found: _core.WhatIf,
        graph: _core.ResponsibilityGraph,
        changes: Sequence[Change],
        lang: str = "zh",
    ) -> None:
        self._found = found
        self._graph = graph
        self._changes = list(changes)
        self._lang = lang

    @property
    def changes(self) -> list[Change]:
        """What was tried."""
        return list(self._changes)

    @property
    def on(self) -> str:
        """The day asked, ``YYYY-MM-DD``."""
        return self._found.on

    @property
    def orphans(self) -> Made:
        """``kind kind_name edges enterprises risk_weight sources targets``."""
        return Made(self._found.orphans(self._lang), "orphans")

    @property
    def findings(self) -> Made:
        """``change`` (``new`` or ``gone``) ``rule severity nodes message``."""
        return Made(self._found.findings(self._lang), "finding_changes")

    @property
    def rules_scope(self) -> str:
        """``whole``, or ``near`` when only findings about nodes near the changes were compared."""
        return self._found.rules_scope

    @property
    def coverage(self) -> Made:
        """Cells that differ: ``region sector before after uncovered_before … lost gained``."""
        return Made(self._found.coverage_changes(self._lang), "coverage_changes")

    @property
    def load(self) -> Made:
        """Loads that differ: ``unit name enterprises_before … load_before load_after``."""
        return Made(self._found.load_changes(self._lang), "load_changes")

    @property
    def proposals(self) -> Made:
        """Who could take over, best first: ``unit rank candidate reason words``."""
        return Made(self._found.proposals(self._lang), "proposals")

    @property
    def open_items(self) -> Made:
        """Tasks, hazards and letters that need another owner: ``node name kind role unit``."""
        return Made(self._found.open_items(self._lang), "open_items")

    @property
    def obsolete_names(self) -> Made:
        """Names that become obsolete and where they are written."""
        return Made(self._found.obsolete_names(), "obsolete_names")

    @property
    def lineage(self) -> Made:
        """Edges to be written down, so that the past still resolves."""
        return Made(self._found.lineage(), "lineage")

    @property
    def kept_wider(self) -> Made:
        """Edges of a moved sector that stay because they name a wider one."""
        return Made(self._found.kept_wider(), "kept_wider")

    def coverage_after(self) -> Coverage:
        """The coverage as it would be."""
        return Coverage(self._found.coverage_after(), self._graph, self._lang)

    def load_after(self) -> Load:
        """The load as it would be."""
        return Load(self._found.load_after(), self._lang)

    def findings_after(self) -> Findings:
        """The findings as they would be, of the whole graph."""
        return Findings(self._found.findings_after(), self._lang)

    def to_json(self) -> str:
        """JSON of all tables."""
        return self._found.to_json(self._lang)

    def counts(self) -> dict[str, int]:
        """How many rows each table has; findings as ``new`` and ``gone``."""
        change = self._found.findings(self._lang).column("change").tolist()
        return {
            "orphans": len(self.orphans),
            "new": change.count("new"),
            "gone": change.count("gone"),
            "coverage": len(self.coverage),
            "load": len(self.load),
            "proposals": len(self.proposals),
            "open_items": len(self.open_items),
        }

    def __repr__(self) -> str:
        c = self.counts()
        texts = "; ".join(one.text("en") for one in self._changes)
        return (
            f"<safetyrisk what if on {self.on}: {texts}: {c['orphans']} kinds of edges orphaned, "
            f"{c['new']} findings new and {c['gone']} gone, {c['coverage']} cells and {c['load']} "
            "loads differ>"
        )

    def _repr_html_(self) -> str:
        parts = [html.escape("；".join(one.text("zh") for one in self._changes) + f"（{self.on}）")]
        for title, table, columns in (
            (
                "无人承接的责任",
                self.orphans,
                {
                    "kind_name": "关系",
                    "edges": "条数",
                    "enterprises": "企业",
                    "risk_weight": "风险权重",
                },
            ),
            (
                "规则检查的变化",
                self.findings,
                {"change": "变化", "rule": "规则", "severity": "级别", "message": "发现"},
            ),
            (
                "监管覆盖的变化",
                self.coverage,
                {
                    "region_name": "地区",
                    "sector_name": "行业领域",
                    "before": "之前",
                    "after": "之后",
                    "enterprises": "企业",
                    "uncovered_after": "无人监管",
                },
            ),
            (
                "监管负荷的变化",
                self.load,
                {
                    "name": "主体",
                    "enterprises_before": "企业（之前）",
                    "enterprises_after": "企业（之后）",
                    "load_before": "负荷（之前）",
                    "load_after": "负荷（之后）",
                },
            ),
            (
                "可以承接的单位",
                self.proposals,
                {"name": "原单位", "rank": "次序", "candidate_name": "建议", "words": "理由"},
            ),
            (
                "需要另定责任人的事项",
                self.open_items,
                {"kind": "类型", "name": "事项", "role": "角色", "unit": "原单位"},
            ),
        ):
            if len(table):
                parts.append(_section(title, table, columns))
        return details("假如", *parts)


def _section(title: str, table: Made, columns: Mapping[str, str]) -> str:
    shown = 12
    states = _core.cover_states()
    rows = table._rows(shown)
    for row in rows:
        for name, cell in row.items():
            if isinstance(cell, float):
                row[name] = f"{cell:.3g}"
            elif name in ("before", "after") and cell in states:
                row[name] = states[cell][0]
        if "change" in row:
            row["change"] = {"new": "新增", "gone": "消除"}.get(row["change"], row["change"])
            row["severity"] = SEVERITY_WORDS.get(row["severity"], row["severity"])
    more = f"另有 {len(table) - shown} 行未在此显示" if len(table) > shown else ""
    return details(title, table_html(rows, columns), more)


class Diff:
    """What differs between two graphs.

    Attributes
    ----------
    nodes
        Table ``change`` (``added removed changed``) ``id kind name column before after``.
    edges
        Table ``change source kind target column before after``.
    """

    def __init__(self, nodes: _core.Table, edges: _core.Table, counts: dict[str, int]) -> None:
        self.nodes = Made(nodes, "node_changes")
        self.edges = Made(edges, "edge_changes")
        self._counts = dict(counts)

    def counts(self) -> dict[str, int]:
        """``nodes_added nodes_removed nodes_changed edges_added edges_removed edges_changed``."""
        return dict(self._counts)

    def __repr__(self) -> str:
        c = self._counts
        return (
            f"<safetyrisk diff: nodes +{c['nodes_added']} -{c['nodes_removed']} "
            f"~{c['nodes_changed']}, edges +{c['edges_added']} -{c['edges_removed']} "
            f"~{c['edges_changed']}>"
        )

    def _repr_html_(self) -> str:
        words = {"added": "新增", "removed": "删除", "changed": "变更"}
        parts = []
        for title, table, columns in (
            (
                "节点",
                self.nodes,
                {
                    "change": "变化",
                    "name": "名称",
                    "column": "列",
                    "before": "之前",
                    "after": "之后",
                },
            ),
            (
                "关系",
                self.edges,
                {
                    "change": "变化",
                    "source": "主体",
                    "kind": "关系",
                    "target": "对象",
                    "column": "列",
                    "before": "之前",
                    "after": "之后",
                },
            ),
        ):
            rows = [row | {"change": words[row["change"]]} for row in table._rows(20)]
            more = f"另有 {len(table) - 20} 行未在此显示" if len(table) > 20 else ""
            if rows:
                parts.append(details(title, table_html(rows, columns), more))
        return details("两份责任图谱的差别", *(parts or ["没有差别"]))
