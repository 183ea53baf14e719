"""The register of hazards, from Python."""

import itertools
import random
from pathlib import Path
from typing import Any

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
    assert register.counts() == {
        "rows_in": 3, "used": 3, "merged": 0, "events_in": 0, "events_used": 0,
    }  # fmt: skip
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
        ("hazard.step_missing", 1), *[("hazard.commitment_missing", 1)] * 4, ("hazard.step_not_allowed", 2),
        ("hazard.closing_unverified", 0),
    ]  # fmt: skip
    said = [issue.message for issue in register.issues]
    assert "在「整改」之前没有「登记」的记录" in said[0]
    assert "处于「整改中」，不能「销号」" in said[-2]


def test_pages_escape_what_comes_from_data(county) -> None:
    rows = {
        "id": ["a", "b"], "enterprise": ["e1", "e1"], "grade": ["major", "major"],
        "criterion": ["<i>x</i>", "<i>x</i>"], "found_on": ["2026-01-01", "2026-01-02"],
    }  # fmt: skip
    register = county.hazards(rows)
    for page in (
        register.duplicates()._repr_html_(),
        register.backcheck("e1", "2026-02-01", item="<i>x</i>")._repr_html_(),
    ):
        assert "<i>x</i>" not in page
        assert "&lt;i&gt;x&lt;/i&gt;" in page


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


# ---- the machine ---------------------------------------------------------------------------------

# What may follow what, written down apart from the pack: by grade, state and event.
ORDER = ["found", "reported", "registered", "supervised", "rectifying", "verified", "closed"]
# In the order in which events of one day are taken (README).
EVENTS = ["find", "report", "register", "supervise", "rectify", "extend", "stop", "penalise",
          "refuse", "propose", "verify", "reject", "close", "resume"]  # fmt: skip


class Model:
    """The rules of D6 in a few lines of Python."""

    def __init__(self, major: bool) -> None:
        self.major, self.state, self.stopped = major, "found", False
        self.doubted = False  # closed on record without the steps before it, and no step since

    def take(self, event: str, by_owner: bool) -> bool:
        s, major = self.state, self.major
        after: str | None = None
        # clerical steps that nobody wrote down are made up for: reporting, registering
        if (event == "extend" and s in ("found", "reported")) or (
            event == "rectify" and major and s in ("found", "reported")
        ):
            s = "registered"
        elif event == "supervise" and s == "found":
            s = "reported"
        if event == "report" and s == "found":
            after = "reported"
        elif event == "register" and s in ("found", "reported"):
            after = "registered"
        elif event == "supervise" and s in ("reported", "registered", "rectifying"):
            after = "supervised"
        elif event == "rectify" and s in (
            ("registered", "supervised", "rectifying") if major else ORDER[:5]
        ):
            after = "rectifying"
        elif event == "verify" and s in (("rectifying", "supervised") if major else ORDER[:5]):
            after = "verified"
        elif event == "reject" and s in ("supervised", "rectifying", "verified"):
            after = "rectifying"
        elif event == "close" and s in (("verified",) if major else ("rectifying", "verified")):
            after = None if major and by_owner else "closed"
        elif event == "extend" and s in ("registered", "supervised", "rectifying"):
            after = s
        elif event == "stop" and s in ORDER[:5]:
            after, self.stopped = s, True
        elif (
            event == "resume"
            and self.stopped
            and s in (("verified", "closed") if major else ("rectifying", "verified", "closed"))
        ):
            after, self.stopped = s, False
        elif (
            (event == "propose" and s in ("rectifying", "verified"))
            or (event == "penalise" and s != "closed")
            or (event == "refuse" and s in ORDER[:5])
        ):
            after = s
        if after is None:
            self.doubted |= event == "close" and s not in ("verified", "closed")
            return False
        self.state, self.doubted = after, False
        return True


