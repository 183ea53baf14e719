"""Mechanisms of work plans as data on the one pattern: every row of the packs, case by case.

The numbers are those of the inventory of mechanisms that public work plans describe. Each line of
the tables below plants what is done in time, late and not at all, and names somebody of whom it is
not asked; a last test compares the lines with the packs and the numbers asked for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest

import safetyrisk as sr

#: Mechanisms that must be expressed.
ASKED = {
    2, 3, 4, 5, 6, 8, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24, 25, 29, 30, 34, 40, 42, 43, 45, 48,
    54, 56, 59, 61, 62, 63, 68, 79, 80, 84, 85, 86, 87, 88, 98, 99, 100, 101, 103,
}  # fmt: skip

NODES = """
gov|government|县政府|360924||
gov1|government|新昌镇政府|360924001||
gov2|government|澄塘镇政府|360924002||
party|party_committee|县委|360924||
ac|safety_committee|县安委会|360924||
ao|safety_office|县安委办|360924||
s1|special_committee|矿山专委会|360924||
s2|special_committee|消防专委会|360924||
em|dept|县应急管理局|360924||
tr|dept|县交通运输局|360924||
g1|grid|第一网格|360924001||
g2|grid|第二网格|360924001||
mhs|major_hazard_source|罐区|360924001||
mhs2|major_hazard_source|库区|360924001||
acc|accident|三月事故|360924001||
acc2|accident|四月事故|360924001||
c1|clause|第一件|||
c2|clause|第二件|||
p_party|post|县委书记||party|party_principal
p_gov|post|县长||gov|gov_principal
p_safe|post|副县长||gov|safety_deputy
p_port|post|副县长二||gov|portfolio_deputy
p_em|post|局长||em|dept_principal
p_ems|post|副局长||em|dept_safety_deputy
p_in|post|执法员||em|inspector
pr1|post|总经理||e1|principal
sm1|post|安全员||e1|safety_manager
sw1|post|电工||e1|special_worker
tl1|post|班组长||e1|team_leader
wh1|post|车间主任||e1|workshop_head
mt|post|技术负责人||e1|mhs_tech
mo|post|操作负责人||e1|mhs_operator
"""
EDGES = """
g1|e1|GRID_COVERS
p_safe|e1|PAIRED_WITH
p_safe|360924001|PAIRED_WITH
mt|mhs|MHS_CARE
mo|mhs|MHS_CARE
p_in|mine|GUARDS
"""


@pytest.fixture(scope="module")
def world() -> sr.ResponsibilityGraph:
    """A county with one of each: e1 high-risk, large e2, small e3, a mine, e9 opened in December."""
    nodes = [line.split("|") for line in NODES.strip().splitlines()]
    edges = [line.split("|") for line in EDGES.strip().splitlines()]
    functions = {"em": "emergency", "tr": "transport"}
    return sr.ResponsibilityGraph.from_tables(
        divisions={
            "code": ["36", "3609", "360924", "360924001", "360924002"],
            "name": ["江西省", "宜春市", "宜丰县", "新昌镇", "澄塘镇"],
        },
        nodes={
            name: [row[i] or None for row in nodes]
            for i, name in enumerate(("id", "kind", "name", "division", "unit", "post_kind"))
        }
        | {
            "function": [functions.get(row[0]) for row in nodes],
            "package": ["ten" if row[0] in ("c1", "c2") else None for row in nodes],
        },
        enterprises={
            "id": ["e1", "e2", "e3", "mine", "e9"],
            "name": ["化工厂", "机械厂", "小饭店", "矿山", "新厂"],
            "division": ["360924001", "360924001", "360924002", "360924001", "360924001"],
            "sectors": ["hazchem_production", "machinery", "catering", "noncoal_mine", "machinery"],
            "high_risk": [True, False, False, True, False],
            "above_scale": [True, True, False, True, False],
            "small_place": [False, False, True, False, False],
            "key_unit": [True, False, False, False, False],
            "risk_colour": ["red", "orange", "blue", "yellow", "blue"],
            "employees": [120, 150, 5, 60, 10],
            "valid_from": [None, None, None, None, "2026-12-30"],
        },
        hazards={
            "id": ["h1", "h0", "hg"], "enterprise": ["e1", "e1", "e2"],
            "grade": ["major", "major", "general"],
            "found_on": ["2026-03-02", "2023-05-01", "2026-03-02"],
            "due_on": ["2026-06-30", "2024-06-30", "2026-06-30"],
        },
        edges={
            name: [row[i] for row in edges] for i, name in enumerate(("source", "target", "kind"))
        },
        data_date="2026-12-31",
    )  # fmt: skip


#: A record: subject, action, object, date.
Record = tuple[str | None, str, str | None, str]


@dataclass(frozen=True)
class Case:
    """One row of a pack, and what is planted for it."""

    mechanism: int
    entry: str
    action: str
    subject: str | None
    object: str | None
    due: str
    in_time: str
    late: str
    not_asked: str  # a subject (object, where anybody may do it) of whom it is not asked
    by: str | None = None  # who does it where anybody may
    events: tuple[Record, ...] = ()
    times: int = 1

    def record(self, day: str) -> list[Record]:
        return [(self.subject or self.by, self.action, self.object, day)] * self.times


M, Q, H, Y = "2026-03-31", "2026-03-31", "2026-06-30", "2026-12-31"


def month(
    mechanism: int, entry: str, action: str, subject: str | None, other: str, **k: Any
) -> Case:
    """Owed in March 2026."""
    return Case(mechanism, entry, action, subject, k.pop("object", None), "2026-03-31", "2026-03-31",
                "2026-04-01", other, **k)  # fmt: skip


def quarter(
    mechanism: int, entry: str, action: str, subject: str | None, other: str, **k: Any
) -> Case:
    """Owed in the first quarter of 2026."""
    return Case(mechanism, entry, action, subject, k.pop("object", None), "2026-03-31", "2026-01-01",
                "2026-04-01", other, **k)  # fmt: skip


def by_day(
    mechanism: int, entry: str, action: str, subject: str | None, other: str, due: str, **k: Any
) -> Case:
    """Owed by a day."""
    late = (dt.date.fromisoformat(due) + dt.timedelta(1)).isoformat()
    return Case(
        mechanism, entry, action, subject, k.pop("object", None), due, due, late, other, **k
    )


def event(
    mechanism: int, entry: str, action: str, subject: str | None, other: str,
    happened: Record, due: str, **k: Any,
) -> Case:  # fmt: skip
    """Owed after (before) an event."""
    return by_day(mechanism, entry, action, subject, other, due, events=(happened,), **k)


# 2026-01-01 to 2026-12-31; years end on a day after which nothing is known, so that what is owed
# by the year is asked of 2025.
CASES = [
    # F1 leadership
    by_day(2, "annual_task_list_leaders", "annual_task_list", "p_safe", "pr1", "2026-03-31"),
    month(3, "leader_inspection_monthly", "inspection", "p_port", "pr1"),
    month(3, "inspection_notice_monthly", "inspection_notice", "ao", "ac"),
    by_day(4, "first_responsible_report", "first_responsible_report", "p_gov", "p_safe", "2025-12-31"),
    by_day(5, "study_half_yearly", "study_session", "party", "gov", "2026-06-30"),
    by_day(5, "leader_training_yearly", "leader_training", "p_ems", "p_em", "2025-12-31"),
    quarter(6, "committee_plenary", "committee_meeting", "ac", "s1"),
    quarter(6, "liaison_meeting", "liaison_meeting", "ao", "ac"),
    event(6, "meeting_actions_done", "meeting_action_done", "tr", "em",
          ("ac", "meeting_action", "tr", "2026-02-28"), "2026-03-28"),
    quarter(8, "special_committee_notice", "special_committee_report", "s1", "ac"),
    by_day(8, "special_committee_meeting", "meeting", "s2", "ac", "2025-12-31"),
    month(14, "grid_patrol_monthly", "grid_patrol", "g1", "g2", object="e1"),
    quarter(15, "paired_visit_enterprise", "visit", "p_safe", "p_gov", object="e1"),
    quarter(15, "paired_visit_region", "visit", "p_safe", "p_gov", object="360924001"),
    by_day(16, "mine_shift_leader", "shift_lead", "mine", "e1", "2026-03-10"),
    by_day(16, "mine_guard", "guard_duty", None, "e1", "2026-03-10", object="mine", by="p_in"),
    quarter(17, "mhs_quarterly", "mhs_tech_check", "mt", "mo", object="mhs"),
    quarter(19, "ability_test_quarterly", "ability_test", "sm1", "tl1"),
    by_day(19, "manager_task_list", "annual_task_list", "pr1", "tl1", "2025-12-31"),
    by_day(20, "informed_person_named", "informed_person", "e2", "e9", "2026-06-30"),
    by_day(22, "responsibility_letter", "responsibility_letter", "e3", "e9", "2026-03-31"),
    # F2 risk
    by_day(24, "dual_control_high_risk", "double_prevention", "e1", "e2", "2026-06-30"),
    by_day(24, "dual_control_large", "double_prevention", "e2", "e1", "2026-06-30"),
    by_day(24, "dual_control_small", "double_prevention", "e3", "e2", "2025-12-31"),
    month(25, "dual_control_dispatch", "dual_control_dispatch", "ao", "ac"),
    month(30, "visits_by_colour", "inspection", None, "e9", object="e1", by="em"),
    by_day(30, "visits_by_colour", "inspection", None, "e9", "2026-03-31", object="e2", by="em"),
    by_day(30, "visits_by_colour", "inspection", None, "e9", "2026-06-30", object="mine", by="tr"),
    by_day(30, "visits_by_colour", "inspection", None, "e9", "2025-12-31", object="e3", by="em"),
    event(34, "alarm_handled", "alarm_handled", "e1", "e2",
          ("e1", "alarm", None, "2026-03-10"), "2026-03-11"),
    # F3 hazards
    by_day(40, "two_lists_enterprise_high_risk", "key_item_list", "mine", "e2", "2026-06-30"),
    by_day(40, "two_lists_enterprise_other", "key_item_list", "e2", "e3", "2026-08-31"),
    quarter(42, "principal_check", "principal_check", "e2", "e9"),
    month(42, "principal_check", "principal_check", "e1", "e9"),
    by_day(43, "team_check_daily", "team_check", "tl1", "wh1", "2026-03-10"),
    by_day(43, "workshop_check_weekly", "workshop_check", "wh1", "tl1", "2026-03-15"),  # a Sunday
    month(43, "factory_check_monthly", "factory_check", "pr1", "wh1"),
    by_day(45, "hazard_principal_notified", "principal_notified", None, "hg", "2026-03-05",
           object="h1", by="em"),
    month(48, "hazard_report_monthly", "hazard_report", "tr", "gov1"),
    month(48, "hazard_report_monthly_town", "hazard_report", "gov1", "gov"),
    by_day(54, "reward_mechanism_key", "reward_mechanism", "e1", "e2", "2026-05-31"),
    by_day(54, "reward_mechanism_other", "reward_mechanism", "e3", "e1", "2026-10-31"),
    # F4 supervision
    by_day(56, "inspection_plan_yearly", "inspection_plan", "em", "tr", "2025-12-31"),
    by_day(56, "cases_150", "enforcement_case", "em", "tr", "2025-12-31", times=150),
    quarter(61, "typical_cases_emergency", "case_published", "em", "tr", times=3),
    quarter(61, "typical_cases_other", "case_published", "tr", "em"),
    month(61, "exposure_monthly", "exposure", "ao", "ac"),
    quarter(62, "supervision_quarterly", "supervision", "ao", "ac"),
    event(62, "supervision_rectified", "supervision_rectified", "gov1", "gov2",
          ("ao", "supervision_feedback", "gov1", "2026-03-01"), "2026-03-31"),
    by_day(62, "supervision_feedback_april", "feedback_report", "gov", "gov1", "2026-04-25"),
    # 15 working days after Wednesday 2026-04-01: the 6th is free, Sunday the 26th is not asked for
    event(63, "patrol_plan", "patrol_plan", "gov", "gov1",
          ("ao", "patrol_feedback", "gov", "2026-04-01"), "2026-04-23"),
    event(63, "patrol_rectified", "patrol_rectified", "gov", "gov1",
          ("ao", "patrol_feedback", "gov", "2026-03-01"), "2026-04-30"),
    event(68, "measures_evaluated_year", "corrective_evaluation", None, "acc2",
          ("gov", "report_approved", "acc", "2025-03-01"), "2026-03-01", object="acc", by="gov"),
    # F5 capacity
    by_day(79, "principal_training_june", "principal_training", "e2", "e9", "2026-06-30"),
    by_day(79, "principal_exam", "principal_exam", "e2", "e9", "2026-06-30"),
    by_day(84, "evacuation_drill", "evacuation_drill", "e1", "e9", "2026-06-30"),
    by_day(84, "evacuation_drill", "evacuation_drill", "e2", "e9", "2025-12-31"),
    by_day(85, "standardisation_review", "standardisation_review", "e1", "e2", "2025-12-31"),
    by_day(86, "insurance_service", "prevention_service", None, "e2", "2025-12-31",
           object="e1", by="e3"),
    event(87, "resumption_accepted", "resumption_acceptance", None, "e2",
          ("e1", "resumption", None, "2026-02-25"), "2026-02-25", object="e1", by="em"),
    quarter(88, "key_enterprise_patrol", "key_patrol", None, "e2", object="e1", by="em"),
    # F6 plans
    event(98, "task_decomposition", "task_decomposition", "tr", "em",
          ("ao", "plan_issued", "tr", "2026-04-01"), "2026-04-23"),
    by_day(99, "progress_june", "progress_report", "tr", "gov1", "2026-06-25"),
    by_day(99, "progress_december", "progress_report", "tr", "gov1", "2025-12-25"),
    month(100, "dispatch_notice", "dispatch_notice", "ao", "ac"),
    by_day(101, "old_stock_cleared", "hazard_closed", None, "h1", "2024-12-31", object="h0", by="em"),
    by_day(101, "dynamic_zero", "hazard_closed", None, "hg", "2026-06-30", object="h1", by="em"),
    by_day(103, "examples_recommended", "nomination", "gov1", "em", "2025-11-30"),
    # law
    by_day(2, "rule_2018_6_list", "annual_task_list", "p_port", "p_party", "2025-12-31"),
    by_day(4, "rule_2018_13_report", "duty_report", "p_party", "p_em", "2025-12-31"),
    quarter(6, "order_302_5", "meeting", "gov", "gov1"),
    quarter(17, "mhs_tech_quarterly", "mhs_tech_check", "mt", "mo", object="mhs"),
    by_day(17, "mhs_operator_weekly", "mhs_operator_check", "mo", "mt", "2026-03-15", object="mhs"),
    event(68, "law_86", "corrective_evaluation", None, "acc2",
          ("gov", "report_approved", "acc", "2025-03-01"), "2026-03-01", object="acc", by="gov"),
    by_day(84, "emergency_8_government", "drill", "gov", "party", "2025-12-31"),
    by_day(84, "emergency_8_government", "drill", "gov1", "party", "2025-12-31"),
    by_day(84, "emergency_8_enterprise", "drill", "e3", "e2", "2026-06-30"),
]  # fmt: skip

PACKS = [row["pack"] for row in sr.duty.packs()._rows()]
ROWS = {row["id"]: row for row in sr.duty.rows(PACKS, switch_on=True)._rows()}


def assessed(
    world: sr.ResponsibilityGraph, entry: str, records: list[Record], as_of: str, start: str
) -> dict[tuple[str | None, str | None, str], dict[str, Any]]:
    """Rows of the answer by subject, object and due day."""
    duties = {
        name: [ROWS[entry][name]]
        for name in ROWS[entry]
        if ROWS[entry][name] is not None and name not in ("confidence", "mechanisms", "pack")
    }
    table = {
        "id": [str(i) for i in range(len(records))],
        "subject": [row[0] for row in records],
        "action": [row[1] for row in records],
        "object": [row[2] for row in records],
        "date": [row[3] for row in records],
    }
    done = world.assess(duties, table, as_of=as_of, start=start, recorded=True)
    bad = [issue for issue in done.issues if issue.severity != "info"]
    assert not bad, bad
    return {(r["subject"], r["object"], r["due"].isoformat()): r for r in done.where()._rows()}


DAY = dt.timedelta(1)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda c: f"{c.mechanism}-{c.entry}-{c.subject or c.object}"
)
def test_done_late_overdue_and_of_whom_it_is_not_asked(world, case: Case) -> None:
    key = (case.subject, case.object, case.due)
    after = (dt.date.fromisoformat(case.due) + DAY).isoformat()

    def status(days: str | None, as_of: str) -> tuple[str, Any]:
        records = list(case.events) + (case.record(days) if days else [])
        row = assessed(world, case.entry, records, as_of, case.due)[key]
        return row["status"], row["done_on"]

    assert status(case.in_time, after) == ("done", dt.date.fromisoformat(case.in_time))
    assert status(None, case.due) == ("due", None)
    assert status(None, after) == ("overdue", None)
    late = status(case.late, case.late)
    again = dt.date.fromisoformat(case.late)
    rhythm = ROWS[case.entry]["cadence"] or ROWS[case.entry]["overrides"]
    assert late == (("overdue", None) if rhythm else ("done_late", again))
    if rhythm:  # the first serves its own period, one more the one before
        records = [*case.events, *case.record(case.late) * 2]
        row = assessed(world, case.entry, records, case.late, case.due)[key]
        assert (row["status"], row["done_on"]) == ("done_late", again)
    asked = [
        row
        for (subject, thing, _), row in assessed(
            world, case.entry, list(case.events), after, case.due
        ).items()
        if (thing if case.subject is None else subject) == case.not_asked
    ]
    assert all(row["status"] == "not_applicable" for row in asked), asked


@dataclass(frozen=True)
class Standing:
    """What must always be there: since when, how long it holds."""

    mechanism: int
    entry: str
    action: str
    node: str
    not_asked: str
    months: int | None = None
    object: str | None = None
    to_object: bool = False


STANDING = [
    Standing(2, "duty_list_leaders", "duty_list", "p_gov", "p_em"),
    Standing(2, "rule_2018_5_list", "duty_list", "p_party", "p_gov"),
    Standing(29, "risk_list_updated", "risk_list_update", "e2", "e9", 12),
    Standing(34, "monitoring_connected", "monitoring_connected", "mhs2", "acc", to_object=True),
    Standing(40, "two_lists_regulator", "inspection_list", "tr", "gov"),
    Standing(80, "special_worker_certificate", "special_operation_certificate", "sw1", "tl1", 36),
    Standing(80, "manager_certificate", "manager_certificate", "sm1", "tl1", 36),
    Standing(85, "standardisation_grade", "standardisation", "e1", "e2", 36),
    Standing(86, "insurance_in_force", "liability_insurance", "mine", "e2", 12),
]


@pytest.mark.parametrize("case", STANDING, ids=lambda c: f"{c.mechanism}-{c.entry}")
def test_what_must_always_be_there(world, case: Standing) -> None:
    def status(days: list[str], as_of: str) -> str:
        records: list[Record] = [
            ("em", case.action, case.node, day) if case.to_object else (case.node, case.action, None, day)
            for day in days
        ]  # fmt: skip
        rows = assessed(world, case.entry, records, as_of, "2024-01-01").values()
        (row,) = [r for r in rows if (r["object"] if case.to_object else r["subject"]) == case.node]
        assert not [r for r in rows if case.not_asked in (r["subject"], r["object"])]
        return row["status"]

    assert status(["2024-03-15"], "2024-03-15") == "done"
    assert status([], "2026-03-15") == "overdue"
    if case.months is None:
        assert status(["2019-03-15"], "2026-03-15") == "done"
        return
    first = f"{2026 - case.months // 12}-03-15"
    assert status([first], "2026-03-15") == "done"
    assert status([first], "2026-03-16") == "overdue"
    assert status([first, "2026-03-16"], "2026-03-16") == "done"


@dataclass(frozen=True)
class Compared:
    """What is told when the period is over: records that are enough, and that are not."""

    mechanism: int
    entry: str
    subject: str
    due: str
    enough: list[Record]
    short: list[Record]
    count: float
    needed: float
    not_asked: str
    object: str | None = None
    nothing: list[Record] = field(default_factory=list)
    otherwise: str = "overdue"  # of `nothing`


def many(
    n: int, subject: str | None, action: str, day: str, thing: str | None = None
) -> list[Record]:
    return [(subject, action, thing, day)] * n


POSTS = ("pr1", "sm1", "sw1", "tl1", "wh1", "mt", "mo")
COMPARED = [
    Compared(8, "special_committee_rank", "s1", "2026-03-31",
             many(2, "s1", "inspection", "2026-03-31") + many(2, "s2", "inspection", "2026-01-01"),
             many(1, "s1", "inspection", "2026-03-31") + many(2, "s2", "inspection", "2026-01-01"),
             1, 1.5, "ac", nothing=[], otherwise="done"),  # none is not below none
    Compared(18, "post_list_all", "e1", "2025-12-31",
             [("e1", "post_duty_list", post, "2025-06-01") for post in POSTS],
             [("e1", "post_duty_list", post, "2025-06-01") for post in POSTS[1:]],
             6, 7, "e9"),
    Compared(23, "package_items", "e2", "2025-12-31",
             [("e2", "package_item", "c1", "2025-06-01"), ("e2", "package_item", "c2", "2025-06-01")],
             many(2, "e2", "package_item", "2025-06-01", "c1"), 1, 2, "e9"),
    Compared(25, "dual_control_rank", "gov1", "2026-03-31",
             many(1, "e1", "dual_control_accepted", "2026-02-01"),
             many(1, "e1", "dual_control_accepted", "2026-02-01")
             + many(2, "e3", "dual_control_accepted", "2026-02-01"), 1, 1.5, "gov", otherwise="done"),
    Compared(25, "dual_control_in_enforcement", "tr", "2026-03-31",
             many(3, "tr", "inspection", "2026-03-05") + many(3, "tr", "dual_control_checked", "2026-03-05"),
             many(3, "tr", "inspection", "2026-03-05") + many(2, "tr", "dual_control_checked", "2026-03-05"),
             2, 3, "gov1", nothing=[], otherwise="not_applicable"),
    Compared(40, "check_by_list", "em", "2026-03-31",
             many(10, "em", "inspection", "2026-03-05") + many(9, "em", "inspection_by_list", "2026-03-05"),
             many(10, "em", "inspection", "2026-03-05") + many(8, "em", "inspection_by_list", "2026-03-05"),
             8, 9, "gov1", otherwise="not_applicable"),
    Compared(59, "joint_inspection_share", "em", "2025-12-31",
             many(10, "em", "inspection", "2025-03-05") + many(2, "em", "joint_inspection", "2025-03-05"),
             many(10, "em", "inspection", "2025-03-05") + many(1, "em", "joint_inspection", "2025-03-05"),
             1, 2, "gov1", otherwise="not_applicable"),
    Compared(84, "surprise_drill_share", "gov", "2025-12-31",
             many(1, "e1", "surprise_drill", "2025-05-01") + many(2, "e3", "evacuation_drill", "2025-05-01"),
             many(1, "e1", "surprise_drill", "2025-05-01") + many(3, "e3", "evacuation_drill", "2025-05-01"),
             1, 1.5, "em", otherwise="not_applicable"),
    Compared(100, "progress_rank", "gov1", "2026-03-31",
             many(3, "gov1", "task_done", "2026-02-01") + many(2, "gov2", "task_done", "2026-02-01"),
             many(1, "gov1", "task_done", "2026-02-01") + many(2, "gov2", "task_done", "2026-02-01"),
             1, 1.5, "gov", otherwise="done"),
    Compared(101, "increments_curbed", "gov1", "2025-12-31",
             many(2, "e1", "major_hazard_found", "2024-05-01") + many(2, "e2", "major_hazard_found", "2025-05-01"),
             many(2, "e1", "major_hazard_found", "2024-05-01") + many(3, "e2", "major_hazard_found", "2025-05-01"),
             3, 2, "em", nothing=many(1, "e3", "major_hazard_found", "2026-01-01"),
             otherwise="not_assessable"),
]  # fmt: skip


@pytest.mark.parametrize("case", COMPARED, ids=lambda c: f"{c.mechanism}-{c.entry}")
def test_what_is_compared_when_the_period_is_over(world, case: Compared) -> None:
    after = (dt.date.fromisoformat(case.due) + DAY).isoformat()
    key = (case.subject, case.object, case.due)
    assert assessed(world, case.entry, case.enough, after, case.due)[key]["status"] == "done"
    assert assessed(world, case.entry, case.short, case.due, case.due)[key]["status"] in (
        "due",
        "overdue",
    )
    rows = assessed(world, case.entry, case.short, after, case.due)
    row = rows[key]
    assert (row["status"], row["count"], row["needed"]) == ("overdue", case.count, case.needed)
    nothing = assessed(world, case.entry, case.nothing, after, case.due)[key]
    assert nothing["status"] == case.otherwise
    strange = [r for (subject, _, _), r in rows.items() if subject == case.not_asked]
    assert all(r["status"] == "not_applicable" for r in strange)


def test_no_more_visits_than_the_cap(world) -> None:
    visits = many(4, "em", "inspection", "2026-03-01", "e1")
    key = (None, "e1", "2026-12-31")
    assert (
        assessed(world, "visits_capped", visits, "2026-06-30", "2026-01-01")[key]["status"] == "due"
    )
    one_more = [*visits, ("tr", "inspection", "e1", "2026-04-01")]
    row = assessed(world, "visits_capped", one_more, "2026-06-30", "2026-01-01")[key]
    assert (row["status"], row["count"], row["needed"], row["days_late"]) == ("overdue", 5, 4, 0)
    earlier = [("em", "inspection", "e1", "2025-03-01")] * 4
    rows = assessed(world, "visits_capped", earlier, "2026-06-30", "2025-01-01")
    assert rows[(None, "e1", "2025-12-31")]["status"] == "done"
    assert (None, "e9", "2025-12-31") not in rows


def test_each_row_of_the_packs_has_a_case_and_each_number_a_row() -> None:
    tested: dict[str, set[int]] = {"visits_capped": {59}}
    there = {line.split("|")[0] for line in NODES.split()} | {"e1", "e2", "e3", "mine", "e9"}
    there |= {"h1", "h0", "hg"}
    for case in [*CASES, *STANDING, *COMPARED]:
        assert case.not_asked in there
        tested.setdefault(case.entry, set()).add(case.mechanism)
    said = {
        entry: {int(number) for number in row["mechanisms"].split(";")}
        for entry, row in ROWS.items()
        if row["mechanisms"]
    }
    assert tested == said
    assert set().union(*said.values()) == ASKED
    mechanisms = [row for row in ROWS.values() if row["pack"] != "duties.national"]
    assert all(row["mechanisms"] for row in mechanisms)
