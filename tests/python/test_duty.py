"""What is owed against what was done, from Python."""

import datetime as dt
import json
import random
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk.duty import WorkCalendar


@pytest.fixture(scope="module")
def county() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924", "360924001"], "name": ["宜丰县", "新昌镇"]},
        nodes={"id": ["ac"], "kind": ["safety_committee"], "name": ["县安委会"], "division": ["360924"]},
        enterprises={
            "id": ["e1", "e2", "e3"], "name": ["甲", "乙", "丙"], "division": ["360924001"] * 3,
            "high_risk": [True, False, None],
        },
        data_date="2026-12-31",
    )  # fmt: skip


DRILLS = {
    "id": ["d"], "action": ["drill"], "cadence": ["P6M"],
    "subject": ['{"kind":"enterprise","where":[["high_risk","=",true]]}'],
}  # fmt: skip
DRILLED = {"id": ["1"], "subject": ["e1"], "action": ["drill"], "date": [dt.date(2026, 5, 1)]}


def test_a_drill_is_done_or_due_and_what_is_not_known_is_said(county) -> None:
    done = county.assess(DRILLS, DRILLED, as_of="2026-07-01")
    rows = [(r["subject"], r["status"], r["reason"], r["done_on"]) for r in done._rows()]
    assert rows == [
        ("e1", "done", None, dt.date(2026, 5, 1)), ("e1", "due", None, None),
        ("e3", "not_assessable", "attribute_missing", None),
        ("e3", "not_assessable", "attribute_missing", None),
    ]  # fmt: skip
    assert done.counts()["done"] == 1
    assert done.counts()["records_used"] == 1
    assert "<safetyrisk compliance 2026-01-01 to 2026-07-01: 4 cells" in repr(done)


def test_tables_of_rows_and_rates(county) -> None:
    done = county.assess(DRILLS, DRILLED, as_of="2027-01-05", start="2026-01-01")
    assert [r["status"] for r in done.overdue._rows()] == ["overdue"]
    (row,) = done.by("town")._rows()
    assert (row["owed"], row["done"], row["overdue"], row["rate"]) == (2, 1, 1, 0.5)
    assert [r["due"] for r in done.due("2027-06-01", "2027-06-30")._rows()] == [
        dt.date(2027, 6, 30)
    ]
    assert len(done.due("2027-07-01", "2027-07-30")) == 0
    with pytest.raises(sr.InputError, match="status"):
        done.where("finished")
    with pytest.raises(sr.InputError, match="summary by"):
        done.by("colour")


def test_html_escapes_what_comes_from_data(county) -> None:
    duties = DRILLS | {"id": ["<b>d</b>"], "subject": ["e1"]}
    html = county.assess(duties, DRILLED, as_of="2026-07-01")._repr_html_()
    assert "<b>d</b>" not in html
    assert "&lt;b&gt;d&lt;/b&gt;" in html
    table = county.assess(duties, DRILLED, as_of="2026-07-01").where()._repr_html_()
    assert "按时完成" in table
    assert "<b>d</b>" not in table


def test_wrong_rows_are_issues(county) -> None:
    records = {
        "id": ["1", "2"], "subject": ["e1", "nobody"], "action": ["drill", "drill"],
        "date": ["2026-05-01", "2026-05-01"],
    }  # fmt: skip
    done = county.assess(DRILLS, records, as_of="2026-07-01")
    assert [(i.code, i.row, i.value) for i in done.issues] == [("duty.id_unknown", 1, "nobody")]
    assert "不在责任图中" in next(iter(done.issues)).message
    counts = done.counts()
    assert (counts["records_in"], counts["records_used"]) == (2, 1)


def test_everything_recorded_or_nothing_known(county) -> None:
    empty = {"id": [], "subject": [], "action": [], "date": []}
    unknown = county.assess(DRILLS, empty, as_of="2026-07-01")
    assert {r["reason"] for r in unknown._rows()} == {"no_records", "attribute_missing"}
    known = county.assess(DRILLS, empty, as_of="2026-07-01", recorded=True)
    assert [r["status"] for r in known._rows()][:2] == ["overdue", "due"]


def test_monthly_status_against_a_plain_calendar(county) -> None:
    chance = random.Random(3)
    days = sorted(dt.date(2026, 1, 1) + dt.timedelta(chance.randrange(365)) for _ in range(9))
    records = {
        "id": [str(i) for i in range(9)], "subject": ["ac"] * 9, "action": ["meeting"] * 9,
        "date": days,
    }  # fmt: skip
    duties = {"id": ["m"], "subject": ["ac"], "action": ["meeting"], "cadence": ["P1M"]}
    done = county.assess(duties, records, as_of="2026-12-31")
    # Each month keeps its first record; the others make up for earlier months, oldest first.
    expected = {}
    spare = []
    for month in range(1, 13):
        mine = [day for day in days if day.month == month]
        if mine:
            expected[month] = ("done", mine[0])
        spare += mine[1:]
    for day in spare:
        missed = [m for m in range(1, day.month) if m not in expected]
        if missed:
            expected[missed[0]] = ("done_late", day)
    for row in done._rows():
        month = row["due"].month
        status, on = expected.get(month, ("due" if month == 12 else "overdue", None))
        assert (row["status"], row["done_on"]) == (status, on), month


def test_working_days_as_another_library_has_them() -> None:
    known = pytest.importorskip("chinese_calendar")
    calendar = WorkCalendar()
    day = dt.date(2004, 1, 1)
    while day <= dt.date(2026, 12, 31):
        assert calendar.is_working(day) == known.is_workday(day), day
        day += dt.timedelta(1)
    assert calendar.is_working("2027-01-04") is None


# ---- cadences in words ---------------------------------------------------------------------------


def committee(**duty: list[Any]) -> Any:
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["c"], "kind": ["safety_committee"], "name": ["县安委会"]},
        data_date="2026-12-31",
    )
    row = {"编号": ["d"], "责任主体": ["c"], "事项": ["meeting"]}
    none = {"id": [], "subject": [], "action": [], "date": []}
    return graph.assess(row | duty, none, as_of="2026-12-31", recorded=True)


@pytest.mark.parametrize(
    ("words", "cadence", "times"),
    [
        ("每季度一次", "P3M", 1),
        ("每季度至少召开一次", "P3M", 1),
        ("每半年至少一次", "P6M", 1),
        ("每月", "P1M", 1),
        ("每年不少于2次", "P1Y", 2),
        ("每年至少四次", "P1Y", 4),
        ("每两年", "P2Y", 1),
    ],
)
def test_a_cadence_in_words_owes_what_its_code_owes(words: str, cadence: str, times: int) -> None:
    target = {"target": [json.dumps({"measure": "count", "value": times})]}
    assert committee(频次=[words]).to_json() == committee(cadence=[cadence], **target).to_json()


def test_a_day_of_each_year_in_words_is_a_yearly_deadline() -> None:
    said = committee(完成时限=["每年3月31日前"])
    assert said.to_json() == committee(deadline=["--03-31"]).to_json()


@pytest.mark.parametrize("words", ["定期", "不定期", "每季度一次，每年总结一次", "经常"])
def test_words_that_say_no_one_cadence_are_an_issue(words: str) -> None:
    issues = committee(频次=[words]).issues
    assert [issues[i].code for i in range(len(issues))] == ["duty.cadence_malformed"]


def test_a_day_without_a_year_is_not_taken_for_one_of_each_year() -> None:
    issues = committee(deadline=["3月31日前"]).issues
    assert [issues[i].code for i in range(len(issues))] == ["duty.date_malformed"]