@pytest.mark.parametrize("steps", [10_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_random_walks_reach_no_state_that_is_forbidden_and_lose_no_event(county, steps) -> None:
    chance = random.Random(7)
    n = steps // 25
    majors = [chance.random() < 0.5 for _ in range(n)]
    rows = {
        "id": [f"h{i}" for i in range(n)], "enterprise": ["e1"] * n,
        "grade": ["major" if m else "general" for m in majors], "found_on": ["2026-01-01"] * n,
        "responsible": ["owner"] * n, "due_on": ["2026-06-30"] * n, "measures": ["m"] * n,
        "funds": ["f"] * n, "plan": ["p"] * n,
    }  # fmt: skip
    models = [Model(m) for m in majors]
    taken = [
        (chance.randrange(n), 2 + k * 10 // steps, chance.randrange(len(EVENTS)),
         "owner" if chance.random() < 0.3 else "bureau")
        for k in range(steps)
    ]  # fmt: skip
    events = {
        "id": [str(k) for k in range(steps)], "hazard": [f"h{at}" for at, *_ in taken],
        "event": [EVENTS[event] for _, _, event, _ in taken],
        "date": [f"2026-{month:02}-01" for _, month, _, _ in taken], "by": [by for *_, by in taken],
    }  # fmt: skip
    refused = 0
    begun = [False] * n
    for at, _, event, by in sorted(taken):  # of one day and event the bureau's goes first
        first = EVENTS[event] == "find" and not begun[at]
        refused += not (first or models[at].take(EVENTS[event], by == "owner"))
        begun[at] = True
    register = county.hazards(rows, events)
    counts = register.counts()
    wrong = [i for i in register.issues if i.severity == "error"]
    assert counts["events_in"] == steps
    assert (counts["events_used"], len(wrong)) == (steps - refused, refused)
    assert {i.code for i in wrong} <= {
        "hazard.step_not_allowed", "hazard.closed_twice", "hazard.closer_is_owner",
    }  # fmt: skip
    told = register.standings("2026-12-31").to_columns()
    assert told["state"].tolist() == [None if m.doubted else m.state for m in models]
    assert told["stopped"].tolist() == [m.stopped for m in models]


def test_answers_as_of_a_day_ignore_later_events(county) -> None:
    rows = {
        "id": ["h"], "enterprise": ["e1"], "grade": ["major"], "found_on": ["2026-01-01"],
        "due_on": ["2026-03-01"],
    }  # fmt: skip
    steps = [
        ("report", "2026-01-02", None), ("register", "2026-01-03", None),
        ("rectify", "2026-01-04", None), ("stop", "2026-01-05", None),
        ("extend", "2026-02-20", "2026-05-01"), ("propose", "2026-04-01", None),
        ("verify", "2026-05-10", None), ("close", "2026-05-11", None), ("resume", "2026-05-12", None),
    ]  # fmt: skip
    events = {
        "hazard": ["h"] * len(steps), "event": [s[0] for s in steps],
        "date": [s[1] for s in steps], "until": [s[2] for s in steps], "by": ["bureau"] * len(steps),
    }  # fmt: skip
    whole = county.hazards(rows, events)
    for day, state, stopped, due, overdue in (
        ("2026-01-01", "found", False, "2026-03-01", False),
        ("2026-02-19", "rectifying", True, "2026-03-01", False),
        ("2026-03-02", "rectifying", True, "2026-05-01", False),
        ("2026-05-05", "rectifying", True, "2026-05-01", True),
        ("2026-05-11", "closed", True, "2026-05-01", True),
        ("2026-05-12", "closed", False, "2026-05-01", True),
    ):
        keep = [i for i, s in enumerate(steps) if s[1] <= day]
        part = {name: [cells[i] for i in keep] for name, cells in events.items()}
        for register in (whole, county.hazards(rows, part)):
            (row,) = register.standings(day)._rows()
            assert (row["state"], row["stopped"], str(row["due_on"]), row["overdue"]) == (
                state, stopped, due, overdue,
            ), day  # fmt: skip
    assert whole.stock("2026-05-05")._rows()[0]["overdue"] == 1
    assert whole.stock("2026-05-11")._rows()[0]["open"] == 0
    assert [i.code for i in whole.issues] == ["hazard.commitment_missing"] * 4


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([("find", "2026-01-05"), ("close", "2026-02-01"), ("close", "2026-02-02")], "hazard.closed_twice"),
        ([("close", "2026-01-04")], "hazard.event_before_found"),
        ([("close", "2027-01-04")], "hazard.in_future"),
        ([("rectify", "2026-01-06"), ("close", "2026-02-03")], "hazard.closing_differs"),
    ],
)  # fmt: skip
def test_wrong_events(county, events, code) -> None:
    rows = {
        "id": ["h"], "enterprise": ["e1"], "grade": ["general"], "found_on": ["2026-01-05"],
        "closed_on": ["2026-03-01"],
    }  # fmt: skip
    steps = [("rectify", "2026-01-06"), *events] if code == "hazard.closed_twice" else events
    steps = sorted(steps, key=lambda s: s[1])
    table = {
        "hazard": ["h"] * len(steps), "event": [s[0] for s in steps], "date": [s[1] for s in steps],
    }  # fmt: skip
    assert code in [i.code for i in county.hazards(rows, table).issues]


