"""A plan's deadlines, cadences and numbers as duties, set against records."""

import json

import pytest

import safetyrisk as sr

TEXT = """甲市2026年安全生产工作要点
1.专项检查。每季度至少2次检查，6月底前完成整改。(市公安局牵头，市教育局配合)
2.执法办案。全年查处案件不少于150起。(市应急管理局负责)
3.演练。演练占比达到50%，实现全覆盖，事故起数双下降。(市应急管理局负责)
4.频次不同。每季度至少1次，高危行业每月至少1次。(市应急管理局负责)
5.宣传。营造氛围。(市教育局负责)
6.无人负责。10月底前完成。
7.外单位。9月底前完成。(火星局负责)
"""


@pytest.fixture(scope="module")
def graph() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        nodes={
            "id": ["police", "edu", "em"], "kind": ["dept"] * 3,
            "name": ["甲市公安局", "甲市教育局", "甲市应急管理局"],
        },
        data_date="2026-12-31",
    )  # fmt: skip


@pytest.fixture(scope="module")
def owed(graph):
    return sr.parse_plan(TEXT, id="p").duties(graph)


def test_a_row_for_each_unit_and_each_deadline_cadence_or_number(owed) -> None:
    rows = [
        (r["task"], r["subject"], r["action"], r["cadence"], r["deadline"], r["target"])
        for r in owed._rows()
    ]
    twice = '{"measure": "count", "op": ">=", "value": 2}'
    cases = '{"measure": "count", "op": ">=", "value": 150, "unit": "起"}'
    assert rows == [
        ("p#1", "police", "p#1:each", "P3M", None, twice),
        ("p#1", "police", "p#1", None, "2026-06-30", None),
        ("p#2", "em", "p#2:count", None, "2026-12-31", cases),
        ("p#4", "em", "p#4:each", "P3M", None, None),
    ]
    assert [r["read"] for r in owed._rows()][1] == "6月底"
    assert {r["clause"] for r in owed._rows()} == {"1", "2", "4"}


def test_what_the_plan_says_and_no_row_has_is_told_with_its_reason(owed) -> None:
    assert [(r["task"], r["what"], r["value"]) for r in owed.left._rows()] == [
        ("p#3", "no_denominator", "达到50%"),
        ("p#3", "no_objects", "全覆盖"),
        ("p#3", "no_measure", "双下降"),
        ("p#3", "no_time", None),
        ("p#4", "group", "每月（P1M）"),
        ("p#5", "no_time", None),
        ("p#6", "no_unit", None),
        ("p#7", "unit_unknown", "火星局"),
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("每季度检查不少于2次", [("P3M", None, 2)]),
        ("2次/季度", [("P3M", None, 2)]),
        ("每季度检查1次，全年演练不少于4次", [("P3M", None, None), (None, "2026-12-31", 4)]),
        ("全年检查不少于12次，每月通报", [("P1M", None, None), (None, "2026-12-31", 12)]),
        ("每年不超过2次", []),
        ("每季度至少1次，高危行业每月至少2次", [("P3M", None, None)]),
        ("全年不少于2次", [(None, "2026-12-31", 2)]),
    ],
)
def test_how_many_times_is_owed_once(graph, words, expected) -> None:
    plan = sr.parse_plan(f"甲市2026年安全生产工作要点\n1.专项。{words}。(市公安局牵头)", id="p")
    found = [
        (r["cadence"], r["deadline"], r["target"] and json.loads(r["target"])["value"])
        for r in plan.duties(graph)._rows()
    ]
    assert found == expected


def test_they_are_assessed_like_any_other(graph, owed) -> None:
    records = {
        "subject": ["police", "police", "police", "em"],
        "action": ["p#1:each", "p#1:each", "p#1", "p#2:count"],
        "date": ["2026-02-01", "2026-03-01", "2026-07-02", "2026-09-30"],
        "count": [1, 1, 1, 151],
    }
    done = graph.assess(owed, records, as_of="2026-10-01", recorded=True)
    assert [i for i in done.issues if i.severity != "info"] == []
    found = [(r["duty"], r["due"].isoformat(), r["status"]) for r in done.where()._rows()]
    assert found == [
        ("p#1/police/1", "2026-03-31", "done"),
        ("p#1/police/1", "2026-06-30", "overdue"),
        ("p#1/police/1", "2026-09-30", "overdue"),
        ("p#1/police/1", "2026-12-31", "due"),
        ("p#1/police/2", "2026-06-30", "done_late"),
        ("p#2/em/1", "2026-12-31", "done"),
        ("p#4/em/1", "2026-03-31", "overdue"),
        ("p#4/em/1", "2026-06-30", "overdue"),
        ("p#4/em/1", "2026-09-30", "overdue"),
        ("p#4/em/1", "2026-12-31", "due"),
    ]


def test_other_roles_may_be_asked(graph) -> None:
    rows = sr.parse_plan(TEXT, id="p").duties(graph, roles=["assist"])._rows()
    assert {(r["subject"], r["role"]) for r in rows} == {("edu", "assist")}
    with pytest.raises(sr.InputError):
        sr.parse_plan(TEXT).duties("county.csv")
