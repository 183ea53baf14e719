"""What the templates of the responsibility graph's tables ask for: columns, examples, choices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .. import _core

__all__ = ["GRAPH_COLUMNS", "GRAPH_EXAMPLES", "GRAPH_NOTES", "choices"]

#: Columns by table.
GRAPH_COLUMNS: dict[str, tuple[str, ...]] = {
    "nodes": (
        "id", "kind", "name", "post_kind", "unit", "division", "level", "sectors", "valid_from",
        "valid_to",
    ),
    "edges": (
        "source", "target", "kind", "duty", "sectors", "links", "lead", "enforce", "valid_from",
        "valid_to", "document", "clause", "confidence",
    ),
    "hazards": (
        "id", "enterprise", "grade", "criterion", "found_by", "found_on", "due_on", "state",
        "responsible", "measures", "funds", "plan", "verified_by", "closed_on", "closed_by",
    ),
    "tasks": ("id", "name", "unit", "action", "sectors", "deadline", "target", "target_unit"),
    "records": ("id", "subject", "action", "date", "object", "count", "evidence"),
    "duties": (
        "id", "subject", "action", "object", "deadline", "cadence", "valid_from", "valid_to",
        "document", "clause",
    ),
}  # fmt: skip

#: The example row by table.
GRAPH_EXAMPLES: dict[str, dict[str, Any]] = {
    "nodes": {
        "id": "360902-emergency-head", "kind": "岗位", "name": "袁州区应急管理局局长",
        "post_kind": "部门主要负责人", "unit": "360902-emergency", "valid_from": "2024-01-01",
    },
    "edges": {
        "source": "360902-emergency", "target": "360902", "kind": "行业监管",
        "sectors": "危化品生产;烟花爆竹经营", "lead": "是", "enforce": "是",
        "valid_from": "2024-01-01", "document": "权力和责任清单", "clause": "行业监管事项",
        "confidence": "载明",
    },
    "hazards": {
        "id": "H0001", "enterprise": "E0001", "grade": "重大", "found_by": "360902-emergency",
        "found_on": "2026-06-01", "due_on": "2026-08-01", "state": "整改中",
        "responsible": "E0001-principal", "measures": "更换安全阀", "funds": "8万元", "plan": "应急预案第3条",
    },
    "tasks": {
        "id": "T0001", "name": "危化品企业安全风险评估", "unit": "D0001", "action": "检查",
        "sectors": "危化品生产", "deadline": "2026-10-31", "target": 12, "target_unit": "家",
    },
    "records": {
        "id": "J0001", "subject": "360902-emergency", "action": "检查", "date": "2026-06-18",
        "object": "E0001", "count": 1,
    },
    "duties": {
        "id": "Z0001", "subject": "E0001-principal", "action": "检查", "object": "E0001",
        "cadence": "每季度一次", "document": "安全生产责任制", "clause": "第三条",
    },
}  # fmt: skip

#: What the columns of these tables mean: Chinese, English.
GRAPH_NOTES: dict[str, dict[str, tuple[str, str]]] = {
    "nodes": {
        "kind": (
            "主体类型，从列表选取；企业、风险点、隐患、任务另有各自的表",
            "from the list; enterprises, risk points, hazards and tasks have tables of their own",
        ),
        "post_kind": ("只有岗位填写", "of posts only"),
        "unit": ("岗位填设岗单位的编号；场所、事故填企业编号", "id of the unit that has the post"),
        "sectors": ("监管的行业领域，可填多个，用分号隔开", "several with ;"),
        "valid_to": ("最后有效日；仍有效的留空", "last valid day; empty while it is valid"),
    },
    "edges": {
        "source": ("承担责任的主体编号", "id of who has the duty"),
        "target": ("责任对象的编号；按行业、地区分工的填地区代码", "id of what it is about"),
        "kind": ("关系类型，从列表选取", "from the list"),
        "duty": ("只有“承担安全职责”填写", "of SAFETY_DUTY only"),
        "sectors": ("限于哪些行业领域，可填多个，用分号隔开；不限的留空", "several with ;"),
        "links": ("限于哪些环节，可填多个，用分号隔开；不限的留空", "several with ;"),
        "confidence": ("载明、展开或推断", "stated, expanded or inferred"),
        "valid_to": ("最后有效日；仍有效的留空", "last valid day; empty while it is valid"),
    },
    "hazards": {
        "found_by": ("排查的人员或单位编号", "id of who found it"),
        "responsible": ("整改责任人的编号", "id of who must mend it"),
        "verified_by": ("核查单位的编号", "id of who verified it"),
        "closed_by": ("销号单位的编号", "id of who closed it"),
    },
    "tasks": {"unit": ("部署文件的编号", "id of its document")},
    "records": {
        "subject": ("履职的单位、岗位或人员编号", "id of who did it"),
        "action": ("做了什么，从列表选取", "what was done, from the list"),
        "object": ("被检查、走访等的对象编号", "id of what it was done to"),
    },
    "duties": {
        "subject": ("单位或岗位编号", "id of a unit or post"),
        "action": ("要做什么，从列表选取", "what is owed, from the list"),
        "object": ("对象编号", "id of what it is about"),
    },
}

_STATES = ("发现", "报告", "登记", "挂牌督办", "整改中", "已核查", "销号")
_DUTIES = ("第一责任", "分管", "行业", "直接", "岗位")
_LEVELS = ("省级", "市级", "县级", "乡级", "村级")
# Rows of these tables are nodes by themselves.
_OWN_TABLE = ("region", "enterprise", "risk_point", "hazard", "task")


def _content(kind: str) -> Any:
    (pack,) = [one for one in _core.packs() if one.kind == kind and one.default]
    return json.loads(pack.canonical)["content"]


def choices(table: str, column: str) -> Sequence[str]:
    """What the drop-down list of a column offers; nothing where there is none."""
    if table == "hazards" and column == "grade":
        return ("一般", "重大")
    if column in ("sectors", "links"):
        return [one["zh"] for one in _content("sectors")[column]]
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