def test_wrong_rows_that_still_count(county) -> None:
    rows = {
        "id": ["a", "b", "c"], "enterprise": ["e1"] * 3, "grade": ["major"] * 3,
        "found_on": ["2026-01-05"] * 3, "due_on": ["2026-01-01", "2026-03-01", None],
        "extended_to": [None, "2026-02-01", None], "state": [None, None, "睡着"],
    }  # fmt: skip
    register = county.hazards(rows)
    assert [(i.code, i.row) for i in register.issues] == [
        ("hazard.due_before_found", 0), ("hazard.extended_back", 1), ("hazard.state_unknown", 2),
    ]  # fmt: skip
    assert register.counts()["used"] == 3


# ---- goals, rates, duplicates --------------------------------------------------------------------


def test_goals_of_the_three_year_plan(county) -> None:
    rows = {
        "id": ["a", "b", "c", "d", "e"], "enterprise": ["e1", "e1", "e2", "e2", "e2"],
        "grade": ["major"] * 4 + ["general"],
        "found_on": ["2023-05-01", "2024-02-01", "2025-03-01", "2025-03-02", "2023-01-01"],
        "closed_on": ["2024-06-30", None, "2025-06-01", None, None],
        "verified_on": ["2024-06-30", None, "2025-05-31", None, None],
        "due_on": ["2023-08-01", "2024-03-01", "2025-05-01", None, None],
    }  # fmt: skip
    register = county.hazards(rows)

    def told(year: int, on: str) -> dict:
        return {
            r["goal"]: (r["value"], r["base"], r["unknown"], r["met"])
            for r in register.goals(year, on)._rows()
        }

    assert told(2024, "2024-06-29")["stock_cleared"] == (1, 1, 0, False)
    assert told(2024, "2026-01-01") == {
        "stock_cleared": (0, 1, 0, True),
        "increment_curbed": (1, 1, 0, True),
        "dynamic_zero": (1, 1, 0, False),
    }
    # in 2025 to 1 March one was found, as in that span of 2024; on the next day one more
    assert told(2025, "2025-03-01")["increment_curbed"] == (1, 1, 0, True)
    assert told(2025, "2025-03-02")["increment_curbed"] == (2, 1, 0, False)
    assert told(2025, "2025-12-31")["dynamic_zero"] == (1, 2, 1, False)
    # the register begins in 2023: nothing is known of 2022
    assert told(2023, "2023-12-31")["increment_curbed"][3] is None
    by_county = register.goals(2026, "2026-06-30", by=["town"])._rows()
    assert {(r["town"], r["goal"], r["met"]) for r in by_county if r["goal"] == "dynamic_zero"} == {
        ("360924001", "dynamic_zero", False), (None, "dynamic_zero", None),
    }  # fmt: skip
    with pytest.raises(sr.InputError, match="before the year"):
        register.goals(2026, "2025-12-31")
    with pytest.raises(sr.InputError, match="hazard_goals"):
        register.goals(2026, "2026-06-30", pack="lec.t1")


def _goals(register: Any, year: int, on: str, **options: object) -> dict:
    rows = register.goals(year, on, **options)._rows()
    return {r["goal"]: (r["value"], r["unknown"], r["met"], r["reason"]) for r in rows}


def test_no_goal_is_met_by_what_is_not_there() -> None:
    empty = {"id": [], "enterprise": [], "grade": [], "found_on": []}
    assert set(_goals(sr.read_hazards(empty), 2026, "2026-12-31").values()) == {
        (0, 0, None, "register_empty")
    }
    late = {"id": ["a"], "enterprise": ["e"], "grade": ["major"], "found_on": ["2024-02-01"],
            "closed_on": ["2024-03-01"], "due_on": ["2024-04-01"], "verified_by": ["b"]}  # fmt: skip
    told = _goals(sr.read_hazards(late), 2024, "2024-12-31")
    # nothing is on record of what was found up to 2023, nor of the year before
    assert told["stock_cleared"] == (0, 0, None, "register_begins_later")
    assert told["increment_curbed"] == (1, 0, None, "register_begins_later")
    assert told["dynamic_zero"] == (0, 0, True, None)
    # before its first row nothing is known, not even that nothing was open
    assert _goals(sr.read_hazards(late), 2024, "2024-01-31")["dynamic_zero"][2] is None


