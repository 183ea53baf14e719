"""Every method of the library against its sources and against a second evaluator.

Golden values are those that the sources print or that were worked by hand from their tables;
``support_methods`` grades by exact fractions from a pack's JSON alone.
"""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

import pytest

import safetyrisk as sr
from support_cli import command_line
from support_methods import Outcome, evaluate, exact, in_range

PACKS: dict[str, dict[str, Any]] = {
    pack.id: json.loads(pack.canonical) for pack in sr.packs("method")
}


def answers(pack: str, rows: list[dict[str, Any]]) -> list[Outcome]:
    """What the library says of rows, each a dict of inputs."""
    names = sorted({name for row in rows for name in row})
    table: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in names}
    table["id"] = [f"r{i}" for i in range(len(rows))]
    graded = sr.grade(table, pack).to_columns()
    out = []
    for i in range(len(rows)):
        score = graded["score"][i]
        out.append(
            Outcome(
                status=graded["status"][i],
                score=None if score is None or score != score else float(score),
                label=graded["level"][i],
                grade=graded["grade"][i],
                override=graded["override"][i],
            )
        )
    return out


def one(pack: str, **inputs: Any) -> Outcome:
    (answer,) = answers(pack, [inputs])
    return answer


# ---- published and worked values -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("L", "S", "R", "grade"),
    [(6, 5, 30, "red"), (5, 5, 25, "orange"), (4, 4, 16, "yellow"), (3, 6, 18, "orange"),
     (6, 6, 36, "red"), (3, 3, 9, "yellow"), (1, 6, 6, "blue"), (2, 2, 4, "blue")],
)  # fmt: skip
def test_coal_matrices_agree_on_published_cells(L: int, S: int, R: int, grade: str) -> None:
    for pack in ("ls.coal_8", "ls.coal_9"):
        answer = one(pack, L=L, S=S)
        assert (answer.score, answer.grade) == (R, grade)


def test_the_two_coal_profiles_differ_at_8_alone() -> None:
    cells = [{"L": L, "S": S} for L in range(1, 7) for S in range(1, 7)]
    from_8, from_9 = answers("ls.coal_8", cells), answers("ls.coal_9", cells)
    differing = [
        (cell["L"], cell["S"], a.grade, b.grade)
        for cell, a, b in zip(cells, from_8, from_9, strict=True)
        if a.grade != b.grade
    ]
    assert differing == [(2, 4, "yellow", "blue"), (4, 2, "yellow", "blue")]
    for cell, answer in zip(cells, from_8, strict=True):
        r = cell["L"] * cell["S"]
        want = "red" if r >= 30 else "orange" if r >= 18 else "yellow" if r >= 8 else "blue"
        assert (answer.score, answer.grade) == (r, want)


@pytest.mark.parametrize(
    ("M", "E", "S", "R", "label", "grade"),
    [(3, 6, 10, 180, "1", "red"), (5, 6, 4, 120, "2", "orange"), (1, 10, 8, 80, "3", "yellow"),
     (3, 2, 8, 48, "4", "blue"), (1, 6, 2, 12, "5", "blue"), (1, 0.5, 1, 0.5, "5", "blue"),
     (5, 10, 10, 500, "1", "red")],
)  # fmt: skip
def test_mes_published_values(
    M: float, E: float, S: float, R: float, label: str, grade: str
) -> None:
    for pack in ("mes.a", "mes.b"):
        answer = one(pack, M=M, E=E, S=S)
        assert (answer.score, answer.label, answer.grade) == (R, label, grade)


def test_all_mes_triples_and_the_edges_that_sources_set_differently() -> None:
    triples = [
        {"M": M, "E": E, "S": S}
        for M in (5, 3, 1) for E in (10, 6, 3, 2, 1, 0.5) for S in (10, 8, 4, 2, 1)
    ]  # fmt: skip
    scores = [t["M"] * t["E"] * t["S"] for t in triples]
    reachable = {24, 25, 30, 36, 40, 48, 50, 60, 72, 80, 90, 100, 120, 144, 150, 180, 200, 240,
                 300, 400, 500}  # fmt: skip
    assert {s for s in scores if s > 20} == reachable  # the list of the source above 20
    usual, over = answers("mes.a", triples), answers("mes.over", triples)
    moved = set()
    for r, a, b in zip(scores, usual, over, strict=True):
        band = 1 if r >= 180 else 2 if r >= 90 else 3 if r >= 50 else 4 if r >= 20 else 5
        assert (a.score, a.label) == (r, str(band))
        assert a.grade == ("red", "orange", "yellow", "blue", "blue")[band - 1]
        if a.grade != b.grade:
            moved.add((r, a.grade, b.grade))
    assert moved == {
        (180, "red", "orange"), (90, "orange", "yellow"), (50, "yellow", "blue"),
    }  # fmt: skip


