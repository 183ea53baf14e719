"""Dates that print leaves open, several quarters at once, and heads that say who acts."""

from __future__ import annotations

import json
from typing import Any

import pytest

import safetyrisk as sr


def read(text: str, year: int | None = 2026) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(sr.parse_plan(text, year=year).to_json())
    return plan


def dates(words: str) -> list[str]:
    (task,) = read(f"1.{words}（市应急局负责）")["tasks"]
    return list(task["deadlines"])


def said(plan: dict[str, Any], code: str) -> list[str]:
    return [one["value"] for one in plan["issues"] if one["code"] == code]


def roles(task: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["name"], one["role"]) for one in task["units"]]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("第一、第三季度末前各通报一次。", ["2026-03-31", "2026-09-30"]),
        ("1、3季度末前通报。", ["2026-03-31", "2026-09-30"]),
        ("二季度末前完成。", ["2026-06-30"]),
        ("4月16日至9月30日，集中力量整治。", []),
        ("4—10月整治。", []),
        ("6月下旬启动，7月15日前完成。", ["2026-07-15"]),
        ("二、三季度重点检查。", []),
    ],
)
def test_quarters_and_spans(words: str, expected: list[str]) -> None:
    assert dates(words) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4—10月", ["2026-10-31"]),
        ("3、6、9月", ["2026-03-31", "2026-06-30", "2026-09-30"]),
        ("一、三季度", ["2026-03-31", "2026-09-30"]),
        ("3月启动，8月底前完成", ["2026-08-31"]),
    ],
)
def test_columns_of_times(cell: str, expected: list[str]) -> None:
    (task,) = read(f"序号\t任务\t责任单位\t完成时限\n1\t整治\t市应急局\t{cell}")["tasks"]
    assert task["deadlines"] == expected


@pytest.mark.parametrize(
    ("words", "open_"),
    [
        ("“五一”前检查，国庆节前复查。", ["“五一”前", "国庆节前"]),
        ("春节、元宵节前逐店检查。", ["春节、元宵节前"]),
        ("“五一”“十一”前各检查一次。", ["“五一”“十一”前"]),
        ("到2026年，覆盖率达到90%。", ["到2026年"]),
        ("到2026年底，覆盖率达到90%。", []),
        ("从2024年到2026年，分步实施。", []),
        ("到2020年，已建成平台。", []),
        ("“七一”前走访。", ["“七一”前"]),
        ("每学期演练不少于1次。", ["每学期"]),
        ("除夕前逐户检查。", ["除夕前"]),
        ("国庆节前后加强值守。", []),
        ("十一月底前完成。", []),
    ],
)
def test_what_names_no_date_is_said(words: str, open_: list[str]) -> None:
    plan = read(f"1.{words}（市应急局负责）")
    assert said(plan, "plan.deadline_open") == open_
    if open_:
        assert plan["tasks"][0]["deadlines"] == []


def test_before_a_month_is_unclear() -> None:
    plan = read("1.10月前完成（市应急局负责）\n2.10月底前完成（市应急局负责）")
    assert said(plan, "plan.deadline_unclear") == ["10月前"]
    assert [task["deadlines"] for task in plan["tasks"]] == [["2026-10-31"], ["2026-10-31"]]


def test_both_halves_of_the_year_are_no_cadence() -> None:
    plan = read("1.上半年、下半年各检查一遍（市住建局牵头）")
    assert plan["tasks"][0]["frequencies"] == plan["tasks"][0]["deadlines"] == []
    assert said(plan, "plan.deadline_open") == ["上半年、下半年"]


def test_units_parted_by_blanks_under_a_label_in_brackets() -> None:
    (task,) = read("一、商贸（责任单位：经发局 社发局，责任领导：李某）")["tasks"]
    assert roles(task) == [("经发局", "responsible"), ("社发局", "responsible")]
    (task,) = read("一、商贸（责任单位：金垣经开区 管委会）")["tasks"]
    assert roles(task) == [("金垣经开区管委会", "responsible")]


