"""Codes and sentences of what is wrong with a question to the responsibility graph.

Joined to those of ``_faults``; all but ``SAID_HERE`` are the compiled core's own sentences.
"""

from __future__ import annotations

__all__ = ["GRAPH_FAULTS", "OTHER_WORDS", "SAID_HERE"]

#: English and Chinese sentence by code.
GRAPH_FAULTS: dict[str, tuple[str, str]] = {
    "accident.escalation": (
        "the pack has no escalation '{id}'",
        "规则包中没有提级规则“{id}”",
    ),
    "accident.income": (
        "the income of '{id}' is no amount",
        "“{id}”的年收入不是金额；应为不小于 0 的元数",
    ),
    "accident.negative": (
        "deaths, injuries and loss must be numbers that are not negative",
        "死亡人数、重伤人数、直接经济损失不能是负数",
    ),
    "accident.no_facts": (
        "deaths, injuries or loss: an accident has no grade without one of them",
        "没有死亡人数、重伤人数或直接经济损失，无法确定事故等级",
    ),
    "accident.too_early": (
        "the accident is of {day}; the rules known here hold from {first} on ({sources}); give "
        "those of its day with pack=",
        "事故日期为 {day}，而本库收录的事故责任规则自 {first} 起施行（{sources}），此前的规定未收录，"
        "不能用后来的法律倒推；可用 pack= 给出当时的规则",
    ),
    "argument.amount": (
        "{name} is {value}; it is a number of 0 or more",
        "{name} 是 {value}；应为不小于 0 的数字",
    ),
    "argument.count": (
        "{name} is {value}; it is a whole number of {least} or more",
        "{name} 是 {value}；应为不小于 {least} 的整数",
    ),
    "argument.day": (
        "{name} is {value}; it is a day: YYYY-MM-DD, a date or a datetime64",
        "{name} 是 {value}；应为日期：YYYY-MM-DD、date 或 datetime64",
    ),
    "argument.empty": (
        "{name} is empty; None means every enterprise",
        "{name} 是空的；None 表示全部企业",
    ),
    "argument.one_text": (
        "{name} is a list of ids, not one text",
        "{name} 应为编号的列表，不是一段文字",
    ),
    "argument.threads": (
        "threads is {value}; it is 0 (as many as the machine has) to 4096",
        "threads 是 {value}；应为 0（按机器的核数）至 4096",
    ),
    "argument.type": (
        "{name} is {value} ({kind}); it is {wanted}",
        "{name} 是 {value}（{kind}）；应为{wanted}",
    ),
    "assess.days": (
        "assess: the days end on {end}, before they begin on {start}",
        "查到 {end} 为止，却从 {start} 起：结束的日期早于开始的日期",
    ),
    "change.by_part": (
        "by: '{part}' is none of the parts",
        "by：“{part}”不是拆分后的单位之一",
    ),
    "change.by_what": (
        "by: '{what}' is neither a sector nor a place",
        "by：“{what}”既不是行业领域，也不是地区",
    ),
    "change.merged_itself": (
        "'{id}' is merged into itself only",
        "“{id}”只与自己合并，没有变动",
    ),
    "change.merged_twice": ("'{id}' is merged twice", "“{id}”合并了两次"),
    "change.new_id": ("a new unit needs an id", "新单位需要编号"),
    "change.no_change": ("what_if needs at least one change", "推演至少需要一项变动"),
    "change.no_post": (
        "'{id}' is neither a post nor a person",
        "“{id}”既不是岗位，也不是人员",
    ),
    "change.no_unit": (
        "'{id}' is a {kind}; units are dissolved, merged and split",
        "“{id}”是 {kind}，不是单位；只有单位可以撤销、合并、拆分",
    ),
    "change.not_there": (
        "'{id}' is not there on {day}, so it cannot change",
        "“{id}”在 {day} 不存在，不能变动",
    ),
    "change.nothing_moves": (
        "'{id}' regulates nothing of '{sector}', so that nothing moves",
        "“{id}”没有“{sector}”的监管关系，没有可以移交的",
    ),
    "change.part_twice": ("'{id}' is named twice as a part", "拆分后的单位“{id}”写了两次"),
    "change.same_unit": ("a sector moves to another unit", "行业领域应移交给另一个单位"),
    "check.group_has_no_rule": (
        "no rule '{rule}' in {pack}; there are {known}",
        "没有规则“{rule}”（{pack}）；这一组有：{known}",
    ),
    "check.no_parameter": (
        "{rule} has no parameter '{name}'; it has {known}",
        "规则 {rule} 没有参数“{name}”；有：{known}",
    ),
    "check.no_profile": (
        "no profile '{profile}' in {pack}; there are {known}",
        "没有口径“{profile}”（{pack}）；有：{known}",
    ),
    "check.no_rule": (
        "no rule '{rule}' in {pack}",
        "没有规则“{rule}”（{pack}）",
    ),
    "check.parameter": (
        "parameter '{path}': write rule and name, as RG-10.days",
        "参数“{path}”应写作规则编号和参数名，如 RG-10.days",
    ),
    "check.parameter_json": ("{place}: '{text}' is not JSON", "{place}：“{text}”不是 JSON"),
    "check.parameter_kind": (
        "{place}: {text} is not of the kind of {usual}",
        "{place}：{text} 与原值 {usual} 的类型不同",
    ),
    "coverage.by": (
        "coverage is by 'link', 'scene' or 'committee', not by '{by}'",
        "覆盖分析可按 link（环节）、scene（场景）或 committee（专委会），不能按“{by}”",
    ),
    "coverage.level": (
        "coverage has no level '{level}'; it has province city county town village",
        "没有级别“{level}”；可用：province city county town village",
    ),
    "day.missing": (
        "on: the graph has no data date, so the question must name a day",
        "数据没有日期（data_date），提问时要用 on 指明哪一天",
    ),
    "duty_list.no_post": (
        "duties are listed of a post or of a unit; {id} is of kind '{kind}'",
        "职责清单按岗位或单位列出；{id} 的类型是 {kind}",
    ),
    "explain.no_cells": (
        "rows of '{kind}' are counts; single obligations are explained: .where(), .overdue, .due()",
        "{kind} 的各行是计数；可以说明的是逐项的行：.where()、.overdue、.due()",
    ),
    "explain.no_row": (
        "there is no row {row}; there are {count} rows, from 0",
        "没有第 {row} 行；共 {count} 行，从 0 起",
    ),
    "graph.jurisdiction": (
        "jurisdiction: '{id}' is no division or zone of the graph",
        "jurisdiction：图谱中没有编号为“{id}”的区划或功能区",
    ),
    "graph.table_columns": (
        "columns: there is no table '{table}'; there are: {known}",
        "columns：没有表“{table}”；有：{known}",
    ),
    "group.unknown": (
        "grouping by '{value}'; known are {known}",
        "不能按“{value}”汇总；可用：{known}",
    ),
    "hazard.no_enterprise": (
        "there is no enterprise '{id}'{near}",
        "没有编号为“{id}”的企业{near}",
    ),
    "name.no_place": (
        "there is no region or zone '{id}'{near}",
        "没有编号为“{id}”的区划或功能区{near}",
    ),
    "name.several": (
        "{count} nodes are called '{name}'; write the id: {ids}",
        "名称为“{name}”的主体有 {count} 个；请写编号：{ids}",
    ),
    "sector.unknown": ("there is no sector '{id}'{near}", "没有行业领域“{id}”{near}"),
    "select.column": (
        "{place}: no node has a column '{name}'; there are: {known}",
        "{place}：没有主体有“{name}”这一列；有：{known}",
    ),
    "select.empty": ("selector: is empty", "选择条件是空的"),
    "select.kind": (
        "{place}: there is no kind of node '{kind}'{near}",
        "{place}：没有主体类型“{kind}”{near}",
    ),
    "select.node": (
        "{place}: there is no node '{id}'{near}",
        "{place}：没有编号为“{id}”的主体{near}",
    ),
    "select.relation": (
        "{place}: there is no kind of edge '{kind}'{near}",
        "{place}：没有关系类型“{kind}”{near}",
    ),
    "select.sector": (
        "{place}: there is no sector '{id}'{near}",
        "{place}：没有行业领域“{id}”{near}",
    ),
    "whatif.no_change": (
        "say what changes: --dissolve, --merge, --split, --move or --vacate",
        "没有写明怎样调整；请用 --dissolve、--merge、--split、--move 或 --vacate 写明",
    ),
    "who.kind": (
        "who answers is not asked of a node of kind '{kind}' ({id}); it is asked of {known}",
        "“谁负责”不能问类型为 {kind} 的主体（{id}）；可以问：{known}",
    ),
    "who.limit": ("limit must be at least 1", "limit 应至少为 1"),
    "who.link": (
        "nothing in this graph has a link '{link}'",
        "图谱中没有环节“{link}”",
    ),
    "who.scene": (
        "nothing in this graph has a scene '{scene}'{near}",
        "图谱中没有场景“{scene}”{near}",
    ),
}

#: Those that Python says; the others are known by the words of the core.
SAID_HERE = frozenset(
    {
        "argument.amount", "argument.count", "argument.day", "argument.empty", "argument.one_text",
        "argument.threads", "argument.type", "explain.no_cells", "explain.no_row",
        "graph.table_columns", "name.several",
        "whatif.no_change",
    }
)  # fmt: skip

#: Other sentences of the core with one of these codes.
OTHER_WORDS = (
    ("'{id}' is not there on {day}", "change.not_there"),
    ("no sector '{id}'{near}", "sector.unknown"),
    ("lang is '{value}'; it is 'zh' or 'en'", "option.value"),
    ("the pack {pack} is of kind '{kind}', not '{wanted}'", "pack.kind"),
    ("the pack {pack} is of kind {kind}, not {wanted}", "pack.kind"),
    ("{pack}: is a pack of kind '{kind}', not '{wanted}'", "pack.kind"),
)
