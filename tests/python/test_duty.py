"""What is owed against what was done, from Python."""

import datetime as dt
import json
import random
import re
from pathlib import Path
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
    with pytest.raises(sr.InputError, match="grouping by"):
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
        ("每年两次", "P1Y", 2),
        ("每年3次", "P1Y", 3),
        ("每半年2次", "P6M", 2),
        ("一年2次", "P1Y", 2),
        ("一年两次", "P1Y", 2),
        ("半年2次", "P6M", 2),
        ("半年一次", "P6M", 1),
        ("一季度两次", "P3M", 2),
        ("一个月三次", "P1M", 3),
        ("季度1次", "P3M", 1),
        ("每季度两次", "P3M", 2),
        ("每月3次以上", "P1M", 3),
        ("每周二次", "P1W", 2),
        ("至少每半年一次", "P6M", 1),
        ("每3个月1次", "P3M", 1),
        ("每月检查不少于2次", "P1M", 2),
    ],
)
def test_a_cadence_in_words_owes_what_its_code_owes(words: str, cadence: str, times: int) -> None:
    target = {"target": [json.dumps({"measure": "count", "value": times})]}
    assert committee(频次=[words]).to_json() == committee(cadence=[cadence], **target).to_json()


def test_a_day_of_each_year_in_words_is_a_yearly_deadline() -> None:
    said = committee(完成时限=["每年3月31日前"])
    assert said.to_json() == committee(deadline=["--03-31"]).to_json()


@pytest.mark.parametrize(
    "words",
    [
        "定期", "不定期", "每季度一次，每年总结一次", "经常", "每年至少2次（高危4次）", "每季度1-2次",
        "每季度最多2次",
        "每个工作日", "每年3月、9月各一次", "每月5日前", "每季度首月10日前报送", "每季度末月", "每旬一次",
        "每半月一次", "每月底", "每年7月", "每年1月和7月", "每年一次（6月）", "每年第一季度", "每季度第一个月",
        "每月25日", "每周一", "每周五", "汛期每月一次", "双休日每天", "节假日每日", "每人每年1次",
        "每季度不少于1次，每次不少于2家",
    ],
)  # fmt: skip
def test_words_that_say_no_one_cadence_are_an_issue(words: str) -> None:
    issues = committee(频次=[words]).issues
    assert [issues[i].code for i in range(len(issues))] == ["duty.cadence_malformed"]


@pytest.mark.parametrize(
    ("words", "times", "op"),
    [("不少于10次", 10, ">="), ("十次", 10, ">="), ("3次以上", 3, ">="), ("至多 3次", 3, "<=")],
)
def test_a_target_in_words_owes_what_its_json_owes(words: str, times: int, op: str) -> None:
    target = json.dumps({"measure": "count", "op": op, "value": times})
    said = committee(cadence=["P3M"], 目标=[words])
    assert len(said.issues) == 0
    assert said.to_json() == committee(cadence=["P3M"], target=[target]).to_json()


@pytest.mark.parametrize(
    "words", ["不少于10件", "完成率90%", "{不少于", "第一次", "至多2次以上", "次"]
)
def test_a_target_that_cannot_be_read_is_an_issue_in_chinese(words: str) -> None:
    (issue,) = list(committee(cadence=["P3M"], 目标=[words]).issues)
    assert issue.code == "duty.target_malformed"
    assert not re.search("parse|syntax|json\\.exception", issue.message)


def test_six_months_before_the_end_of_june_begin_with_the_year() -> None:
    done = committee(deadline=["2026-06-30"], within=["P6M"], valid_from=["2020-01-01"])
    (row,) = done._rows()
    assert str(row["period_start"]) == "2026-01-01"


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"频次": ["定期"], "有效起始日期": ["五月"]}, "「有效起始日期」的「五月」不是日期"),
        ({"cadence": ["P3M"], "target": ['{"measure":"count"}']}, "目标写法有误，该行未采用：缺少“value”"),
        ({"cadence": ["P3M"], "target": ['{"measure":"ratio","value":2}']}, "value：比例应大于 0、不超过 1"),
        ({"cadence": ["P3M"], "anchor": ["slide"]}, "「周期起算」的「slide」"),
        ({}, "补填完成期限或频次"),
        ({"cadence": ["P3M"], "事项": [None]}, "补填「事项」"),
    ],
)  # fmt: skip
def test_issues_call_columns_what_the_headers_call_them(columns: Any, said: str) -> None:
    (issue,) = list(committee(**columns).issues)
    assert said in issue.message + issue.hint


def test_records_of_an_action_that_nobody_owes_are_told_in_words(county) -> None:
    record = {
        "id": ["1"],
        "subject": ["e1"],
        "action": ["annual_task_list"],
        "date": ["2026-03-01"],
    }
    (issue,) = [i for i in county.assess(DRILLS, record).issues if i.code == "duty.action_not_owed"]
    assert issue.value == "annual_task_list"
    assert not re.search("[a-z]", issue.message)


