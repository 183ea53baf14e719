"""What tables of the responsibility graph say to a reader, in Chinese or English.

Tables in Python keep their codes; pages, workbooks and what the command line prints use these words.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from . import _core
from ._display import table_html
from ._errors import NotFoundError
from ._faults import fault

__all__ = ["SEVERITY_WORDS", "STATE_WORDS", "Speaker"]

#: What a severity and the state of a rule are called.
SEVERITY_WORDS = {"error": "错误", "warning": "警告", "info": "提示"}
STATE_WORDS = {
    "holds": "符合",
    "fails": "不符合",
    "partly": "部分可核",
    "not_assessed": "未评估",
}

# Headers: Chinese, English.
_HEADS = {
    "above": ("上级", "under"),
    "absent": ("缺少的记录", "no record of"),
    "action": ("事项", "action"),
    "after": ("之后", "after"),
    "against": ("逆向", "against"),
    "basis": ("依据", "basis"),
    "before": ("之前", "before"),
    "blue": ("蓝", "blue"),
    "branch": ("责任线", "branch"),
    "broken_at": ("断在何处", "broken at"),
    "by": ("检查单位", "by"),
    "candidate": ("建议单位编号", "candidate id"),
    "candidate_name": ("建议单位", "candidate"),
    "capacity": ("责任类别", "capacity"),
    "capacity_days": ("能力（人日）", "capacity (days)"),
    "change": ("变化", "change"),
    "clause": ("条款", "clause"),
    "clock": ("时限代码", "clock"),
    "closed_by_owner": ("自行销号", "closed by its owner"),
    "closed_on": ("销号日期", "closed on"),
    "closed_unverified": ("未核查即销号", "closed unverified"),
    "closers": ("销号", "closed by"),
    "code": ("代码", "code"),
    "column": ("列", "column"),
    "committees": ("委员会", "committees"),
    "confidence": ("可信度", "confidence"),
    "count": ("数量", "count"),
    "cure": ("怎样改正", "cure"),
    "days_open": ("天数", "days open"),
    "deadline": ("期限", "deadline"),
    "demand": ("需要（人日）", "demand (days)"),
    "demand_after": ("需要（之后，人日）", "demand after"),
    "demand_before": ("需要（之前，人日）", "demand before"),
    "departments": ("分管部门", "departments"),
    "derived": ("由列得出", "derived"),
    "divided": ("环节分工", "who has which links"),
    "division": ("行政区划代码", "division"),
    "document": ("文件", "document"),
    "due": ("到期", "due"),
    "due_on": ("整改期限", "due on"),
    "duty": ("职责", "duty"),
    "edges": ("涉及关系", "edges"),
    "enforce": ("执法", "enforces"),
    "enterprises": ("企业", "enterprises"),
    "enterprises_after": ("企业（之后）", "enterprises after"),
    "enterprises_before": ("企业（之前）", "enterprises before"),
    "errors": ("错误", "errors"),
    "evidence": ("履职记录", "records"),
    "examined": ("检查对象", "examined"),
    "unjudged": ("不能完全核查", "not judged in full"),
    "finders": ("排查", "found by"),
    "flagged": ("偏重", "flagged"),
    "found": ("发现", "found"),
    "found_on": ("排查日期", "found on"),
    "from": ("来源", "from"),
    "gained": ("增加", "gained"),
    "grade": ("等级", "grade"),
    "group": ("分组", "group"),
    "hazard": ("隐患编号", "hazard id"),
    "hazards_recorded": ("记录的隐患", "hazards recorded"),
    "holders": ("任职", "held by"),
    "hop": ("第几层", "hop"),
    "host": ("行业主管部门", "host"),
    "hours": ("小时", "hours"),
    "id": ("编号", "id"),
    "in_worst": ("处于最差情况的企业", "enterprises in the worst state"),
    "infos": ("提示", "notes"),
    "kind": ("类型", "kind"),
    "kind_name": ("关系", "relation"),
    "lead": ("牵头", "lead"),
    "letters_open": ("未办结督办", "open letters"),
    "level": ("级别", "level"),
    "link": ("环节", "link"),
    "links": ("环节", "links"),
    "load": ("负荷", "load"),
    "load_after": ("负荷（之后）", "load after"),
    "load_before": ("负荷（之前）", "load before"),
    "lost": ("减少", "lost"),
    "median": ("中位数", "median"),
    "message": ("发现", "finding"),
    "name": ("主体", "name"),
    "never_checked": ("无检查记录", "never checked"),
    "node": ("编号", "id"),
    "nodes": ("涉及主体", "nodes"),
    "object": ("对象编号", "object id"),
    "on": ("日期", "on"),
    "orange": ("橙", "orange"),
    "other_days": ("其他工作日", "other days"),
    "others": ("其他部门", "others"),
    "overdue": ("逾期", "overdue"),
    "owners": ("整改", "owned by"),
    "paired": ("包联", "paired"),
    "path": ("路径", "path"),
    "path_a": ("甲方路径", "path a"),
    "path_b": ("乙方路径", "path b"),
    "pattern": ("所试路径", "pattern"),
    "penalty": ("法律后果", "penalty"),
    "penalty_from": ("罚款下限（元）", "fine from (yuan)"),
    "penalty_to": ("罚款上限（元）", "fine to (yuan)"),
    "post_kind": ("岗位类别", "post kind"),
    "rank": ("次序", "rank"),
    "reason": ("说明", "reason"),
    "red": ("红", "red"),
    "region": ("地区代码", "region code"),
    "region_name": ("地区", "region"),
    "regions": ("分管地区", "regions"),
    "rejected": ("未采用", "rejected"),
    "relation": ("关系", "relation"),
    "risk_weight": ("风险权重", "risk weight"),
    "role": ("角色", "role"),
    "row": ("行", "row"),
    "rows_in": ("行数", "rows"),
    "rule": ("规则", "rule"),
    "scene": ("场景", "scene"),
    "scenes": ("场景", "scenes"),
    "section": ("部分", "section"),
    "sector": ("行业领域代码", "sector id"),
    "sector_name": ("行业领域", "sector"),
    "sectors": ("行业领域", "sectors"),
    "severity": ("级别", "severity"),
    "side": ("一侧", "side"),
    "source": ("依据", "source"),
    "sources": ("主体", "sources"),
    "staff": ("人员", "staff"),
    "state": ("状态", "state"),
    "statement": ("要求", "statement"),
    "status": ("结果", "status"),
    "step": ("步骤", "step"),
    "steps_a": ("甲方步数", "steps a"),
    "steps_b": ("乙方步数", "steps b"),
    "successor": ("现由谁承接", "successor"),
    "table": ("表", "table"),
    "target": ("对象", "target"),
    "targets": ("对象", "targets"),
    "tasks_joint": ("会同任务", "joint tasks"),
    "tasks_lead": ("牵头任务", "tasks led"),
    "tasks_share": ("分工任务", "shared tasks"),
    "text": ("时限", "clock"),
    "through": ("经由", "through"),
    "uncovered": ("无人监管", "uncovered"),
    "uncovered_after": ("无人监管（之后）", "uncovered after"),
    "uncovered_before": ("无人监管（之前）", "uncovered before"),
    "ungraded": ("未定级", "ungraded"),
    "unit": ("单位", "unit"),
    "used": ("采用", "used"),
    "valid_from": ("起始日期", "valid from"),
    "valid_to": ("截止日期", "valid to"),
    "verifiers": ("核查", "verified by"),
    "visits": ("年检查次", "visits a year"),
    "warnings": ("警告", "warnings"),
    "within": ("审查层级内", "within ceiling"),
    "words": ("理由", "why"),
    "working_days": ("工作日", "working days"),
    "written_in": ("见于", "written in"),
    "yellow": ("黄", "yellow"),
}  # fmt: skip

# What stands in cells: Chinese, English.
_CELLS: dict[str, dict[str, tuple[str, str]]] = {
    "severity": {key: (zh, key) for key, zh in SEVERITY_WORDS.items()},
    "change": {
        "new": ("新增", "new"), "gone": ("消除", "gone"), "added": ("新增", "added"),
        "removed": ("删除", "removed"), "changed": ("变更", "changed"),
    },
    "side": {"enterprise": ("企业一侧", "enterprise"), "government": ("政府一侧", "government")},
    "branch": {
        "enterprise": ("企业人员", "enterprise"), "contract": ("发包、出租", "contract"),
        "group": ("上级企业", "group"), "agency": ("服务机构", "agency"),
        "department": ("部门", "department"), "territory": ("属地", "territory"),
        "hazard": ("隐患", "hazard"),
    },
    "confidence": {
        "stated": ("原文载明", "stated"), "expanded": ("由统称展开", "expanded"),
        "inferred": ("推断", "inferred"),
    },
    "level": {
        "country": ("国家", "country"), "province": ("省级", "province"), "city": ("市级", "city"),
        "county": ("县级", "county"), "town": ("乡镇级", "town"), "village": ("村级", "village"),
    },
    "grade": {
        "general": ("一般", "general"), "major": ("重大", "major"), "red": ("红", "red"),
        "orange": ("橙", "orange"), "yellow": ("黄", "yellow"), "blue": ("蓝", "blue"),
    },
    "state": {
        "found": ("已排查", "found"), "reported": ("已报告", "reported"),
        "registered": ("已登记", "registered"), "supervised": ("挂牌督办", "supervised"),
        "rectifying": ("整改中", "rectifying"), "verified": ("已核查", "verified"),
        "closed": ("已销号", "closed"),
    },
    "section": {
        "duty": ("职责", "duty"), "task": ("任务", "task"), "pairing": ("包联", "pairing"),
        "committee": ("委员会", "committee"), "list": ("清单", "list"), "letter": ("责任书", "letter"),
        "hazard": ("隐患", "hazard"), "record": ("记录", "record"),
    },
    "role": {
        "found_by": ("排查", "found by"), "reported_to": ("接受报告", "reported to"),
        "responsible": ("整改责任", "responsible"), "supervised_by": ("督办", "supervised by"),
        "verified_by": ("核查", "verified by"), "closed_by": ("销号", "closed by"),
    },
    "reason": {
        "same_sectors": ("已监管同一行业领域", "regulates the same sectors"),
        "same_enterprises": ("已监管这些企业", "regulates the same enterprises"),
        "nearest_sectors": ("业务相近", "nearest sectors"), "superior": ("上级单位", "superior"),
        "government": ("本级政府", "government"), "deputy": ("副职", "deputy"),
        "same_unit": ("同一单位", "same unit"), "host": ("行业主管", "host"),
        "function": ("职能或岗位相同", "same function or post"),
    },
    "duty": {
        "first": ("第一责任", "first"), "in_charge": ("分管", "in charge"),
        "portfolio": ("一岗双责", "portfolio"), "direct": ("直接责任", "direct"),
        "post": ("岗位责任", "post"),
    },
    "from": {
        "own": ("本级", "own"), "inherited": ("上级", "inherited"), "below": ("下级", "below"),
    },
    "table": {
        "divisions": ("行政区划", "divisions"), "nodes": ("主体", "nodes"),
        "edges": ("关系", "edges"), "enterprises": ("企业", "enterprises"),
        "risk_points": ("风险点", "risk_points"), "hazards": ("隐患", "hazards"),
        "tasks": ("任务", "tasks"), "records": ("履职记录", "records"),
        "duties": ("职责清单", "duties"),
    },
}  # fmt: skip

# Columns whose cells are ids, one or several.
_IDS = frozenset(
    {
        "above", "by", "closers", "finders", "gained", "host", "lead", "lost", "others", "owners",
        "sources", "successor", "target", "targets", "unit", "verifiers", "written_in",
    }
)  # fmt: skip
# Columns of a table of changes, where `before` and `after` are cells of the column named.
_CHANGED = frozenset({"column", "before", "after"})
# Tables of nodes that have one of their own, by kind.
_TABLES = {
    "enterprise": "enterprises", "hazard": "hazards", "risk_point": "risk_points", "task": "tasks",
}  # fmt: skip
# Columns of the graph's tables that hold ids of nodes.
_NODE_COLUMNS = frozenset(
    {
        "addressees", "closed_by", "controlling_post", "coordinator", "division", "enterprise",
        "found_by", "handed_over_to", "issuer", "reported_to", "responsible", "site",
        "supervised_by", "unit", "using_unit", "verified_by",
    }
)  # fmt: skip


class Speaker:
    """Words of one language for the tables of one graph.

    Parameters
    ----------
    lang
        ``"zh"`` or ``"en"``.
    graph
        Whose names and kinds are meant; None where tables have no ids.
    """

    def __init__(self, lang: str = "zh", graph: _core.ResponsibilityGraph | None = None) -> None:
        if lang not in ("zh", "en"):
            raise fault("option.value", name="lang", value=lang, known=["zh", "en"])
        self.lang = lang
        self.zh = lang == "zh"
        self._graph = graph
        self._kinds: dict[str, str] | None = None
        self._actions: dict[str, str] | None = None
        self._capacities: dict[str, str] | None = None
        self._sectors: dict[str, str] | None = None
        self._headers: dict[str, Any] | None = None  # of the tables, by table

    def in_language(self, lang: str) -> Speaker:
        """The same in another language."""
        return Speaker(lang, self._graph)

    def say(self, zh: str, en: str) -> str:
        """The one of the two that is meant."""
        return zh if self.zh else en

    def head(self, column: str) -> str:
        """Header of a column; columns by state are called as the state."""
        if column in _core.cover_states():
            return str(_core.cover_states()[column][not self.zh])
        return _HEADS.get(column, (column, column))[not self.zh]

    def heads(self, columns: Iterable[str], **other: str) -> dict[str, str]:
        """Headers by column; `other` says those that are called otherwise here."""
        return {name: other.get(name) or self.head(name) for name in columns}

    def name(self, node: str) -> str:
        """Name of a node, its id where it has none or is not there (a unit yet to be made)."""
        if self._graph is None:
            return node
        try:
            return self._graph.node(node)[1] or node
        except NotFoundError:
            return node

    def called(self, word: str) -> str:
        """Name and id of a node, or the name of a sector."""
        name = self.name(word)
        if name != word:
            return f"{name}（{word}）" if self.zh else f"{name} ({word})"
        return self.sector(word)

    def sector(self, word: str) -> str:
        """What a sector or a link is called, by its id or its Chinese name."""
        if self._sectors is None:
            self._sectors = {}
            content = (
                _content("sectors")
                if self._graph is None
                else json.loads(self._graph.packs()[1].canonical)["content"]
            )
            for of in ("links", "sectors"):
                for one in content.get(of, ()):
                    self._sectors |= dict.fromkeys((one["id"], one["zh"]), one[self.lang])
        return self._sectors.get(word, word)

    def names(self, ids: str | None) -> str:
        """Names of ids that are joined by ``;``."""
        return self.listed(self.name(one) for one in (ids or "").split(";") if one)

    def listed(self, texts: Iterable[str]) -> str:
        """Texts as a list in a sentence."""
        return ("、" if self.zh else ", ").join(texts)

    def kind(self, kind: str) -> str:
        """What a kind of node, post or edge is called."""
        if self._kinds is None:
            words = {} if self._graph is None else self._graph.words()
            self._kinds = {
                one["id"]: one[self.lang]
                for of in ("posts", "nodes", "edges")
                for one in words.get(of, ())
            } | {"LOCATED_IN": self.say("所在", "is located in")}
        return self._kinds.get(kind, kind)

    def action(self, action: str) -> str:
        """What an action of records is called."""
        if self._actions is None:
            words = _content("actions")["actions"] | _content("accountability")["evidence"]["words"]
            self._actions = {key: word[self.lang] for key, word in words.items()}
        return self._actions.get(action, action)

    def capacity(self, capacity: str) -> str:
        """A capacity with its words: ``"C1 企业主要负责人"``."""
        if self._capacities is None:
            self._capacities = {
                one["id"]: one["name"][self.lang] for one in _content("capacities")["capacities"]
            }
        return f"{capacity} {self._capacities.get(capacity, '')}".strip()

    def edge(self, text: str) -> str:
        """An edge ``source KIND target`` of a finding, with names and the word of its kind."""
        parts = text.split(" ")
        if len(parts) != 3:
            return text
        return f"{self.name(parts[0])} —{self.kind(parts[1])}→ {self.name(parts[2])}"

    def cell(self, column: str, value: Any) -> Any:
        """What a cell says; numbers stay numbers."""
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return ""
        if isinstance(value, bool):
            return self.say("是", "yes") if value else self.say("否", "no")
        if isinstance(value, float):
            return int(value) if value == int(value) else float(f"{value:.4g}")
        if isinstance(value, dt.date):
            return value.isoformat()
        if not isinstance(value, str) or not value:
            return value
        if column in ("status", "before", "after"):
            states = _core.cover_states()
            if value in states:
                return states[value][not self.zh]
            return STATE_WORDS.get(value, value) if self.zh else value
        known = _CELLS.get(column, {}).get(value)
        if known is not None:
            return known[not self.zh]
        if column in _IDS:
            return self.names(value)
        if column in ("kind", "post_kind", "relation", "role"):
            return self.kind(value)
        if column in ("action", "absent"):
            return self.listed(self.action(one) for one in value.split(";"))
        if column == "evidence":
            return self.listed(self._evidence(one) for one in value.split(";"))
        if column == "holders":
            return value.replace(";", "、" if self.zh else ", ")
        if column == "words":  # "b~a": b, which is like a
            parts = (one.partition("~") for one in value.split(";"))
            return self.listed(
                self.sector(one) + (like and self._like(self.sector(like)))
                for one, _, like in parts
            )
        if column in ("sectors", "link", "links"):
            return self.listed(self.sector(one) for one in value.split(";"))
        return value

    def _like(self, sector: str) -> str:
        return f"（与{sector}相近）" if self.zh else f" (like {sector})"

    def _evidence(self, text: str) -> str:
        action, _, count = text.partition("=")
        return f"{self.action(action)}{count}次" if self.zh else f"{self.action(action)} ×{count}"

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row with its cells said."""
        if row.keys() >= _CHANGED:
            column, before, after = self._changed(row)
            row = {**row, "column": column, "before": before, "after": after}
        return {name: self.cell(name, value) for name, value in row.items()}

    def _changed(self, row: Mapping[str, Any]) -> tuple[str, Any, Any]:
        """What the column of a table is called that differs, and its values in words."""
        column = str(row["column"] or "")
        table = "edges" if "source" in row else _TABLES.get(str(row.get("kind")), "nodes")
        if self._headers is None:
            self._headers = _content("aliases")["tables"]
        spec = self._headers[table]
        heads = {name: words[0] for name, words in spec.get("in_graph", {}).items()} | {
            one["name"]: one["headers"][0] for one in spec["columns"] if one.get("headers")
        }

        def said(value: Any) -> Any:
            if not isinstance(value, str) or not value:
                return value
            if value in ("true", "false"):
                return self.cell(column, value == "true")
            if column in ("sectors", "links", "industry"):
                return self.listed(self.sector(one.strip()) for one in value.split(";"))
            return self.names(value) if column in _NODE_COLUMNS else self.cell(column, value)

        called = heads.get(column, column) if self.zh else column
        return called, said(row["before"]), said(row["after"])

    def table(
        self,
        rows: Sequence[Mapping[str, Any]],
        columns: Mapping[str, str],
        *,
        shown: int | None = None,
    ) -> str:
        """Rows as an HTML table, whole or the first `shown`, which then says how many are left."""
        kept = rows if shown is None else rows[:shown]
        left = len(rows) - len(kept)
        more = self.say(f"另有 {left} 行未在此显示", f"{left} more rows are not shown here")
        return table_html([self.row(row) for row in kept], columns) + (more if left else "")

    def columns(self, columns: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Columns of a table for a workbook: headers and cells said, ids beside their names."""
        out: dict[str, list[Any]] = {}
        if columns.keys() >= _CHANGED:
            lists = {name: [_plain(cell) for cell in cells] for name, cells in columns.items()}
            rows = [
                self._changed(dict(zip(lists, cells, strict=True)))
                for cells in zip(*lists.values(), strict=True)
            ]
            turned = zip(*rows, strict=True) if rows else ([], [], [])
            columns = {**columns, **dict(zip(("column", "before", "after"), turned, strict=True))}

        def put(head: str, cells: list[Any]) -> None:
            out[head if head not in out else f"{head}（{len(out)}）"] = cells

        for name, cells in columns.items():
            values = [_plain(cell) for cell in cells]
            put(self.head(name), [_cut(self.cell(name, value)) for value in values])
            if name in _IDS and any(isinstance(value, str) and value for value in values):
                put(
                    self.head(name) + self.say("（编号）", " (id)"),
                    [_cut(value or "") for value in values],
                )
        return out


def _plain(cell: Any) -> Any:
    """A cell of a NumPy array as Python has it."""
    return cell.item() if hasattr(cell, "item") else cell


def _cut(value: Any) -> Any:
    """No cell of a workbook holds more than 32767 characters."""
    if isinstance(value, str) and len(value) > 32_000:
        return f"{value[:32_000]}…"
    return value


def _content(kind: str) -> Any:
    """What the built-in pack of a kind holds."""
    (pack,) = [one for one in _core.packs() if one.kind == kind and one.default]
    return json.loads(pack.canonical)["content"]