def test_a_unit_that_helps_leaves_the_label_to_the_others() -> None:
    (task,) = read("1.关爱（责任单位：公共服务办公室；各社区居委会协助）")["tasks"]
    assert roles(task) == [("公共服务办公室", "responsible"), ("各社区居委会", "assist")]


def test_words_of_time_are_no_units() -> None:
    (task,) = read("1.维修（责任单位：县住建局，立即整改）\n")["tasks"]
    assert roles(task) == [("县住建局", "responsible")]
    plan = read("1.执法（市有关部门，各区县政府负责，全年组织实施）")
    assert roles(plan["tasks"][0]) == [("市有关部门", "responsible"), ("各区县政府", "responsible")]
    assert said(plan, "plan.clause_unread") == []


def test_units_with_a_date_and_no_role_are_asked_about() -> None:
    plan = read("1.开展活动（市委宣传部、市总工会，各区县，6月份）")
    assert plan["tasks"][0]["units"] == []
    assert said(plan, "plan.clause_unread") == ["市委宣传部、市总工会,各区县,6月份"]


def test_what_can_be_read_of_a_clause_is() -> None:
    plan = read("1.建设平台（市大数据局承建，市应急管理局主办）")
    assert roles(plan["tasks"][0]) == [("市应急管理局", "lead")]
    assert said(plan, "plan.clause_unread") == ["市大数据局承建"]


def test_a_name_left_out_is_no_slip() -> None:
    (task,) = read("1.搜救（某某海事局配合，省海上搜救中心负责）")["tasks"]
    assert ("某某海事局", "assist") in roles(task)


def test_stages_head_the_items_below() -> None:
    plan = read(
        "第一阶段：动员（3月1日至3月15日）。安全环保部牵头制定方案。\n"
        "第二阶段：自查（3月16日至5月31日）。\n"
        "1.生产运营部负责排查。\n"
        "2.人力资源部牵头，4月30日前考试。\n"
        "第三阶段：总结（6月1日至6月30日）。安全环保部负责汇总，6月25日前上报。"
    )
    found = [(task["no"], roles(task), task["deadlines"]) for task in plan["tasks"]]
    assert found == [
        (None, [("安全环保部", "lead")], ["2026-03-15"]),
        ("1", [("生产运营部", "responsible")], []),
        ("2", [("人力资源部", "lead")], ["2026-04-30"]),
        (None, [("安全环保部", "responsible")], ["2026-06-30", "2026-06-25"]),
    ]


def test_lines_of_units_below_a_heading_are_tasks() -> None:
    plan = read(
        "三、职责分工\n"
        "县发改局：负责管道保护，督促企业开展评价。\n"
        "县民政局：养老机构消防改造，8月底前完成。\n"
        "县融媒体中心：开设栏目，每周曝光1起。"
    )
    assert [task["title"] for task in plan["tasks"]] == ["县发改局", "县民政局", "县融媒体中心"]
    assert [task["deadlines"] for task in plan["tasks"]] == [[], ["2026-08-31"], []]
    assert said(plan, "plan.clause_unread") == ["县民政局", "县融媒体中心"]


def test_sums_behind_a_number_are_no_task() -> None:
    plan = read("序号\t任务\t责任单位\n1\t整治\t市应急局\n2\t合计\t\n")
    assert [task["no"] for task in plan["tasks"]] == ["1"]


def test_marks_before_numbers() -> None:
    plan = read("★任务1：商铺。责任科室：平安办。\n★任务2：关爱。责任科室：服务办。")
    assert [(task["no"], task["title"]) for task in plan["tasks"]] == [("1", "商铺"), ("2", "关爱")]


def test_a_unit_has_one_role_in_a_task() -> None:
    (task,) = read("1.桥隧。区城管局牵头、区交通局协同。（责任单位：区城管局、各街道）")["tasks"]
    assert sorted(roles(task)) == [
        ("区交通局", "joint"),
        ("区城管局", "lead"),
        ("各街道", "responsible"),
    ]