def test_levels_of_regions_have_chinese_words_and_errors_their_sentence(county) -> None:
    done = county.assess(DRILLS, DRILLED, as_of="2026-07-01")
    assert done.by("乡镇").to_json() == done.by("town").to_json()
    with pytest.raises(sr.InputError) as fault:
        done.by("颜色")
    assert fault.value.in_language("zh").startswith("不能按“颜色”汇总；可用：duty、action")


@pytest.mark.parametrize("words", ["{类型：企业}", "{kind:企业}"])
def test_a_selector_that_is_no_json_is_an_issue_in_chinese(county, words: str) -> None:
    done = county.assess({**DRILLS, "subject": [words]}, DRILLED, as_of="2026-07-01")
    assert "第 1 行第 2 列" in done.issues[0].message
    assert "exception" not in done.issues[0].message


@pytest.mark.parametrize(("times", "status"), [(2, "done"), (1, "overdue"), (None, "overdue")])
def test_one_record_of_two_times_is_two_times(county, times: int | None, status: str) -> None:
    record = {
        "id": ["1"],
        "subject": ["ac"],
        "action": ["meeting"],
        "date": ["2026-02-03"],
        "次数": [times],
    }
    base = {"id": ["d"], "subject": ["ac"], "action": ["meeting"]}
    for said in (
        {"频次": ["每季度至少2次"]},
        {"cadence": ["P3M"], "target": ['{"measure":"count","value":2}']},
    ):
        done = county.assess(base | said, record, as_of="2026-04-01")
        assert done._rows()[0]["status"] == status


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-07-20 00:00:00", (2026, 7, 20)),
        ("2026-07-20 23:59", (2026, 7, 20)),
        ("2026-07-20 23:59:59.997", (2026, 7, 20)),
        ("2026-08-01T10:00:00", (2026, 8, 1)),
        ("2026-08-01T23:30:00+08:00", (2026, 8, 1)),
        ("2026/8/1 9:05", (2026, 8, 1)),
        (46223, (2026, 7, 20)),  # a workbook's 1 is 1900-01-01, with a 29 February 1900
        ("46223", (2026, 7, 20)),
        (46223.75, (2026, 7, 20)),
    ],
)
def test_days_as_databases_and_workbooks_write_them(county, written: Any, day: Any) -> None:
    done = county.assess(
        {"id": ["d"], "subject": ["ac"], "action": ["meeting"], "cadence": ["P1Y"]},
        {"id": ["1"], "subject": ["ac"], "action": ["meeting"], "date": [written]},
        as_of="2026-12-31",
    )
    assert done._rows()[0]["done_on"] == dt.date(*day)
    assert len(done.issues) == 0
    hazard = {"id": ["h"], "enterprise": ["e1"], "grade": ["一般"], "found_on": [written]}
    found = county.hazards(hazard)
    assert len(found.issues) == 0


@pytest.mark.parametrize(
    "written",
    [
        "2026-08-01T23:30:00Z", "2026-08-01T10:00:00+00:00", "2026-08-01 25:00", "2026-08-01 上午",
        "2026-08-01 10:60", "2026-02-30 00:00:00", "4622", "462231", "2026-08-01 10", "2026-08-01 10:00:",
    ],
)  # fmt: skip
def test_what_is_no_day_or_may_be_another_is_an_issue(county, written: str) -> None:
    done = county.assess(
        {"id": ["d"], "subject": ["ac"], "action": ["meeting"], "cadence": ["P1Y"]},
        {"id": ["1"], "subject": ["ac"], "action": ["meeting"], "date": [written]},
        as_of="2026-12-31",
    )
    assert "duty.date_malformed" in [one.code for one in done.issues]


def test_a_table_that_is_missing_is_named(county) -> None:
    with pytest.raises(sr.InputError, match="records is None"):
        county.assess(DRILLS, None, as_of="2026-07-01")
    with pytest.raises(sr.InputError, match="duties is None"):
        county.assess(None, DRILLED, as_of="2026-07-01")


def test_a_day_without_a_year_is_not_taken_for_one_of_each_year() -> None:
    issues = committee(deadline=["3月31日前"]).issues
    assert [issues[i].code for i in range(len(issues))] == ["duty.date_malformed"]


# ---- promises ------------------------------------------------------------------------------------


EVERY_KIND = {
    "id": ["once", "yearly", "half", "month", "week", "thrice", "rolling", "policy", "licence",
           "answer", "before", "visits"],
    "subject": [None, None, None, None, None, None, None, None, None, None, None, "ac"],
    "action": ["a"] * 11 + ["visit"],
    "object": [None] * 11 + ['{"kind":"enterprise"}'],
    "deadline": ["2026-04-30", "--08-15", "--06-25", None, None, None, None, None, None, None,
                 None, None],
    "within": [None, None, "P6M", None, None, None, None, None, None, "P10D", "P20D", None],
    "cadence": [None, None, None, "P1M", "P1W", "P3M", "P2M", "P1Y", None, None, None, "P2M"],
    "anchor": [None] * 6 + ["rolling", "standing", "standing", None, None, None],
    "after": [None] * 9 + ["event", None, None],
    "before": [None] * 10 + ["event", None],
    "tolerance_days": [None, 5, None, 4, None, 3, None, None, None, None, None, None],
    "day_kind": [None, "working", None, "working", None, None, None, None, None, "working", None, None],
    "target": [None] * 5 + ['{"measure":"count","value":3}'] + [None] * 6,
}  # fmt: skip
EVERY_KIND["subject"] = [s or '{"kind":"enterprise"}' for s in EVERY_KIND["subject"]]
FIRST = dt.date(2025, 10, 1)


