"""What the templates of the responsibility graph's tables ask for: columns, examples, choices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .. import _core
from .headers import table_spec
from .registers import column_words

__all__ = ["GRAPH_TABLES_TO_FILL_IN", "choices"]

#: Tables of the graph alone; their columns, notes and examples stand in the pack of headers.
GRAPH_TABLES_TO_FILL_IN = (
    "nodes", "edges", "hazards", "hazard_events", "tasks", "records", "duties",
)  # fmt: skip

_STATES = ("发现", "报告", "登记", "挂牌督办", "整改中", "已核查", "销号")
#: So many words of a long list are offered; others are read as well.
_MOST = 60
_DUTIES = ("第一责任", "分管", "行业", "直接", "岗位")
_LEVELS = ("省级", "市级", "县级", "乡级", "村级")
# Rows of these tables are nodes by themselves.
_OWN_TABLE = ("region", "enterprise", "risk_point", "hazard", "task")


def _content(kind: str) -> Any:
    (pack,) = [one for one in _core.packs() if one.kind == kind and one.default]
    return json.loads(pack.canonical)["content"]


def choices(table: str, column: str) -> Sequence[str]:
    """What the drop-down list of a column offers; nothing where there is none."""
    if column in table_spec(table).words:
        return list(column_words(table, column))[:_MOST]
    if table == "hazards" and column == "grade":
        return ("一般", "重大")
    if column in ("sectors", "links"):
        return [one["zh"] for one in _content("sectors")[column]]
    if table == "hazard_events" and column == "event":
        return [one["zh"] for one in _content("hazard_states")["events"]]
    if column == "action":
        return [word["zh"] for word in _content("accountability")["evidence"]["words"].values()]
    if table == "nodes" and column == "level":
        return _LEVELS
    fixed = {"duty": _DUTIES, "confidence": ("载明", "展开", "推断"), "state": _STATES}
    if column in fixed:
        return fixed[column]
    kinds = _content("graph_kinds")
    if table == "nodes" and column == "kind":
        return [one["zh"] for one in kinds["nodes"] if one["id"] not in _OWN_TABLE]
    if column == "post_kind":
        return [one["zh"] for one in kinds["posts"]]
    if table == "edges" and column == "kind":
        return [one["zh"] for one in kinds["edges"] if not one.get("derived")]
    return ()
