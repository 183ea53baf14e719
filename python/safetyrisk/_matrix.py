"""Coverage of sectors by region, load, and answers that are a table and a text."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from . import _core
from ._display import chip, details
from ._result import MadeTable, Result
from ._words import Speaker

__all__ = ["TITLES", "Coverage", "Load", "Made", "Told"]

_COLOURS = {0: "blue", 1: "yellow", 2: "orange", 3: "red"}
# Tables of edges: their source is a node and no document.
_RELATIONS = frozenset({"edge_changes", "kept_wider", "lineage", "reasons"})
# Columns that only programs read.
_CODES = frozenset({"clock", "code", "pattern", "step"})

#: What tables are called, by kind: Chinese, English.
TITLES = {
    "blind": ("监管盲区", "Blind cells"),
    "cell_records": ("判断依据", "Why it stands so"),
    "clocks": ("时限", "Clocks"),
    "contacts": ("通知名单", "Contacts"),
    "coverage_changes": ("监管覆盖的变化", "Coverage"),
    "coverage_rollup": ("上级地区", "Regions above"),
    "duties": ("职责清单", "Duties"),
    "edge_changes": ("关系的变化", "Edges"),
    "finding_changes": ("规则检查的变化", "Findings"),
    "hazards": ("倒查隐患", "Hazards to look back on"),
    "kept_wider": ("未随行业移交的关系", "Edges kept"),
    "lineage": ("需登记的沿革", "Lineage to be written down"),
    "load_changes": ("监管负荷的变化", "Loads"),
    "node_changes": ("主体的变化", "Nodes"),
    "obsolete_names": ("将成为旧名的单位", "Obsolete names"),
    "open_items": ("需要另定责任人的事项", "Items that need another owner"),
    "orphans": ("无人承接的责任", "Orphaned duties"),
    "proposals": ("可以承接的单位", "Who could take over"),
    "reasons": ("为什么负责", "Why"),
    "rows": ("数据行数", "Rows of the tables"),
    "superiors": ("共同上级", "Common superiors"),
    "visits": ("检查走访", "Visits"),
}


class Made(MadeTable):
    """A table of an answer of the graph, in the answer's language."""

    def __init__(self, table: _core.Table, kind: str, speaker: Speaker | None = None) -> None:
        super().__init__(table, kind)
        self._speaker = speaker or Speaker()

    def _repr_html_(self) -> str:
        return self._html(20)

    def _page_html(self) -> str:
        return self._html(None)

    def _html(self, shown: int | None) -> str:
        s = self._speaker
        title = s.say(*TITLES[self._kind]) if self._kind in TITLES else self._kind
        there = self._made.names
        names = [n for n in there if n not in _CODES and f"{n}_name" not in there]
        rows, heads = self._rows(), s.heads(names)
        if self._kind in _RELATIONS:
            heads["source"] = s.say("主体", "source")
            for row in rows:
                row["source"] = s.name(row["source"])
        return details(title, s.table(rows, heads, shown=shown))

    def _sheets(self) -> dict[str, dict[str, Any]]:
        s = self._speaker
        title = s.say(*TITLES[self._kind]) if self._kind in TITLES else self._kind
        columns = self.to_columns()
        if self._kind not in _RELATIONS:
            return {title: s.columns(columns)}
        sources = columns.pop("source").tolist()
        ends = {
            s.say("主体", "source"): [s.name(one) for one in sources],
            s.say("主体（编号）", "source (id)"): sources,
        }
        return {title: ends | s.columns(columns)}


class Told(Made):
    """An answer that is a table and also a text for a person.

    What ``explain``, ``common_superior``, ``contacts`` and ``duty_list`` give: ``.text`` is the
    answer in words, the table has it row by row.
    """

    def __init__(self, table: _core.Table, text: str, kind: str, speaker: Speaker) -> None:
        super().__init__(table, kind, speaker)
        self._text = text

    @property
    def text(self) -> str:
        """The answer as a person reads it."""
        return self._text

    def __str__(self) -> str:
        return self._text

    def _html(self, shown: int | None) -> str:
        text = html.escape(self._text) or self._speaker.say("没有", "Nothing")
        lines = f'<pre style="white-space:pre-wrap;margin:0;font:inherit">{text}</pre>'
        return details(self._speaker.say(*TITLES[self._kind]), lines)


