"""Records that were left out for a fault: who has one may have done it, and is not called overdue."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

import safetyrisk as sr

QUARTERLY = {"id": ["d"], "subject": ["ac"], "action": ["meeting"], "cadence": ["P3M"]}
LEFT_OUT = ("not_assessable", "record_left_out")


@pytest.fixture(scope="module")
def county() -> sr.ResponsibilityGraph:
    return sr.ResponsibilityGraph.from_tables(
        nodes={
            "id": ["ac", "post", "zhang"],
            "kind": ["safety_committee", "post", "person"],
            "name": ["县安委会", "副县长", "张三"],
        },
        edges={
            "source": ["zhang", "post", "post"], "target": ["post", "e1", "e2"],
            "kind": ["HOLDS", "PAIRED_WITH", "PAIRED_WITH"],
        },
        enterprises={"id": ["e1", "e2", "e3"], "name": ["甲", "乙", "丙"]},
        data_date="2026-12-31",
    )  # fmt: skip


def states(
    county: Any, duties: dict[str, list[Any]], as_of: str = "2026-10-15", **columns: list[Any]
) -> dict[str, tuple[Any, ...]]:
    """Status, reason and rows left out by due day (and object)."""
    number = len(columns["date"])
    records = {
        "id": [str(i) for i in range(number)], "subject": ["ac"] * number,
        "action": ["meeting"] * number,
    } | columns  # fmt: skip
    out = {}
    for row in county.assess(duties, records, as_of=as_of)._rows():
        key = f"{row['due']:%m-%d}" + (f" {row['object']}" if row["object"] else "")
        out[key] = (row["status"], row["reason"], row["records_left_out"])
    return out


@pytest.mark.parametrize(
    ("columns", "second", "third"),
    [
        # A day that cannot be read may be of either quarter; one that can be is of its own.
        ({"date": ["2026-02-03", "五月"]}, (*LEFT_OUT, "1"), (*LEFT_OUT, "1")),
        ({"date": ["2026-02-03", None]}, (*LEFT_OUT, "1"), (*LEFT_OUT, "1")),
        ({"date": ["2026-02-03", "2026-05-03"], "count": [1, -2]},
         (*LEFT_OUT, "1"), ("overdue", None, None)),
        # Two rows of one id that differ: neither is used, each may be right.
        ({"date": ["2026-02-03", "2026-05-03", "2026-08-09"], "id": ["1", "x", "x"]},
         (*LEFT_OUT, "1"), (*LEFT_OUT, "2")),
        # Done after the day asked; of somebody else; of another action: not this.
        ({"date": ["2026-02-03", "2027-01-02"]}, ("overdue", None, None), ("overdue", None, None)),
        ({"date": ["2026-02-03", "五月"], "subject": ["ac", "nobody"]},
         ("overdue", None, None), ("overdue", None, None)),
        ({"date": ["2026-02-03", "五月"], "action": ["meeting", "drill"]},
         ("overdue", None, None), ("overdue", None, None)),
        # A repetition of what counts is no second time.
        ({"date": ["2026-02-03", "2026-02-03"], "id": ["1", "1"]},
         ("overdue", None, None), ("overdue", None, None)),
    ],
)  # fmt: skip
def test_what_a_faulty_record_may_have_served_is_not_overdue(
    county: Any, columns: dict[str, list[Any]], second: Any, third: Any
) -> None:
    assert states(county, QUARTERLY, **columns) == {
        "03-31": ("done", None, None),
        "06-30": second,
        "09-30": third,
        "12-31": ("due", None, None),
    }


def test_one_faulty_record_does_not_make_up_for_two(county: Any) -> None:
    twice = {"id": ["d"], "subject": ["ac"], "action": ["meeting"], "cadence": ["P1Y"],
             "valid_from": ["2025-01-01"], "target": ['{"measure":"count","value":3}']}  # fmt: skip
    late = {"as_of": "2026-11-01", "id": ["1", "2", "3"]}
    deadline = {**twice, "cadence": [None], "deadline": ["2026-10-31"]}
    one = states(county, deadline, date=["2026-02-03", None, "2026-12-01"], **late)  # type: ignore[arg-type]
    assert one == {"10-31": ("overdue", None, None)}
    two = states(county, deadline, date=["2026-02-03", None, "五月"], **late)  # type: ignore[arg-type]
    assert two == {"10-31": (*LEFT_OUT, "1;2")}


def test_a_limit_that_a_faulty_record_may_break_is_not_kept(county: Any) -> None:
    most = QUARTERLY | {"target": ['{"measure":"count","op":"<=","value":1}']}
    said = states(county, most, date=["2026-02-03", "2026-02-04", "2026-05-05"], count=[1, -1, 1])
    assert said["03-31"] == (*LEFT_OUT, "1")
    assert [said[due][0] for due in ("06-30", "09-30")] == ["done", "done"]


def test_a_faulty_record_of_a_person_is_of_their_post_and_of_its_object(county: Any) -> None:
    visits = {"id": ["d"], "subject": ["post"], "action": ["visit"], "deadline": ["2026-06-30"],
              "object": ['{"kind":"enterprise","via":{"edge":"PAIRED_WITH","from":"@subject"}}']}  # fmt: skip
    said = states(
        county, visits, subject=["zhang", "zhang"], action=["visit"] * 2, object=["e1", "e3"],
        date=["2026-02-30", "2026-03-01"],
    )  # fmt: skip
    assert said == {"06-30 e1": (*LEFT_OUT, "0"), "06-30 e2": ("overdue", None, None)}


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2022-05-01", "overdue"), ("2026-03-01", "not_assessable"), (None, "not_assessable")],
)
def test_what_would_have_run_out_is_overdue_either_way(
    county: Any, day: Any, expected: str
) -> None:
    for anchor in ("standing", "rolling"):
        yearly = {"id": ["d"], "subject": ["ac"], "action": ["meeting"], "cadence": ["P1Y"],
                  "anchor": [anchor], "valid_from": ["2020-01-01"]}  # fmt: skip
        said = states(county, yearly, date=["2021-01-10", day], count=[1, -1])
        assert [status for status, _, _ in said.values()][-1] == expected, anchor


KINDS = {
    "id": ["month", "grace", "deadline", "yearly", "three"],
    "subject": ['{"kind":"enterprise"}'] * 5,
    "action": ["a"] * 5,
    "cadence": ["P1M", "P3M", None, None, "P6M"],
    "deadline": [None, None, "2026-05-20", "--09-10", None],
    "tolerance_days": [None, 9, None, None, None],
    "target": [None] * 4 + ['{"measure":"count","value":3}'],
}  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_as_if_it_were_left_out_and_as_if_it_were_taken(county: Any, seed: int) -> None:
    """Not assessable is what is overdue without the record and not with it; all else stays."""
    chance = random.Random(seed)
    rows = [
        (str(i), chance.choice(["e1", "e2", "e3"]), dt.date(2026, 1, 1) + dt.timedelta(chance.randrange(330)))
        for i in range(18)
    ]  # fmt: skip

    def answer(faulty: bool, taken: bool) -> list[tuple[Any, ...]]:
        used = rows if faulty or taken else rows[:-1]
        records = {
            "id": [row[0] for row in used], "subject": [row[1] for row in used], "action": ["a"] * len(used),
            "date": [row[2] for row in used],
            "object": [None] * (len(used) - 1) + ["nobody" if faulty else None],
        }  # fmt: skip
        found = county.assess(KINDS, records, as_of="2026-11-20")
        assert len([i for i in found.issues if i.code == "duty.id_unknown"]) == faulty
        names = ("duty", "subject", "due", "status", "reason", "records_left_out")
        return [tuple(row[name] for name in names) for row in found._rows()]

    without, taken, faulty = answer(False, False), answer(False, True), answer(True, False)
    expected = [
        (*a[:3], *LEFT_OUT, "17") if a[3] == "overdue" and b[3] != "overdue" else a
        for a, b in zip(without, taken, strict=True)
    ]
    assert faulty == expected