def some_records(chance: random.Random, number: int) -> list[tuple[Any, ...]]:
    """Rows: id, subject, action, object, date, last valid day."""
    rows: list[tuple[Any, ...]] = []
    for i in range(number):
        day = FIRST + dt.timedelta(chance.randrange(420))
        kind = chance.choice(["a", "a", "a", "visit", "event"])
        someone = chance.choice(["e1", "e2", "e3"])
        end = day + dt.timedelta(chance.randrange(300)) if chance.random() < 0.3 else None
        if kind == "visit":
            rows.append((str(i), "ac", kind, someone, day, None))
        else:
            rows.append((str(i), someone, kind, None, day, end))
    return rows


def table_of(rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    names = ("id", "subject", "action", "object", "date", "valid_to")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


#: The better the higher.
RANK = {"not_due": 1, "due": 1, "overdue": 0, "done_late": 2, "done": 3}


@pytest.mark.parametrize("seed", range(12))
def test_a_further_record_never_makes_anything_more_overdue(county, seed: int) -> None:
    chance = random.Random(seed)
    rows = some_records(chance, 40)
    as_of = FIRST + dt.timedelta(200 + chance.randrange(220))

    def standing(records: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], Any]:
        found = county.assess(EVERY_KIND, table_of(records), as_of=as_of, recorded=True)
        assert {i.code for i in found.issues} <= {"duty.windows_overlap", "duty.nobody_meant"}
        out: dict[tuple[Any, ...], Any] = {}
        for row in found.where()._rows():
            who = (row["duty"], row["subject"], row["object"])
            if row["duty"] == "rolling":  # its periods move with what was done
                out[who] = min(out.get(who, 3), RANK[row["status"]])
            elif row["duty"] in ("policy", "licence"):  # done, as long as it holds
                out[who] = RANK[row["status"]] and 1
            else:
                key = (*who, row["period_start"], row["due"])
                out.setdefault(key, []).append(RANK[row["status"]])
        return {k: sorted(v) if isinstance(v, list) else v for k, v in out.items()}

    before = standing(rows)
    for i in range(6):
        (more,) = [r for r in some_records(chance, 9) if r[2] != "event"][:1]
        after = standing([*rows, (f"more{i}", *more[1:])])
        assert after.keys() <= before.keys()
        for key, old in before.items():
            if key not in after:  # was missed before this year, and is made up for
                assert key[-1] < dt.date(as_of.year, 1, 1)
                continue
            new = after[key]
            if isinstance(old, list):
                assert all(a >= b for a, b in zip(new, old, strict=True)), key
            else:
                assert new >= old or key[0] == "rolling", key
            if key[0] == "rolling":
                assert new > 0 or old == 0, key


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_changes_nothing_and_later_records_do_not_exist(county, seed) -> None:
    chance = random.Random(seed)
    rows = some_records(chance, 60)
    as_of = FIRST + dt.timedelta(250)
    known = [row for row in rows if row[4] <= as_of]

    def answer(records: list[tuple[Any, ...]], duties: dict[str, list[Any]]) -> str:
        return county.assess(duties, table_of(records), as_of=as_of, recorded=True).to_json()

    first = answer(rows, EVERY_KIND)
    assert answer(known, EVERY_KIND) == first
    assert len(known) < len(rows)
    for _ in range(4):
        chance.shuffle(rows)
        assert answer(rows, EVERY_KIND) == first
    order = list(range(len(EVERY_KIND["id"])))
    chance.shuffle(order)
    turned = {name: [cells[k] for k in order] for name, cells in EVERY_KIND.items()}
    plain = sorted(json.dumps(r, sort_keys=True, default=str) for r in json.loads(first)["rows"])
    assert plain == sorted(
        json.dumps(r, sort_keys=True, default=str) for r in json.loads(answer(rows, turned))["rows"]
    )


# ---- wrong data ----------------------------------------------------------------------------------


def faults(county: Any, duties: dict[str, list[Any]], **columns: list[Any]) -> list[Any]:
    number = max(map(len, columns.values()))
    records = {
        "id": [str(i) for i in range(number)], "subject": ["e1"] * number,
        "action": ["drill"] * number, "date": ["2026-05-01"] * number,
    } | columns  # fmt: skip
    found = county.assess(duties, records, as_of="2026-07-01")
    counts = found.counts()
    lost = {i.row for i in found.issues if i.severity != "info" and i.table == "records"}
    assert counts["records_in"] == number == counts["records_used"] + len(lost)
    return [(i.code, i.row, i.value) for i in found.issues]


