"""Dates of duties against a calendar that is walked day by day.

Nothing here reckons as the library does: a period is a run of days with the same name (week, month,
quarter …), months are added by the lengths of months, what is open on a day is found by walking
through all days, and a working day is one that the notices do not free.
"""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest

import safetyrisk as sr
from safetyrisk.duty import WorkCalendar

Day = dt.date
ONE = dt.timedelta(1)
ENDLESS = (Day(1900, 1, 1), Day(2999, 12, 31))

#: Subjects: always there, opened in mid-month, closed on a leap day, there for one month.
THERE = {
    "always": ENDLESS,
    "opened": (Day(2024, 1, 31), ENDLESS[1]),
    "closed": (ENDLESS[0], Day(2024, 2, 29)),
    "short": (Day(2024, 2, 1), Day(2024, 3, 1)),
}


@pytest.fixture(scope="module")
def county() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        nodes={
            "id": list(THERE), "kind": ["safety_committee"] * 4, "name": list(THERE),
            "valid_from": [None if low == ENDLESS[0] else low for low, _ in THERE.values()],
            "valid_to": [None if high == ENDLESS[1] else high for _, high in THERE.values()],
        },
        data_date="2026-12-31",
    )  # fmt: skip


def walk(start: Day, end: Day) -> Iterator[Day]:
    day = start
    while day <= end:
        yield day
        day += ONE