class Coverage(Result):
    """Which sector is regulated by whom in which region, and where by nobody.

    Columns: ``region region_name sector sector_name link scene status from lead others host
    divided enterprises uncovered risk_weight ungraded``. ``status``: ``none`` (enterprises that
    nobody regulates, or that need a link nobody has; ``uncovered`` counts them), ``single``,
    ``one_lead`` (several, one leads, or one in each link: ``divided`` says in words who has which),
    ``no_lead``, ``many_leads``, ``n/a`` (no enterprise), ``no_data`` (not assessed: the graph has
    no edge ``REGULATES``; ``uncovered`` is missing then). Nothing is inherited that no edge states;
    an edge to a county states it for its towns.
    """

    _kind = "coverage"

    def __init__(
        self, coverage: _core.Coverage, speaker: Speaker, data: Callable[[str], str]
    ) -> None:
        self._coverage = coverage
        self._speaker = speaker
        self._lang = speaker.lang
        self._data = data
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
        return Made(self._coverage.blind_table(self._lang), "blind", self._speaker)

    @property
    def rollup(self) -> Made:
        """Regions above: the worst status below, weighted by enterprises."""
        return Made(self._coverage.rollup_table(self._lang), "coverage_rollup", self._speaker)

    @property
    def unplaced(self) -> int:
        """Enterprises in no region that is checked, which are in no cell."""
        return self._coverage.unplaced

    @property
    def without_sector(self) -> int:
        """Enterprises without a sector, which are in no cell."""
        return self._coverage.without_sector

    @property
    def undivided(self) -> int:
        """Enterprises of sectors that are not divided by links, in no cell ``by="link"``."""
        return self._coverage.undivided

    def to_json(self) -> str:
        """JSON: ``{"format","on","level","by","pack","counts","cells"}``."""
        return self._coverage.to_json(self._lang)

    def __len__(self) -> int:
        return len(self._coverage)

    def __repr__(self) -> str:
        c = self.counts()
        bad = ", ".join(f"{c[key]} {key}" for key in ("none", "many_leads", "no_lead"))
        if c["no_data"]:
            bad = f"{c['no_data']} not assessed (no data)"
        return f"<safetyrisk coverage on {self.on}: {len(self)} cells, {bad}>"

    def _repr_html_(self) -> str:
        return self._html(30)

    def _page_html(self) -> str:
        return self._html(None)

    def _html(self, shown: int | None) -> str:
        s = self._speaker
        words = _core.cover_states()
        chips = " ".join(
            chip(
                "unassessed" if key in ("n/a", "no_data") else _COLOURS[words[key][2]],
                f"{s.cell('status', key)} {number}",
            )
            for key, number in self.counts().items()
            if number
        )
        rows = [row for row in self._rows() if row["status"] != "n/a"]
        rows.sort(key=lambda row: (-words[row["status"]][2], -(row["risk_weight"] or 0)))
        names = [
            "region_name", "sector_name", "link", "scene", "status", "lead", "others", "host",
            "divided", "enterprises", "uncovered", "risk_weight", "ungraded",
        ]  # fmt: skip
        seldom = ("link", "scene", "divided", "ungraded")
        columns = s.heads(
            [name for name in names if name not in seldom or any(row.get(name) for row in rows)],
            status=s.say("监管情况", "state"),
        )
        left = self._left_out(s.lang)
        table = s.table(rows, columns, shown=shown) if rows else self._nothing(s.lang)
        title = s.say(f"{self._crossed()}监管覆盖", f"Coverage of {self._crossed()}")
        return details(f"{title}  {self.on}", chips, table, left, html.escape(self._data(s.lang)))

    def _crossed(self) -> str:
        """What a cell is of, in words."""
        by = "link" if self._table().has("link") else "scene" if self._table().has("scene") else ""
        return self._speaker.say(
            {"": "行业×地区", "link": "行业环节×地区", "scene": "场景×行业×地区"}[by],
            {
                "": "sectors by region",
                "link": "links of sectors by region",
                "scene": "sectors and scenes by region",
            }[by],
        )

    def _nothing(self, lang: str) -> str:
        """Say why there is no cell."""
        if self._table().has("scene") and not len(self):
            zh, en = "图谱中没有关系、企业或主体写明场景", "Nothing in this graph names a scene"
        else:
            zh, en = "没有企业", "No enterprise"
        return zh if lang == "zh" else en

    def _left_out(self, lang: str) -> str:
        """Say which enterprises stand in no cell; nothing where all do."""
        if not (self.unplaced or self.without_sector or self.undivided):
            return ""
        undivided = self.undivided
        if lang == "zh":
            return (
                f"未计入：不在检查范围或没有填写区划的企业 {self.unplaced} 家，没有行业领域的 "
                f"{self.without_sector} 家"
            ) + (f"，行业领域没有划分环节的 {undivided} 家" if undivided else "")
        return (
            f"Not counted: {self.unplaced} enterprises outside the jurisdiction or of no division, "
            f"{self.without_sector} without a sector"
        ) + (f", {undivided} of sectors that are not divided by links" if undivided else "")

    def _sheets(self) -> dict[str, dict[str, Any]]:
        s = self._speaker
        said = {"status": s.say("监管情况", "state")}
        out = {}
        for title, table in (
            (s.say("监管覆盖", "coverage"), self),
            (s.say("监管盲区", "blind"), self.blind),
            (s.say("上级地区", "above"), self.rollup),
        ):
            cells = s.columns(table.to_columns())
            out[title] = {
                (said["status"] if head == s.head("status") else head): cell
                for head, cell in cells.items()
            }
        return out