def test_each_wrong_record_is_an_issue_with_its_row(county) -> None:
    since = DRILLS | {"valid_from": ["2026-03-01"]}
    assert faults(county, since, date=["2026-05-01", "2026-02-28", "2026-03-01", "2024-01-01"]) == [
        ("duty.record_before_duty", 1, "2026-02-28"),
        ("duty.record_before_duty", 3, "2024-01-01"),
    ]
    assert faults(county, DRILLS, subject=["nobody", "e1"]) == [("duty.id_unknown", 0, "nobody")]
    assert faults(county, DRILLS, object=[None, "nothing"]) == [("duty.id_unknown", 1, "nothing")]
    assert faults(county, DRILLS, subject=["e1", None]) == [("duty.record_of_nobody", 1, "")]
    assert faults(county, DRILLS, date=["2026-05-01", "2026-12-31", "2027-01-01"]) == [
        ("duty.record_in_future", 2, "2027-01-01")
    ]
    assert faults(county, DRILLS, date=["2026-05-01", "五月"]) == [
        ("duty.date_malformed", 1, "五月")
    ]
    assert faults(county, DRILLS, date=["2026-05-01", None]) == [("duty.date_missing", 1, "")]
    assert faults(county, DRILLS, id=["1", "1"], date=["2026-05-01", "2026-05-02"]) == [
        ("duty.id_conflict", 0, "1"), ("duty.id_conflict", 1, "1"),
    ]  # fmt: skip
    assert faults(county, DRILLS, id=["1", "1"]) == [("duty.row_repeated", 1, "1")]
    assert faults(county, DRILLS, count=[1, -2]) == [("duty.number_malformed", 1, "-2")]
    assert faults(county, DRILLS, valid_to=["2027-05-01", "明年"]) == [
        ("duty.date_malformed", 1, "明年")
    ]
    assert faults(county, DRILLS, valid_to=["2027-05-01", "2026-04-30"]) == [
        ("duty.dates_contradict", 1, "2026-04-30")
    ]


def test_windows_that_overlap_are_an_issue_and_those_that_meet_are_none(county) -> None:
    def two(first: tuple[str, str], second: tuple[str, str]) -> list[Any]:
        duties = {
            "id": ["a", "b"], "subject": ["e1"] * 2, "action": ["drill"] * 2, "cadence": ["P1M"] * 2,
            "valid_from": [first[0], second[0]], "valid_to": [first[1], second[1]],
        }  # fmt: skip
        return [
            i for i in faults(county, duties, date=["2026-05-01"]) if i[0] != "duty.nobody_meant"
        ]

    year = ("2026-01-01", "2026-06-30")
    assert two(year, ("2026-06-30", "2026-12-31")) == [("duty.windows_overlap", 1, "b")]
    assert two(year, ("2026-07-01", "2026-12-31")) == []


# ---- what runs out -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cadence", "ends", "as_of", "status", "due"),
    [
        (None, [None], "2026-07-01", "done", None),
        (None, ["2026-06-30"], "2026-06-30", "done", "2026-06-30"),
        (None, ["2026-06-30"], "2026-07-01", "overdue", "2026-06-30"),
        (None, ["2026-06-30", "2026-09-30"], "2026-07-01", "done", "2026-09-30"),
        (None, ["2026-09-30", "2026-06-30"], "2026-07-01", "done", "2026-09-30"),
        (
            "P3Y",
            ["2026-06-30"],
            "2026-07-01",
            "overdue",
            "2026-06-30",
        ),  # what is written goes first
        ("P3Y", [None], "2026-07-01", "done", "2029-03-01"),
        ("P3Y", ["2030-01-01"], "2026-07-01", "done", "2030-01-01"),
    ],
)
@pytest.mark.parametrize("place", ["column", "values"])
def test_a_certificate_holds_until_the_day_that_it_names(
    county, cadence, ends, as_of, status, due, place
) -> None:
    duties = {
        "id": ["d"], "subject": ["e1"], "action": ["certificate"], "anchor": ["standing"],
        "cadence": [cadence],
    }  # fmt: skip
    n = len(ends)
    records: dict[str, list[Any]] = {
        "id": [str(i) for i in range(n)], "subject": ["e1"] * n, "action": ["certificate"] * n,
        "date": ["2026-03-01"] * n,
    }  # fmt: skip
    if place == "column":
        records["valid_to"] = ends
    else:
        records["values"] = [json.dumps({"valid_to": e}) for e in ends]
    (row,) = county.assess(duties, records, as_of=as_of).where()._rows()
    assert row["status"] == status
    assert due is None or row["due"] == dt.date.fromisoformat(due)
    coming = county.assess(duties, records, as_of=as_of).due(as_of, "2035-01-01")._rows()
    assert [r["due"].isoformat() for r in coming] == ([due] if status == "done" and due else [])