def test_parts_of_a_line_that_assign_are_tasks() -> None:
    plan = read(
        "（三）燃气。（1）区住建局负责管网改造，11月30日前完成；（2）区商务局负责报警器加装，6月底前完成。\n"
        "（四）地下空间。（区国动办牵头）"
    )
    assert [(task["no"], roles(task), task["deadlines"]) for task in plan["tasks"]] == [
        ("1", [("区住建局", "responsible")], ["2026-11-30"]),
        ("2", [("区商务局", "responsible")], ["2026-06-30"]),
        ("四", [("区国动办", "lead")], []),
    ]


def test_numbers_within_a_sentence_do_not_hide_who_acts() -> None:
    (task,) = read("1.整治。市教育局牵头排查；2）市商务局配合复核。")["tasks"]
    assert roles(task) == [("市教育局", "lead"), ("市商务局", "assist")]


def test_units_alone_before_the_next_item_are_asked_about() -> None:
    plan = read(
        "（一）领导责任。每季度研究一次（各镇政府、县安委办）（二）部门责任。（县公安局负责）"
    )
    assert said(plan, "plan.clause_unread") == ["各镇政府、县安委办"]


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("（甲局、乙局按职责分工）", [("甲局", "share"), ("乙局", "share")]),
        ("由甲局、乙局按照职责分工抓好落实。", [("甲局", "implement"), ("乙局", "implement")]),
        ("（甲局牵头，各区抓落实）", [("甲局", "lead"), ("各区", "implement")]),
        ("（主责：甲局；协同：乙局；时限：6月）", [("甲局", "responsible"), ("乙局", "joint")]),
        ("（牵头单位：甲局｜配合单位：乙局）", [("甲局", "lead"), ("乙局", "assist")]),
        ("——责任单位：甲局 ——完成时限：6月底", [("甲局", "responsible")]),
    ],
)
def test_words_and_marks_of_clauses(clause: str, expected: list[tuple[str, str]]) -> None:
    expected = [(name.replace("甲", "市公安").replace("乙", "市教育"), r) for name, r in expected]
    words = clause.replace("甲", "市公安").replace("乙", "市教育")
    (task,) = read(f"1.整治隐患。{words}")["tasks"]
    assert roles(task) == expected


def test_a_share_of_duties_in_a_sentence_assigns() -> None:
    (task,) = read("二是交通领域。县公安局、县交通运输局按职责分工，每周夜查2次。")["tasks"]
    assert roles(task) == [("县公安局", "share"), ("县交通运输局", "share")]
    assert task["frequencies"] == ["P1W"]


@pytest.mark.parametrize(
    "words",
    ["旺季检查", "换季检查用电设备", "雨季检查不少于3次", "3月、6月、9月、12月每月底前报送"],
)
def test_a_season_and_months_that_are_named_are_no_cadence(words: str) -> None:
    (task,) = read(f"1.整治。{words}（县公安局负责）")["tasks"]
    assert task["frequencies"] == []


def test_visits_are_no_enterprises() -> None:
    (task,) = read("1.检查企业不少于3000家次，培训不少于2期（县应急局负责）")["tasks"]
    assert [(one["value"], one["unit"]) for one in task["targets"]] == [(3000, "家次"), (2, "期")]


def test_who_explains_a_plan_has_no_task() -> None:
    plan = read("1.整治（县公安局负责）\n备注：本表由县安委办负责解释。")
    assert [roles(task) for task in plan["tasks"]] == [[("县公安局", "responsible")]]


@pytest.mark.parametrize("numbers", [("（一）", "（二）"), ("一、", "二、"), ("1.", "2.")])
def test_a_document_in_one_line_opens_with_its_title(numbers: tuple[str, str]) -> None:
    first, second = numbers
    tasks = read(
        f"某区汛期工作任务：{first}巡查隐患点。（区自然资源局负责）{second}清淤。（区城管局负责）"
    )["tasks"]
    assert [(task["no"], roles(task)) for task in tasks] == [
        (first.strip("（）、."), [("区自然资源局", "responsible")]),
        (second.strip("（）、."), [("区城管局", "responsible")]),
    ]