class Load(Result):
    """How much supervision each unit, post and person owes, weighed by risk.

    Columns: ``unit name kind level enterprises red orange yellow blue ungraded risk_weight visits
    demand staff working_days other_days capacity load median flagged tasks_lead tasks_joint
    tasks_share letters_open committees departments regions paired``. Without staff there is no
    capacity and no load.
    """

    _kind = "load"

    def __init__(self, load: _core.Load, speaker: Speaker, data: Callable[[str], str]) -> None:
        self._load = load
        self._speaker = speaker
        self._lang = speaker.lang
        self._data = data
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
        return self._html(20)

    def _page_html(self) -> str:
        return self._html(None)

    def _html(self, shown: int | None) -> str:
        s = self._speaker
        rows = sorted(
            self._rows(), key=lambda row: (-(row["load"] or -1.0), -(row["demand"] or 0.0))
        )
        for row in rows:
            row["flagged"] = s.say("偏重", "heavy") if row["flagged"] else ""
        names = [
            "name", "kind", "enterprises", "red", "orange", "yellow", "blue", "ungraded", "visits",
            "demand",            "capacity", "load", "median", "flagged",
        ]  # fmt: skip
        note = ""
        if rows and all(row["capacity"] is None for row in rows):
            names = [name for name in names if name not in ("capacity", "load")]
            note = s.say(
                "没有一个单位写明执法人员数，不能算能力和负荷；“偏重”按需要（人日）与同类中位数相比",
                "No unit says how many inspectors it has, so that nobody has a capacity or a load; "
                "'heavy' compares the demand with the median of its kind",
            )
        columns = s.heads(names, capacity=s.head("capacity_days"), flagged=s.say("提示", "note"))
        # Numbers, and no capacity of C1 … C14.
        table = s.table(rows, columns, shown=shown) if rows else s.say("没有主体", "Nobody")
        title = s.say("监管负荷", "Load of supervision")
        return details(f"{title}  {self.on}", note, table, html.escape(self._data(s.lang)))

    def _sheets(self) -> dict[str, dict[str, Any]]:
        s = self._speaker
        columns = self.to_columns()
        unit = [str(one) for one in columns.pop("unit").tolist()]
        capacity = columns.pop("capacity")
        said = {s.head("node"): unit} | s.columns(columns)
        said[s.head("capacity_days")] = s.columns({"capacity_days": capacity})[
            s.head("capacity_days")
        ]
        return {s.say("监管负荷", "load"): said}