# ---- tables --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def leading() -> sr.ResponsibilityGraph:
    """Two counties of a city; the head of the first changes in April, the second has none."""
    return sr.ResponsibilityGraph.from_tables(
        divisions={
            "code": ["3609", "360924", "360925", "360924001", "360924002"],
            "name": ["宜春市", "宜丰县", "靖安县", "新昌镇", "澄塘镇"],
        },
        nodes={
            "id": ["g1", "g2", "h1", "h2", "d1", "zhang", "li"],
            "kind": ["government", "government", "post", "post", "post", "person", "person"],
            "name": ["宜丰县政府", "靖安县政府", "县长", "县长", "副县长", "张三", "李四"],
            "division": ["360924", "360925", None, None, None, None, None],
            "unit": [None, None, "g1", "g2", "g1", None, None],
            "post_kind": [None, None, "gov_principal", "gov_principal", "safety_deputy", None, None],
        },
        enterprises={
            "id": [f"e{i}" for i in range(40)], "name": [f"企业{i}" for i in range(40)],
            "division": ["360924001"] * 20 + ["360924002"] * 20,
            "sectors": ["machinery"] * 30 + ["catering"] * 10,
        },
        edges={
            "source": ["zhang", "li"], "target": ["h1", "h1"], "kind": ["HOLDS", "HOLDS"],
            "valid_from": ["2025-01-01", "2026-04-01"], "valid_to": ["2026-03-31", None],
        },
        data_date="2026-12-31",
    )  # fmt: skip


def test_what_a_unit_owes_is_told_of_who_led_it_on_the_day(leading) -> None:
    duties = {
        "id": ["meet", "own"], "subject": ['{"kind":"government"}', '{"kind":"post"}'],
        "action": ["meeting", "study"], "cadence": ["P3M", "P6M"],
    }  # fmt: skip
    records = {
        "id": ["1", "2"], "subject": ["g1", "g1"], "action": ["meeting"] * 2,
        "date": ["2026-03-31", "2026-07-01"],
    }  # fmt: skip
    done = leading.assess(duties, records, as_of="2026-10-01", recorded=True, end="2026-09-30")
    found = {
        row["leader"]: (row["name"], row["owed"], row["done"], row["overdue"], row["due"])
        for row in done.by("leader")._rows()
    }
    assert found == {
        "zhang": ("张三", 1, 1, 0, 0),  # the first quarter of g1
        "li": ("李四", 3, 1, 2, 1),  # the second and third of g1, and the half-years of the post
        "h2": ("县长", 4, 0, 4, 1),  # vacant: told of the post
        "d1": ("副县长", 1, 0, 1, 1),
    }


def test_groups_against_the_average_of_those_they_stand_beside(leading) -> None:
    duties = {
        "id": ["d"],
        "subject": ['{"kind":"enterprise"}'],
        "action": ["drill"],
        "cadence": ["P1Y"],
    }
    drilled = [f"e{i}" for i in [*range(18), *range(20, 25)]]  # 18 of 20, 5 of 20
    records = {
        "id": drilled, "subject": drilled, "action": ["drill"] * 23, "date": ["2025-06-01"] * 23,
    }  # fmt: skip
    done = leading.assess(duties, records, as_of="2026-01-01", start="2025-01-01", end="2025-12-31")
    towns = {r["town"]: (r["rate"], r["average"], r["verdict"]) for r in done.by("town")._rows()}
    # statsmodels 0.14, proportion_confint(method="wilson"): 18/20 0.699 to 0.972, 5/20 0.112 to
    # 0.469; all 23/40 = 0.575
    assert towns == {
        "360924001": (0.9, 0.575, "above"), "360924002": (0.25, 0.575, "below"),
    }  # fmt: skip
    (county,) = done.by("county")._rows()
    assert (county["rate"], county["average"], county["verdict"]) == (0.575, 0.575, "like")
    sectors = {r["sector"]: (r["done"], r["owed"]) for r in done.by("sector")._rows()}
    assert sectors == {"machinery": (23, 30), "catering": (0, 10)}
    assert [r["owed"] for r in done.by("subject")._rows()] == [1] * 40
    for group in ("duty", "action", "subject", "unit", "leader", "sector", "month", "town", "city"):
        rows = done.by(group)._rows()
        assert sum(r["owed"] for r in rows) == 40, group
        assert sum(r["done"] for r in rows) == 23, group
        assert {r["average"] for r in rows} == {0.575}, group


@pytest.mark.parametrize("warm", [False, True])
def test_the_list_of_what_is_due_is_that_of_all_rows(county, warm: bool) -> None:
    chance = random.Random(5)
    done = county.assess(
        EVERY_KIND, table_of(some_records(chance, 30)), as_of="2026-06-10", end="2026-12-31",
        recorded=True,
    )  # fmt: skip
    if warm:
        done.warm()
    rows = done.where()._rows()
    standing = {"policy", "licence"}  # of these what is done runs out
    for low, high in (
        ("2026-06-10", "2026-06-30"),
        ("2026-06-14", "2026-06-14"),
        ("2026-01-01", "2027-12-31"),
    ):
        expected = [
            r for r in rows
            if low <= r["due"].isoformat() <= high
            and (r["status"] in ("due", "not_due") or (r["duty"] in standing and r["period_start"] == r["done_on"]
                     and r["status"] == "done"))
        ]  # fmt: skip
        place = {name: k for k, name in enumerate(EVERY_KIND["id"])}
        expected.sort(key=lambda r: (r["due"], place[r["duty"]], r["subject"], r["object"] or ""))
        found = done.due(low, high)._rows()
        assert found == expected
        assert done.due(low, high, 3)._rows() == expected[:3]
        counts: dict[tuple[Any, str], int] = {}
        for r in expected:
            counts[r["due"], r["duty"]] = counts.get((r["due"], r["duty"]), 0) + 1
        assert {
            (r["due"], r["duty"]): r["open"] for r in done.due_counts(low, high)._rows()
        } == counts
    assert done.next_due(2)._rows() == done.due("2026-06-10", "2030-01-01")._rows()[:2]


