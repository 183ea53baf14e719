"""What the compiled core says in English, known by its words: its code and its Chinese sentence."""

from __future__ import annotations

import functools
import json
import re

from ._core import packs
from ._faults import FAULTS, sentence
from ._graph_faults import GRAPH_FAULTS, OTHER_WORDS, SAID_HERE

__all__ = ["CORE", "recognise"]

#: Codes of what only the compiled core says; it says it in English, and is recognised by its words.
CORE = frozenset(
    {
        "isa.not_here",
        "isa.unknown",
        "node.unknown",
        "pack.kind",
        "pack.no_default",
        "pack.not_valid",
        "pack.unknown",
        "rule.index_order",
        "rule.index_value",
        "rule.minimum",
        "rule.minimum_negative",
        "rule.no_points",
        "rule.threshold_grade",
        "rule.threshold_index",
        "rule.threshold_key",
        "rule.threshold_number",
        "rule.threshold_order",
        "rule.threshold_ungraded",
        "rule.thresholds_of_worst",
        "rule.weight",
        "rule.weight_key",
        "rule.weight_number",
        "rule.weight_order",
        "rule.weights_missing",
        "rule.weights_only_index",
        "rule.weights_zero",
        "table.no_column",
    }
) | (frozenset(GRAPH_FAULTS) - SAID_HERE)
# Other sentences of the core with codes of their own: known by these words.
_OTHER_WORDS = (
    ("{pack}: is a pack of kind '{kind}', not {wanted}", "pack.kind"),
    ("{name} is {text}; write YYYY-MM-DD", "date.malformed"),
    ("{name} is '{value}'; known are {known}", "option.value"),
    ('no {name} is named "{value}"; there are {known}', "option.value"),
    ("'{pack}' has no default profile; name one in full", "pack.no_default"),
    *OTHER_WORDS,
)
# What stands in those sentences and has a word of its own.
_CORE_WORDS = {
    "divisions": "行政区划表",
    "enterprises": "企业表",
    "risk_points": "风险点表",
    "substances": "物质表",
    "direct rules": "直接判定规则",
    "a method": "评价方法",
    "a method for single rows; call major_hazard()": "逐行评定的方法；请用 safetyrisk major-hazard",
    "of major hazards": "重大危险源的标准",
    "page size": "page",
    "rules": "检查规则",
    "graph_kinds": "主体和关系类型",
    "sectors": "行业领域",
    "departments": "部门",
    "collectives": "统称",
    "capacities": "责任类别",
    "workload": "工作量参数",
    "accountability": "事故责任规则",
    "none": "无",
}


@functools.cache
def _forms() -> list[tuple[re.Pattern[str], str]]:
    """How the core's sentences look, with their codes."""
    words = [(FAULTS[code][0], code) for code in sorted(CORE)] + list(_OTHER_WORDS)
    forms = []
    for text, code in words:
        parts = re.split(r"\{(\w+)\}", text)
        pattern = "".join(
            f"(?P<{part}>.*?)" if i % 2 else re.escape(part) for i, part in enumerate(parts)
        )
        forms.append((re.compile(pattern, re.DOTALL), code))
    return forms


@functools.cache
def _kind_words() -> dict[str, str]:
    """Chinese words of the built-in kinds of nodes, by id and by English word."""
    (pack,) = [one for one in packs() if one.kind == "graph_kinds" and one.default]
    out: dict[str, str] = {}
    for one in json.loads(pack.canonical)["content"]["nodes"]:
        out |= {one["id"]: one["zh"], one["en"]: one["zh"]}
    return out


def recognise(text: str) -> tuple[str, str]:
    """Code and Chinese sentence of what the compiled core says in English; empty where unknown.

    Examples
    --------
    >>> recognise("the rule 'worst' takes no thresholds")
    ('rule.thresholds_of_worst', '规则 worst 不用阈值')
    """
    for form, code in _forms():
        found = form.fullmatch(text)
        if found is None:
            continue
        values: dict[str, object] = {}
        for name, value in found.groupdict().items():
            if name == "near":
                value = re.sub("; near (names|ones) are ", "；相近的有 ", value)
            elif name == "known":
                listed = re.split(" " if code == "who.kind" else ", | and ", value.strip())
                if code == "who.kind":
                    listed = [_kind_words().get(word, word) for word in listed]
                value = "、".join(listed)
            elif name == "line":
                value = str(int(value) + 1)  # the core counts from 0
            elif code in ("who.kind", "duty_list.no_post", "change.no_unit") and name == "kind":
                value = _kind_words().get(value, value)
            elif name == "wanted":
                value = value.strip("'")
            values[name] = _CORE_WORDS.get(value, value)
        if code == "pack.no_default":
            values.setdefault("day", "现行各版中")
        if code == "option.value":
            values.setdefault("name", "lang")
            values.setdefault("known", "zh、en")
        return code, sentence(code, values, "zh")
    return "", ""