def test_rows_that_are_left_out_keep_goals_from_being_met() -> None:
    rows = {
        "id": ["a", "b", "c", "d", "d", "f"], "enterprise": ["x", "x", "y", "z", "z", "z"],
        "grade": ["major", "general", "major", "major", "major", "general"],
        "found_on": ["2022-05-01", "2023-02-01", None, "2026-03-01", "2026-04-01", None],
        "closed_on": ["2023-12-31", None, None, None, None, None],
        "verified_by": ["b", None, None, None, None, None],
        "due_on": ["2023-12-31", None, "2026-03-01", None, None, None],
    }  # fmt: skip
    register = sr.read_hazards(rows)
    # c may have been found at any time; both rows of d were found in 2026; f is no major one
    told = _goals(register, 2026, "2026-12-31")
    assert told["stock_cleared"] == (0, 1, None, "rows_refused")
    assert told["increment_curbed"] == (0, 3, None, "rows_refused")
    assert told["dynamic_zero"] == (0, 3, None, "rows_refused")
    for here in (register, register.merged()):
        by = here.goals(2026, "2026-12-31", by=["enterprise"])._rows()
        zero = {
            r["enterprise"]: (r["unknown"], r["met"]) for r in by if r["goal"] == "dynamic_zero"
        }
        assert zero == {"x": (0, True), "y": (1, None), "z": (2, None)}
    # a grade that cannot be read may be that one
    unread = sr.read_hazards(rows | {"grade": ["major", "general", "较大", *["general"] * 3]})
    assert _goals(unread, 2026, "2026-12-31")["dynamic_zero"] == (0, 1, None, "rows_refused")


def test_a_clerical_step_that_nobody_wrote_down_leaves_no_hazard_open() -> None:
    rows = {"id": ["h"], "enterprise": ["e"], "grade": ["major"], "found_on": ["2026-01-05"],
            "due_on": ["2026-03-05"], "responsible": ["e"], "measures": ["m"], "funds": ["f"],
            "plan": ["p"]}  # fmt: skip

    def read(*events: str) -> Any:
        days = [f"2026-01-{6 + k:02}" for k in range(len(events))]
        return sr.read_hazards(
            rows, {"hazard": ["h"] * len(events), "event": list(events), "date": days}
        )

    skipped = read("报告", "整改", "验收", "销号")
    assert [(i.code, i.row) for i in skipped.issues] == [("hazard.step_missing", 1)]
    assert "登记" in skipped.issues.to_pandas()["message"][0]
    assert skipped.counts()["events_used"] == 4
    assert skipped.standings("2026-12-31")._rows()[0]["state"] == "closed"
    # verification is no clerical step: whether it is closed cannot be told, so nobody is accused
    unverified = read("报告", "登记", "整改", "销号")
    assert [(i.code, i.row) for i in unverified.issues] == [("hazard.step_not_allowed", 3)]
    (row,) = unverified.standings("2026-12-31")._rows()
    assert (row["state"], row["overdue"], row["days_overdue"]) == (None, None, None)
    assert unverified.standings("2026-01-08")._rows()[0]["state"] == "rectifying"
    assert _goals(unverified, 2026, "2026-12-31")["dynamic_zero"] == (0, 1, None, "closing_unclear")
    # a step that is taken after it says that it was not: on the days before that it is in doubt
    back = read("报告", "登记", "整改", "销号", "督办")
    states = [back.standings(f"2026-01-{day:02}")._rows()[0]["state"] for day in (8, 9, 10, 31)]
    assert states == ["rectifying", None, "supervised", "supervised"]
    # what failed its verification is rectified again
    again = read("登记", "整改", "验收不合格", "整改", "申请销号", "验收不合格", "验收", "销号")
    assert not again.issues
    assert again.standings("2026-12-31")._rows()[0]["state"] == "closed"


def test_a_hazard_whose_closing_is_in_doubt_is_on_no_step(staffed) -> None:
    register = staffed.hazards(
        MAJOR,
        {"hazard": ["h1"] * 2, "event": ["登记", "销号"], "date": ["2026-01-06", "2026-02-01"]},
    )
    (row,) = register.ladder("2026-12-31", USUAL)._rows()
    assert (row["step"], row["reason"], row["reached_on"], row["addressee"], row["next_on"]) == (
        None, "closing_unclear", None, None, None,
    )  # fmt: skip


CLOSED = {
    "id": ["h"], "enterprise": ["e"], "grade": ["major"], "found_on": ["2026-01-05"],
    "due_on": ["2026-02-05"], "responsible": ["owner"], "closed_on": ["2026-01-20"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({}, ["hazard.closing_unverified"]),
        ({"closed_by": ["owner"]}, ["hazard.closing_unverified", "hazard.closing_by_owner"]),
        ({"verified_on": ["2026-01-19"], "closed_by": ["e"]}, ["hazard.closing_by_owner"]),
        ({"verified_on": ["2026-01-21"], "verified_by": ["b"]}, ["hazard.closing_unverified"]),
        ({"verified_on": ["soon"], "verified_by": ["b"]}, ["hazard.closing_unverified"]),
        ({"verified_on": ["2026-01-20"], "closed_by": ["b"]}, []),
        ({"verified_by": ["b"]}, []),
        ({"grade": ["general"], "closed_by": ["owner"]}, []),
    ],
)
def test_a_closing_by_columns_meets_the_rules_of_one_by_events(more, codes) -> None:
    register = sr.read_hazards(CLOSED | more)
    assert [i.code for i in register.issues] == codes
    before, after = (register.standings(f"2026-01-{day}")._rows()[0] for day in (19, 20))
    assert (before["state"], before["overdue"]) == ("found", False)
    told = (after["state"], after["overdue"])
    assert told == ((None, None) if codes else ("closed", False))
    if "grade" not in more:
        assert _goals(register, 2026, "2026-12-31")["dynamic_zero"] == (
            (0, 1, None, "closing_unclear") if codes else (0, 0, True, None)
        )
    # its last day still ahead it would not be past it, closed or not
    assert _goals(register, 2026, "2026-02-05")["dynamic_zero"][2] is True
    assert register.stock("2026-12-31")._rows()[0]["open"] == 0  # as the register states
    assert [i.code for i in register.merged().issues] == codes