# ---- a pack of one's own -------------------------------------------------------------------------


def test_the_worked_example_of_the_readme_is_assessed(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("### Packs of duties") :]
    file = tmp_path / "duties.site.json"
    file.write_text(section[section.index("```json") + 7 :].split("```")[0], encoding="utf-8")
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={
            "id": ["gov", "head"], "kind": ["government", "post"], "name": ["县政府", "县长"],
            "unit": [None, "gov"], "post_kind": [None, "gov_principal"],
        },
        enterprises={"id": ["e1", "e2"], "name": ["甲", "乙"], "high_risk": [True, False]},
        edges={"source": ["head"], "target": ["e1"], "kind": ["PAIRED_WITH"]},
        data_date="2026-12-31",
    )  # fmt: skip
    records = {
        "subject": ["head", "e1", "e1", "gov", "gov", "gov"],
        "action": ["visit", "drill", "supervision_feedback", "training", "training", "training"],
        "object": ["e1", None, None, "e1", "e1", "e2"],
        "date": ["2026-02-03", "2026-05-01", "2026-09-21", "2026-01-05", "2026-03-01", "2026-07-01"],
    }  # fmt: skip

    def told(**options: Any) -> set[tuple[Any, ...]]:
        done = graph.assess(str(file), records, as_of="2026-10-16", recorded=True, **options)
        return {
            (r["duty"], r["subject"], r["due"].isoformat(), r["status"])
            for r in done.where()._rows()
        }

    usual = {
        ("visit", "head", "2026-03-31", "done"), ("visit", "head", "2026-06-30", "overdue"),
        ("visit", "head", "2026-09-30", "overdue"), ("visit", "head", "2026-12-31", "due"),
        ("drill", "e1", "2026-06-30", "done"), ("drill", "e1", "2026-12-31", "due"),
        ("drill", "e2", "2026-12-31", "due"),
        # 22 to 24 September (25 to 27: 中秋节), 28 to 30, 8 to 10 October, 12 to 16, 19
        ("rectified", "e1", "2026-10-19", "due"),
    }  # fmt: skip
    assert told() == usual
    both = told(switch_on=["reached"])
    assert both == usual | {("reached", "gov", "2026-06-30", "done_late")}


# ---- names, beginnings, ends ---------------------------------------------------------------------


def test_names_stand_for_ids_in_duties_records_and_hazards() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["c"], "kind": ["safety_committee"], "name": ["县安委会"]},
        enterprises={
            "id": ["e1", "e2", "e3"], "name": ["甲（江西）公司", "乙公司", "乙公司"],
            "credit_code": ["91360924MA35AAAA1X", None, None],
        },
        data_date="2026-12-31",
    )  # fmt: skip
    written = ["甲（江西）公司", "甲(江西) 公司", "91360924MA35AAAA1X", "e1", "乙公司", "丙公司"]
    done = graph.assess(
        {
            "id": ["d", "x"], "subject": ["县安委会", "乙公司"], "action": ["visit"] * 2,
            "object": ["甲（江西）公司", None], "cadence": ["P1M"] * 2,
        },
        {
            "id": list("123456"), "subject": ["县安委会"] * 6, "action": ["visit"] * 6,
            "object": written, "date": [f"2026-0{m}-10" for m in range(1, 7)],
        },
        as_of="2026-06-30",
    )  # fmt: skip
    assert [r["status"] for r in done._rows()] == ["done"] * 4 + ["overdue", "due"]
    said = [(one.code, one.table, one.column, one.row) for one in done.issues]
    assert said == [
        ("graph.name_twice", "duties", "subject", 1), ("graph.found_by_name", "duties", "object", 0),
        ("graph.found_by_name", "duties", "subject", 0), ("graph.name_twice", "records", "object", 4),
        ("graph.found_by_name", "records", "object", 0), ("graph.found_by_name", "records", "subject", 0),
        ("duty.id_unknown", "records", "object", 5),
    ]  # fmt: skip
    hazards = graph.hazards(
        {
            "id": list("123456"), "enterprise": written, "grade": ["一般"] * 6,
            "found_on": ["2026-01-05"] * 6,
        }
    )  # fmt: skip
    codes = [(one.code, one.row) for one in hazards.issues]
    assert codes == [
        ("graph.found_by_name", 0), ("graph.name_twice", 4), ("hazard.enterprise_unknown", 5),
    ]  # fmt: skip
    rows = hazards.stock("2026-02-01", by=["enterprise"])._rows()
    assert [(r["enterprise"], r["open"]) for r in rows] == [("e1", 4)]