# ---- chains: published and worked values ---------------------------------------------------------


def lettered(letter: str, values: list[float]) -> dict[str, float]:
    return {f"{letter}{i}": v for i, v in enumerate(values, 1)}


def test_chemical_enterprises_4x4_over_all_sums_and_severities() -> None:
    rows, want = [], []
    for total in range(10, 41):
        values = [1 + (total - 10) // 10 + (1 if i < (total - 10) % 10 else 0) for i in range(10)]
        assert sum(values) == total
        for worst in (1, 2, 3, 4):
            rows.append(lettered("L", values) | lettered("S", [1, worst, 1, 1, 1]))
            r = -(-total // 10) * worst
            want.append(
                (r, "red" if r >= 12 else "orange" if r >= 8 else "yellow" if r >= 4 else "blue")
            )
    got = [(a.score, a.grade) for a in answers("ls.chem4", rows)]
    assert got == want
    assert {r for r, _ in want} == {1, 2, 3, 4, 6, 8, 9, 12, 16}  # the scores that can be
    golden = lettered("L", [4, 4, 4, 4, 1, 1, 1, 1, 2, 1]) | lettered("S", [1, 3, 1, 1, 1])
    assert (one("ls.chem4", **golden).score, one("ls.chem4", **golden).grade) == (9, "orange")
    del golden["S5"]  # the form it comes from counts an unfilled item as 4
    assert one("ls.chem4", **golden).status == "not_gradable"


def test_regions_inside_a_chemical_enterprise() -> None:
    golden = lettered("L", [4, 0, 3, 3, 2, 2]) | lettered("S", [2, 1, 1, 1])
    answer = one("ls.chem4_area", **golden)
    assert (answer.score, answer.grade) == (6, "yellow")  # 14/6 is 2.33, L = 3, S = 2
    none = lettered("L", [0] * 6) | lettered("S", [4, 1, 1, 1])
    assert one("ls.chem4_area", **none).score == 4  # an L of 0 counts as 1
    assert one("ls.chem4_area", **(none | {"L3": 1})).status == "rejected"  # 0, 3 or 4
    assert one("ls.chem4_area", **{k: v for k, v in golden.items() if k != "L2"}).status == (
        "not_gradable"
    )


def test_reservoirs_by_weighted_layers() -> None:
    judges = {"L_leader": 18, "L_department": 36, "L_operator": 18}
    answer = one("ls.water_reservoir", **judges, S=7)
    assert (answer.score, answer.grade) == (189, "orange")  # 0.3·18 + 0.5·36 + 0.2·18 = 27
    for mean, s, grade in [
        (10, 7, "blue"), (4, 40, "yellow"), (8, 40, "orange"), (3.2, 100, "orange"),
        (1.6 * 2, 100, "orange"), (21.3333, 15, "orange"), (21.3334, 15, "red"),
    ]:  # fmt: skip
        row = dict.fromkeys(judges, mean)
        assert one("ls.water_reservoir", **row, S=s).grade == grade, (mean, s)


def test_road_and_waterway_transport_in_tenths() -> None:
    rows = [{"L": k / 10, "C": c} for k in range(1, 101) for c in (1, 2, 5, 10)]
    for row, answer in zip(rows, answers("transport.highway_water", rows), strict=True):
        d = round(row["L"] * 10) * row["C"]  # tenths
        label = "1" if d > 550 else "2" if d > 200 else "3" if d > 50 else "4"
        assert (answer.score, answer.label) == (d / 10, label), row
    for length, status in [(0, "rejected"), (10.1, "rejected"), (5.55, "rejected")]:
        assert one("transport.highway_water", L=length, C=5).status == status


NOTHING = {
    item["id"]: {"count": 0, "flag": False, "choice": "none"}[item["kind"]]
    for item in PACKS.get("diagnosis.2018", {}).get("content", {}).get("inputs", [])
    if item.get("needed", True)
}

#: Input, value, what the item is worth then; items of one group share its points.
DIAGNOSIS = [
    ("major_hazard_level", "1", -10), ("major_hazard_level", "二级", -8),
    ("major_hazard_level", "3", -6), ("major_hazard_level", "4", -4),
    ("explosive_kinds", 1, -2), ("explosive_kinds", 3, -5), ("toxic_kinds", 2, -4),
    ("key_chemical_kinds", 7, -0.7), ("key_chemical_kinds", 60, -5),
    ("hazardous_processes", 3, -6), ("hazardous_processes", 6, -10),
    ("class_a_places", 2, -2), ("class_b_places", 3, -1.5), ("class_b_places", 11, -5),
    ("open_flame_adjacent", True, -5), ("outside_park", True, -3),
    ("safety_distance_unmet", True, -10), ("first_use_unproven", True, -5),
    ("reaction_assessment_missing", True, -10), ("grade_a_design", True, 2),
    ("obsolete_equipment", 2, -4), ("obsolete_equipment", 3, -5),
    ("special_equipment_fault", True, -2), ("no_dual_power", True, -5),
    ("process_automation_missing", True, -10), ("tank_sis_missing", True, -10),
    ("tank_cutoff_missing", True, -5), ("telemetry_faults", 4, -4), ("leak_alarm_faults", 11, -10),
    ("non_explosion_proof", 2, -2), ("occupied_rooms_inside", 1, -5),
    ("managers_uncertified", 2, -10), ("managers_uncertified", 4, -15),
    ("safety_staff_unqualified", 1, -5), ("process_managers_without_degree", 1, -5),
    ("no_safety_engineer", True, -3), ("leaders_with_chemistry_degree", 2, 4),
    ("procedures_missing", True, -5), ("special_work_rules_broken", True, -10),
    ("posts_without_responsibility", 3, -6), ("own_fire_brigade", True, 3),
    ("standardisation", "1", 15), ("standardisation", "2", 5), ("standardisation", "三级", 2),
    ("serious_accidents_3y", 1, -10), ("fatal_accidents_3y", 1, -8),
    ("fires_without_casualties_3y", 1, -5), ("five_years_without_accident", True, 5),
]  # fmt: skip


def test_every_item_of_the_diagnosis_takes_its_points_and_no_more_than_its_group_has() -> None:
    assert one("diagnosis.2018", **NOTHING).score == 100
    found = answers("diagnosis.2018", [NOTHING | {name: value} for name, value, _ in DIAGNOSIS])
    assert [a.score for a in found] == [100 + points for _, _, points in DIAGNOSIS]
    assert {name for name, *_ in DIAGNOSIS} == set(NOTHING)
    groups = [s for s in PACKS["diagnosis.2018"]["content"]["steps"] if s["do"] == "checklist"]
    assert sum(group["points"] for group in groups) == 100
    worst = NOTHING | {name: 999 if isinstance(NOTHING[name], int) else value
                       for name, value, points in DIAGNOSIS if points < 0
                       and not isinstance(NOTHING[name], str)}  # fmt: skip
    worst |= {"major_hazard_level": "1", "open_flame_adjacent": True}
    worst = {k: True if isinstance(NOTHING[k], bool) and v else v for k, v in worst.items()}
    assert one("diagnosis.2018", **worst).score == 0


def test_the_worked_diagnosis_and_direct_red() -> None:
    worked = NOTHING | {
        "major_hazard_level": "三级", "toxic_kinds": 1, "key_chemical_kinds": 5,
        "hazardous_processes": 2, "class_a_places": 3, "non_explosion_proof": 2,
        "no_safety_engineer": True, "standardisation": "二级", "five_years_without_accident": True,
    }  # fmt: skip
    assert (one("diagnosis.2018", **worked).score, one("diagnosis.2018", **worked).grade) == (
        89.5, "yellow",
    )  # fmt: skip
    better = worked | {"non_explosion_proof": 1}
    assert (one("diagnosis.2018", **better).score, one("diagnosis.2018", **better).grade) == (
        90.5, "blue",
    )  # fmt: skip
    for reason in (
        {"untested_process": True}, {"plant_without_design": True},
        {"special_workers_unqualified": True}, {"grave_accidents_3y": 1},
        {"serious_accidents_3y": 2}, {"fatal_accidents_1y": 2},
    ):  # fmt: skip
        answer = one("diagnosis.2018", **(better | reason))
        assert answer.grade == "red"
        assert answer.override is not None
        assert answer.score is not None
    for almost in ({"serious_accidents_3y": 1}, {"fatal_accidents_1y": 1}):
        assert one("diagnosis.2018", **(better | almost)).override is None


@pytest.mark.parametrize("pack", ["park.2023", "park.2019"])
def test_chemical_parks_run_from_a_the_worst(pack: str) -> None:
    for total, label in [
        (59.99, "A"), (60, "B"), (69.9, "B"), (70, "C"), (84.9, "C"), (85, "D"), (0, "A"),
        (100, "D"),
    ]:  # fmt: skip
        answer = one(pack, total=total)
        assert (answer.score, answer.label, answer.grade) == (total, label, None)
    vetoed = one(pack, total=92, veto=True)
    assert (vetoed.label, vetoed.override, vetoed.score) == ("A", "veto", 92)
    assert one(pack, total=101).status == "rejected"
    words = [band["label"] for band in PACKS[pack]["content"]["bands"]]
    assert words == ["A", "B", "C", "D"]  # gravest first


def test_unit_hazard_worked_values() -> None:
    sphere = {"material": "A", "phase": "液体", "volume": 400, "temperature": 20,
              "above_ignition": False, "pressure": 1.6, "operation": "D"}  # fmt: skip
    diesel = sphere | {"material": "C", "volume": 60, "pressure": 0.1}
    edge = sphere | {"volume": 5, "temperature": 300, "pressure": 1, "operation": "C"}
    for pack in ("unit_hazard.usual", "unit_hazard.over"):
        found = answers(pack, [sphere, diesel, edge])
        assert [(a.score, a.label) for a in found] == [(22, "1"), (7, "3"), (16, "1")]
    on_edges = [
        diesel | {"volume": 50}, diesel | {"phase": "gas", "volume": 500},
        diesel | {"volume": 1, "pressure": 20},
    ]  # fmt: skip
    assert [a.score for a in answers("unit_hazard.usual", on_edges)] == [7, 7, 7]
    assert [a.score for a in answers("unit_hazard.over", on_edges)] == [4, 4, 4]


def test_accident_classes_by_brute_force_over_the_article() -> None:
    for deaths, injured, loss, label in [
        (2, 50, 900, "major"), (0, 0, 5000, "major"), (3, 0, 0, "larger"),
        (29, 99, 9999.99, "major"), (30, 0, 0, "extra"),
    ]:  # fmt: skip
        row = {"deaths": deaths, "serious_injuries": injured, "direct_loss": loss}
        assert one("accident_class.493", **row).label == label
    grid = list(
        itertools.product(
            (0, 1, 2, 3, 9, 10, 29, 30, 31), (0, 9, 10, 49, 50, 99, 100, 101),
            (0, 999.99, 1000, 4999.99, 5000, 9999.99, 10000, 12000),
        )
    )  # fmt: skip
    rows = [{"deaths": d, "serious_injuries": i, "direct_loss": m} for d, i, m in grid]
    for (d, i, m), answer in zip(grid, answers("accident_class.493", rows), strict=True):
        rank = max(
            sum(d >= edge for edge in (3, 10, 30)),
            sum(i >= edge for edge in (10, 50, 100)),
            sum(m >= edge for edge in (1000, 5000, 10000)),
        )
        assert answer.label == ("general", "larger", "major", "extra")[rank], (d, i, m)
        assert answer.grade is None


def test_injuries_by_lost_days_and_loss_rates() -> None:
    for days, label in [(0, "1"), (1, "2"), (104, "2"), (105, "3"), (5999, "3"), (6000, "4")]:
        assert one("injury.lost_days", lost_days=days).label == label
    assert one("loss_rate.per_thousand_staff", loss=120, staff=400).score == 300
    work = {"lost_days": 6000, "profit": 500, "staff": 200, "work_days": 250}
    assert one("loss_rate.lost_work_value", **work).score == 60
    assert one("loss_rate.per_million_output", loss=3, output=600).score == 0.5
    assert one("loss_rate.per_100_million_output", loss=3, output=600).score == 50
    assert one("loss_rate.per_thousand_staff", loss=120, staff=0).status == "rejected"


def test_environmental_risk_worked_value_and_tables() -> None:
    assert one("env_risk.hj169", Q=12, M=15, E="E2").label == "2"
    grades = {"Ⅳ+": "1", "Ⅳ": "1", "Ⅲ": "2", "Ⅱ": "3", "Ⅰ": "4"}
    potential = {
        "E1": ("Ⅳ+", "Ⅳ", "Ⅲ", "Ⅲ"), "E2": ("Ⅳ", "Ⅲ", "Ⅲ", "Ⅱ"), "E3": ("Ⅲ", "Ⅲ", "Ⅱ", "Ⅰ"),
    }  # fmt: skip
    hazard = {100: (1, 1, 2, 3), 99.99: (1, 2, 3, 4), 10: (1, 2, 3, 4), 9.99: (2, 3, 4, 4),
              1: (2, 3, 4, 4)}  # fmt: skip
    for q, row in hazard.items():
        for m, p in zip((20.01, 20, 10, 5), row, strict=True):
            for e, cells in potential.items():
                assert one("env_risk.hj169", Q=q, M=m, E=e).label == grades[cells[p - 1]], (q, m, e)
    assert one("env_risk.hj169", Q=0.99, M=30, E="E1").label == "4"


def test_individual_risk_limits_are_inclusive() -> None:
    limits = {
        ("low_density", "new"): 1e-5, ("low_density", "in_service"): 3e-5,
        ("high_density", "new"): 3e-6, ("high_density", "in_service"): 1e-5,
        ("sensitive", "new"): 3e-7, ("sensitive", "in_service"): 3e-6,
    }  # fmt: skip
    for (place, plant), limit in limits.items():
        for risk, label in [(limit, "1"), (limit * 0.99, "1"), (limit * 1.01, "2"), (0, "1")]:
            row = {"place": place, "plant": plant, "risk": risk}
            assert one("individual_risk.2014", **row).label == label


def test_reaction_classes_follow_the_order_of_the_temperatures() -> None:
    for mtsr, mtt, td24 in itertools.product((60, 80, 100), repeat=3):
        want = (
            "1" if mtsr < mtt < td24
            else "2" if mtsr < td24 < mtt
            else "3" if mtt <= mtsr < td24
            else "4" if mtt <= td24 < mtsr
            else "5" if td24 < mtsr and td24 < mtt
            else None
        )  # fmt: skip
        answer = one("reaction.process_class", mtsr=mtsr, mtt=mtt, td24=td24)
        assert answer.label == want
        assert answer.status == ("graded" if want else "not_gradable")
    assert one("reaction.severity", temperature_rise=40, pressure=True).status == "not_gradable"


# ---- criteria of major hazards -------------------------------------------------------------------

CRITERIA = {"criteria_chemical.2017": 20, "criteria_fireworks.2017": 20,
            "criteria_industry_trade.2023": 64}  # fmt: skip


@pytest.mark.parametrize(("pack", "count"), CRITERIA.items())
def test_one_item_of_a_criterion_is_enough_and_none_must_be_said(pack: str, count: int) -> None:
    ids = [item["id"] for item in PACKS[pack]["content"]["inputs"]]
    assert len(ids) == count
    none = dict.fromkeys(ids, False)
    assert (one(pack, **none).label, one(pack, **none).score) == ("general", 0)
    found = answers(pack, [{key: True} for key in ids])
    assert [(a.label, a.score) for a in found] == [("major", 1)] * count
    found = answers(pack, [{k: v for k, v in none.items() if k != key} for key in ids])
    assert {a.status for a in found} == {"not_gradable"}
    assert one(pack, **dict.fromkeys(ids, True)).score == count


def test_the_articles_of_the_industry_and_trade_criterion_add_up() -> None:
    articles: dict[int, int] = {}
    for item in PACKS["criteria_industry_trade.2023"]["content"]["inputs"]:
        article = int(item["id"][3:].split("_")[0])
        articles[article] = articles.get(article, 0) + 1
    assert articles == {
        3: 3, 4: 8, 5: 13, 6: 8, 7: 7, 8: 7, 9: 2, 10: 2, 11: 10, 12: 2, 13: 2,
    }  # fmt: skip
    doubtful = {
        item["id"] for item in PACKS["criteria_industry_trade.2023"]["content"]["inputs"]
        if item.get("confidence") == "M"
    }  # fmt: skip
    assert doubtful == {"art9_1", "art9_2", "art13_2"}


def test_criteria_hold_from_their_day() -> None:
    sure = {"art3_1": [True], "id": ["a"]}
    with pytest.raises(sr.InputError, match="2023-05-14"):
        sr.grade(sure, "criteria_industry_trade", as_of="2023-05-14")
    graded = sr.grade(sure, "criteria_industry_trade", as_of="2023-05-15")
    assert graded.counts()["graded"] == 1


# ---- the rule of 2011 ----------------------------------------------------------------------------


def test_the_levels_of_2011_from_sums_of_ratios() -> None:
    groups = [
        item["id"] for item in PACKS["gb18218_2011.from_ratios"]["content"]["inputs"]
        if item["id"] != "exposed"
    ]  # fmt: skip

    def level(people: int, **ratios: float) -> str | None:
        row = dict.fromkeys(groups, 0.0) | ratios | {"exposed": people}
        return one("gb18218_2011.from_ratios", **row).label

    # Units A, B, C, E, F, G and H of the edition of 2018, whose β are the same.
    assert level(60, gases_4=1, gases_2=0.5) == "4"
    assert level(100, gases_4=8) == "2"
    assert level(45, gases_2=6) == "3"
    assert level(100, flammable_gas=2.4) == "4"
    assert level(0, gases_20=1) == "3"
    assert level(200, gases_2=0.99) == "0"
    assert level(100, gases_4=12.5) == "1"
    alphas = {0: 0.5, 1: 1, 29: 1, 30: 1.2, 49: 1.2, 50: 1.5, 99: 1.5, 100: 2}
    for people, alpha in alphas.items():
        for sum_of_ratios in (5, 8, 10, 25, 50, 64, 100):
            r = alpha * sum_of_ratios
            want = "1" if r >= 100 else "2" if r >= 50 else "3" if r >= 10 else "4"
            assert level(people, others=sum_of_ratios) == want


# ---- a pack of a user's own ----------------------------------------------------------------------


def test_a_park_with_items_and_vetoes_of_ones_own(tmp_path: Path) -> None:
    document = json.loads(json.dumps(PACKS["park.2023"])) | {
        "pack": "mine.park", "default": False, "tests": [],
    }  # fmt: skip
    content = document["content"]
    rungs = [{"value": v, "zh": f"{v} 分", "en": f"{v} points"} for v in (0, 10, 20)]
    content["inputs"] = [
        {"id": f"item_{k}", "name": {"zh": f"第{k}项", "en": f"item {k}"}, "kind": "steps",
         "steps": rungs}
        for k in range(1, 6)
    ]  # fmt: skip
    content["inputs"] += [
        {"id": key, "name": {"zh": key, "en": key}, "kind": "flag", "needed": False}
        for key in ("no_permit", "residents")
    ]
    content["steps"][0]["of"] = [f"item_{k}" for k in range(1, 6)]
    content["vetoes"] = [
        {"id": key, "when": [[key, "=", True]], "label": "A", "text": {"zh": key, "en": key}}
        for key in ("no_permit", "residents")
    ]
    content.pop("names", None)
    path = tmp_path / "park.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    rows = {f"item_{k}": [20, 20, 10, 10] for k in range(1, 5)}
    rows |= {"id": list("abcd"), "item_5": [20, 0, 20, 10], "residents": [None, False, False, True]}
    graded = sr.grade(rows, sr.load_pack(path)).to_columns()
    assert graded["score"].tolist() == [100, 80, 60, 50]
    printed = {band["printed"]: band["label"] for band in content["bands"]}
    assert [printed[band] for band in graded["band"]] == ["D", "C", "B", "A"]
    assert graded["override"].tolist() == [None, None, None, "residents"]


# ---- the packs against the second evaluator ------------------------------------------------------


def edges(content: dict[str, Any], name: str) -> set[float]:
    """Numbers that the pack compares an input with."""
    found: set[float] = set()

    def of_range(text: str) -> None:
        for part in text[1:-1].split(","):
            if part.strip() not in ("inf", "-inf"):
                found.add(float(part))

    for step in content.get("steps", []):
        if step["do"] == "scale" and step["of"] == name:
            for row in step["rows"]:
                if "range" in row:
                    of_range(row["range"])
        for rule in step.get("rules", []):
            for left, _, right in rule["when"]:
                if left == name and isinstance(right, int | float) and not isinstance(right, bool):
                    found.add(float(right))
    if any(step["do"] == "sum" and step["of"] == [name] for step in content.get("steps", [])):
        for band in content.get("bands", []):
            of_range(band["range"])
    return found


def candidates(content: dict[str, Any], item: dict[str, Any]) -> list[Any]:
    """Values worth trying for an input: all that are listed, both sides of every edge."""
    if item["kind"] == "steps":
        values: list[Any] = [step["value"] for step in item["steps"]]
    elif item["kind"] == "choice":
        values = [word for choice in item["choices"] for word in (choice["id"], choice["zh"])]
    elif item["kind"] == "flag":
        values = [True, False]
    elif item["kind"] == "count":
        near = {0, 1, 2, 3, *(int(e) + d for e in edges(content, item["id"]) for d in (-1, 0, 1))}
        values = [v for v in near if v >= 0]
    else:
        step = 10.0 ** -item.get("decimals", 2)
        near_edges = edges(content, item["id"]) | {
            float(part) for part in item["range"][1:-1].split(",") if "inf" not in part
        }
        values = [
            round(e + d, item.get("decimals", 6))
            for e in near_edges | {1.0, 7.0, 60.0}
            for d in (-step, 0.0, step)
        ]
        values = [v for v in values if in_range(item["range"], exact(v))]
    return [*values, None] if not item.get("needed", True) else values


def rows_of(pack: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Rows for a pack: its own test cases, all combinations where they are few, else a draw."""
    content = pack["content"]
    own = [case["inputs"] for case in pack["tests"]]
    if content["form"] == "product":
        grids: dict[str, list[Any]] = {}
        for factor in content["factors"]:
            if "steps" in factor:
                grids[factor["id"]] = [step["value"] for step in factor["steps"]]
            else:
                grids[factor["id"]] = [k / 10 ** factor["decimals"] for k in range(1, 101)]
    else:
        grids = {item["id"]: candidates(content, item) for item in content["inputs"]}
    combinations = 1
    for values in grids.values():
        combinations *= len(values)
    if combinations <= 4 * count:
        every = itertools.product(*grids.values())
        return own + [dict(zip(grids, values, strict=True)) for values in every]
    draw = random.Random(pack["pack"])
    rows = []
    for _ in range(count):
        # Rare values are drawn rarely, so that checklists are not all at their floors.
        row = {name: draw.choice(values) for name, values in grids.items()}
        if content["form"] == "chain" and len(grids) > 10 and draw.random() < 0.7:
            row = {
                name: value if draw.random() < 0.15 else quiet(grids[name])
                for name, value in row.items()
            }
        if draw.random() < 0.1:
            row[draw.choice(list(row))] = None
        rows.append(row)
    return own + rows


def quiet(values: list[Any]) -> Any:
    """The value that says "nothing of the kind"."""
    wanted = [(type(v), v) for v in (False, 0, "none", 1)]
    return next((v for v in values if (type(v), v) in wanted), values[0])


def calm(pack: dict[str, Any]) -> dict[str, Any]:
    """The first case of a pack that is graded: a row from which one input at a time is moved."""
    return next(dict(c["inputs"]) for c in pack["tests"] if "status" not in c)


@pytest.mark.parametrize("name", [n for n in PACKS if PACKS[n]["content"].get("bands")])
def test_worsening_a_judgement_never_improves_a_level(name: str) -> None:
    """Along each input levels move one way only, the same from wherever the others stand."""
    content = PACKS[name]["content"]
    ranks = {band["label"]: rank for rank, band in enumerate(content["bands"])}
    product = content["form"] == "product"
    if product:
        ladders = {f["id"]: sorted(s["value"] for s in f["steps"]) if "steps" in f
                   else [k / 10 ** f["decimals"] for k in range(1, 101)]
                   for f in content["factors"]}  # fmt: skip
    else:
        ladders = {item["id"]: sorted({v for v in candidates(content, item) if v is not None})
                   for item in content["inputs"] if item["kind"] != "choice"}  # fmt: skip
    draw = random.Random(name)
    bases = [calm(PACKS[name])]
    for _ in range(12):
        moved = {k: draw.choice(v) for k, v in ladders.items() if draw.random() < 0.5}
        bases.append(bases[0] | moved)
    rows, keys = [], []
    for at, base in enumerate(bases):
        for key, ladder in ladders.items():
            rows += [base | {key: value} for value in ladder]
            keys += [(key, at)] * len(ladder)
    ways: dict[str, set[int]] = {key: set() for key in ladders}
    before: dict[tuple[str, int], int] = {}
    for key, answer in zip(keys, answers(name, rows), strict=True):
        if answer.label is None:
            continue
        rank = ranks[answer.label]
        step = rank - before.get(key, rank)
        before[key] = rank
        if step:
            ways[key[0]].add(1 if step > 0 else -1)
    turning = {key for key, found in ways.items() if len(found) > 1}
    # MTT between MTSR and T_D24 is class 1; above both it is 2, below both 3: no ladder.
    assert turning == ({"mtt"} if name == "reaction.process_class" else set())
    if product:
        assert all(found <= {-1} for found in ways.values())  # a larger factor is graver
    assert any(ways.values())


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_grades_as_the_second_evaluator_says(name: str) -> None:
    pack = PACKS[name]
    rows = rows_of(pack, 300)
    seen = set()
    for row, got in zip(rows, answers(name, rows), strict=True):
        want = evaluate(pack, row)
        assert got.status == want.status, row
        assert (got.label, got.grade, got.override) == (want.label, want.grade, want.override), row
        if want.score is None:
            assert got.score is None, row
        else:
            assert got.score == pytest.approx(want.score, rel=1e-12, abs=0), row
        seen.add(want.label)
    bands = {band["label"] for band in pack["content"].get("bands", [])}
    assert bands <= seen  # every level is met


@pytest.mark.parametrize("name", PACKS)
def test_the_cases_in_a_pack_are_what_the_second_evaluator_says(name: str) -> None:
    pack = PACKS[name]
    assert pack["tests"]
    for case in pack["tests"]:
        want = evaluate(pack, case["inputs"])
        for key in ("score", "label", "grade", "override", "status"):
            if key in case:
                assert getattr(want, key) == case[key], case


def test_a_veto_sets_the_level_and_the_band_stays_where_the_score_falls() -> None:
    rows = {"id": ["a", "b"], "total": [92, None], "veto": [True, True]}
    graded = sr.grade(rows, "park.2023").to_columns()
    (band,) = [b for b in PACKS["park.2023"]["content"]["bands"] if b["label"] == "D"]
    assert graded["level"].tolist() == ["A", "A"]
    assert graded["band"].tolist() == [band["printed"], None]


def test_packs_of_ones_own_stand_beside_the_librarys_in_a_mixed_register(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(json.dumps(PACKS["accident_class.493"]))
    document |= {"pack": "city.accidents", "title": {"zh": "本市事故分级", "en": "city classes"}}
    document["content"]["names"] = ["市标"]
    file = tmp_path / "city.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    register = {
        "id": ["a", "b", "c", "d", "e"],
        "评价方法": ["city.accidents", "本市事故分级", "市标", "LEC评价法", "省标"],
        "死亡人数": [3, 10, 30, None, 3],
        "重伤人数（包括急性工业中毒）": [0, 0, None, None, 0],
        "直接经济损失": [0, 0, None, None, 0],
        "L": [None, None, None, 3, None],
        "E": [None, None, None, 6, None],
        "C": [None, None, None, 15, None],
    }
    graded = sr.grade(register, packs=[file])
    table = graded.to_columns()
    assert list(table["method"][:4]) == ["city.accidents"] * 3 + ["lec.t1"]
    # 第三条: 3 and 10 deaths are 较大 and 重大; 30 are 特别重大 without the blanks. 3·6·15 = 270.
    assert list(table["level"][:3]) == ["larger", "major", "extra"]
    assert table["grade"][3] == "orange"
    assert [(i.code, i.row) for i in graded.issues] == [("scoring.method_unknown", 4)]
    record = tmp_path / "audit.jsonl"
    graded.audit().save(record)
    assert sr.verify(record).same
    out = tmp_path / "out.csv"
    source = tmp_path / "in.csv"
    names = list(register)
    lines = [",".join(names)]
    lines += [
        ",".join("" if register[n][i] is None else str(register[n][i]) for n in names)
        for i in range(5)
    ]
    source.write_text("\n".join(lines), encoding="utf-8")
    cli = ["grade", str(source), "--packs", str(file), "-o", str(out), "--fail-on", "never"]
    assert command_line(capsys)(*cli)[0] == 0
    assert "city.accidents" in out.read_text(encoding="utf-8-sig")
    for wrong in ([file, file], [3], str(file)):
        with pytest.raises(sr.InputError):
            sr.grade(register, packs=wrong)
    with pytest.raises(sr.InputError, match="one method for all"):
        sr.grade(register, "lec", packs=[file])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("LEC评价法", "lec.t1"),
        ("作业条件危险性评价", "lec.t1"),
        ("风险矩阵", "ls.db37"),
        ("矩阵法", "ls.db37"),
        ("L-S", "ls.db37"),
    ],
)
def test_names_that_registers_write_are_known(name: str, meant: str) -> None:
    assert sr.scoring.method(name).id == meant


def test_a_value_inside_its_range_is_told_of_its_decimals() -> None:
    # L of the transport rules is any number in (0, 10] with one decimal.
    register = {"id": ["a", "b", "c", "d"], "L": [0.05, 9.95, 10.5, 0.1], "C": [1, 1, 1, 1]}
    found = {i.row: (i.code, i.message) for i in sr.grade(register, "transport").issues}
    assert found[0] == ("scoring.too_many_decimals", "「L」的值 0.05 小数多于 1 位")
    assert [found[1][0], found[2][0]] == ["scoring.too_many_decimals", "scoring.off_scale"]
    assert 3 not in found


def test_a_name_of_an_input_is_known_without_the_bracket_that_explains_it() -> None:
    told = sr.explain({"死亡人数": 3, "重伤人数": 1, "直接经济损失": 3}, "accident_class")
    assert told.level is not None
    assert told.level.label == "larger"
    # Where two inputs share what stands before the bracket, neither answers to it.
    for pack in sr.packs("method"):
        method = sr.scoring.method(pack)
        headers = [h for one in sr.scoring.input_headers(method) for h in set(one)]
        assert len(headers) == len(set(headers)), pack.id