def test_a_verification_among_the_events_counts_for_a_closing_by_columns() -> None:
    for steps, state in (
        ([("登记", 6), ("整改", 7), ("验收", 19)], "closed"),
        ([("登记", 6), ("整改", 7), ("验收", 21)], None), ([("登记", 6), ("整改", 7)], None),
        ([("登记", 6), ("整改", 7), ("销号", 20)], None),
    ):  # fmt: skip
        events = {
            "hazard": ["h"] * len(steps), "event": [s[0] for s in steps],
            "date": [f"2026-01-{s[1]:02}" for s in steps],
        }  # fmt: skip
        register = sr.read_hazards(CLOSED, events)
        assert register.standings("2026-12-31")._rows()[0]["state"] == state


def test_events_of_one_day_are_taken_in_the_order_of_the_loop() -> None:
    rows = {k: v for k, v in CLOSED.items() if k != "closed_on"} | {
        "measures": ["m"], "funds": ["f"], "plan": ["p"],
    }  # fmt: skip
    day = ["报告", "登记", "整改", "停产停业", "验收", "销号"]
    wanted = None
    for order in itertools.permutations(day):
        register = sr.read_hazards(
            rows, {"hazard": ["h"] * 6, "event": list(order), "date": ["2026-01-20"] * 6}
        )
        assert not register.issues
        told = register.standings("2026-01-20")._rows()
        assert told[0]["state"] == "closed"
        wanted = wanted or told
        assert told == wanted