def later(day: Day, months: int) -> Day:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return Day(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def name_of(cadence: str, day: Day) -> Any:
    """What the calendar calls the period that a day lies in."""
    number = int(cadence[1:-1])
    if cadence == "P1D":
        return day
    if cadence == "P1W":
        return day.isocalendar()[:2]
    if cadence.endswith("M"):
        return day.year, (day.month - 1) // number
    return day.year // number


def step(cadence: str, day: Day, times: int = 1) -> Day:
    number = int(cadence[1:-1]) * times
    if cadence.endswith("D"):
        return day + dt.timedelta(number)
    if cadence.endswith("W"):
        return day + dt.timedelta(7 * number)
    return later(day, number if cadence.endswith("M") else 12 * number)


NAMED = ["P1D", "P1W", "P1M", "P2M", "P3M", "P4M", "P6M", "P1Y", "P2Y", "P3Y"]
COUNTED = ["P10D", "P2W", "P45D", "P5M", "P7M"]  # from the duty's first day on


def whole_periods(cadence: str, begin: Day) -> list[tuple[Day, Day]]:
    """All periods of some years around 2024."""
    if cadence in COUNTED:
        starts = [step(cadence, begin, k) for k in range(200)]
        return [(a, b - ONE) for a, b in itertools.pairwise(starts) if a.year < 2028]
    days = itertools.groupby(
        walk(Day(2016, 1, 1), Day(2033, 12, 31)), lambda d: name_of(cadence, d)
    )
    runs = [list(run) for _, run in days]
    return [(run[0], run[-1]) for run in runs[1:-1]]


def owed_periods(
    whole: list[tuple[Day, Day]], duty: tuple[Day, Day], there: tuple[Day, Day], owe: bool
) -> list[tuple[Day, Day, Day]]:
    """Start, due and the last day of what is owed, as far as duty and subject are there."""
    out = []
    low, high = max(duty[0], there[0]), min(duty[1], there[1])
    for start, due in whole:
        if low <= start and due <= high:
            out.append((start, due, due))
        elif owe and max(start, low) <= min(due, high):
            # A duty's own first and last period have other days, a subject's are only shorter.
            out.append((max(start, duty[0]), min(due, duty[1]), min(due, high)))
    return out


def walked(
    owed: list[tuple[Day, Day]], records: list[Day], as_of: Day
) -> list[tuple[str, Day | None]]:
    """Status and day of each, going through all days up to `as_of` one by one."""
    done: list[Day | None] = [None] * len(owed)
    status = ["not_due"] * len(owed)
    if not owed:
        return []
    on = {day: len(list(same)) for day, same in itertools.groupby(sorted(records))}
    for day in walk(min([owed[0][0], *records]), as_of):
        for _ in range(on.get(day, 0)):
            open_now = [k for k, (a, b) in enumerate(owed) if a <= day <= b and not done[k]]
            missed = [k for k, (a, b) in enumerate(owed) if b < day and not done[k]]
            for k in (open_now or missed)[:1]:
                done[k] = day
                status[k] = "done" if open_now else "done_late"
    for k, (start, last) in enumerate(owed):
        if done[k] is None:
            status[k] = "not_due" if as_of < start else "due" if as_of <= last else "overdue"
    return list(zip(status, done, strict=True))


def rows_of(done: Any) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
    out: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in done.where()._rows():
        if row["status"] != "not_applicable":
            out.setdefault((row["duty"], row["subject"]), []).append(
                (row["period_start"], row["due"], row["status"], row["done_on"])
            )
    return out


WINDOWS = [
    ENDLESS,
    (Day(2024, 1, 1), Day(2024, 12, 31)),
    (Day(2023, 12, 31), Day(2024, 3, 1)),
    (Day(2024, 2, 29), Day(2025, 2, 28)),
    (Day(2023, 1, 30), ENDLESS[1]),
    (Day(2024, 1, 31), Day(2024, 1, 31)),
]
#: First day looked at, day asked.
ASKED = [
    (Day(2024, 1, 1), Day(2024, 2, 29)),
    (Day(2023, 2, 28), Day(2024, 3, 1)),
    (Day(2024, 2, 29), Day(2025, 3, 31)),
    (Day(2025, 1, 1), Day(2025, 2, 28)),
]


@pytest.mark.parametrize(("start", "as_of"), ASKED, ids=str)
def test_each_calendar_cadence_in_each_window(county, start: Day, as_of: Day) -> None:
    duties: dict[str, list[Any]] = {
        name: [] for name in ("id", "subject", "action", "cadence", "partial", "valid_from", "valid_to")
    }  # fmt: skip
    asked = {}
    for cadence, window, owe in itertools.product([*NAMED, *COUNTED], WINDOWS, (False, True)):
        if cadence in COUNTED and window[0] == ENDLESS[0]:
            continue
        for subject in THERE:
            identity = f"{cadence}{window[0]}{window[1]}{owe}{subject}"
            asked[identity, subject] = (cadence, window, owe)
            cells = (
                identity, subject, "meeting", cadence, "owe" if owe else "skip",
                None if window[0] == ENDLESS[0] else window[0],
                None if window[1] == ENDLESS[1] else window[1],
            )  # fmt: skip
            for name, cell in zip(duties, cells, strict=True):
                duties[name].append(cell)
    chance = random.Random(f"{start}{as_of}")
    span = (Day(2025, 6, 1) - Day(2023, 1, 1)).days
    days = [Day(2023, 1, 1) + dt.timedelta(chance.randrange(span)) for _ in range(25)]
    days += [Day(2024, 1, 31), Day(2024, 2, 29), Day(2024, 3, 1), Day(2023, 12, 31)]
    records = {
        "id": [f"{s}{i}" for s in THERE for i in range(len(days))],
        "subject": [s for s in THERE for _ in days],
        "action": ["meeting"] * (len(days) * len(THERE)),
        "date": days * len(THERE),
    }
    found = rows_of(county.assess(duties, records, as_of=as_of, start=start, end=as_of))
    checked = 0
    for (identity, subject), (cadence, window, owe) in asked.items():
        periods = whole_periods(cadence, window[0])
        looked = [
            p
            for p in owed_periods(periods, window, THERE[subject], owe)
            if p[1] >= start and p[0] <= as_of
        ]
        low = max(window[0], THERE[subject][0])
        owed = [(max(a, low), last) for a, _, last in looked]
        expected = [
            (a, due, status, on)
            for (a, due, _), (status, on) in zip(looked, walked(owed, days, as_of), strict=True)
        ]
        assert found.get((identity, subject), []) == expected, identity
        checked += len(expected)
    assert checked > 1000


@pytest.mark.parametrize("with_objects", [False, True], ids=["subjects", "pairs"])
@pytest.mark.parametrize("dated", [False, True], ids=["always there", "some come later"])
def test_the_days_of_many_who_did_little(with_objects: bool, dated: bool) -> None:
    ids = [f"c{k:02d}" for k in range(40)]
    things = [f"o{k}" for k in range(5)] if with_objects else [""]
    opened = {who: Day(2024, 5, 20) for who in ids[::4]} if dated else {}
    graph = sr.ResponsibilityGraph.from_tables(
        nodes={
            "id": [*ids, *(o for o in things if o)],
            "kind": ["safety_committee"] * 40 + ["special_committee"] * (5 * with_objects),
            "name": [*ids, *(o for o in things if o)],
            "valid_from": [opened.get(who) for who in ids] + [None] * (5 * with_objects),
        },
        data_date="2024-12-31",
    )
    duties: dict[str, list[Any]] = {
        "id": ["d"], "subject": ['{"kind":"safety_committee"}'], "action": ["meeting"],
        "cadence": ["P1M"], "tolerance_days": [5],
    }  # fmt: skip
    if with_objects:
        duties["object"] = ['{"kind":"special_committee"}']
    chance = random.Random(8)
    did = [
        (chance.choice(ids), chance.choice(things), Day(2024, 1, 1) + dt.timedelta(d))
        for d in (chance.randrange(366) for _ in range(90))
    ]
    records = {
        "id": [str(i) for i in range(len(did))], "subject": [who for who, _, _ in did],
        "object": [what or None for _, what, _ in did], "action": ["meeting"] * len(did),
        "date": [day for _, _, day in did],
    }  # fmt: skip
    as_of = Day(2024, 11, 17)
    rows = graph.assess(duties, records, as_of=as_of, start="2024-01-01").where()._rows()
    months = [  # with the December whose grace runs into the year
        (a, b) for a, b in whole_periods("P1M", as_of) if Day(2023, 12, 1) <= a <= as_of
    ]
    done = 0
    for who, what in itertools.product(ids, things):
        owed = [(a, b + dt.timedelta(5)) for a, b in months if a >= opened.get(who, a)]
        days = [day for w, o, day in did if (w, o) == (who, what)]
        mine = [
            (row["status"], row["done_on"])
            for row in rows
            if (row["subject"], row["object"] or "") == (who, what)
            and row["status"] != "not_applicable"
        ]
        assert mine == walked(owed, days, as_of), (who, what)
        done += sum(day is not None for _, day in mine)
    assert done > 50


@pytest.mark.parametrize("cadence", ["P1D", "P1W", "P10D", "P1M", "P3M", "P6M", "P1Y", "P2Y"])
def test_each_rolling_cadence_on_each_day_about_the_ends_of_months(county, cadence: str) -> None:
    chance = random.Random(cadence)
    days = sorted(Day(2023, 10, 1) + dt.timedelta(chance.randrange(600)) for _ in range(12))
    days = sorted({*days, Day(2023, 12, 31), Day(2024, 2, 29), Day(2024, 8, 31)})
    records = {
        "id": [str(i) for i in range(len(days))], "subject": ["always"] * len(days),
        "action": ["meeting"] * len(days), "date": days,
    }  # fmt: skip
    begins = [Day(2023, 8, 31), Day(2023, 10, 30), Day(2024, 1, 31), Day(2024, 2, 29)]
    duties = {
        "id": [str(b) for b in begins], "subject": ["always"] * 4, "action": ["meeting"] * 4,
        "cadence": [cadence] * 4, "anchor": ["rolling"] * 4, "valid_from": begins,
        "tolerance_days": [None, 2, None, 30],
    }  # fmt: skip
    grace = dict(zip(duties["id"], (0, 2, 0, 30), strict=True))
    for as_of in (
        Day(2024, 2, 28), Day(2024, 2, 29), Day(2024, 3, 1), Day(2024, 12, 31), Day(2025, 2, 28),
        Day(2025, 3, 1), Day(2025, 8, 31),
    ):  # fmt: skip
        found = rows_of(county.assess(duties, records, as_of=as_of, start=Day(2023, 1, 1)))
        for begin in begins:
            # The clock is set back by each record; it rings when nobody did.
            rung, since, expected = [], begin, []
            for day in walk(begin, as_of):
                due = step(cadence, since)
                if day > due + dt.timedelta(grace[str(begin)]):
                    rung.append((since, due))
                for _ in range(days.count(day)):
                    expected.append(
                        (since, due, "done_late" if (since, due) in rung else "done", day)
                    )
                    since, due = day, step(cadence, day)
            last = step(cadence, since)
            late = as_of > last + dt.timedelta(grace[str(begin)])
            expected.append((since, last, "overdue" if late else "due", None))
            if begin > as_of:
                expected = []
            assert found.get((str(begin), "always"), []) == expected, (begin, as_of)


def test_each_day_of_a_year_as_a_deadline_in_five_years(county) -> None:
    texts = [f"--{day:%m-%d}" for day in walk(Day(2024, 1, 1), Day(2024, 12, 31))]
    duties = {
        "id": texts, "subject": ["always"] * 366, "action": ["report"] * 366, "deadline": texts,
    }  # fmt: skip
    none: dict[str, list[Any]] = {"id": [], "subject": [], "action": [], "date": []}
    found = county.assess(duties, none, as_of="2026-12-31", start="2022-01-01", recorded=True)
    rows = rows_of(found)
    for text in texts:
        month, day = int(text[2:4]), int(text[5:7])
        expected = [
            Day(year, month, min(day, calendar.monthrange(year, month)[1]))
            for year in range(2022, 2027)
        ]
        got = rows[text, "always"]
        assert [(row[0], row[1]) for row in got] == [(Day(d.year, 1, 1), d) for d in expected]
        assert [row[2] for row in got] == [
            "overdue" if d < Day(2026, 12, 31) else "due" for d in expected
        ]


# ---- working days --------------------------------------------------------------------------------


def nth_working_day(after: Day, number: int) -> Day | None:
    """Walks on until so many working days have passed; None where a year is not known."""
    notices = WorkCalendar()
    day = after
    while number > 0:
        day += ONE
        works = notices.is_working(day)
        if works is None:
            return None
        number -= works
    return day


FIVE_YEARS = list(walk(Day(2022, 1, 1), Day(2026, 12, 31)))


@pytest.mark.parametrize("grace", [1, 3, 5, 10, 15])
def test_grace_in_working_days_on_each_day_of_five_years(county, grace: int) -> None:
    n = len(FIVE_YEARS)
    duties = {
        "id": [str(day) for day in FIVE_YEARS], "subject": ["always"] * n, "action": ["report"] * n,
        "deadline": FIVE_YEARS, "tolerance_days": [grace] * n, "day_kind": ["working"] * n,
    }  # fmt: skip
    none: dict[str, list[Any]] = {"id": [], "subject": [], "action": [], "date": []}
    as_of = Day(2026, 12, 31)
    found = county.assess(duties, none, as_of=as_of, start="2022-01-01", recorded=True)
    rows = found.where()._rows()
    assert len(rows) == n
    for day, row in zip(FIVE_YEARS, rows, strict=True):
        last = nth_working_day(day, grace)
        assert row["due"] == day
        assert row["day_kind"] == "工作日"
        if last is None:  # that day lies in a year that no notice names yet
            assert row["status"] in ("due", "not_assessable")
            assert (row["status"] == "due") == (day >= as_of), day
        else:
            status = "overdue" if as_of > last else "due"
            assert (row["last_day"], row["status"]) == (last, status), day


PACKS = [row["pack"] for row in sr.duty.packs()._rows()]
WORKING = [r for r in sr.duty.rows(PACKS, switch_on=True)._rows() if r["day_kind"] == "working"]


def test_there_are_rules_that_count_working_days() -> None:
    assert {row["id"] for row in WORKING} >= {"law_78"}


@pytest.mark.parametrize("rule", WORKING, ids=lambda row: row["id"])
def test_each_rule_in_working_days_on_each_day_of_five_years(rule: dict[str, Any]) -> None:
    assert rule["after"], "rules that count working days otherwise have a test of their own"
    graph = sr.ResponsibilityGraph.from_tables(
        divisions={"code": ["360924", "360924001"], "name": ["宜丰县", "新昌镇"]},
        nodes={
            "id": ["gov", "em"], "kind": ["government", "dept"], "name": ["县政府", "县应急管理局"],
            "division": ["360924"] * 2,
        },
        enterprises={"id": ["e"], "name": ["甲"], "division": ["360924001"]},
        data_date="2026-12-31",
    )  # fmt: skip
    columns = ("id", "subject", "object", "action", "after", "within", "day_kind")
    duties = {name: [rule[name]] for name in columns if rule[name]}
    for about in ("gov", "em", "e"):
        n = len(FIVE_YEARS)
        records = {
            "id": [str(i) for i in range(n)], "subject": [about] * n, "action": [rule["after"]] * n,
            "date": FIVE_YEARS,
        }  # fmt: skip
        rows = graph.assess(
            duties, records, as_of="2026-12-31", start="2022-01-01", recorded=True
        ).where()._rows()  # fmt: skip
        if rows:
            break
    number = int(rule["within"][1:-1])
    assert [row["period_start"] for row in rows] == FIVE_YEARS
    for day, row in zip(FIVE_YEARS, rows, strict=True):
        last = nth_working_day(day, number)
        if last is None:
            assert (row["due"], row["last_day"], row["reason"]) == (None, None, "calendar_unknown")
            assert row["status"] in ("due", "not_assessable")
        else:
            status = "overdue" if Day(2026, 12, 31) > last else "due"
            assert (row["due"], row["status"]) == (last, status), day