def meetings(county: Any, duty: dict[str, Any], days: list[str], as_of: str, **given: Any) -> Any:
    done = county.assess(
        {"id": ["d"], "subject": ["ac"], "action": ["meeting"], **duty},
        {
            "id": [str(i) for i in range(len(days))], "subject": ["ac"] * len(days),
            "action": ["meeting"] * len(days), "date": days,
        },
        as_of=as_of, **given,
    )  # fmt: skip
    return [(str(r["due"]), r["status"]) for r in done._rows()]


def test_a_rolling_cadence_runs_from_a_record_of_an_earlier_year(county) -> None:
    rolling = {"cadence": ["P6M"], "anchor": ["rolling"]}
    for days in (["2025-11-15"], ["2025-01-20", "2025-11-15"]):
        found = meetings(county, rolling, days, "2026-06-30")
        assert found == [("2026-05-15", "overdue")]
    found = meetings(county, rolling, ["2025-11-15", "2026-05-16"], "2026-06-30")
    assert found == [("2026-05-15", "done_late"), ("2026-11-16", "due")]
    found = meetings(county, rolling, ["2026-02-01"], "2026-06-30")
    assert found == [("2026-07-01", "done"), ("2026-08-01", "due")]


def test_a_period_whose_grace_runs_into_the_year_is_not_hidden(county) -> None:
    monthly = {"cadence": ["P1M"], "tolerance_days": [5], "valid_from": ["2026-11-01"]}
    found = meetings(county, monthly, ["2026-11-15"], "2027-01-05")
    assert found == [("2026-12-31", "due"), ("2027-01-31", "due")]
    found = meetings(county, monthly, ["2026-11-15"], "2027-01-06", start="2027-01-06")
    assert found == [("2027-01-31", "due")]
    yearly = {"deadline": ["--12-31"], "tolerance_days": [5]}
    found = meetings(county, yearly, ["2025-11-15", "2026-12-02"], "2027-01-03")
    assert found == [("2026-12-31", "done"), ("2027-12-31", "due")]


def test_working_days_of_an_unknown_year_accuse_nobody(county) -> None:
    feedback = {
        "id": ["d"], "subject": ["ac"], "action": ["report"], "after": ["feedback"],
        "within": ["P5D"], "day_kind": ["working"],
    }  # fmt: skip
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["ac"], "kind": ["safety_committee"], "name": ["县安委会"]},
        data_date="2028-12-31",
    )
    for day, status in (("2028-03-15", "done"), ("2028-03-16", "not_assessable")):
        done = graph.assess(
            feedback,
            {
                "id": ["1", "2"], "subject": ["ac"] * 2, "action": ["feedback", "report"],
                "date": ["2028-03-10", day],
            },
            as_of="2028-07-15",
        )  # fmt: skip
        (row,) = done._rows()
        assert row["status"] == status
        assert row["reason"] == (None if status == "done" else "calendar_unknown")
        assert (row["due"], row["last_day"]) == (None, None)


OWN_PACK = {
    "pack": "duties.own", "kind": "duties", "version": "1", "title": {"zh": "甲", "en": "a"},
    "source": [{"document": "甲", "clause": "", "edition": ""}], "region": None, "valid_from": None,
    "valid_to": None, "confidence": "D", "default": False, "tests": [],
}  # fmt: skip


NO_RECORDS: dict[str, list] = {"id": [], "subject": [], "action": [], "date": []}


def _own_pack(tmp_path: Path, *where: list) -> Path:
    duty = {
        "id": "check", "title": {"zh": "检查", "en": "check"}, "action": "inspection", "cadence": "P1Y",
        "subject": {"kind": "enterprise", "where": list(where)}, "document": "甲", "confidence": "D",
    }  # fmt: skip
    path = tmp_path / "own.json"
    path.write_text(json.dumps(OWN_PACK | {"content": {"duties": [duty]}}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (["high_risk", "=", "是"], "「high_risk」只能与 true 或 false 比较"),
        (["high_risk", "=", "true"], "「high_risk」只能与 true 或 false 比较"),
        (["high_risk", "in", [True, 1]], "「high_risk」只能与 true 或 false 比较"),
        (["employees", "=", "许多"], "「employees」只能与数值比较"),
        (["employees", "!=", True], "「employees」只能与数值比较"),
    ],
)
def test_a_pack_of_ones_own_that_compares_what_cannot_be_is_refused(
    tmp_path: Path, condition: list, words: str
) -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        enterprises={"id": ["e"], "name": ["甲"], "high_risk": [True], "employees": [3]},
        data_date="2026-12-31",
    )
    with pytest.raises(sr.InputError, match=r"duties\.own\.content\.duties\[0\]") as refused:
        graph.assess(_own_pack(tmp_path, condition), NO_RECORDS)
    assert "where[0][2]" in str(refused.value)
    assert words in str(refused.value)