def test_shuffling_events_changes_nothing() -> None:
    chance = random.Random(3)
    n = 60
    rows = {
        "id": [str(k) for k in range(n)], "enterprise": ["e"] * n, "grade": ["major", "general"] * (n // 2),
        "found_on": ["2026-01-01"] * n, "due_on": ["2026-01-20"] * n, "responsible": ["owner"] * n,
    }  # fmt: skip
    events = [
        (chance.choice(rows["id"]), chance.choice(EVENTS), f"2026-01-{chance.randint(1, 6):02}",
         chance.choice(["owner", "bureau", None]), chance.choice([None, "2026-02-01", "2026-03-01"]))
        for _ in range(12 * n)
    ]  # fmt: skip

    def told() -> tuple:
        columns = zip(*events, strict=True)
        names = ("hazard", "event", "date", "by", "until")
        register = sr.read_hazards(rows, {k: list(v) for k, v in zip(names, columns, strict=True)})
        days = [register.standings(f"2026-01-{day:02}")._rows() for day in (3, 6, 31)]
        return days, register.goals(2026, "2026-01-31")._rows(), len(register.issues)

    first = told()
    for _ in range(5):
        chance.shuffle(events)
        assert told() == first


def test_duplicates_count_once_on_request(county) -> None:
    rows = {
        "id": ["a", "b", "c", "d"], "enterprise": ["e1", "e1", "e1", "e2"],
        "grade": ["general", "major", "general", "general"], "criterion": ["x", "x", "x", "x"],
        "found_on": ["2026-01-01", "2026-01-05", "2026-03-01", "2026-01-01"],
        "closed_on": ["2026-01-20", "2026-02-20", None, None], "channel": ["self", "举报", "", ""],
    }  # fmt: skip
    register = county.hazards(rows)
    assert [r["hazard"] for r in register.duplicates(7)._rows()] == ["a", "b"]
    once = register.merged(7)
    assert once.counts() | {"events_in": 0} == {
        "rows_in": 4, "used": 3, "merged": 1, "events_in": 0, "events_used": 0,
    }  # fmt: skip
    assert [r["open"] for r in once.stock("2026-02-01")._rows()] == [2]
    assert [r["open"] for r in register.stock("2026-02-01")._rows()] == [2]
    assert [(r["grade"], r["open"]) for r in once.stock("2026-02-01", by=["grade"])._rows()] == [
        ("general", 1), ("major", 1),
    ]  # fmt: skip
    assert len(register) == 4  # what it was made of is as it was


def test_the_superiors_average(county) -> None:
    n = 40
    rows = {
        "id": [f"h{i}" for i in range(2 * n)], "enterprise": ["e1"] * n + ["e2"] * n,
        "grade": ["major"] * (2 * n), "found_on": ["2026-01-01"] * (2 * n),
        "channel": ["企业自查" if i < 4 or i >= n + 10 else "执法检查" for i in range(2 * n)],
    }  # fmt: skip
    register = county.hazards(rows)
    span = ("2026-01-01", "2026-12-31")
    by_all = register.self_rate(*span, by=["enterprise"])._rows()
    assert [(r["self"], r["all"], r["below"]) for r in by_all] == [(4, 40, True), (30, 40, False)]
    assert {r["average"] for r in by_all} == {34 / 80}
    assert {
        r["average"] for r in register.self_rate(*span, by=["enterprise"], against=0.8)._rows()
    } == {0.8}
    assert [
        r["below"] for r in register.self_rate(*span, by=["enterprise"], against=0.05)._rows()
    ] == [False, False]
    # Both lie in one county, whose average it is
    level = register.self_rate(*span, by=["enterprise"], against="county")._rows()
    assert {r["average"] for r in level} == {34 / 80}


def test_a_rate_of_nothing_has_no_verdict_and_the_page_says_of_which_hazards() -> None:
    register = sr.read_hazards({
        "id": ["a", "b", "c"], "enterprise": ["x", "x", "y"], "grade": ["major", "general", "major"],
        "found_on": ["2026-01-05"] * 3, "channel": ["企业自查", "执法检查", None],
    })  # fmt: skip
    span = ("2026-01-01", "2026-12-31")
    told = {r["enterprise"]: r for r in register.self_rate(*span, by=["enterprise"])._rows()}
    assert (told["x"]["self"], told["x"]["all"], told["x"]["below"]) == (1, 1, False)
    assert (told["y"]["all"], told["y"]["channel_unknown"], told["y"]["below"]) == (0, 1, None)
    # both grades only where that is asked
    (whole,) = register.self_rate(*span, None)._rows()
    assert (whole["self"], whole["all"]) == (1, 2)
    page = register.report("2026-12-31", level="county").parts["重大隐患自查率"]
    assert [(r["self"], r["all"]) for r in page._rows()] == [(1, 1)]


# ---- ladder, back-check, scoring -----------------------------------------------------------------


@pytest.fixture(scope="module")
def staffed() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924", "360924001"], "name": ["宜丰县", "新昌镇"]},
        nodes={
            "id": ["gov", "head", "deputy", "bureau", "director", "town", "boss"],
            "kind": ["government", "post", "post", "dept", "post", "government", "post"],
            "name": ["县政府", "县长", "常务副县长", "县应急管理局", "局长", "新昌镇政府", "厂长"],
            "post_kind": [None, "gov_principal", "safety_deputy", None, "dept_principal", None, "principal"],
            "unit": [None, "gov", "gov", None, "bureau", None, "e1"],
            "division": ["360924", None, None, "360924", None, "360924001", None],
        },
        edges={
            "source": ["boss", "bureau", "town"], "target": ["e1", "e1", "e1"],
            "kind": ["PRINCIPAL_OF", "REGULATES", "TERRITORIAL"], "sectors": [None, "machinery", None],
        },
        enterprises={
            "id": ["e1", "e2"], "name": ["甲厂", "乙厂"], "division": ["360924001", "360924001"],
            "sectors": ["machinery", "machinery"],
        },
        records={
            "id": ["r1", "r2"], "subject": ["bureau", "bureau"], "action": ["inspection"] * 2,
            "date": ["2026-02-01", "2026-05-01"], "object": ["e1", "e1"],
            "values": ['{"items":"动火作业"}', '{"items":"有限空间;配电"}'],
        },
        data_date="2026-12-31",
    )  # fmt: skip


MAJOR = {
    "id": ["h1"], "enterprise": ["e1"], "grade": ["major"], "name": ["粉尘"],
    "found_on": ["2026-01-05"], "due_on": ["2026-04-30"],
}  # fmt: skip
USUAL = "hazard_ladder.usual"


