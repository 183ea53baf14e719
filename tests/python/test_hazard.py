"""The register of hazards, from Python."""

import random

import pytest

import safetyrisk as sr


@pytest.fixture(scope="module")
def county() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924", "360924001"], "name": ["宜丰县", "新昌镇"]},
        enterprises={
            "id": ["e1", "e2"], "name": ["甲", "乙"], "division": ["360924001", "360924"],
            "sectors": ["machinery", "chemical"],
        },
        data_date="2026-12-31",
    )  # fmt: skip


ROWS = {
    "隐患编号": ["h1", "h2", "h3"], "所属企业": ["e1", "e1", "e2"], "隐患级别": ["重大", "一般", "重大"],
    "排查日期": ["2026-01-05", "2026-02-01", "2026-03-01"],
    "整改期限": ["2026-02-05", None, "2026-04-01"], "销号日期": ["2026-03-05", None, None],
    "来源": ["企业自查", "执法检查", "执法检查"],
}  # fmt: skip


def test_a_register_with_chinese_headers(county) -> None:
    register = county.hazards(ROWS)
    assert register.counts() == {"rows_in": 3, "used": 3}
    (row,) = register.stock("2026-04-02")._rows()
    assert (row["open"], row["overdue"]) == (2, 1)
    by_grade = register.stock("2026-02-10", by=["county", "grade"])._rows()
    assert [(r["county"], r["grade"], r["open"], r["overdue"]) for r in by_grade] == [
        ("360924", "general", 1, 0), ("360924", "major", 1, 1),
    ]  # fmt: skip
    assert [r["self"] for r in register.self_rate("2026-01-01", "2026-12-31")._rows()] == [1]
    majors = {
        r["enterprise"]: r["open_major_hazards"] for r in register.open_major("2026-03-10")._rows()
    }
    assert majors == {"e1": 0, "e2": 1}
    assert [r["hazard"] for r in register.backcheck("e1", "2026-12-31")._rows()] == ["h1", "h2"]
    with pytest.raises(sr.NotFoundError):
        register.backcheck("e9", "2026-12-31")
    with pytest.raises(sr.InputError, match="grouping by"):
        register.stock("2026-04-02", by=["colour"])


def test_steps_that_may_not_follow_are_issues(county) -> None:
    events = {
        "id": ["1", "2", "3"], "hazard": ["h1"] * 3, "event": ["发现", "整改", "销号"],
        "date": ["2026-01-05", "2026-01-06", "2026-01-07"],
    }  # fmt: skip
    register = county.hazards(ROWS, events)
    assert [(i.code, i.row) for i in register.issues] == [
        ("hazard.step_not_allowed", 1), ("hazard.step_not_allowed", 2),
    ]  # fmt: skip
    assert "处于「已发现」，不能「整改」" in next(iter(register.issues)).message


def test_pages_escape_what_comes_from_data(county) -> None:
    rows = {
        "id": ["a", "b"], "enterprise": ["e1", "e1"], "grade": ["major", "major"],
        "criterion": ["<i>x</i>", "<i>x</i>"], "found_on": ["2026-01-01", "2026-01-02"],
    }  # fmt: skip
    html = county.hazards(rows).duplicates()._repr_html_()
    assert "<i>x</i>" not in html
    assert "&lt;i&gt;x&lt;/i&gt;" in html


def test_flow_against_a_plain_loop(county) -> None:
    chance = random.Random(5)
    found = [f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}" for _ in range(200)]
    rows = {
        "id": [str(i) for i in range(200)], "enterprise": ["e1"] * 200, "grade": ["general"] * 200,
        "found_on": found,
    }  # fmt: skip
    flow = county.hazards(rows).flow("2026-01-01", "2026-12-31")._rows()
    for row in flow:
        assert row["found"] == sum(day.startswith(row["period"]) for day in found)
        assert row["open"] == sum(day[:7] <= row["period"] for day in found)