def test_a_column_that_nobody_has_is_said_with_near_ones(tmp_path: Path) -> None:
    enterprises = {"id": ["e", "f"], "name": ["甲", "乙"], "high_risk": [True, False]}
    graph = sr.ResponsibilityGraph.from_tables(enterprises=enterprises, data_date="2026-12-31")
    for column, near in (
        ("是否高危", "high_risk"), ("high_rsk", "high_risk"), ("xyz", ""),
    ):  # fmt: skip
        found = graph.assess(_own_pack(tmp_path, [column, "=", True]), NO_RECORDS)
        (issue,) = [i for i in found.issues if i.severity == "error"]
        assert issue.code == "duty.selector_malformed"
        assert f"where[0][0]：责任图中没有「{column}」这一列" in issue.message
        assert near in issue.message
        assert len(found) == 0
    # a column of the register's own is one that there is; so is one of a table that is not filled
    own = sr.ResponsibilityGraph.from_tables(
        enterprises=enterprises | {"cold_store": [True, False]}, data_date="2026-12-31"
    )
    for condition in (
        ["cold_store", "=", True],
        ["employees", ">", 100],
    ):
        found = own.assess(_own_pack(tmp_path, condition), NO_RECORDS)
        assert not [i for i in found.issues if i.severity == "error"]
        assert len(found) > 0


def test_a_day_that_nobody_can_count_is_not_printed() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={"id": ["ac"], "kind": ["safety_committee"], "name": ["县安委会"]},
        data_date="2027-03-31",
    )
    # of seven working days after Friday 25 December 2026 four are in that year
    publish = {
        "id": ["d"], "subject": ["ac"], "action": ["report"], "after": ["feedback"],
        "within": ["P7D"], "day_kind": ["working"],
    }  # fmt: skip
    event = {"id": ["1"], "subject": ["ac"], "action": ["feedback"], "date": ["2026-12-25"]}
    for as_of, status in (("2026-12-31", "due"), ("2027-03-31", "not_assessable")):
        found = graph.assess(publish, event, as_of=as_of, start="2026-01-01", recorded=["report"])
        (row,) = found._rows()
        assert (row["due"], row["last_day"], row["status"], row["reason"]) == (
            None, None, status, "calendar_unknown",
        )  # fmt: skip
        assert "2027-01-01" not in found.explain(0).text
        assert "放假安排未知" in found.explain(0).text
        assert [r["month"] for r in found.by("month")._rows()] == [None]
    found = graph.assess(publish, event, as_of="2026-12-31", recorded=["report"])
    assert [
        (r["due"], r["open"]) for r in found.due_counts("2026-12-31", "2027-12-31")._rows()
    ] == [(None, 1)]
    assert "2027-01-01" not in found.due("2026-12-31", "2027-12-31")._repr_html_()
    # the due day is known, its grace in working days of 2027 is not
    yearly = {
        "id": ["d"], "subject": ["ac"], "action": ["report"], "deadline": ["2026-12-31"],
        "tolerance_days": [5], "day_kind": ["working"],
    }  # fmt: skip
    (row,) = graph.assess(yearly, event, as_of="2026-12-31", recorded=["report"])._rows()
    assert (str(row["due"]), row["last_day"], row["status"], row["reason"]) == (
        "2026-12-31", None, "due", "calendar_unknown",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([("2026-02-15", None)], ["not_applicable", "overdue"]),
        ([(None, "2026-02-14"), ("2026-02-15", None)], ["overdue", "overdue"]),
        ([(None, "2026-02-14"), ("2026-02-16", None)], ["not_applicable", "overdue"]),
        ([(None, "2026-03-31")], ["overdue"]),
        ([("2026-01-01", "2026-06-30")], ["overdue", "overdue"]),
    ],
)
def test_a_pairing_that_begins_within_a_period_does_not_owe_it(spans: Any, expected: Any) -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={
            "id": ["b", "p"], "kind": ["government", "post"], "name": ["县政府", "县长"],
            "post_kind": [None, "gov_principal"], "unit": [None, "b"],
        },
        enterprises={"id": ["e1"], "name": ["一厂"]},
        edges={
            "source": ["p"] * len(spans), "target": ["e1"] * len(spans),
            "kind": ["PAIRED_WITH"] * len(spans), "valid_from": [a for a, _ in spans],
            "valid_to": [b for _, b in spans],
        },
        data_date="2026-12-31",
    )  # fmt: skip
    duty = {
        "id": ["v"], "subject": ['{"kind":"post"}'], "action": ["visit"], "cadence": ["P3M"],
        "object": ['{"kind":"enterprise","via":{"edge":"PAIRED_WITH","from":"@subject"}}'],
    }  # fmt: skip
    none = {"id": [], "subject": [], "action": [], "date": []}
    done = graph.assess(duty, none, as_of="2026-07-01", end="2026-06-30", recorded=True)
    assert [row["status"] for row in done._rows() if str(row["due"]) <= "2026-06-30"][
        : len(expected)
    ] == expected