@pytest.mark.parametrize(
    ("on", "step", "to", "following"),
    [
        ("2026-04-24", None, [], None),
        ("2026-04-25", "remind", ["boss"], "2026-05-01"),
        ("2026-04-30", "remind", ["boss"], "2026-05-01"),
        ("2026-05-01", "urge", ["bureau", "town"], "2026-05-15"),
        ("2026-05-15", "notice", ["director", "deputy"], "2026-05-30"),
        ("2026-05-29", "notice", ["director", "deputy"], "2026-05-30"),
        ("2026-05-30", "talk", ["boss", "director", "deputy"], "2026-06-29"),
        ("2026-06-29", "list", ["head", "boss"], None),
    ],
)
def test_the_ladder_by_calendar_days(staffed, on, step, to, following) -> None:
    rows = staffed.hazards(MAJOR).ladder(on, USUAL)._rows()
    assert [r["addressee"] for r in rows] == to
    assert {r["step"] for r in rows} == ({step} if step else set())
    if step:
        assert str(rows[0]["next_on"]) == str(following)
        assert rows[0]["day_kind"] == "calendar"
        assert rows[0]["letter"].startswith(rows[0]["addressee_name"])
        assert "甲厂" in rows[0]["letter"]


def test_the_ladder_by_working_days(staffed) -> None:
    register = staffed.hazards(MAJOR)

    def steps(day: str) -> set:
        rows = register.ladder(day, USUAL, day_kind="working")._rows()
        return {(r["step"], r["days"], str(r["reached_on"])) for r in rows}

    # 1 to 5 May 2026 are free; Saturday 9 May is worked (notice of the State Council office)
    assert steps("2026-05-05") == {("remind", 0, "2026-04-23")}
    assert steps("2026-05-06") == {("urge", 1, "2026-05-06")}
    assert steps("2026-05-09") == {("urge", 4, "2026-05-06")}
    # beyond the years of the calendar nothing is guessed
    late = staffed.hazards(MAJOR | {"due_on": ["2027-01-30"]})
    assert {
        (r["step"], r["reason"])
        for r in late.ladder("2026-12-31", USUAL, day_kind="working")._rows()
    } == {(None, "calendar_unknown")}


def test_other_ways_up_the_ladder(staffed) -> None:
    def steps(*events: tuple) -> set:
        table = {
            "hazard": ["h1"] * len(events), "event": [e[0] for e in events],
            "date": [e[1] for e in events], "until": [e[2] if len(e) > 2 else None for e in events],
        }  # fmt: skip
        rows = staffed.hazards(MAJOR, table).ladder("2026-06-02", USUAL)._rows()
        return {(r["step"], r["reason"], str(r["reached_on"])) for r in rows}

    begin = [("register", "2026-01-06")]
    # past its time once, extended, and past it again on the second day
    assert steps(*begin, ("extend", "2026-05-10", "2026-05-31")) == {
        ("talk", "times_overdue", "2026-06-01")
    }
    # extended in time: the first time only
    assert steps(*begin, ("extend", "2026-04-10", "2026-05-31")) == {
        ("urge", "overdue", "2026-06-01")
    }
    assert steps(*begin, ("refuse", "2026-02-01")) == {("list", "refuse", "2026-02-01")}
    # three penalties within 180 days, the last of which counts; 180 days apart do not
    days = ["2026-01-10", "2026-02-10", "2026-05-20"]
    assert steps(*begin, *[("penalise", d) for d in days]) == {
        ("closure", "penalties", "2026-05-20")
    }
    far = staffed.hazards(
        MAJOR | {"found_on": ["2025-10-01"]},
        {"hazard": ["h1"] * 3, "event": ["penalise"] * 3, "date": ["2025-10-02", "2026-01-10", "2026-03-31"]},
    )  # fmt: skip
    assert {r["step"] for r in far.ladder("2026-06-02", USUAL)._rows()} == {"talk"}


def test_nobody_found_is_a_row(staffed) -> None:
    lonely = staffed.hazards(MAJOR | {"enterprise": ["e2"]}).ladder("2026-04-26", USUAL)._rows()
    assert [(r["step"], r["addressee"], r["letter"]) for r in lonely] == [("remind", None, None)]
    with pytest.raises(sr.InputError, match="graph"):
        sr.read_hazards(MAJOR).ladder("2026-04-26", USUAL)


@pytest.mark.parametrize(
    ("item", "on", "answer"),
    [
        ("动火作业", "2026-12-31", True), ("有限空间", "2026-12-31", True),
        ("有限空间", "2026-03-01", False), ("粉尘", "2026-12-31", True), ("液氨", "2026-12-31", False),
    ],
)  # fmt: skip
def test_was_the_item_ever_checked(staffed, item, on, answer) -> None:
    found = staffed.hazards(MAJOR).backcheck("e1", on, item=item)
    assert found.item_checked is answer
    assert item in found.text


