"""Coverage of sectors by region, load, and answers that are a table and a text."""

from __future__ import annotations

import html
from typing import Any

from . import _core
from ._display import chip, details, table_html
from ._result import Result

__all__ = ["Coverage", "Load", "Made", "Told"]

_COLOURS = {0: "blue", 1: "yellow", 2: "orange", 3: "red"}


class Made(Result):
    """A table that is made already."""

    def __init__(self, table: _core.Table, kind: str) -> None:
        self._made = table
        self._kind = kind

    def _table(self) -> _core.Table:
        return self._made

    def __repr__(self) -> str:
        return f"<safetyrisk {self._kind}: {len(self)} rows>"

    def _repr_html_(self) -> str:
        shown = 20
        names = self._made.names
        more = f"另有 {len(self) - shown} 行未在此显示" if len(self) > shown else ""
        table = table_html(self._rows(shown), dict(zip(names, names, strict=True)))
        return details(self._kind, table, more)


class Told(Made):
    """An answer that is a table and also a text for a person.

    What ``explain``, ``common_superior``, ``contacts`` and ``duty_list`` give: ``.text`` is the
    answer in words, the table has it row by row.
    """

    def __init__(self, table: _core.Table, text: str, kind: str, title: str) -> None:
        super().__init__(table, kind)
        self._text = text
        self._title = title

    @property
    def text(self) -> str:
        """The answer as a person reads it."""
        return self._text

    def __str__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        lines = f'<pre style="white-space:pre-wrap;margin:0">{html.escape(self._text)}</pre>'
        return details(self._title, lines)


class Coverage(Result):
    """Which sector is regulated by whom in which region, and where by nobody.

    Columns: ``region region_name sector sector_name link status from lead others host enterprises
    uncovered risk_weight ungraded``. ``status``: ``none`` (enterprises that nobody regulates, or
    that need a link nobody has; ``uncovered`` counts them), ``single``, ``one_lead`` (several, one
    leads), ``no_lead``, ``many_leads``, ``n/a`` (no enterprise). Nothing is inherited that no edge
    states.
    """

    _kind = "coverage"

    def __init__(
        self, coverage: _core.Coverage, graph: _core.ResponsibilityGraph, lang: str = "zh"
    ) -> None:
        self._coverage = coverage
        self._graph = graph
        self._lang = lang
        self._made: _core.Table | None = None

    def _table(self) -> _core.Table:
        if self._made is None:
            self._made = self._coverage.to_table(self._lang)
        return self._made

    @property
    def on(self) -> str:
        """The day asked, ``YYYY-MM-DD``."""
        return self._coverage.on

    def counts(self) -> dict[str, int]:
        """Number of cells by status."""
        return self._coverage.states()

    @property
    def blind(self) -> Made:
        """Cells of status ``none``, the heaviest risk first."""
        return Made(self._coverage.blind_table(self._lang), "blind")

    @property
    def rollup(self) -> Made:
        """Regions above: the worst status below, weighted by enterprises."""
        return Made(self._coverage.rollup_table(self._lang), "coverage_rollup")

    @property
    def unplaced(self) -> int:
        """Enterprises in no region that is checked, which are in no cell."""
        return self._coverage.unplaced

    @property
    def without_sector(self) -> int:
        """Enterprises without a sector, which are in no cell."""
        return self._coverage.without_sector

    def to_json(self) -> str:
        """JSON: ``{"format","on","level","by","pack","counts","cells"}``."""
        return self._coverage.to_json(self._lang)

    def __len__(self) -> int:
        return len(self._coverage)

    def __repr__(self) -> str:
        c = self.counts()
        bad = ", ".join(f"{c[key]} {key}" for key in ("none", "many_leads", "no_lead"))
        return f"<safetyrisk coverage on {self.on}: {len(self)} cells, {bad}>"

    def _repr_html_(self) -> str:
        words = _core.cover_states()
        counts = self.counts()
        chips = " ".join(
            chip(
                "unassessed" if key == "n/a" else _COLOURS[words[key][2]],
                f"{words[key][0]} {number}",
            )
            for key, number in counts.items()
            if number
        )
        rows: list[dict[str, Any]] = []
        for row in self._rows():
            if row["status"] == "n/a":
                continue
            named = {key: self._names(row[key]) for key in ("lead", "others")}
            rows.append(row | named | {"status": words[row["status"]][0]})
        order = {words[key][0]: -words[key][2] for key in words}
        rows.sort(key=lambda row: (order[row["status"]], -row["risk_weight"]))
        shown = 30
        columns = {
            "region_name": "地区",
            "sector_name": "行业领域",
            "status": "监管情况",
            "lead": "牵头",
            "others": "其他",
            "enterprises": "企业",
            "uncovered": "无人监管",
            "risk_weight": "风险权重",
        }
        more = f"另有 {len(rows) - shown} 格未在此显示" if len(rows) > shown else ""
        left = ""
        if self.unplaced or self.without_sector:
            left = f"未计入：不在检查范围的企业 {self.unplaced} 家，没有行业领域的 {self.without_sector} 家"
        return details("行业×地区监管覆盖", chips, table_html(rows[:shown], columns), more, left)

    def _names(self, ids: str | None) -> str:
        """Names of the departments of a cell."""
        return "、".join(self._graph.node(one)[1] or one for one in (ids or "").split(";") if one)


class Load(Result):
    """How much supervision each unit, post and person owes, weighed by risk.

    Columns: ``unit name kind level enterprises red orange yellow blue ungraded risk_weight visits
    demand staff working_days other_days capacity load median flagged tasks_lead tasks_joint
    tasks_share letters_open committees departments regions paired``. Without staff there is no
    capacity and no load.
    """

    _kind = "load"

    def __init__(self, load: _core.Load, lang: str = "zh") -> None:
        self._load = load
        self._lang = lang
        self._made: _core.Table | None = None

    def _table(self) -> _core.Table:
        if self._made is None:
            self._made = self._load.to_table(self._lang)
        return self._made

    @property
    def on(self) -> str:
        """The day asked, ``YYYY-MM-DD``."""
        return self._load.on

    @property
    def compared(self) -> str:
        """What is compared with the median: ``load``, or ``demand`` where nobody has a capacity."""
        return self._load.compared

    def to_json(self) -> str:
        """JSON: ``{"format","on","pack","factors","compared","rows"}``."""
        return self._load.to_json(self._lang)

    def __len__(self) -> int:
        return len(self._load)

    def __repr__(self) -> str:
        return f"<safetyrisk load on {self.on}: {len(self)} rows, {self._load.flagged} flagged>"

    def _repr_html_(self) -> str:
        rows = sorted(
            self._rows(), key=lambda row: (-(row["load"] or -1.0), -(row["demand"] or 0.0))
        )
        shown = 20
        for row in rows[:shown]:
            for name in ("visits", "demand", "capacity", "load", "median"):
                row[name] = "" if row[name] is None else f"{row[name]:.4g}"
            row["flagged"] = "偏重" if row["flagged"] else ""
        columns = {
            "name": "主体",
            "kind": "类型",
            "enterprises": "企业",
            "red": "红",
            "orange": "橙",
            "yellow": "黄",
            "blue": "蓝",
            "visits": "年检查次",
            "demand": "需要（人日）",
            "capacity": "能力（人日）",
            "load": "负荷",
            "median": "中位数",
            "flagged": "提示",
        }
        more = f"另有 {len(rows) - shown} 行未在此显示" if len(rows) > shown else ""
        return details("监管负荷", table_html(rows[:shown], columns), more)