def test_a_check_that_does_not_say_what_it_checked_proves_nothing(county) -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        enterprises={"id": ["e1", "e2"], "name": ["甲", "乙"]},
        records={
            "id": ["1"], "subject": ["e2"], "action": ["inspection"], "date": ["2026-02-01"],
            "object": ["e1"],
        },
        data_date="2026-12-31",
    )  # fmt: skip
    register = graph.hazards(MAJOR)
    assert register.backcheck("e1", "2026-12-31", item="液氨").item_checked is None
    assert register.backcheck("e2", "2026-12-31", item="液氨").item_checked is False
    assert county.hazards(MAJOR).backcheck("e2", "2026-12-31", item="液氨").item_checked is None


def test_the_back_check_counts_every_kind_and_what_the_enterprise_does_itself() -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        enterprises={"id": ["E01", "E02"], "name": ["甲", "乙"]},
        records={
            "id": list("123456"), "subject": ["E02", "E01", "E02", "E02", "E01", "E02"],
            "action": ["检查", "主要负责人带队检查", "核查", "包联走访", "培训", "检查"],
            "date": ["2026-02-01"] * 6, "object": ["E01", None, "E01", "E01", None, None],
        },
        data_date="2026-12-31",
    )  # fmt: skip
    register = graph.hazards(MAJOR | {"enterprise": ["E77"]})
    found = register.backcheck("E01", "2026-12-31")
    assert sorted((r["kind"], r["action"]) for r in found.checks._rows()) == [
        ("check", "inspection"), ("own", "principal_check"), ("verification", "verification"),
        ("visit", "visit"),
    ]  # fmt: skip
    assert "检查记录 4 次（检查 1、核查 1、企业自查 1、走访 1）" in found.text
    # E77 stands only in a row that was left out
    assert register.counts()["used"] == 0
    with pytest.raises(sr.NotFoundError, match="no enterprise 'E77'"):
        register.backcheck("E77", "2026-12-31")
    with pytest.raises(sr.NotFoundError, match="near ones are e1"):
        sr.read_hazards(MAJOR).backcheck("e11", "2026-12-31")


def test_a_back_check_takes_names_and_says_which_records_are_no_checks(tmp_path: Path) -> None:
    graph = sr.ResponsibilityGraph.from_tables(
        enterprises={"id": ["E01", "E02", "E03"], "name": ["甲化工厂", "乙", "乙"]},
        records={
            "id": list("1234"), "subject": ["E01"] * 4, "object": ["E01"] * 4,
            "action": ["企业自查", "自查", "培训", "打扫"], "date": ["2026-02-05"] * 4,
        },
        data_date="2026-12-31",
    )  # fmt: skip
    register = graph.hazards(MAJOR | {"enterprise": ["E77"]})
    found = register.backcheck("甲化工厂", "2026-12-31")
    assert "检查记录 2 次（企业自查 2）" in found.text
    assert "另有记录的事项不算检查，未计入：培训 1、打扫 1。" in found.text
    sr.save(found, tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "<h2>问题 1</h2>" in page
    assert "E77" in page
    with pytest.raises(sr.InputError, match="2 nodes are called"):
        register.backcheck("乙", "2026-12-31")


def test_without_a_last_day_nobody_can_tell_whether_it_is_overdue() -> None:
    register = sr.read_hazards({
        "id": ["a", "b"], "grade": ["重大", "重大"], "found_on": ["2020-01-01", "2026-01-01"],
        "due_on": [None, "2026-02-01"],
    })  # fmt: skip
    told = {
        r["hazard"]: (r["overdue"], r["days_overdue"])
        for r in register.standings("2026-03-01")._rows()
    }
    assert told == {"a": (None, None), "b": (True, 28)}
    (stock,) = register.stock("2026-03-01")._rows()
    assert (stock["open"], stock["overdue"], stock["undated"]) == (2, 1, 1)
    report = register.report("2026-03-01")
    assert "1 条未销号隐患没有整改期限，是否逾期无法判断，不在逾期之列" in report.notes


def test_open_major_hazards_are_a_column_of_a_grading() -> None:
    register = sr.read_hazards({
        "id": ["a", "b"], "risk_point": ["p1", "p2"], "grade": ["重大", "重大"],
        "found_on": ["2026-01-01", "2026-01-01"], "closed_on": [None, "2026-02-01"],
    })  # fmt: skip
    open_now = {
        r["risk_point"]: r["open_major_hazards"]
        for r in register.open_major("2026-03-01", by="risk_point")._rows()
    }
    assert open_now == {"p1": 1, "p2": 0}
    points = {
        "id": ["p1", "p2"], "L": [1, 1], "E": [1, 1], "C": [1, 1],
        "breach_mandatory_clause": [open_now[p] > 0 for p in ("p1", "p2")],
    }  # fmt: skip
    graded = sr.grade(points, method="lec", direct="direct.shandong")
    assert graded.to_columns()["grade"].tolist() == ["red", "blue"]
